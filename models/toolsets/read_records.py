from typing import Annotated

from pydantic import Field, StringConstraints

from odoo import models

from ...services.records import duplicates, reading
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .apps import RECORDS_APP
from .arguments import ClientContext, Domain, FieldNames, ModelName, RecordIds, WholeNumber
from .results import CountResult, Duplicates, NameMatches, ReadResult, SearchResult

CATEGORY = "Records"


class ReadRecords(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="Search records", category=CATEGORY, app=RECORDS_APP)
    def search_records(
        self,
        call: Call,
        model: ModelName,
        domain: Domain = (),
        fields: FieldNames | None = None,
        order: Annotated[
            str | None, StringConstraints(max_length=200), Field(description="E.g. 'date_order desc, id'")
        ] = None,
        limit: Annotated[WholeNumber, Field(ge=1, le=1000)] = 20,
        cursor: Annotated[
            str | None,
            StringConstraints(max_length=100),
            Field(description="next_cursor of the page before, other arguments unchanged"),
        ] = None,
        context: ClientContext | None = None,
    ) -> SearchResult:
        """Find records and read some of their fields. Answers a page, and how many there are in all."""
        call.use_context(context)
        return reading.search(call, model, domain, fields, order, limit, cursor)

    @tool(title="Read records", category=CATEGORY, app=RECORDS_APP)
    def read_records(
        self,
        call: Call,
        model: ModelName,
        ids: RecordIds,
        fields: FieldNames | None = None,
        context: ClientContext | None = None,
    ) -> ReadResult:
        """Read records by id, with long texts in full."""
        call.use_context(context)
        return reading.read(call, model, ids, fields)

    @tool(title="Count records", category=CATEGORY)
    def count_records(
        self,
        call: Call,
        model: ModelName,
        domain: Domain = (),
        context: ClientContext | None = None,
    ) -> CountResult:
        """Count the records that match a domain, exactly."""
        call.use_context(context)
        return reading.count(call, model, domain)

    @tool(title="Search by name", category=CATEGORY)
    def name_search(
        self,
        call: Call,
        model: ModelName,
        text: Annotated[str, StringConstraints(max_length=200), Field(description="Part of the name")] = "",
        domain: Domain = (),
        limit: Annotated[WholeNumber, Field(ge=1, le=200)] = 10,
        context: ClientContext | None = None,
    ) -> NameMatches:
        """Find the ids of records by their name, as Odoo's search boxes do (also by reference, e-mail or barcode)."""
        call.use_context(context)
        return reading.name_search(call, model, text, domain, limit)

    @tool(title="Find duplicates", category=CATEGORY)
    def find_duplicates(
        self,
        call: Call,
        model: ModelName = "res.partner",
        by: Annotated[
            FieldNames | None, Field(description="Text fields, any of which may agree; default: what is known of these")
        ] = None,
        domain: Domain = (),
        limit: Annotated[WholeNumber, Field(ge=1, le=100)] = 20,
        context: ClientContext | None = None,
    ) -> Duplicates:
        """Records that may be the same contact, lead or product, to merge or clean up: same e-mail, phone, VAT number,
        code or name, however they are written."""
        call.use_context(context)
        return duplicates.find_duplicates(call, model, by, domain, limit)
