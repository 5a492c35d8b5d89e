"""2026-07-28: answers that ask back, and what a client must declare to be asked."""

import pytest
from library import Library, Talk, messages
from odoo_mcp.services.protocol.messages import InputRequired
from odoo_mcp.services.protocol.questions import missing_capabilities
from odoo_mcp.services.protocol.streaming import Done, Idle
from protocol_client import CAPABILITIES_KEY, SERVER_INFO_KEY, Workshop, ask, modern_meta, say

FORM = {"method": "elicitation/create", "params": {"message": "Who?", "requestedSchema": {"type": "object"}}}
LINK = {"method": "elicitation/create", "params": {"mode": "url", "message": "Go", "url": "https://a.example"}}
SAMPLE = {"method": "sampling/createMessage", "params": {"messages": [], "maxTokens": 5}}
TOOLS = {"method": "sampling/createMessage", "params": {"messages": [], "maxTokens": 5, "tools": []}}
CHOICE = {"method": "sampling/createMessage", "params": {"toolChoice": {}}}
ROOTS = {"method": "roots/list"}
EVERYTHING = {"elicitation": {"form": {}, "url": {}}, "sampling": {"tools": {}}, "roots": {}}
READ = ("resources/read", {"uri": "odoo://a"})
ASKING = [("tools/call", {"name": "echo"}), ("prompts/get", {"name": "p"}), READ]


def asked(answer, declared=None, call=ASKING[0], **more):
    application = Library(results={"echo": answer}, rendered={"p": answer}, contents={"odoo://a": answer})
    meta = modern_meta(**{CAPABILITIES_KEY: EVERYTHING if declared is None else declared})
    return ask(call[0], {**call[1], **more}, meta=meta, application=application)


@pytest.mark.parametrize("call", ASKING, ids=lambda call: call[0])
def test_an_answer_may_ask_back(call):
    result = asked(InputRequired({"who": FORM, "roots": ROOTS}, "sealed"), call=call).result
    assert set(result.pop("_meta")) == {SERVER_INFO_KEY}
    assert result == {
        "resultType": "input_required",
        "inputRequests": {"who": FORM, "roots": {"method": "roots/list", "params": {}}},
        "requestState": "sealed",
    }


def test_a_question_and_a_state_can_each_go_alone():
    assert "requestState" not in asked(InputRequired({"who": FORM})).result
    alone = asked(InputRequired({}, "")).result
    assert alone["requestState"] == ""
    assert "inputRequests" not in alone


def test_an_answer_that_asks_for_nothing_cannot_be_made():
    with pytest.raises(ValueError):
        InputRequired({})


def test_asking_back_is_an_ordinary_result_in_the_records():
    outcome = asked(InputRequired({"who": FORM})).outcome
    assert (outcome.kind, outcome.http_status, outcome.is_tool_error) == ("result", 200, False)


def test_a_conversation_may_end_by_asking_back():
    heard = asked(Talk(Done(InputRequired({"who": FORM}))))
    assert heard.result["resultType"] == "input_required"
    streamed = asked(Talk(Idle(), Done(InputRequired({"who": FORM}))))
    assert messages(streamed)[0]["result"]["inputRequests"] == {"who": FORM}


@pytest.mark.parametrize(
    ("requests", "declared", "required"),
    [
        ({"a": FORM}, {}, {"elicitation": {"form": {}}}),
        ({"a": FORM}, {"elicitation": None}, {"elicitation": {"form": {}}}),
        ({"a": FORM}, {"elicitation": {"url": {}}}, {"elicitation": {"form": {}}}),
        ({"a": LINK}, {"elicitation": {}}, {"elicitation": {"url": {}}}),
        ({"a": LINK}, {"elicitation": {"form": {}}}, {"elicitation": {"url": {}}}),
        ({"a": FORM, "b": LINK}, {}, {"elicitation": {"form": {}, "url": {}}}),
        ({"a": SAMPLE}, {"elicitation": {}}, {"sampling": {}}),
        ({"a": TOOLS}, {"sampling": {}}, {"sampling": {"tools": {}}}),
        ({"a": CHOICE}, {"sampling": {}}, {"sampling": {"tools": {}}}),
        ({"a": TOOLS, "b": SAMPLE}, {}, {"sampling": {"tools": {}}}),
        ({"a": ROOTS, "b": FORM}, {"sampling": {}}, {"roots": {}, "elicitation": {"form": {}}}),
        ({"a": ROOTS, "b": FORM}, {"roots": {}}, {"elicitation": {"form": {}}}),
    ],
)
def test_what_the_client_did_not_declare_is_named(requests, declared, required):
    heard = asked(InputRequired(requests), declared)
    assert (heard.status, heard.code) == (400, -32021)
    assert heard.error["data"] == {"requiredCapabilities": required}
    assert all(name in heard.error["message"] for name in required)
    assert heard.outcome.error_code == -32021


@pytest.mark.parametrize(
    ("question", "declared"),
    [
        (FORM, {"elicitation": {}}),
        (FORM, {"elicitation": {"form": {}}}),
        (LINK, {"elicitation": {"url": {}}}),
        (SAMPLE, {"sampling": {}}),
        (TOOLS, {"sampling": {"tools": {}}}),
        (ROOTS, {"roots": {}}),
        (ROOTS, {"roots": {"listChanged": True}}),
    ],
)
def test_what_the_client_declared_is_asked(question, declared):
    assert asked(InputRequired({"a": question}), declared).status == 200
    assert missing_capabilities(question["method"], question.get("params", {}), declared) == {}


def test_a_missing_capability_on_a_stream_is_an_error_message():
    heard = asked(Talk(Idle(), Done(InputRequired({"who": FORM}))), {})
    assert messages(heard)[0]["error"]["code"] == -32021


@pytest.mark.parametrize("method", ["ping", "tools/call", ""])
def test_what_no_client_can_be_asked_is_an_accident(method):
    with pytest.raises(ValueError):
        asked(InputRequired({"a": {"method": method}}))


def test_a_handshake_client_is_never_answered_by_a_question():
    application = Workshop(results={"echo": InputRequired({"who": FORM})})
    with pytest.raises(TypeError, match="ServerRequest"):
        say(*ASKING[0], application=application)


@pytest.mark.parametrize("call", ASKING, ids=lambda call: call[0])
def test_what_the_client_brings_reaches_the_application(call):
    responses = {"who": {"action": "accept", "content": {"name": "Ada"}}}
    answer = InputRequired({}, "once more")
    heard = asked(answer, call=call, inputResponses=responses, requestState="sealed")
    assert heard.context.input_responses == responses
    assert heard.context.request_state == "sealed"


def test_a_first_call_brings_nothing():
    context = asked({"content": []}, inputResponses=None, requestState=None).context
    assert (context.input_responses, context.request_state) == ({}, None)


@pytest.mark.parametrize(
    "more",
    [
        {"inputResponses": []},
        {"inputResponses": "x"},
        {"inputResponses": {"who": "Ada"}},
        {"inputResponses": {"who": {}, "what": None}},
        {"requestState": 5},
        {"requestState": {}},
        {"requestState": ["a"]},
        {"inputResponses": {}, "requestState": False},
    ],
)
def test_what_cannot_be_an_answer_is_invalid_params(more):
    heard = asked({"content": []}, **more)
    assert (heard.status, heard.code) == (400, -32602)
    assert not heard.application.calls


def test_other_methods_and_older_clients_bring_no_answers():
    listed = ask("tools/list", {"inputResponses": 5, "requestState": 5})
    assert (listed.status, listed.context.request_state) == (200, None)
    old = say("tools/call", {"name": "echo", "inputResponses": {"a": {}}, "requestState": "x"})
    assert (old.context.input_responses, old.context.request_state) == ({}, None)
