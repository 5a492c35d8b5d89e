"""What the ``odoo://`` resources hold: records, models, files and searches, through the same gate as the tools."""

from __future__ import annotations

from typing import Any

from ..records import reading
from ..tools.call import Call
from ..tools.errors import ToolError
from ..tools.resource import Content

LARGEST_ATTACHMENT = 5 * 1024 * 1024
MOST_FIELDS_OF_A_RECORD = 60
_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")
# What a browser would run is handed out as plain text.
_ACTIVE_TYPES = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/javascript", "application/javascript")


def record(call: Call, model_name: str, record_id: int) -> dict[str, Any] | None:
    """The usual fields of one record, None when there is none for this user."""
    answer = reading.read(call, model_name, [record_id], None)
    return answer["records"][0] if answer["records"] else None


def attachment(call: Call, attachment_id: int) -> Content | None:
    """The content of a file that the user may read; None when there is none.

    :raises ToolError: it is a link to elsewhere, or larger than an answer carries
    """
    call.facts.res_model, call.facts.res_ids = "ir.attachment", [attachment_id]
    model = call.gate.model("ir.attachment")
    call.gate.field(model, "raw")
    found = model.search([("id", "=", attachment_id)], limit=1)
    if not found:
        return None
    if found.type != "binary":
        raise ToolError(f"{found.name} is a link, not a file. Its address is in the field url.")
    if found.file_size > LARGEST_ATTACHMENT:
        raise ToolError(f"{found.name} has {found.file_size:,} bytes, more than the {LARGEST_ATTACHMENT:,} that fit.")
    mime_type = found.mimetype or "application/octet-stream"
    raw = found.raw or b""
    if mime_type.startswith(_TEXT_TYPES) or mime_type in _ACTIVE_TYPES:
        text = raw.decode("utf-8", "replace")
        return Content(text, "text/plain" if mime_type in _ACTIVE_TYPES else mime_type)
    return Content(raw, mime_type)


def search(call: Call, model_name: str, domain: list, fields: list[str] | None, limit: int) -> dict[str, Any]:
    """The first page of a search."""
    return reading.search(call, model_name, domain, fields, None, limit, None)
