from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from odoo import models

from ...services.approvals import requests
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .arguments import WholeNumber
from .results import ApprovalList, ApprovalResult

CATEGORY = "Approvals"

ApprovalId = Annotated[
    str, StringConstraints(max_length=64), Field(description="From the answer of the call that waits")
]


class Approvals(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="Status of an approval", category=CATEGORY)
    def approval_status(self, call: Call, approval_id: ApprovalId) -> ApprovalResult:
        """Whether a call that waits for approval was approved, and what came of it."""
        return requests.status(call, approval_id)

    @tool(title="List approvals", category=CATEGORY)
    def list_approvals(
        self,
        call: Call,
        status: Literal["pending", "decided", "all"] = "pending",
        limit: Annotated[WholeNumber, Field(ge=1, le=100)] = 20,
    ) -> ApprovalList:
        """The requests for approval of this connection, newest first."""
        return requests.listed(call, status, limit)

    @tool(title="Cancel an approval request", category=CATEGORY, risk="write", idempotent=True)
    def cancel_approval(self, call: Call, approval_id: ApprovalId) -> ApprovalResult:
        """Take back a request that nobody decided yet."""
        return requests.cancel(call, approval_id)
