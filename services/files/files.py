"""Files of records: listing, reading, attaching, and links to them.

A file belongs to a record, and is reached through it: the gate decides on the record, Odoo on the attachment.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from typing import Any
from zoneinfo import ZoneInfo

from odoo.tools.misc import human_size

from ..records.finding import find_one
from ..records.values import time_zone
from ..tools.call import Call
from ..tools.errors import ToolError
from . import links
from .text import text_of

PAGE = 20_000
MOST_LISTED = 100
_ZIP_START = b"PK\x03\x04"
_UTC = ZoneInfo("UTC")


def list_files(call: Call, model_name: str, record_id: int) -> dict[str, Any]:
    """The attachments of a record, the newest first."""
    record = find_one(call, model_name, record_id)
    attachments = record.env["ir.attachment"].search(
        [("res_model", "=", model_name), ("res_id", "=", record.id), ("res_field", "=", False)],
        order="id desc",
        limit=MOST_LISTED,
    )
    call.facts.rows = len(attachments)
    return {"files": [_row(attachment) for attachment in attachments]}


def _row(attachment) -> dict[str, Any]:
    row = {"id": attachment.id, "name": attachment.name, "type": attachment.mimetype or ""}
    if attachment.type == "url":
        return {**row, "url": attachment.url or ""}
    zone = time_zone(attachment.env)
    created = attachment.create_date.replace(tzinfo=_UTC).astimezone(zone).isoformat(timespec="minutes")
    return {**row, "size": human_size(attachment.file_size), "date": created}


def read_file(call: Call, attachment_id: int, offset: int) -> dict[str, Any]:
    """Up to 20,000 characters of a file's text, from the character ``offset`` on."""
    attachment = reachable(call, attachment_id)
    most = call.gate.env["mcp.settings"].current().file_max_mb
    if attachment.file_size > most * 1024 * 1024:
        raise ToolError(
            f"{attachment.name} has {human_size(attachment.file_size)}; up to {most} MB are read. "
            "get_file_link gives a link to the file itself."
        )
    text = text_of(attachment.name or "", attachment.mimetype or "", attachment.raw or b"")
    if offset and offset >= len(text):
        raise ToolError(f"The text of {attachment.name} ends after {len(text):,} characters.")
    piece = text[offset : offset + PAGE]
    answer = {"id": attachment.id, "name": attachment.name, "text": piece}
    if len(piece) < len(text):
        answer["shown"] = f"characters {offset + 1}-{offset + len(piece)} of {len(text)}"
    if offset + len(piece) < len(text):
        answer["next_offset"] = offset + len(piece)
    return answer


def attach_file(
    call: Call, model_name: str, record_id: int, name: str, text: str | None, content_base64: str | None
) -> dict[str, Any]:
    """Add a file to a record; exactly one of ``text`` and ``content_base64`` is what it holds."""
    if (text is None) == (content_base64 is None):
        raise ToolError("Give either text or content_base64: what the file holds.")
    if text is not None:
        content = text.encode("utf-8", "replace")
    else:
        try:
            content = base64.b64decode("".join(content_base64.split()), validate=True)
        except (binascii.Error, ValueError):
            raise ToolError("content_base64 is not valid base64. For plain text use text.") from None
    record = find_one(call, model_name, record_id, "write")
    return _row(attach(record, name, content))


def attach(record, name: str, content: bytes):
    """The new attachment of ``record``; who may change a record may attach to it.

    :raises ToolError: it is empty, cut off, or larger than the settings allow
    """
    most = record.env["mcp.settings"].current().file_max_mb
    if not content:
        raise ToolError(f"{name} is empty.")
    if len(content) > most * 1024 * 1024:
        raise ToolError(f"{name} has {human_size(len(content))}; a file may have {most} MB.")
    if content.startswith(_ZIP_START) and not zipfile.is_zipfile(io.BytesIO(content)):
        raise ToolError(
            f"{name} begins as a ZIP or Office file and does not end as one: a part of it is missing. "
            "get_upload_link takes files that are too large to be copied here."
        )
    return record.env["ir.attachment"].create(
        {"name": name, "raw": content, "res_model": record._name, "res_id": record.id}
    )


def file_link(call: Call, attachment_id: int) -> dict[str, Any]:
    """A link to download a file."""
    attachment = reachable(call, attachment_id)
    size = human_size(attachment.file_size)
    return {"name": attachment.name, "size": size, **links.attachment_link(call, attachment)}


def upload_link(call: Call, model_name: str, record_id: int, name: str | None) -> dict[str, Any]:
    """A link to upload a file to a record."""
    record = find_one(call, model_name, record_id, "write")
    most = call.gate.env["mcp.settings"].current().file_max_mb
    return {**links.upload_link(call, record, name), "most_mb": most}


def reachable(call: Call, attachment_id: int):
    """The attachment, when the caller may read it and the record it belongs to.

    :raises ToolError: there is none, or not for this caller, or it is a link to elsewhere
    """
    call.facts.res_model, call.facts.res_ids = "ir.attachment", [attachment_id]
    attachment = call.gate.env["ir.attachment"].search([("id", "=", attachment_id), ("res_field", "=", False)], limit=1)
    nothing = ToolError(f"There is no file with id {attachment_id}, or it may not be seen. list_files finds them.")
    if not attachment:
        raise nothing
    if attachment.res_model and attachment.res_id:
        try:
            find_one(call, attachment.res_model, attachment.res_id)
        except ToolError:
            raise nothing from None
        call.facts.res_model, call.facts.res_ids = "ir.attachment", [attachment_id]
    else:
        call.gate.model("ir.attachment")
    if attachment.type != "binary":
        raise ToolError(f"{attachment.name} is a link to {attachment.url}, not a file.")
    return attachment
