import pytest
from odoo_mcp.services.tools.schema import DEEPEST, LARGEST, require_sound


def nested(depth):
    schema = {}
    for _ in range(depth - 1):
        schema = {"items": schema}
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://evil.example/schema.json"},
        {"properties": {"a": {"items": {"$ref": "file:///etc/passwd"}}}},
        {"anyOf": [{"type": "null"}, {"$dynamicRef": "other.json#node"}]},
        nested(DEEPEST + 1),
        {"properties": {f"p{number}": {} for number in range(LARGEST)}},
    ],
    ids=["network", "file", "relative", "deep", "large"],
)
def test_a_schema_that_is_a_trap_for_clients_is_refused(schema):
    with pytest.raises(TypeError, match=r"^Tool trap: "):
        require_sound("trap", schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"type": "string"}}},
        {"properties": {"$ref": {"type": "string", "description": "https://is.fine"}}},
        nested(DEEPEST),
        None,
    ],
    ids=["own definitions", "a property of that name", "as deep as allowed", "none"],
)
def test_others_are_not(schema):
    require_sound("good", schema)
