from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from odoo import models

from ...services.records import writing
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .arguments import ModelName, RecordId, from_json_text
from .results import Written, WrittenRecords

CATEGORY = "Records"

Values = Annotated[
    dict[str, Any],
    BeforeValidator(from_json_text),
    Field(
        description="By field name. Relations by id or exact name, selections by key or label. Lists of lines: "
        '{"add": [{…} or id], "update": [{"id": 1, …}], "remove": [ids], "set": […]}. Dates are ISO, in the user\'s '
        "time zone."
    ),
]
# The same, told in few words: every word of a schema is read in every conversation.
OtherValues = Annotated[dict[str, Any], BeforeValidator(from_json_text), Field(description="As in create_record")]
ManyValues = Annotated[
    list[dict[str, Any]],
    BeforeValidator(from_json_text),
    Field(description="Values of each", min_length=1, max_length=1000),
]
ManyIds = Annotated[list[RecordId], BeforeValidator(from_json_text), Field(min_length=1, max_length=1000)]


class WriteRecords(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="Create a record", category=CATEGORY, risk="write")
    def create_record(self, call: Call, model: ModelName, values: Values) -> Written:
        """Create one record. What is not given gets Odoo's defaults. preview_record shows them first."""
        return writing.create_one(call, model, values)

    @tool(title="Create records", category=CATEGORY, risk="write")
    def create_records(self, call: Call, model: ModelName, records: ManyValues) -> WrittenRecords:
        """Create up to 1000 records of one model, all or none."""
        return writing.create(call, model, records)

    @tool(title="Update a record", category=CATEGORY, risk="write", idempotent=True)
    def update_record(self, call: Call, model: ModelName, id: RecordId, values: OtherValues) -> Written:
        """Change fields of one record. To confirm, post, cancel … use the record's own actions instead."""
        return writing.update_one(call, model, id, values)

    @tool(title="Update records", category=CATEGORY, risk="write", idempotent=True)
    def update_records(self, call: Call, model: ModelName, ids: ManyIds, values: OtherValues) -> WrittenRecords:
        """Give several records the same values, all or none."""
        return writing.update(call, model, ids, values)

    @tool(title="Delete a record", category=CATEGORY, risk="destructive")
    def delete_record(self, call: Call, model: ModelName, id: RecordId) -> Written:
        """Delete one record. Archiving it (active: false) is often what people mean."""
        return writing.delete_one(call, model, id)

    @tool(title="Delete records", category=CATEGORY, risk="destructive")
    def delete_records(self, call: Call, model: ModelName, ids: ManyIds) -> WrittenRecords:
        """Delete several records, all or none."""
        return writing.delete(call, model, ids)

    @tool(title="Duplicate a record", category=CATEGORY, risk="write")
    def copy_record(self, call: Call, model: ModelName, id: RecordId, values: OtherValues | None = None) -> Written:
        """Duplicate a record as Odoo does, with some values changed."""
        return writing.copy(call, model, id, values)
