"""The suite's scenarios for authorization servers: discovery, and the authorization code grant with a person.

The suite prints the address that a person is to open, and waits for the callback. Only a public client is tried: the
suite keeps a secret to itself wherever a server offers the method `none`, as MCP servers must, and is refused then.
"""

from __future__ import annotations

import re
import time
import urllib.request
from pathlib import Path

from . import ports, process
from .browser import Browser
from .errors import DevError
from .odoo import OdooServer

SCENARIOS = ["authorization-server-metadata-endpoint", "authorization-code-grant"]
_ADDRESS = re.compile(r"^http\S+/oauth/authorize\?\S+$", re.MULTILINE)
_PATIENCE = 60  # seconds for each of the suite and the person


def run(node: Path, program: Path, server: OdooServer, place: Path, results: Path, output: Path) -> str:
    """Run the scenarios and return what the suite printed; its results are below `results`.

    Args:
        program: the suite's own, for `node`.
        place: the folder to run it in.
        output: the file for what it prints.

    Raises:
        DevError: it ended, or took too long, before the person was asked.
    """
    port = ports.any_free()
    # Odoo takes the address at which its administrator logs in for its own; that is the issuer.
    person = Browser(server.url, "admin", "admin")
    client = person.register(f"http://{ports.HOST}:{port}/callback")
    options = {
        "--url": server.url,
        "--client-id": client["client_id"],
        "--resource": server.endpoint,
        "--port": port,
        "--output-dir": results,
    }
    words = [str(word) for pair in options.items() for word in pair]
    with output.open("w") as file:
        child = process.start([node, program, "authorization", *words], file, folder=place)
        address = _address(child, output)
        if address:
            with urllib.request.urlopen(person.allow(address), timeout=_PATIENCE):
                pass
        process.finish(child, "the authorization scenarios", timeout=_PATIENCE)
    return output.read_text(encoding="utf-8", errors="replace")


def _address(child, output: Path) -> str | None:
    """What the suite asks the person to open; None when it ended without."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        found = _ADDRESS.search(output.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[0]
        if child.poll() is not None:
            return None
        time.sleep(0.1)
    process.stop(child)
    raise DevError(f"the suite did not ask for a login within {_PATIENCE} s; see {output}")
