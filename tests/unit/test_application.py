"""What the application is told, and what becomes of its refusals and accidents."""

import math

import pytest
from odoo_mcp.services.protocol.errors import (
    INTERNAL_ERROR,
    MISSING_CLIENT_CAPABILITY,
    RESOURCE_NOT_FOUND,
    ProtocolError,
)
from protocol_client import Exploding, Unexpected, Workshop, ask, post, request, say

CALL = ("tools/call", {"name": "echo"})
BOTH = pytest.mark.parametrize("send", [ask, say], ids=["modern", "handshake"])


@BOTH
def test_an_unexpected_exception_reaches_the_host(send):
    with pytest.raises(Unexpected):
        send(*CALL, application=Workshop(results={"echo": Unexpected("secret")}))


@BOTH
def test_a_converted_exception_is_an_answer_without_its_text(send):
    application = Workshop(
        results={"echo": Unexpected("secret")},
        conversion=ProtocolError(INTERNAL_ERROR, "Internal error, reference 12"),
    )
    heard = send(*CALL, application=application)
    assert (heard.status, heard.code) == (200, INTERNAL_ERROR)
    assert heard.error["message"] == "Internal error, reference 12"
    assert b"secret" not in heard.http.body
    assert heard.json["id"] == 1
    assert heard.outcome.error_code == INTERNAL_ERROR


@BOTH
@pytest.mark.parametrize("value", [math.nan, math.inf, object(), {1, 2}, b"bytes"])
def test_a_result_json_cannot_carry_is_an_accident_of_the_application(send, value):
    result = {"content": [], "structuredContent": {"value": value}}
    with pytest.raises((TypeError, ValueError)):
        send(*CALL, application=Workshop(results={"echo": result}))
    converting = Workshop(results={"echo": result}, conversion=ProtocolError(INTERNAL_ERROR, "Internal error"))
    heard = send(*CALL, application=converting)
    assert heard.code == INTERNAL_ERROR
    assert [outcome.kind for _, _, outcome in converting.observed] == ["error"]


def test_half_a_surrogate_pair_in_a_result_costs_that_character_only():
    result = {"content": [{"type": "text", "text": "a\ud800b"}]}
    heard = say(*CALL, application=Workshop(results={"echo": result}))
    assert heard.result["content"][0]["text"] == "a?b"


@BOTH
def test_a_refusal_may_set_status_data_and_headers(send):
    refusal = ProtocolError(-32000, "Slow down", {"seconds": 7}, http_status=429, headers={"Retry-After": "7"})
    heard = send(*CALL, application=Workshop(results={"echo": refusal}))
    assert heard.status == 429
    assert heard.http.headers["Retry-After"] == "7"
    assert heard.error == {"code": -32000, "message": "Slow down", "data": {"seconds": 7}}
    assert heard.outcome.http_status == 429


def test_a_missing_client_capability_is_400():
    data = {"requiredCapabilities": {"sampling": {}}}
    refusal = ProtocolError(MISSING_CLIENT_CAPABILITY, "Needs sampling", data)
    heard = ask(*CALL, application=Workshop(results={"echo": refusal}))
    assert (heard.status, heard.code) == (400, -32021)
    assert heard.error["data"] == data


def test_resource_not_found_has_the_code_of_its_era():
    application = Workshop(results={"echo": ProtocolError(RESOURCE_NOT_FOUND, "No such resource")})
    modern, handshake = ask(*CALL, application=application), say(*CALL, application=application)
    assert (modern.status, modern.code) == (400, -32602)
    assert (handshake.status, handshake.code) == (200, -32002)
    assert [outcome.error_code for _, _, outcome in application.observed] == [-32602, -32002]


@BOTH
def test_a_result_is_observed_with_context_and_params(send):
    heard = send("tools/call", {"name": "echo", "arguments": {"a": 1}})
    [(context, params, outcome)] = heard.application.observed
    assert context is heard.application.contexts[0]
    assert params["arguments"] == {"a": 1}
    assert (outcome.kind, outcome.http_status, outcome.error_code) == ("result", 200, None)


@BOTH
def test_a_refusal_is_observed_with_its_code_and_message(send):
    heard = send("tools/call", {"name": "paint"})
    [(context, params, outcome)] = heard.application.observed
    assert (context.method, context.request_id, params["name"]) == ("tools/call", 1, "paint")
    assert (outcome.kind, outcome.error_code) == ("error", -32602)
    assert outcome.error_message == heard.error["message"]
    assert outcome.http_status == heard.status


def test_a_request_refused_by_its_envelope_is_observed_with_what_is_known():
    heard = ask("tools/call", {"name": "echo"}, {"Mcp-Method": "x"})
    assert heard.context.method == "tools/call"
    assert heard.context.request_id == 1
    assert heard.outcome.http_status == 400


@BOTH
def test_an_accident_while_observing_reaches_the_host(send):
    with pytest.raises(Unexpected):
        send(*CALL, application=Exploding())


def test_an_accident_that_is_let_through_is_not_observed():
    application = Workshop(results={"echo": Unexpected()})
    with pytest.raises(Unexpected):
        say(*CALL, application=application)
    assert not application.observed


def test_a_refusal_to_introduce_itself_is_an_answer():
    class Closed(Workshop):
        def capabilities(self, _context):
            raise ProtocolError(-32600, "Closed today", http_status=503)

    message = request("initialize", {"protocolVersion": "2025-11-25"})
    heard = post(message, application=Closed())
    assert (heard.status, heard.error["message"]) == (503, "Closed today")
