"""What an action of Odoo shows a person, told to a client: records, a report, a message, an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from odoo.tools.mail import html2plaintext

from ..records.names import name_of
from ..reports import delivering, printing
from ..tools.call import Call
from ..tools.errors import ToolError
from .situation import Situation

MOST_RECORDS = 20
_STATE_FIELDS = ("state", "stage_id", "kanban_state", "payment_state", "invoice_status", "active")


def states(records) -> list[dict[str, Any]]:
    """Name and state of each record, as it is after the action; those that are gone are left out."""
    told = []
    for record in records.exists()[:MOST_RECORDS]:
        row: dict[str, Any] = {"id": record.id, "name": name_of(record)}
        for name in _STATE_FIELDS:
            field = record._fields.get(name)
            if field is None or (name == "active" and record[name]):
                continue
            value = record[name]
            if field.type == "many2one":
                value = name_of(value) if value else ""
            if value or name == "active":
                row[name] = value
        told.append(row)
    return told


def window(call: Call, action: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
    """The records that a window shows; only its model when the caller may not read them."""
    model_name = action.get("res_model") or ""
    opened: dict[str, Any] = {"model": model_name}
    if not call.gate.may_read_model(model_name):
        return {"opened": opened}
    model = call.gate.model(model_name)
    domain = action.get("domain") or []
    if isinstance(domain, str):
        domain = Situation(model, {}, context.get("active_id"), context.get("active_ids") or ()).evaluate(domain)
    if action.get("res_id"):
        domain = [("id", "=", action["res_id"])]
    elif not domain:
        return {"opened": {**opened, "title": action.get("name") or ""}}
    archived = {"active_test": False} if action.get("res_id") else {}
    found = model.with_context(**archived).search(domain, limit=MOST_RECORDS + 1)
    opened["records"] = states(found[:MOST_RECORDS])
    if len(found) > MOST_RECORDS:
        opened["hint"] = f"The first {MOST_RECORDS}; search_records finds the others."
    return {"opened": opened}


def report(call: Call, action: Mapping[str, Any], records) -> dict[str, Any]:
    """The printed report that an action makes."""
    name = action.get("report_name") or ""
    context = action.get("context") if isinstance(action.get("context"), Mapping) else {}
    ids = context.get("active_ids") or records.ids
    data = action.get("data")
    printed = printing.print_action(call, name, list(ids), data if isinstance(data, Mapping) else None)
    return {"printed": delivering.link_to(call, printed)}


def message(action: Mapping[str, Any]) -> dict[str, Any]:
    """What a notification says."""
    params = action.get("params") or {}
    words = [html2plaintext(str(params[key])).strip() for key in ("title", "message") if params.get(key)]
    return {"message": ": ".join(words)} if words else {}


def address(env, action: Mapping[str, Any]) -> str:
    """The address that an action opens, absolute."""
    url = action.get("url") or ""
    if not isinstance(url, str):
        raise ToolError("The action opens an address that cannot be told.")
    return urljoin(f"{env['ir.config_parameter'].get_base_url()}/", url)
