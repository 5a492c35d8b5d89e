from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from odoo import models

from ...services.governance import explaining
from ...services.records import context, describing
from ...services.records import models as model_list
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .arguments import FieldNames, ModelName, OtherContext, RecordIds, SomeNames, WholeNumber
from .results import AccessExplanation, ModelDescription, ModelList, ServerInformation, WhoAmI

CATEGORY = "Look around"


class LookAround(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="Who am I", category=CATEGORY)
    def whoami(self, call: Call) -> WhoAmI:
        """The Odoo user this connection acts as: companies, language, time zone, current time, limits, apps."""
        return context.who_am_i(call)

    @tool(title="List models", category=CATEGORY)
    def list_models(
        self,
        call: Call,
        query: Annotated[
            str | None,
            StringConstraints(max_length=100),
            Field(description="Words of its name, label or menu, e.g. vendor bill"),
        ] = None,
        limit: Annotated[WholeNumber, Field(ge=1, le=500)] = 50,
    ) -> ModelList:
        """Find Odoo models (tables) by what people call them. Without a query: those that have a menu."""
        return model_list.list_models(call, query, limit)

    @tool(title="Describe a model", category=CATEGORY)
    def describe_model(
        self,
        call: Call,
        model: ModelName,
        fields: FieldNames | None = None,
        all_fields: Annotated[bool, Field(description="Every field, not just the usual ones")] = False,
        context: OtherContext | None = None,
    ) -> ModelDescription:
        """A model's fields, and what you may do with its records. Call it before using a model for the first time."""
        call.use_context(context)
        return describing.describe(call, model, fields, all_fields)

    @tool(title="Explain a refusal", category=CATEGORY)
    def explain_access(
        self,
        call: Call,
        model: ModelName,
        operation: Literal["read", "create", "update", "delete"] = "read",
        ids: RecordIds = (),
        fields: SomeNames = (),
    ) -> AccessExplanation:
        """What would refuse an operation on a model, records or fields: limits of the connection, rights and the groups
        that have them, record rules; and who can change it."""
        return explaining.explain_access(call, model, operation, ids, fields)

    @tool(title="Server information", category=CATEGORY)
    def server_info(self, call: Call) -> ServerInformation:
        """Odoo version, installed apps and languages of this database."""
        return context.server_information(call)
