"""From a typed method to an MCP tool: schemas, annotations, and the checking of arguments."""

from typing import Annotated

import pytest
from odoo_mcp.services.tools.call import Call
from odoo_mcp.services.tools.definition import ToolDefinition, tool
from odoo_mcp.services.tools.errors import ToolError
from odoo_mcp.services.tools.schema import compact_schema
from pydantic import BaseModel, Field
from typing_extensions import NotRequired, TypedDict


class Greeting(TypedDict):
    """Internal remark."""

    text: str
    title: NotRequired[str]


class Toolset:
    @tool(title="Say hello", category="Examples", risk="write", open_world=True)
    def say_hello(
        self,
        call: Call,
        name: Annotated[str, Field(description="Whom to greet")],
        title: str | None = None,
        times: Annotated[int, Field(ge=1, le=3)] = 1,
        tags: list[str] = [],  # noqa: B006
    ) -> Greeting:
        """Greet somebody.

        Politely.
        """
        return {"text": f"Hello {name}" * times}


def definition_of(method, name=None):
    return ToolDefinition(name or method.__name__, method, method._mcp_tool)


@pytest.fixture
def hello():
    return definition_of(Toolset.say_hello)


def test_the_input_schema_is_short_and_complete(hello):
    assert hello.input_schema == {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "description": "Whom to greet"},
            "title": {"type": "string"},
            "times": {"type": "integer", "minimum": 1, "maximum": 3, "default": 1},
            "tags": {"type": "array", "items": {"type": "string"}},
            "dry_run": {"type": "boolean", "default": False},
            "idempotency_key": {"type": "string"},
            "context": {"type": "object"},
        },
        "required": ["name"],
    }


def test_bounds_have_the_names_of_json_schema_and_say_only_what_is_news():
    schema = {"properties": {"ge": {"type": "integer", "ge": 1, "le": 2**31 - 1}, "few": {"type": "integer", "le": 9}}}
    told = {"ge": {"type": "integer", "minimum": 1}, "few": {"type": "integer", "maximum": 9}}
    assert compact_schema(schema) == {"properties": told}


def test_the_output_schema_keeps_a_property_that_is_called_title(hello):
    assert hello.output_schema["properties"] == {"text": {"type": "string"}, "title": {"type": "string"}}
    assert hello.output_schema["required"] == ["text"]


def test_the_description_is_the_docstring_and_annotations_follow_the_risk(hello):
    assert hello.description == "Greet somebody.\n\nPolitely."
    assert hello.descriptor["annotations"] == {
        "title": "Say hello",
        "readOnlyHint": False,
        "destructiveHint": False,
        "idempotentHint": False,
        "openWorldHint": True,
    }


@pytest.mark.parametrize(
    ("risk", "expected"),
    [("read", (True, False, True)), ("destructive", (False, True, False)), ("admin", (False, True, False))],
)
def test_hints_of_each_risk(risk, expected):
    @tool(title="T", category="C", risk=risk)
    def method(self) -> Greeting:
        """Does something."""

    annotations = definition_of(method).descriptor["annotations"]
    hints = (annotations["readOnlyHint"], annotations["destructiveHint"], annotations["idempotentHint"])
    assert hints == expected


def test_arguments_are_checked_and_defaults_filled_in(hello):
    assert hello.arguments({"name": "Ada"}) == {"name": "Ada", "title": None, "times": 1, "tags": []}
    first = hello.arguments({"name": "Ada"})["tags"]
    first.append("changed")
    assert hello.arguments({"name": "Ada"})["tags"] == []


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ({}, "name: is required"),
        ({"nme": "Ada", "name": "Ada"}, "nme: there is no such argument; did you mean name?"),
        (
            {"zzz": 1, "name": "Ada"},
            "zzz: there is no such argument; there are: name, title, times, tags, dry_run, idempotency_key, context.",
        ),
        ({"name": "Ada", "times": 9}, "times: input should be less than or equal to 3"),
        ({"name": 5}, "name: input should be a valid string"),
        ({"name": "Ada", "tags": ["a", 5]}, "tags.1:"),
        ({"name": "Ada", "call": "me"}, "call: there is no such argument"),
    ],
)
def test_each_fault_is_named_with_its_argument(hello, arguments, hint):
    with pytest.raises(ToolError) as caught:
        hello.arguments(arguments)
    assert hint in str(caught.value)


def test_many_faults_are_summed_up(hello):
    with pytest.raises(ToolError) as caught:
        hello.arguments({"name": "Ada", **{f"x{number}": 1 for number in range(9)}})
    assert "… and 4 more." in str(caught.value)


def test_a_value_that_was_sent_is_not_repeated_in_the_error(hello):
    with pytest.raises(ToolError) as caught:
        hello.arguments({"name": {"secret": "s3cr3t"}})
    assert "s3cr3t" not in str(caught.value)


def test_a_pydantic_model_may_be_the_result():
    class Sum(BaseModel):
        total: int
        note: str | None = None

    @tool(title="Add", category="C")
    def add(self, left: int, right: int) -> Sum:
        """Add two numbers."""
        return Sum(total=left + right)

    definition = definition_of(add)
    assert definition.output_schema["properties"]["total"] == {"type": "integer"}
    assert definition.serialize(Sum(total=3)) == {"total": 3}
    assert definition.call_parameter is None


@pytest.mark.parametrize("broken", ["no docstring", "no type", "star arguments"])
def test_a_tool_that_clients_could_not_use_is_refused_when_it_is_defined(broken):
    @tool(title="T", category="C")
    def no_docstring(self, name: str) -> Greeting: ...

    @tool(title="T", category="C")
    def no_type(self, name) -> Greeting:
        """Says something."""

    @tool(title="T", category="C")
    def star_arguments(self, **names: str) -> Greeting:
        """Says something."""

    method = {"no docstring": no_docstring, "no type": no_type, "star arguments": star_arguments}[broken]
    with pytest.raises(TypeError):
        definition_of(method)
