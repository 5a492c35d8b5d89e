"""Printed reports on their way out: as a link, or as the content of a resource."""

from __future__ import annotations

from typing import Any

from odoo.tools.misc import human_size

from ..files.links import content_link
from ..text.markup import plain_text
from ..tools.call import Call
from ..tools.errors import ToolError
from ..tools.resource import Content
from . import printing
from .html import without_pictures

LONGEST_PREVIEW = 4_000
LARGEST_CONTENT = 5 * 1024 * 1024
_TYPES = {"pdf": printing.PDF, "html": printing.HTML}


def deliver(call: Call, model_name: str, ids: list[int], report: str | None, kind: str) -> dict[str, Any]:
    """Print, and answer a link; the beginning of what is text comes with it."""
    printed = printing.print_report(call, model_name, ids, report, _TYPES[kind])
    return link_to(call, printed)


def link_to(call: Call, printed: printing.Printed) -> dict[str, Any]:
    answer = {
        "report": printed.title,
        "name": printed.name,
        "size": human_size(len(printed.body)),
        **content_link(call, printed.name, printed.body, printed.mimetype),
    }
    if printed.mimetype != printing.PDF:
        text = printed.body.decode("utf-8", "replace")
        text = plain_text(text) if printed.mimetype == printing.HTML else text
        cut = f"… [cut, {len(text)} characters in all]" if len(text) > LONGEST_PREVIEW else ""
        answer["text"] = text[:LONGEST_PREVIEW] + cut
    if printed.notes:
        answer["notes"] = printed.notes
    return answer


def content(call: Call, report: str, ids: list[int], kind: str) -> Content | None:
    """The report as a resource holds it: a PDF as bytes, everything else as text; None when there is no such report.

    :raises ToolError: it is larger than an answer carries
    """
    model_name = model_of(call, report)
    if model_name is None:
        return None
    printed = printing.print_report(call, model_name, ids, report, _TYPES[kind])
    if len(printed.body) > LARGEST_CONTENT:
        raise ToolError(
            f"The report has {human_size(len(printed.body))}, more than fits. generate_report gives a link to it."
        )
    meta = {"title": printed.title, "name": printed.name, "size": len(printed.body), "notes": printed.notes}
    body = printed.body if printed.mimetype == printing.PDF else printed.body.decode("utf-8", "replace")
    if printed.mimetype == printing.HTML:
        body = without_pictures(body)
    return Content(body, printed.mimetype, {f"odoo_mcp/{key}": value for key, value in meta.items() if value})


def model_of(call: Call, report: str) -> str | None:
    """The model that the report of this technical name prints; None when the caller has no such report."""
    found = [one.model for one in printing.all_reports(call) if one.report_name == report]
    return found[0] if found else None


def report_names(call: Call, value: str) -> list[str]:
    """Technical names of the caller's reports in whose name or title ``value`` occurs."""
    value = value.lower()
    return sorted(
        {one.report_name for one in printing.all_reports(call) if value in f"{one.report_name} {one.name}".lower()}
    )
