"""What an AI may do with its requests: look and take back. Never decide."""

from __future__ import annotations

from ..tools.call import Call
from ..tools.errors import ToolError

_DECIDED = ("done", "failed", "rejected", "expired", "outdated", "cancelled")


def told(call: Call, approval) -> dict:
    """What the AI is told of its request, and where it hears of the decision: a resource it can subscribe to."""
    answer = approval._told()
    if "mcp.approval" in call.gate.readable_models:
        answer["resource"] = f"odoo://record/mcp.approval/{approval.id}"
    return answer


def status(call: Call, reference: str) -> dict:
    """The request, with its outcome when there is one."""
    return told(call, _find(call, reference))


def listed(call: Call, which: str, limit: int) -> dict:
    """Requests of this connection, newest first."""
    approvals, domain = _own(call)
    if which != "all":
        domain.append(("state", "in", ("pending",) if which == "pending" else _DECIDED))
    found = approvals.search(domain, limit=limit + 1)
    entries = [told(call, approval) for approval in found[:limit]]
    for entry in entries:
        entry.pop("result", None)  # approval_status has it
    return {"approvals": entries, "more": len(found) > limit}


def cancel(call: Call, reference: str) -> dict:
    """Take a request back that waits.

    :raises ToolError: it does not wait any more
    """
    approval = _find(call, reference)
    if approval.state != "pending":
        raise ToolError(f"This request is not pending any more: {approval._told()['status']}.")
    approval._locked()
    approval._close("cancelled", "Taken back by the AI tool.")
    return told(call, approval)


def _find(call: Call, reference: str):
    approvals, domain = _own(call)
    approval = approvals.search([*domain, ("reference", "=", reference)], limit=1)
    if not approval:
        raise ToolError(f"There is no request {reference!r} of this connection. list_approvals lists them.")
    return approval


def _own(call: Call):
    # sudo: requests are the connection's own, whatever its user may see of the table
    approvals = call.gate.env["mcp.approval"].sudo()
    return approvals, [("connection_id", "=", call.caller.connection_id), ("user_id", "=", call.caller.user_id)]
