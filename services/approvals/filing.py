"""Asking a person to agree to a call: what it would do is tried, told in plain words, and sealed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from odoo import Command, fields

from ..governance import dry_run
from ..governance.audit import clean
from ..governance.journal import client_name
from ..resources.sealing import sealing_key
from ..tools.call import Call
from ..tools.errors import ToolError
from ..tools.result import ToolResult, text
from . import requests
from .versions import Versions, changed_records, versions_of
from .words import sentence

MOST_OPEN = 50  # requests of one connection that wait at the same time


def request(call: Call, registry, name: str, arguments: Mapping[str, Any], reason: str, key: str | None) -> ToolResult:
    """File a request for the call, or find the one that waits already, and answer that it waits.

    :param reason: why it needs approval, as a part of a sentence
    :param key: the idempotency key of the call
    :raises ToolError: the call would fail, so there is nothing to agree to
    """
    env, caller = call.gate.env, call.caller
    touched: dict[str, list[int]] = {}
    found: dict[str, Any] = {}

    def look(seen, report: dict) -> None:
        touched.update(changed_records(seen))
        asked = call.facts.records()
        found.update(report, asked=[[model, id_] for model, id_ in _records(report) if (model, id_) in asked])

    result = dry_run.rehearse(call, lambda: registry.execute_tool(call, name, arguments), look)
    if result is None:
        raise ToolError(f"There is no tool named {name}.")
    if isinstance(result, ToolResult) and result.is_error:
        return result
    versions = versions_of(env, touched)
    # sudo: requests are written by the server only
    approvals = env["mcp.approval"].sudo()
    call_hash = digest([name, arguments, caller.connection_id, caller.user_id])
    waiting = approvals.search([("call_hash", "=", call_hash), ("state", "=", "pending")], limit=1)
    if waiting and waiting.seal != seal_of(env, waiting, versions):
        waiting._close("outdated", "The records were changed since; the AI tool asked again.")
        waiting = approvals.browse()
    if not waiting:
        waiting = _file(call, approvals, registry, name, arguments, reason, key, call_hash, versions, found)
    call.facts.approval = waiting.name
    return pending_answer(call, waiting)


def _records(report: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(change["model"], change["id"]) for change in report["changes"]]


def _file(call, approvals, registry, name, arguments, reason, key, call_hash, versions, report):
    caller, env = call.caller, call.gate.env
    if approvals.search_count([("connection_id", "=", caller.connection_id), ("state", "=", "pending")]) >= MOST_OPEN:
        raise ToolError(
            f"{MOST_OPEN} requests of this connection wait for approval already. "
            "Wait until they are decided (list_approvals), or cancel some (cancel_approval)."
        )
    definition = registry._definitions().get(name)
    title = definition.title if definition else name
    connection = env["mcp.connection"].sudo().browse(caller.connection_id)  # sudo: its approver and expiry
    approval = approvals.create(
        {
            "name": sentence(env, title, arguments, report),
            "reference": secrets.token_hex(8),
            "reason": f"{reason[0].upper()}{reason[1:]}.",
            "connection_id": caller.connection_id,
            "user_id": caller.user_id,
            "company_ids": [Command.set(caller.company_ids)],
            "client": clean(client_name(call)),
            "approver_id": connection.approver_id.id,
            "tool": name,
            "arguments": arguments,
            "idempotency_key": key,
            "call_hash": call_hash,
            "versions": versions,
            "effect": report,
            "expires_at": fields.Datetime.now() + timedelta(hours=connection.approval_expiry_hours),
        }
    )
    approval.seal = seal_of(env, approval, versions)
    approval._notify_approvers()
    return approval


def seal_of(env, approval, versions: Versions) -> str:
    """HMAC-SHA256 that binds a request to tool, arguments, connection, user and the versions of its records."""
    bound = [
        "approval",
        approval.reference,
        approval.tool,
        approval.arguments,
        approval.connection_id.id,
        approval.user_id.id,
        versions,
    ]
    return hmac.new(sealing_key(env), _canonical(bound), hashlib.sha256).hexdigest()


def digest(value: Any) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str).encode()


def pending_answer(call: Call, approval) -> ToolResult:
    """What the AI is told of a request that waits.

    An error to clients, so that none takes it for the tool's own result and checks it against that one's schema.
    """
    told = requests.told(call, approval)
    words = (
        f"Waiting for approval, nothing was changed yet. {approval.reason} What was asked: {approval.name} "
        f"{told['approver']} was notified and may decide until {told['expires_at']}. "
        f"Tell the user, and do not repeat the call: approval_status(approval_id={approval.reference!r}) "
        "tells the outcome, and whoever subscribes to its resource hears when there is one."
    )
    return ToolResult([text(words)], {"approval": told}, is_error=True)
