from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from typing_extensions import NotRequired, TypedDict

from odoo import models

from ...services.reports import delivering, printing
from ...services.resources import completion
from ...services.tools.call import Call
from ...services.tools.definition import tool
from ...services.tools.resource import Content, resource
from .arguments import ModelName, OtherContext, RecordIds
from .files import CATEGORY


class ReportList(TypedDict):
    reports: list[dict[str, Any]]


class PrintedReport(TypedDict):
    """``link`` works once, ``until``; ``text``: how an HTML report begins."""

    report: str
    name: str
    size: str
    link: str
    until: str
    text: NotRequired[str]
    notes: NotRequired[list[str]]


class ReportTools(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="List reports", category=CATEGORY)
    def list_reports(self, call: Call, model: ModelName) -> ReportList:
        """The reports that records of a model can be printed as."""
        return printing.list_reports(call, model)

    @tool(title="Generate a report", category=CATEGORY)
    def generate_report(
        self,
        call: Call,
        model: ModelName,
        ids: RecordIds,
        report: Annotated[
            str | None, StringConstraints(max_length=200), Field(description="Name or title; not needed if it is one")
        ] = None,
        format: Literal["pdf", "html"] = "pdf",
        context: OtherContext | None = None,
    ) -> PrintedReport:
        """Print records (quotation, invoice, …). Answers a download link for the user; HTML also as text."""
        call.use_context(context)
        return delivering.deliver(call, model, ids, report, format)

    @resource(
        "odoo://report/{report}/{ids}{?format}",
        title="Report",
        mime_type="application/pdf",
        complete={"report": "_complete_report", "ids": "_complete_report_ids", "format": "_complete_report_format"},
    )
    def report(
        self,
        call: Call,
        report: str,
        ids: Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,9}(,[1-9]\d{0,9})*$", max_length=1000)],
        format: Literal["pdf", "html"] = "pdf",
    ) -> Content:
        """A printed report of records, e.g. odoo://report/sale.report_saleorder/12,13 as PDF, or HTML on request and
        on servers that cannot make PDF.
        """
        return delivering.content(call, report, [int(number) for number in ids.split(",")], format)

    def _complete_report(self, call: Call, value: str, _others: dict) -> list[str]:
        return delivering.report_names(call, value)

    def _complete_report_ids(self, call: Call, value: str, others: dict) -> list[str]:
        model_name = delivering.model_of(call, others.get("report") or "")
        before, comma, last = value.rpartition(",")
        ids = completion.record_ids(call, model_name, last.strip()) if model_name else []
        return [f"{before}{comma}{record_id}" for record_id in ids]

    def _complete_report_format(self, _call: Call, value: str, _others: dict) -> list[str]:
        return [name for name in ("pdf", "html") if name.startswith(value)]
