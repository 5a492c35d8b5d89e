"""What happens when a link is opened: as its user, through the gate, with what this user may do at this moment."""

from __future__ import annotations

from dataclasses import dataclass

from ..governance.gate import Gate
from ..identity.bearer import Identification
from ..records.finding import find_one
from ..tools.call import Call
from ..tools.errors import ToolError
from . import files
from .links import Link

# What a browser would run rather than save.
_ACTIVE_TYPES = ("html", "xml", "svg", "script")


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out; ``attachment`` has superuser rights when the link itself holds the content."""

    attachment: object
    name: str
    mimetype: str


def call_of(env, identification: Identification) -> Call:
    """A call of the link's user; ``env`` is this user's."""
    return Call(identification.caller, identification.limits, Gate(env, identification.caller), None)


def download(call: Call, link: Link) -> Download:
    """
    :raises ToolError: the file is gone, or this user may not read it any more
    """
    # sudo: links are nobody's to read; the caller is the one it was made for
    row = call.gate.env["mcp.file"].sudo().browse(link.id)
    if row.attachment_id:
        attachment = files.reachable(call, row.attachment_id.id)
        return Download(attachment, attachment.name, _harmless(attachment.mimetype))
    content = row.env["ir.attachment"].search(
        [("res_model", "=", row._name), ("res_field", "=", "content"), ("res_id", "=", row.id)], limit=1
    )
    if not content:
        raise ToolError("The file is gone.")
    return Download(content, row.name, _harmless(row.mimetype))


def target(call: Call, link: Link):
    """The record that the link uploads to, while its user may change it, and the name that was asked for, if any.

    :raises ToolError: it is gone, or this user may not change it any more
    """
    row = call.gate.env["mcp.file"].sudo().browse(link.id)  # sudo: as above
    return find_one(call, row.res_model, row.res_id, "write"), row.name


def _harmless(mimetype: str | None) -> str:
    if not mimetype or any(word in mimetype for word in _ACTIVE_TYPES):
        return "application/octet-stream"
    return mimetype
