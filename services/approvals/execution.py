"""Carrying out what was approved: once, with the requester's rights as they are now, exactly as it was shown."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import Any

from ..application import OdooApplication
from ..governance import idempotency
from ..identity.bearer import identify_connection
from ..protocol.messages import CallContext, Era
from ..protocol.versions import LATEST_HANDSHAKE
from ..tools.result import ToolResult
from .filing import seal_of
from .versions import Agreed, ChangedMeanwhile, check_versions


@dataclass(frozen=True, slots=True)
class Executed:
    """``state`` of the request afterwards, what the AI is told, and the ``mcp.change`` if there is one."""

    state: str  # "done", "failed", "outdated" or "expired"
    text: str
    result: dict[str, Any] | None = None
    change_id: int | None = None


def execute(approval) -> Executed:
    """Run the call of a request that was just approved.

    :param approval: an ``mcp.approval`` whose row the transaction has locked, with superuser rights
    :raises psycopg2.Error: a serialization failure: Odoo starts the approving request anew
    """
    env = approval.env
    if not hmac.compare_digest(approval.seal or "", seal_of(env, approval, approval.versions or {})):
        return Executed("failed", "The stored request is not the one that was made. It was not carried out.")
    env.flush_all()  # it is looked up in SQL
    identification = identify_connection(env, approval.connection_id.id)
    caller = identification.caller
    if caller and not identification.limits.enabled:
        return Executed("expired", "The MCP server is switched off.")
    if caller is None or caller.user_id != approval.user_id.id:
        reason = identification.refusal or "the connection belongs to another user"
        return Executed("expired", f"The connection may not be used any more: {reason}.")
    company_ids = tuple(company_id for company_id in caller.company_ids if company_id in approval.company_ids.ids)
    if not company_ids:
        return Executed("expired", "The connection may not work for the companies of the request any more.")
    caller = replace(caller, company_ids=company_ids)
    try:
        check_versions(env, approval.versions or {})
    except ChangedMeanwhile as changed:
        return Executed("outdated", f"{changed} Ask again for what is to be done now.")
    application = OdooApplication(
        env(user=caller.user_id, context=caller.context(), su=False),
        caller,
        identification.limits,
        {"ip_address": None, "user_agent": f"approval {approval.reference}"},
        last_try=False,
    )
    context = CallContext(
        Era.HANDSHAKE, LATEST_HANDSHAKE, method="tools/call", client_info={"name": approval.client or ""}
    )
    result, facts, changed = application.call_agreed(
        context, approval.tool, dict(approval.arguments), Agreed(approval.versions or {})
    )
    words = "\n".join(block["text"] for block in result["content"] if block["type"] == "text")
    if changed:
        return Executed("outdated", f"{changed} Ask again for what is to be done now.")
    if result.get("isError"):
        return Executed("failed", words)
    if approval.idempotency_key:
        answer = ToolResult(result["content"], result.get("structuredContent"))
        idempotency.keep_later(env.cr, approval.connection_id.id, approval.idempotency_key, answer)
    return Executed("done", words, result.get("structuredContent"), facts.change_id)
