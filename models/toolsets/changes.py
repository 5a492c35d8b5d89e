from typing import Annotated

from pydantic import Field

from odoo import models

from ...services.governance import changes
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .arguments import ModelName, RecordId, WholeNumber
from .results import ChangeList, Undone

CATEGORY = "Records"


class Changes(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="List changes", category=CATEGORY)
    def list_changes(
        self,
        call: Call,
        change_id: RecordId | None = None,
        model: ModelName | None = None,
        id: RecordId | None = None,
        limit: Annotated[WholeNumber, Field(ge=1, le=100)] = 10,
    ) -> ChangeList:
        """What tools changed in your name, newest first. Of one change_id or one record: with values, [old, new]."""
        return changes.list_changes(call, change_id, model, id, limit)

    @tool(title="Undo a change", category=CATEGORY, risk="destructive")
    def undo_change(self, call: Call, change_id: RecordId) -> Undone:
        """Take back all that one call changed, unless somebody's later work would be lost. An undo can be undone."""
        return changes.undo_change(call, change_id)
