"""Argument types that several tools share, each described once."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from ...services.governance.arguments import Context
from ...services.tools.json_text import from_json_text


def _names(value: Any) -> Any:
    """``"name, email"`` for ``["name", "email"]``."""
    value = from_json_text(value)
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


def _no_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("is true or false, a number is expected")
    return value


WholeNumber = Annotated[int, BeforeValidator(_no_boolean)]
ModelName = Annotated[
    str, StringConstraints(max_length=100), Field(description="Technical model name, e.g. res.partner")
]
Domain = Annotated[
    list[Any],
    BeforeValidator(from_json_text),
    Field(
        description="Odoo domain: [['state','=','sale'],['partner_id.country_id.code','=','BE']]; "
        "'|' before two conditions means or. Dates without offset are in the user's time zone."
    ),
]
SomeNames = Annotated[list[Annotated[str, StringConstraints(max_length=200)]], BeforeValidator(_names)]
FieldNames = Annotated[SomeNames, Field(description="Field names; without them, those of the list view")]
RecordId = Annotated[int, BeforeValidator(_no_boolean), Field(ge=1, le=2**31 - 1)]
RecordIds = Annotated[
    list[RecordId], BeforeValidator(from_json_text), Field(description="Record ids", min_length=1, max_length=200)
]
ClientContext = Annotated[
    Context, Field(description="lang, tz, active_test (false: archived, too), allowed_company_ids")
]
# The same without the words, which every conversation reads: they are in the server's instructions, too.
OtherContext = Context
