"""Arguments that clients of 2026-07-28 repeat in headers, and what happens when they do not."""

import base64
from dataclasses import dataclass, field
from typing import Annotated

import pytest
from odoo_mcp.services.protocol.mirrored import mirrors_of
from odoo_mcp.services.tools.call import Call
from odoo_mcp.services.tools.definition import ToolDefinition
from odoo_mcp.services.tools.definition import tool as declared
from protocol_client import Workshop, ask, say
from pydantic import BaseModel, Field

MIRRORS = {
    "mcp-param-region": ("region",),
    "mcp-param-size": ("size",),
    "mcp-param-dry": ("dry",),
    "mcp-param-country": ("address", "country"),
}


@dataclass
class Mirroring(Workshop):
    """Its tool ``echo`` mirrors; what it was asked for stands in ``looked_up``."""

    looked_up: list[str] = field(default_factory=list)

    def mirrored_arguments(self, _context, name):
        self.looked_up.append(name)
        return MIRRORS if name == "echo" else {}


def call(arguments, name="echo", **headers):
    sent = {f"Mcp-Param-{header}": value for header, value in headers.items()}
    return ask("tools/call", {"name": name, "arguments": arguments}, sent, application=Mirroring())


def encoded(text):
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


@pytest.mark.parametrize(
    ("arguments", "headers"),
    [
        ({"region": "us-west1"}, {"Region": "us-west1"}),
        ({"region": "us-west1"}, {"Region": " us-west1 "}),
        ({"region": "us-west1"}, {"REGION": encoded("us-west1")}),
        ({"region": "Zürich\n"}, {"Region": encoded("Zürich\n")}),
        ({"region": "=?base64?"}, {"Region": "=?base64?"}),
        ({"region": "SGVsbG8="}, {"Region": "SGVsbG8="}),
        ({"region": ""}, {"Region": ""}),
        ({"size": -7}, {"Size": "-7"}),
        ({"size": 42.0}, {"Size": "42"}),
        ({"dry": True}, {"Dry": "true"}),
        ({"dry": False}, {"Dry": "false"}),
        ({"address": {"country": "BE"}}, {"Country": "BE"}),
        ({"address": {}}, {}),
        ({"address": "nonsense"}, {}),
        ({"region": None, "size": None}, {}),
        ({"region": ["a"]}, {}),
        ({}, {}),
        ({"other": 1}, {"Other": "2"}),
    ],
)
def test_a_header_that_says_what_the_argument_says_passes(arguments, headers):
    heard = call(arguments, **headers)
    assert heard.status == 200
    assert heard.application.calls == [("echo", arguments)]


@pytest.mark.parametrize(
    ("arguments", "headers", "named"),
    [
        ({"region": "us-west1"}, {}, "Mcp-Param-region is missing"),
        ({"region": "us-west1"}, {"Region": "us-west2"}, "is 'us-west2'"),
        ({"region": "us-west1"}, {"Region": "US-WEST1"}, "is 'US-WEST1'"),
        ({"region": "Hello"}, {"Region": "=?base64?SGVsbG8?="}, "Mcp-Param-region"),
        ({"region": "Hello"}, {"Region": "=?base64?SGVs!!!bG8=?="}, "Mcp-Param-region"),
        ({"region": "Zürich"}, {"Region": "Zürich"}, "Mcp-Param-region"),
        ({"region": "a\x01"}, {"Region": "a\x01"}, "Mcp-Param-region"),
        ({}, {"Region": "us-west1"}, "has no value"),
        ({"region": None}, {"Region": "null"}, "has no value"),
        ({"region": ["a"]}, {"Region": "a"}, "argument region is"),
        ({"size": 7}, {"Size": "8"}, "argument size is 7"),
        ({"size": 7}, {"Size": "7.0"}, "argument size is 7"),
        ({"size": 7}, {"Size": "٧"}, "argument size is 7"),
        ({"size": 7}, {"Size": "9" * 5000}, "argument size is 7"),
        ({"dry": True}, {"Dry": "True"}, "argument dry is True"),
        ({"dry": True}, {"Dry": "1"}, "argument dry is True"),
        ({"address": {"country": "BE"}}, {"Country": "NL"}, "argument address.country is 'BE'"),
    ],
)
def test_any_other_is_a_header_mismatch_and_the_tool_is_not_run(arguments, headers, named):
    heard = call(arguments, **headers)
    assert (heard.status, heard.code) == (400, -32020)
    assert named in heard.error["message"]
    assert not heard.application.calls


def test_a_tool_that_asks_for_no_header_gets_by_without():
    assert call({"region": "us-west1"}, name="add").status == 200


def test_the_handshake_era_knows_no_such_headers():
    application = Mirroring()
    params = {"name": "echo", "arguments": {"region": "us-west1"}}
    assert say("tools/call", params, application=application).status == 200
    assert not application.looked_up


# ------------------------------------------------------------------ what a schema may ask for


class Address(BaseModel):
    country: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Country"})]


class Toolset:
    @declared(title="Send", category="Examples")
    def send(
        self,
        call: Call,
        region: Annotated[str | None, Field(json_schema_extra={"x-mcp-header": "Region"})] = None,
        size: Annotated[int, Field(json_schema_extra={"x-mcp-header": "Pack-Size"})] = 1,
    ) -> dict:
        """Send something."""

    @declared(title="Send to", category="Examples")
    def send_to(self, address: Address) -> dict:
        """Send something to somebody."""


def test_a_typed_tool_mirrors_what_its_fields_say():
    definition = ToolDefinition("send", Toolset.send, Toolset.send._mcp_tool)
    assert definition.mirrored == {"mcp-param-region": ("region",), "mcp-param-pack-size": ("size",)}
    assert definition.descriptor["inputSchema"]["properties"]["region"]["x-mcp-header"] == "Region"


def test_a_typed_tool_that_clients_would_drop_is_refused_before_they_see_it():
    definition = ToolDefinition("send_to", Toolset.send_to, Toolset.send_to._mcp_tool)
    with pytest.raises(TypeError, match=r"Tool send_to: .* behind \$ref"):
        _ = definition.descriptor


def schema(**properties):
    return {"type": "object", "properties": properties}


def header(name, kind="string"):
    return {"type": kind, "x-mcp-header": name}


def test_a_property_may_have_the_name_of_the_annotation():
    assert mirrors_of(schema(**{"x-mcp-header": {"type": "string"}})) == {}
    assert mirrors_of(schema(a={"type": "string", "default": {"x-mcp-header": "A"}})) == {}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (schema(a=header("")), "letters"),
        (schema(a=header("A B")), "letters"),
        (schema(a=header("A\r\nSet-Cookie")), "letters"),
        (schema(a=header("A_B")), "letters"),
        (schema(a=header(True)), "letters"),
        (schema(a=header("A", "number")), "string, integer, boolean"),
        (schema(a=header("A", "array")), "string, integer, boolean"),
        (schema(a={"x-mcp-header": "A"}), "string, integer, boolean"),
        (schema(a=header("A"), b=schema(c=header("a"))), "twice"),
        (schema(a={"type": "array", "items": header("A")}), "may only stand"),
        (schema(a={"anyOf": [header("A"), {"type": "integer"}]}), "may only stand"),
        ({**schema(a={"$ref": "#/$defs/b"}), "$defs": {"b": header("A")}}, "may only stand"),
        ({**schema(), "x-mcp-header": "A"}, "may only stand"),
    ],
)
def test_an_annotation_for_which_clients_would_drop_the_tool_is_refused(wrong, why):
    with pytest.raises(ValueError, match=why):
        mirrors_of(wrong)
