"""Links that carry a file past the chat: good once, for minutes, and for what their user may do right then.

A link holds 256 random bits, of which only the SHA-256 is stored. Nothing but the link opens it, so it is bound
to the credential it was asked for with: when that, its connection or its user is no longer good, neither is the link.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from odoo.fields import Datetime

from ..records.values import time_zone
from ..tools.call import Call
from ..tools.errors import ToolError

PATH = "/odoo/mcp/file/"

_FIND = """
    SELECT file.id, file.direction, file.user_id, file.credential_id, credential.key_hash
      FROM mcp_file file
      JOIN mcp_credential credential ON credential.id = file.credential_id
     WHERE file.token_hash = %s AND file.used_at IS NULL AND file.expires_at > now() AT TIME ZONE 'UTC'
"""
# Of two requests with one link, the second waits here, fails to serialize, and finds nothing when it is run again.
_USE = "UPDATE mcp_file SET used_at = now() AT TIME ZONE 'UTC' WHERE id = %s AND used_at IS NULL RETURNING id"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was found good; whether its user still is, :mod:`..identity.bearer` knows."""

    id: int
    direction: str
    user_id: int
    credential_id: int
    key_hash: str


def content_link(call: Call, name: str, content: bytes, mimetype: str) -> dict[str, Any]:
    """A link to download ``content``, which is kept until then."""
    return _make(call, {"direction": "download", "name": name, "mimetype": mimetype}, content)


def attachment_link(call: Call, attachment) -> dict[str, Any]:
    """A link to download a file of Odoo; who opens it gets it if the user may still read it then."""
    return _make(call, {"direction": "download", "name": attachment.name, "attachment_id": attachment.id})


def upload_link(call: Call, record, name: str | None) -> dict[str, Any]:
    """A link to send one file to, which becomes an attachment of ``record``."""
    values = {"direction": "upload", "name": name, "res_model": record._name, "res_id": record.id}
    return _make(call, values)


def _make(call: Call, values: dict[str, Any], content: bytes | None = None) -> dict[str, Any]:
    env = call.gate.env
    if not call.caller.credential_id:  # a call that is made later, in the name of the connection
        raise ToolError("Links are only given to the client itself. Ask again without an approval in between.")
    token = secrets.token_urlsafe(32)
    minutes = env["mcp.settings"].current().file_link_minutes
    expires_at = Datetime.now() + timedelta(minutes=minutes)
    # sudo: links are nobody's to read or write by hand; whom they serve is written in them
    row = (
        env["mcp.file"]
        .sudo()
        .create(
            {
                **values,
                "token_hash": hash_token(token),
                "credential_id": call.caller.credential_id,
                "user_id": call.caller.user_id,
                "expires_at": expires_at,
            }
        )
    )
    if content is not None:
        _store(row, content)
    local = expires_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(time_zone(env))
    return {"link": f"{env['mcp.file'].get_base_url()}{PATH}{token}", "until": local.isoformat(timespec="minutes")}


def _store(row, content: bytes) -> None:
    """``content`` as the file of ``row``, without the detour over base64."""
    row.env["ir.attachment"].create(
        {
            "name": "content",
            "raw": content,
            "mimetype": "application/octet-stream",
            "res_model": row._name,
            "res_field": "content",
            "res_id": row.id,
        }
    )


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find(cr, token: str) -> Link | None:
    """The unused link of ``token``; None for what never was, has expired or was used."""
    cr.execute(_FIND, [hash_token(token)])
    row = cr.fetchone()
    return Link(*row) if row else None


def use(cr, link: Link) -> bool:
    """Use the link up; False when somebody else just did."""
    cr.execute(_USE, [link.id])
    return cr.fetchone() is not None
