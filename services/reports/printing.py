"""Printing Odoo's reports: those that the *Print* menu offers this user, as PDF or HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from odoo.tools.safe_eval import safe_eval, time

from ..records.finding import find
from ..tools.call import Call
from ..tools.errors import RefusedError, ToolError, UnknownNameError
from .html import self_contained

MOST_RECORDS = 100
PDF, HTML, TEXT = "application/pdf", "text/html", "text/plain"
_ENDINGS = {PDF: "pdf", HTML: "html", TEXT: "txt"}
NO_PDF = (
    "This server makes no PDF, because wkhtmltopdf is not installed or does not work, so this is HTML. "
    "An administrator can install wkhtmltopdf 0.12.6 (with patched Qt)."
)


@dataclass(slots=True)
class Printed:
    """A printed report: the file, and what to know of it."""

    title: str
    body: bytes
    mimetype: str
    name: str
    notes: list[str] = field(default_factory=list)


def reports_of(call: Call, model_name: str):
    """The report actions that the user's *Print* menu on ``model_name`` has, with superuser rights to read them.

    :raises RefusedError: report generation is switched off
    """
    env = call.gate.model(model_name).env
    _check_switch(env)
    bound = env["ir.actions.actions"].get_bindings(model_name).get("report", ())
    # sudo: who may see a report in the menu may print it; only administrators may read its definition
    # exists: the menu may also hold actions of other kinds, which ask for a format first
    return env["ir.actions.report"].sudo().browse(row["id"] for row in bound).exists()


def list_reports(call: Call, model_name: str) -> dict[str, Any]:
    """Names and titles of the reports of a model."""
    call.facts.res_model = model_name
    reports = reports_of(call, model_name)
    call.facts.rows = len(reports)
    return {"reports": [{"name": report.report_name, "title": report.name} for report in reports]}


def all_reports(call: Call):
    """Every report that prints a model the caller may read, as :func:`reports_of` gives them."""
    env = call.gate.env
    # sudo: as above; get_bindings then decides for each model
    models = env["ir.actions.report"].sudo().search([("binding_model_id", "!=", False)]).mapped("model")
    found = env["ir.actions.report"].sudo()
    for model_name in sorted(set(models)):
        if call.gate.may_read_model(model_name):
            found |= reports_of(call, model_name)
    return found


def print_report(call: Call, model_name: str, ids: list[int], wanted: str | None, mimetype: str) -> Printed:
    """Print a report of records.

    :param wanted: its name or title; None is right when the model has only one
    :param mimetype: ``PDF`` or ``HTML``; a report of plain text (labels for printers) stays plain text
    :raises ToolError: there is no such report, or it is not for these records
    """
    records = find(call, model_name, ids)
    if len(records) > MOST_RECORDS:
        raise ToolError(f"At most {MOST_RECORDS} records are printed at once, not {len(records)}.")
    report = _wanted(reports_of(call, model_name), model_name, wanted)
    _check_domain(report, records)
    return _printed(report, records.env, records, records.ids, mimetype, None)


def print_action(call: Call, report_name: str, ids: list[int], data: dict[str, Any] | None) -> Printed:
    """Print what an action of Odoo names, which the caller has been allowed to run.

    :param data: what a wizard hands to the report, such as the number of labels
    """
    env = call.gate.env
    _check_switch(env)
    # sudo: as above
    report = env["ir.actions.report"].sudo()._get_report_from_name(report_name)
    if not report:
        raise ToolError(f"Odoo has no report {report_name!r:.100}.")
    model = env.get(report.model)
    if model is None or model._transient or model._abstract:
        return _printed(report, env, None, ids, PDF, data)
    return _printed(report, env, find(call, report.model, ids), ids, PDF, data)


def _printed(report, env, records, ids: list[int], mimetype: str, data: dict[str, Any] | None) -> Printed:
    # what was printed is not kept: reading a report changes nothing
    printer = env["ir.actions.report"].with_context(report_pdf_no_attachment=True, mcp_report=True)
    notes = []
    if report.report_type == "qweb-text":
        body, mimetype = printer._render_qweb_text(report.report_name, ids, data=data)[0], TEXT
    elif mimetype == PDF and report.report_type != "qweb-html" and makes_pdf(printer):
        body, _kind = printer._render_qweb_pdf(report.report_name, ids, data=data)
    else:
        if mimetype == PDF and report.report_type != "qweb-html":
            notes.append(NO_PDF)
        html, _kind = printer._render_qweb_html(report.report_name, ids, data=data)
        body, mimetype = self_contained(html, report.get_base_url()), HTML
    body = body if isinstance(body, bytes) else str(body).encode()
    return Printed(report.name, body, mimetype, f"{_file_name(report, records)}.{_ENDINGS[mimetype]}", notes)


def _check_switch(env) -> None:
    if not env["mcp.settings"].current().report_generation:
        raise RefusedError("Report generation is switched off. An administrator can switch it on in Server Settings.")


def makes_pdf(printer) -> bool:
    """Whether this server has a wkhtmltopdf that works.

    :param printer: any ``ir.actions.report``
    """
    return printer.get_wkhtmltopdf_state() in ("ok", "upgrade", "workers")


def _wanted(reports, model_name: str, wanted: str | None):
    if not reports:
        raise ToolError(f"There is no report of {model_name} for this user.")
    if not wanted:
        if len(reports) == 1:
            return reports
        names = ", ".join(f"{report.report_name} ({report.name})" for report in reports)
        raise ToolError(f"Say which report: {names}.")
    for report in reports:
        if wanted.lower() in (report.report_name.lower(), (report.name or "").lower()):
            return report
    known = [(report.report_name, report.name or "") for report in reports]
    raise UnknownNameError(f"Report of {model_name}", wanted, known, "list_reports lists them.")


def _check_domain(report, records) -> None:
    """Reports may be for some records only; the *Print* menu leaves them out for others."""
    domain = report.domain if "domain" in report._fields else None
    if domain:
        condition = safe_eval(domain, {"uid": records.env.uid, "context": dict(records.env.context), "time": time})
        others = records - records.filtered_domain(condition)
        if others:
            raise ToolError(f"The report {report.name!r} is not for {others.mapped('display_name')}: {domain}.")


def _file_name(report, records) -> str:
    """The name that Odoo gives the file of a single record, as the report's own expression says it."""
    name = report.name or "report"
    if records is not None and len(records) == 1 and report.print_report_name:
        name = safe_eval(report.print_report_name, {"object": records, "time": time})
    return str(name).replace("/", "_").replace("\\", "_")[:150]
