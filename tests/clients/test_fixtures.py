"""What only the conformance fixtures have: arguments repeated in headers, and a prompt that asks."""

import httpx2
import pytest
from mcp import types
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from test_python_sdk import connected

ASKING = "test_input_required_result_prompt"
MIRRORING = "test_x_mcp_header"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("region", ["us-west1", "Zürich", " padded ", "=?base64?literal?=", ""])
async def test_the_sdk_repeats_an_argument_in_a_header_and_is_believed(endpoint, region):
    async with connected(endpoint, "auto") as client:
        await client.list_tools()  # tells the client which arguments to repeat
        result = await client.call_tool(MIRRORING, {"region": region})
    assert result.content[0].text == f"Region: {region}"


@pytest.mark.parametrize("header", [None, "us-west2", "=?base64?dXMtd2VzdDE?="])
def test_a_header_that_says_something_else_is_refused(endpoint, header):
    call = {"name": MIRRORING, "arguments": {"region": "us-west1"}}
    heard = endpoint.post_modern("tools/call", call, {"Mcp-Param-Region": header})
    assert (heard.status, heard.error_code) == (400, -32020)
    assert endpoint.post_modern("tools/call", call, {"Mcp-Param-Region": "us-west1"}).status == 200


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_prompt_asks_before_it_answers(endpoint, mode):
    async def answer(_context, params):
        assert params.message == "What context should the prompt use?"
        return types.ElicitResult(action="accept", content={"context": "the year 1815"})

    headers = {"Authorization": f"Bearer {endpoint.key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(endpoint.url, http_client=http)
        async with Client(transport, mode=mode, elicitation_callback=answer) as client:
            got = await client.get_prompt(ASKING)
    assert got.messages[0].content.text == "Use this context: the year 1815"


def test_a_prompt_that_must_ask_says_so_to_a_client_that_cannot_answer(endpoint):
    heard = endpoint.post_modern("prompts/get", {"name": ASKING})
    assert heard.error_code == -32021
    assert heard.json["error"]["data"] == {"requiredCapabilities": {"elicitation": {"form": {}}}}


def test_the_state_of_a_prompt_is_no_good_for_another(endpoint):
    capable = {"_meta": {"io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}}}}
    asked = endpoint.post_modern("prompts/get", {"name": ASKING, **capable}).json["result"]
    assert asked["resultType"] == "input_required"
    repeated = {
        "name": "test_input_required_result_request_state",
        "requestState": asked["requestState"],
        "inputResponses": {"confirm": {"action": "accept", "content": {"ok": True}}},
        **capable,
    }
    assert endpoint.post_modern("tools/call", repeated).error_code == -32602
