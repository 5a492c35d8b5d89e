"""What there is in the database under test, so that generated calls are about something."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from endpoint import Endpoint
from hostile_strategies import fitting_values

# Of the apps that generated calls know something about, those that are installed are used.
MODELS = (
    "res.partner", "res.partner.category", "res.country", "res.company", "res.users", "res.lang", "res.currency",
    "res.partner.bank", "mail.activity", "mail.message", "mail.template", "ir.attachment", "ir.model", "mcp.change",
    "sale.order", "crm.lead", "account.move", "purchase.order", "stock.picking", "project.task", "project.project",
    "product.template", "product.product", "hr.expense", "account.analytic.line", "mailing.mailing", "mailing.list",
)  # fmt: skip
# Nobody reads these, or they are none.
CLOSED = ("mcp.credential", "base", "_unknown", "ir.config_parameter", "account.payment.register")
# What generated calls may really change where the database is needed afterwards.
SANDBOX = "res.partner.category"
_FIELDS_AT_ONCE = 50
_RECORDS = 4


@dataclass
class KnownModel:
    """One model: its fields with values that fit, some ids, and what can be clicked and printed."""

    fields: dict[str, list]
    ids: list[int]
    actions: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)  # of e-mails


@dataclass
class KnownWorld:
    models: dict[str, KnownModel]
    ids: dict[str, list[int]]  # by argument: ids that exist
    users: list[int | str]
    languages: list[str]
    companies: list[int]

    @property
    def sandbox_ids(self) -> list[int]:
        return self.models[SANDBOX].ids


def explore(endpoint: Endpoint) -> KnownWorld:
    """Look around as a client does; a record of each kind that calls need is made."""
    _make_sandbox(endpoint)
    listed = {row["model"] for query in ("", *MODELS) for row in _listed(endpoint, query)}
    models = {name: _model(endpoint, name) for name in MODELS if name in listed}
    who = endpoint.tool("whoami")
    world = KnownWorld(
        models,
        ids={
            "file_id": _ids(endpoint, "ir.attachment"),
            "activity_id": _ids(endpoint, "mail.activity"),
            "change_id": [row["change_id"] for row in endpoint.tool("list_changes", {"limit": 5})["changes"]],
        },
        users=[who["user"][key] for key in ("id", "login", "name")],
        languages=endpoint.tool("server_info")["languages"],
        companies=[company["id"] for company in who["companies"]],
    )
    assert world.sandbox_ids and world.ids["activity_id"] and world.ids["file_id"] and world.ids["change_id"]
    return world


def _make_sandbox(endpoint: Endpoint) -> None:
    mark = f"generated {uuid.uuid4().hex}"
    tags = [{"name": f"{mark} {number}"} for number in range(6)]
    endpoint.tool("create_records", {"model": SANDBOX, "records": tags})
    partner = endpoint.tool("create_record", {"model": "res.partner", "values": {"name": mark, "email": "g@a.example"}})
    document = {"model": "res.partner", "id": partner["id"]}
    endpoint.tool("schedule_activity", {**document, "summary": mark})
    endpoint.tool("attach_file", {**document, "name": "generated.txt", "text": "A short text."})
    endpoint.tool("post_message", {**document, "body": mark})


def _listed(endpoint: Endpoint, query: str) -> list[dict]:
    return endpoint.tool("list_models", {"query": query, "limit": 500})["models"]


def _model(endpoint: Endpoint, name: str) -> KnownModel:
    described = endpoint.tool("describe_model", {"model": name, "all_fields": True})["fields"]
    fields = {field_name: fitting_values(told) for field_name, told in described.items()}
    ids = _ids(endpoint, name)
    for part in _parts(list(fields)):
        found = endpoint.tool("search_records", {"model": name, "fields": part, "limit": 1})["records"]
        for field_name, value in (pair for record in found for pair in record.items()):
            fields.setdefault(field_name, []).append(value)
    known = KnownModel(fields, ids)
    for record_id in ids[:1]:
        actions = endpoint.call("list_actions", {"model": name, "id": record_id})
        assert "went wrong" not in actions["content"][0]["text"], (name, actions)
        if not actions["isError"]:
            told = json.loads(actions["content"][0]["text"])
            known.actions = [label for kind in ("buttons", "menu", "stages", "views") for label in told.get(kind, ())]
    known.reports = [report["name"] for report in endpoint.tool("list_reports", {"model": name})["reports"]]
    templates = {"model": "mail.template", "domain": [["model", "=", name]], "fields": ["name"]}
    known.templates = [row["name"] for row in endpoint.tool("search_records", templates)["records"]]
    return known


def _ids(endpoint: Endpoint, model: str) -> list[int]:
    return [row["id"] for row in _found(endpoint, model, "id")]


def _found(endpoint: Endpoint, model: str, field_name: str) -> list[dict]:
    arguments = {"model": model, "fields": [field_name], "limit": _RECORDS, "order": "id desc"}
    return endpoint.tool("search_records", arguments)["records"]


def _parts(names: list[str]) -> Iterable[list[str]]:
    return (names[start : start + _FIELDS_AT_ONCE] for start in range(0, len(names), _FIELDS_AT_ONCE))
