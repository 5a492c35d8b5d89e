from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints
from typing_extensions import NotRequired, TypedDict

from odoo import models

from ...services.governance.approval_rules import ask_first, note_reading
from ...services.governance.carrying_out import is_hidden
from ...services.records import batching, importing, previewing
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .arguments import ModelName, OtherContext, from_json_text
from .results import BatchResult, Imported, Preview
from .write_records import CATEGORY, OtherValues


class Step(TypedDict):
    tool: str
    arguments: NotRequired[dict[str, Any]]


class WriteTogether(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="Run several tools", category=CATEGORY, risk="destructive")
    def run_batch(
        self,
        call: Call,
        steps: Annotated[
            list[Step],
            BeforeValidator(from_json_text),
            Field(min_length=1, max_length=batching.MOST_STEPS),
        ],
    ) -> BatchResult:
        """Run tools one after the other in one transaction: all or nothing. "$1.id" in arguments is what step 1
        answered as id; "${1.name}" works within a text."""

        def definition_of(name: str):
            definition = None if is_hidden(call, name) else self._definitions().get(name)
            if definition is not None:
                call.gate.check_tool(definition)
                if definition.risk == "read":
                    note_reading(call)
                else:
                    ask_first(call, self._approval_reason(call, definition, name))
            return definition

        return batching.run(call, steps, definition_of, lambda name, values: self.execute_tool(call, name, values))

    @tool(title="Preview a new record", category=CATEGORY)
    def preview_record(
        self, call: Call, model: ModelName, values: OtherValues | None = None, context: OtherContext | None = None
    ) -> Preview:
        """What Odoo's form would fill in for a new record, what is still required, and records that may be the same."""
        call.use_context(context)
        return previewing.preview(call, model, values or {})

    @tool(title="Import records", category=CATEGORY, risk="write")
    def import_records(
        self,
        call: Call,
        model: ModelName,
        csv: Annotated[str | None, StringConstraints(min_length=3)] = None,
        rows: Annotated[list[dict[str, Any]], BeforeValidator(from_json_text), Field(min_length=1, max_length=5000)]
        | None = None,
        skip_bad_rows: bool = False,
    ) -> Imported:
        """Import CSV text (header: field names) or rows with Odoo's importer; a known external id (column id) or .id
        updates. country_id is by name, country_id/id by external id, child_ids/name makes lines. Try dry_run first."""
        return importing.import_rows(call, model, csv, rows, skip_bad_rows)
