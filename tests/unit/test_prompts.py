"""prompts/list, prompts/get and completion/complete."""

import pytest
from library import Library
from odoo_mcp.services.protocol.limits import Limits
from odoo_mcp.services.protocol.messages import Completion
from protocol_client import Workshop, ask, say, text

BOTH = pytest.mark.parametrize("send", [ask, say], ids=["modern", "handshake"])
PROMPTS = [{"name": name, "arguments": [{"name": "who", "required": True}]} for name in "cab"]
BRIEF = {"description": "A brief", "messages": [{"role": "user", "content": text("Tell me")}]}
COMPLETE = {"ref": {"type": "ref/prompt", "name": "a"}, "argument": {"name": "who", "value": "Az"}}


def library(**options):
    return Library(prompts=PROMPTS, rendered={"a": BRIEF}, **options)


@BOTH
@pytest.mark.parametrize("method", ["prompts/list", "prompts/get", "completion/complete"])
def test_without_the_capability_there_is_no_such_method(send, method):
    application = library(offers={"tools": {}, "resources": {}})
    heard = send(method, {"name": "a", **COMPLETE}, application=application)
    assert (heard.status, heard.code) == (404 if send is ask else 200, -32601)
    assert not application.told


@BOTH
def test_an_application_that_announces_but_does_not_offer_is_an_error_and_no_accident(send):
    application = Workshop(offers={"prompts": {}, "completions": {}})
    for method in ("prompts/list", "prompts/get", "completion/complete"):
        assert send(method, {"name": "a", **COMPLETE}, application=application).code == -32601


@BOTH
def test_prompts_are_paged_by_name(send):
    limits = Limits(page_size=2)
    first = send("prompts/list", application=library(), limits=limits).result
    assert [prompt["name"] for prompt in first["prompts"]] == ["a", "b"]
    params = {"cursor": first["nextCursor"]}
    last = send("prompts/list", params, application=library(), limits=limits).result
    assert [prompt["name"] for prompt in last["prompts"]] == ["c"]
    assert "nextCursor" not in last


def test_a_cursor_of_another_list_is_refused():
    limits = Limits(page_size=1)
    cursor = ask("tools/list", application=library(), limits=limits).result["nextCursor"]
    assert ask("prompts/list", {"cursor": cursor}, application=library()).code == -32602


def test_only_the_list_of_prompts_may_be_kept():
    assert ask("prompts/list", application=library()).result["ttlMs"] == 60_000
    rendered = ask("prompts/get", {"name": "a"}, application=library()).result
    assert {"ttlMs", "cacheScope"}.isdisjoint(rendered)
    assert "ttlMs" not in ask("completion/complete", COMPLETE, application=library()).result


@BOTH
@pytest.mark.parametrize(
    ("params", "arguments"),
    [({}, {}), ({"arguments": None}, {}), ({"arguments": {"who": "Azure"}}, {"who": "Azure"})],
)
def test_a_prompt_is_rendered_with_its_arguments(send, params, arguments):
    heard = send("prompts/get", {"name": "a", **params}, application=library())
    assert heard.application.told == [("get_prompt", "a", arguments)]
    assert heard.result["messages"] == BRIEF["messages"]
    assert heard.result["description"] == "A brief"


@BOTH
def test_an_unknown_prompt_is_invalid_params(send):
    heard = send("prompts/get", {"name": "z"}, application=library())
    assert (heard.status, heard.code) == (400 if send is ask else 200, -32602)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"name": None},
        {"name": ""},
        {"name": 5},
        {"name": "a", "arguments": []},
        {"name": "a", "arguments": "x"},
        {"name": "a", "arguments": {"who": 5}},
        {"name": "a", "arguments": {"who": None}},
        {"name": "a", "arguments": {"who": "x", "what": {}}},
    ],
)
def test_malformed_prompt_params_never_reach_the_application(params):
    heard = say("prompts/get", params, application=library())
    assert heard.code == -32602
    assert not heard.application.told


def test_the_argument_that_is_no_string_is_named():
    heard = say("prompts/get", {"name": "a", "arguments": {"who": 5}}, application=library())
    assert "'who'" in heard.error["message"]


@BOTH
def test_an_argument_of_a_prompt_is_completed(send):
    application = library(completion=Completion(["Azure", "Azzo"], total=7, has_more=True))
    params = {**COMPLETE, "context": {"arguments": {"country": "BE"}}}
    heard = send("completion/complete", params, application=application)
    ref = {"type": "ref/prompt", "name": "a"}
    assert application.told == [("complete", ref, "who", "Az", {"country": "BE"})]
    completion = heard.result["completion"]
    assert completion == {"values": ["Azure", "Azzo"], "total": 7, "hasMore": True}


def test_an_argument_of_a_template_is_completed_and_nothing_else_of_ref_passed_on():
    ref = {"type": "ref/resource", "uri": "odoo://model/{model}", "name": "x", "title": "y"}
    params = {"ref": ref, "argument": {"name": "model", "value": ""}, "context": None}
    heard = say("completion/complete", params, application=library())
    passed = {"type": "ref/resource", "uri": "odoo://model/{model}"}
    assert heard.application.told == [("complete", passed, "model", "", {})]
    assert heard.result["completion"] == {"values": [], "hasMore": False}


@pytest.mark.parametrize(("count", "more"), [(100, False), (101, True)])
def test_no_more_than_a_hundred_values_are_sent(count, more):
    application = library(completion=Completion([str(number) for number in range(count)]))
    completion = ask("completion/complete", COMPLETE, application=application).result["completion"]
    assert completion["values"] == [str(number) for number in range(100)]
    assert completion["hasMore"] is more
    assert "total" not in completion


@pytest.mark.parametrize(
    "change",
    [
        {"ref": None},
        {"ref": "a"},
        {"ref": {}},
        {"ref": {"type": "ref/tool", "name": "a"}},
        {"ref": {"type": ["ref/prompt"], "name": "a"}},
        {"ref": {"type": "ref/prompt"}},
        {"ref": {"type": "ref/prompt", "uri": "odoo://a"}},
        {"ref": {"type": "ref/prompt", "name": ""}},
        {"ref": {"type": "ref/resource", "name": "a"}},
        {"ref": {"type": "ref/resource", "uri": 5}},
        {"argument": None},
        {"argument": []},
        {"argument": {"name": "who"}},
        {"argument": {"value": "A"}},
        {"argument": {"name": "", "value": "A"}},
        {"argument": {"name": "who", "value": 5}},
        {"argument": {"name": "who", "value": None}},
        {"context": []},
        {"context": {"arguments": []}},
        {"context": {"arguments": {"country": 5}}},
    ],
)
def test_malformed_completions_never_reach_the_application(change):
    heard = say("completion/complete", {**COMPLETE, **change}, application=library())
    assert heard.code == -32602
    assert not heard.application.told
