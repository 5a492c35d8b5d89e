"""Connection keys, made by the addon in an Odoo shell."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .errors import DevError
from .home import write_secret
from .odoo import Odoo

# Reads its parameters from the environment and answers in a file: the shell's standard output
# belongs to Odoo's log.
_SCRIPT = """
import json, os
from odoo.addons.odoo_mcp.services.identity.keys import connect_user
from odoo.exceptions import UserError
try:
    key = connect_user(env, login=os.environ["DEV_LOGIN"], name=os.environ["DEV_NAME"],
                       unlimited=os.environ["DEV_UNLIMITED"] == "yes")
    env["mcp.settings"].current().enabled = True
    env.cr.commit()
    answer = {"key": key}
except (UserError, ValueError) as error:
    answer = {"refused": str(error)}
with open(os.environ["DEV_ANSWER"], "w") as file:
    json.dump(answer, file)
"""


def issue(odoo: Odoo, database: str, login: str, name: str, unlimited: bool = False) -> str:
    """Enable the server and return a fresh key of the user's connection `name`.

    `unlimited`: without the rate limits per connection, for machines that call faster than people.

    Raises:
        DevError: there is no such user, nobody may act as this one, or the addon is not installed.
    """
    file = odoo.home.secrets() / f"answer-{os.getpid()}.json"
    write_secret(file, "{}")
    log = odoo.home.log(f"key-{odoo.tree.series}")
    try:
        odoo.run_script(
            database,
            _SCRIPT,
            f"making a key for {login}",
            log,
            DEV_LOGIN=login,
            DEV_NAME=name,
            DEV_ANSWER=str(file),
            DEV_UNLIMITED="yes" if unlimited else "no",
        )
        answer = json.loads(file.read_text(encoding="utf-8"))
    finally:
        file.unlink()
    if "key" not in answer:
        raise DevError(answer.get("refused", f"Odoo's shell made no key for {login}"))
    return answer["key"]


def remembered(odoo: Odoo, database: str) -> str | None:
    """The key kept for a database of a server, if any; it may have been revoked meanwhile."""
    file = _file(odoo, database)
    return file.read_text(encoding="utf-8").strip() if file.exists() else None


def remember(odoo: Odoo, database: str, key: str) -> None:
    """Keep a key for the next start, readable by its owner only."""
    write_secret(_file(odoo, database), f"{key}\n")


def _file(odoo: Odoo, database: str) -> Path:
    return odoo.home.secrets() / "-".join(filter(None, ("key", database, odoo.server.label)))
