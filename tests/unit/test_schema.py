"""Schemas are JSON Schema, whatever pydantic makes of our annotations."""

from typing import Annotated, Any

from odoo_mcp.services.tools.schema import compact_schema
from pydantic import BeforeValidator, Field, TypeAdapter


def _schema(annotation: Any) -> dict:
    return compact_schema(TypeAdapter(annotation).json_schema())


def _same(value: Any) -> Any:
    return value


def test_bounds_of_a_number_behind_a_validator_are_words_of_json_schema():
    number = Annotated[int, BeforeValidator(_same), Field(ge=1, lt=10)]
    assert _schema(number) == {"type": "integer", "minimum": 1, "exclusiveMaximum": 10}


def test_the_size_of_an_object_is_counted_in_properties():
    pairs = Annotated[dict[str, int], BeforeValidator(_same), Field(max_length=5)]
    assert _schema(pairs)["maxProperties"] == 5
    assert "maxLength" not in _schema(pairs)


def test_the_length_of_a_text_stays_one():
    assert _schema(Annotated[str, Field(max_length=5)]) == {"type": "string", "maxLength": 5}
