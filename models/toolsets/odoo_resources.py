import json
from typing import Annotated

from pydantic import Field

from odoo import models

from ...services.conversations.watching import Watch
from ...services.records import describing
from ...services.records import models as model_list
from ...services.resources import completion, reading
from ...services.tools.call import Call
from ...services.tools.errors import ToolError
from ...services.tools.resource import Content, resource

RecordId = Annotated[int, Field(ge=1, le=2**31 - 1)]


class OdooResources(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @resource(
        "odoo://record/{model}/{id}",
        title="Record",
        complete={"model": "_complete_model", "id": "_complete_record"},
        watch="_watch_record",
    )
    def record(self, call: Call, model: str, id: RecordId) -> dict:
        """One record of any model, with the fields people see of it."""
        return reading.record(call, model, id)

    @resource(
        "odoo://model/{model}",
        title="Model description",
        complete={"model": "_complete_model"},
        listed="_listed_models",
        priority=0.8,
        watch="_watch_model",
    )
    def model_description(self, call: Call, model: str) -> dict:
        """The fields of a model, and what you may do with its records."""
        return describing.describe(call, model, None, False)

    @resource("odoo://attachment/{id}", title="File", mime_type="application/octet-stream", watch="_watch_attachment")
    def attachment(self, call: Call, id: RecordId) -> Content:
        """The content of an attachment: text as text, everything else as a blob."""
        return reading.attachment(call, id)

    @resource(
        "odoo://search/{model}{?domain,fields,limit}",
        title="Search",
        complete={"model": "_complete_model", "fields": "_complete_fields"},
        watch="_watch_search",
    )
    def search(
        self,
        call: Call,
        model: str,
        domain: str = "[]",
        fields: str = "",
        limit: Annotated[int, Field(ge=1, le=1000)] = 20,
    ) -> dict:
        """The first records that match a domain (JSON); fields are separated by commas."""
        try:
            conditions = json.loads(domain)
        except (ValueError, RecursionError):
            raise ToolError(f"domain is no JSON list: {domain[:100]!r}") from None
        names = [name.strip() for name in fields.split(",") if name.strip()]
        return reading.search(call, model, conditions, names or None, limit)

    def _watch_record(self, model: str, id: int) -> Watch:
        return Watch(model, id)

    def _watch_model(self, model: str) -> Watch:
        return Watch("ir.model.fields", model=model)

    def _watch_attachment(self, id: int) -> Watch:
        return Watch("ir.attachment", id)

    def _watch_search(self, model: str, **_query) -> Watch:
        return Watch(model)

    def _listed_models(self, call: Call) -> list[dict]:
        rows = model_list.list_models(call, None, 500)["models"]
        return [{"variables": {"model": row["model"]}, "name": row["model"], "title": row["name"]} for row in rows]

    def _complete_model(self, call: Call, value: str, _others: dict) -> list[str]:
        return completion.model_names(call, value)

    def _complete_record(self, call: Call, value: str, others: dict) -> list[str]:
        return completion.record_ids(call, others["model"], value) if others.get("model") else []

    def _complete_fields(self, call: Call, value: str, others: dict) -> list[str]:
        return completion.field_names(call, others["model"], value) if others.get("model") else []
