from typing import Annotated, Any

from pydantic import Field, StringConstraints
from typing_extensions import NotRequired, TypedDict

from odoo import models

from ...services.actions import offers, running
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .arguments import ModelName, OtherContext, RecordId, RecordIds

CATEGORY = "Actions"
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class WizardStep(TypedDict):
    values: NotRequired[dict[str, Any]]
    button: NotRequired[Label]


class ActionList(TypedDict):
    """Labels for run_action. ``state``: where the record is; ``views``: buttons that only show related records."""

    name: str
    state: NotRequired[dict[str, Any]]
    buttons: NotRequired[list[str]]
    menu: NotRequired[list[str]]
    stages: NotRequired[list[str]]
    views: NotRequired[list[str]]


class ActionTools(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="List actions", category=CATEGORY)
    def list_actions(
        self, call: Call, model: ModelName, id: RecordId, context: OtherContext | None = None
    ) -> ActionList:
        """What can be done with a record now: its buttons, action menu and stages (confirm, validate, invoice …)."""
        call.use_context(context)
        return offers.list_actions(call, model, id)

    @tool(title="Run an action", category=CATEGORY, risk="destructive", open_world=True)
    def run_action(
        self,
        call: Call,
        model: ModelName,
        ids: RecordIds,
        action: Annotated[Label, Field(description="Label from list_actions, e.g. Confirm")],
        wizard: Annotated[
            list[WizardStep], Field(description="When a call answered with a wizard: how to fill it in", max_length=6)
        ] = (),
    ) -> dict[str, Any]:
        """Click a button, menu entry or stage. If Odoo asks something first, its form comes back and nothing is done:
        repeat the call with wizard=[{"values": {…}, "button": …}].
        """
        return running.run_action(call, model, ids, action, wizard)
