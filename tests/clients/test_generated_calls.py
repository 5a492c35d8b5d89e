"""Calls of every tool, generated from its input schema: an answer after MCP and the tool's output schema, whatever
was asked, and the transaction goes on.

``GENERATED_CALLS`` says how many: some hundred unless told, the same ones each time; a number of your own is another
draw each time. ``GENERATED_CALLS_FOR_REAL=1`` lets all of them happen, on a database that nobody needs afterwards:
otherwise whatever is more than a tag is only tried (``dry_run``).

The server's log must be without warnings afterwards; ``./dev test`` looks.
"""

import json
import os
from collections import Counter

import pytest
from call_strategies import CallMaker, GeneratedCall
from endpoint import MODERN, Heard, check_answer
from hostile_strategies import one_in
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from known_world import explore
from mcp.types import CallToolResult

pytestmark = pytest.mark.slow

CALLS = int(os.environ.get("GENERATED_CALLS", "250"))
FOR_REAL = os.environ.get("GENERATED_CALLS_FOR_REAL") == "1"
BATCHES = "2025-03-26"  # the version whose batches run in one transaction
LONGEST_ERROR = 4000
MOST_SHOWN = 20
FOLLOW_UP = {"model": "res.lang", "domain": [["code", "=", "en_US"]], "fields": ["code"]}


@pytest.fixture(scope="module")
def callable_tools(endpoint, own_tools) -> dict[str, dict]:
    """All tools: those of the full list, and the two doors to them that other modes have."""
    message = json.dumps(endpoint.request("tools/list")).encode()
    doors = endpoint.send(message, path=f"{endpoint.path}?mode=search").json["result"]["tools"]
    assert {"find_tools", "call_tool"} <= {tool["name"] for tool in doors}
    return own_tools | {tool["name"]: tool for tool in doors}


@pytest.fixture(scope="module")
def world(endpoint):
    return explore(endpoint)


@pytest.fixture(scope="module")
def follow_up(endpoint) -> dict:
    answer = endpoint.tool("search_records", FOLLOW_UP)
    assert [record["code"] for record in answer["records"]] == ["en_US"]
    return answer


def test_the_schemas_of_all_tools_are_json_schemas_without_words_of_another_language(callable_tools):
    for name, tool in callable_tools.items():
        for key in ("inputSchema", "outputSchema"):
            if key in tool:
                Draft202012Validator.check_schema(tool[key])
                assert not (strange := _strange_keywords(tool[key])), (name, key, strange)


def test_whatever_is_called_is_answered_soundly_and_the_transaction_goes_on(endpoint, callable_tools, world, follow_up):
    maker = CallMaker(callable_tools, world, FOR_REAL)
    judge = Judge(callable_tools, follow_up)
    names = sorted(callable_tools)
    wrapped = st.tuples(
        st.tuples(*(maker.calls(name) for name in names)),  # each tool as often as the others
        st.lists(one_in(4), min_size=len(names), max_size=len(names)),
        st.sampled_from([BATCHES, "2025-11-25", MODERN]),
    )

    @settings(
        max_examples=max(1, -(-CALLS // len(names))),
        deadline=None,
        database=None,
        derandomize="GENERATED_CALLS" not in os.environ,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(wrapped)
    def send(round_of_calls: tuple) -> None:
        calls, through_the_door, version = round_of_calls

        # one after the other: PostgreSQL's conflicts, which Odoo solves by itself, would be errors in its log
        for call, by_door in zip(calls, through_the_door, strict=True):
            judge.hear(endpoint, call, version, by_door)

    send()
    print(f"{sum(judge.heard.values())} calls of {len(names)} tools, {sum(judge.succeeded.values())} succeeded")
    never = sorted(set(names) - judge.succeeded.keys())
    print("never succeeded:", ", ".join(never) or "none")
    judge.verdict()
    assert judge.heard.keys() == set(names)
    # Refusing everything would be sound, and show nothing.
    assert sum(judge.succeeded.values()) > sum(judge.heard.values()) / 5


class Judge:
    """Sends calls, and keeps what was wrong with the answers."""

    def __init__(self, tools: dict[str, dict], follow_up: dict) -> None:
        self.tools = tools
        self.follow_up = follow_up
        self.outputs = {
            name: Draft202012Validator(tool["outputSchema"]) for name, tool in tools.items() if "outputSchema" in tool
        }
        self.wrong: list[str] = []
        self.heard: Counter[str] = Counter()
        self.succeeded: Counter[str] = Counter()

    def hear(self, endpoint, call: GeneratedCall, version: str, by_door: bool) -> None:
        self.heard[call.tool] += 1
        name, arguments = call.tool, call.arguments
        if by_door and name not in ("call_tool", "find_tools"):
            name, arguments = "call_tool", {"name": call.tool, "arguments": arguments}
        first = endpoint.request("tools/call", {"name": name, "arguments": arguments})
        second = endpoint.request("tools/call", {"name": "search_records", "arguments": FOLLOW_UP})
        try:
            if version == BATCHES:
                heard = endpoint.post([first, second], {"MCP-Protocol-Version": version})
                check_answer(heard, first)
                assert isinstance(heard.json, list) and len(heard.json) == 2, f"not both answered: {heard.body[:500]!r}"
                answers = {answer["id"]: answer for answer in heard.json}
                self._check(call, answers[first["id"]], version)
                self._check_follow_up(answers[second["id"]])
            else:
                heard = self._send(endpoint, first, version)
                check_answer(heard, first)
                self._check(call, heard.json, version)
                self._check_follow_up(endpoint.post(second).json)
        except Exception as error:  # each unsound answer is told, not just the first
            self.wrong.append(f"{call.tool} {json.dumps(arguments)[:1500]} ({version}): {type(error).__name__} {error}")

    @staticmethod
    def _send(endpoint, message: dict, version: str) -> Heard:
        if version == MODERN:
            return endpoint.post_modern("tools/call", message["params"])
        return endpoint.post(message, {"MCP-Protocol-Version": version})

    def _check(self, call: GeneratedCall, answer: dict, version: str) -> None:
        if "error" in answer:
            # -32602: the call names no tool, or its arguments are no object
            assert answer["error"]["code"] == -32602, answer
            return
        result = CallToolResult.model_validate(answer["result"])
        texts = [block.text for block in result.content if block.type == "text"]
        assert texts and all(texts), f"says nothing: {answer}"
        if result.is_error:
            assert sum(map(len, texts)) <= LONGEST_ERROR, f"an error of {sum(map(len, texts))} characters: {texts}"
            return
        self.succeeded[call.tool] += 1
        if version != BATCHES and call.tool in self.outputs:
            assert result.structured_content is not None, "there is an output schema, and no structured content"
            assert result.structured_content == json.loads(texts[0]), "text and structured content differ"
        if call.tool in self.outputs:
            faults = [fault.message for fault in self.outputs[call.tool].iter_errors(json.loads(texts[0]))]
            assert not faults, f"not after the output schema: {faults[:3]}"

    def _check_follow_up(self, answer: dict) -> None:
        assert "result" in answer, f"the call after it: {answer}"
        assert json.loads(answer["result"]["content"][0]["text"]) == self.follow_up, f"the call after it: {answer}"

    def verdict(self) -> None:
        shown = "\n\n".join(self.wrong[:MOST_SHOWN])
        assert not self.wrong, f"{len(self.wrong)} of {sum(self.heard.values())} calls went wrong, such as\n\n{shown}"


_KEYWORDS = frozenset(
    {"$defs", "$ref", "additionalProperties", "anyOf", "const", "default", "description", "enum", "examples", "format"}
    | {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "type"}
    | {"properties", "propertyNames", "required", "minProperties", "maxProperties", "x-mcp-header"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
)


def _strange_keywords(schema: object) -> set[str]:
    """Words in a schema that JSON Schema does not know, and bounds that its type does not have."""
    if isinstance(schema, list):
        return set().union(*map(_strange_keywords, schema))
    if not isinstance(schema, dict):
        return set()
    strange = schema.keys() - _KEYWORDS
    if "type" in schema and schema["type"] != "string":
        strange |= schema.keys() & {"minLength", "maxLength", "pattern"}
    for key in ("properties", "$defs"):
        strange |= set().union(*map(_strange_keywords, schema.get(key, {}).values()))
    for key in ("items", "additionalProperties", "anyOf"):
        strange |= _strange_keywords(schema.get(key))
    return strange
