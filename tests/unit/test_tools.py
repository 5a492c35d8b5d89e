"""tools/list and tools/call, in both eras."""

import pytest
from library import messages, talks
from odoo_mcp.services.protocol.answers import EncodedObject
from odoo_mcp.services.protocol.limits import Limits
from odoo_mcp.services.protocol.streaming import Done, Idle
from protocol_client import HANDSHAKES, Workshop, ask, say, text, tool

BOTH = pytest.mark.parametrize("send", [ask, say], ids=["modern", "handshake"])
NAMES = [f"tool_{number:02}" for number in range(25)]


def crowd():
    return Workshop(tools=[tool(name) for name in reversed(NAMES)])


def walk(send, application, limits):
    """The names of every page, following the cursors."""
    pages, cursor = [], None
    while True:
        params = {} if cursor is None else {"cursor": cursor}
        result = send("tools/list", params, application=application, limits=limits).result
        pages.append([entry["name"] for entry in result["tools"]])
        cursor = result.get("nextCursor")
        if cursor is None:
            return pages


@BOTH
def test_tools_are_listed_by_name(send):
    result = send("tools/list").result
    assert [entry["name"] for entry in result["tools"]] == ["add", "echo"]
    assert "nextCursor" not in result


@BOTH
def test_no_tools_are_an_empty_list(send):
    result = send("tools/list", application=Workshop(tools=[])).result
    assert result["tools"] == []
    assert "nextCursor" not in result


@BOTH
@pytest.mark.parametrize("size", [1, 7, 10, 24, 25, 26])
def test_pages_together_are_the_whole_list(send, size):
    pages = walk(send, crowd(), Limits(page_size=size))
    assert [name for page in pages for name in page] == NAMES
    assert all(len(page) == size for page in pages[:-1])
    assert pages[-1]


@BOTH
@pytest.mark.parametrize("cursor", ["", None])
def test_an_empty_cursor_is_the_first_page(send, cursor):
    result = send("tools/list", {"cursor": cursor}).result
    assert len(result["tools"]) == 2


@BOTH
@pytest.mark.parametrize(
    "cursor",
    ["x", "!!", "=", "dG9vbHM6YWRk=", "dG9vbHM", "cHJvbXB0czphZGQ", "ÿ", "_" * 5000, 5, [], {}],
)
def test_a_cursor_that_is_none_of_ours_is_refused(send, cursor):
    heard = send("tools/list", {"cursor": cursor})
    assert heard.code == -32602
    assert heard.status == (400 if send is ask else 200)


def test_a_cursor_stays_good_when_tools_come_and_go():
    application, limits = crowd(), Limits(page_size=10)
    cursor = ask("tools/list", application=application, limits=limits).result["nextCursor"]
    application.tools = [entry for entry in application.tools if entry["name"] not in (NAMES[9], NAMES[3])]
    application.tools.append(tool("tool_00b"))
    again = ask("tools/list", {"cursor": cursor}, application=application, limits=limits).result
    assert [entry["name"] for entry in again["tools"]] == NAMES[10:20]


def test_a_cursor_behind_the_last_tool_is_an_empty_last_page():
    limits = Limits(page_size=1)
    cursor = ask("tools/list", limits=limits).result["nextCursor"]
    heard = ask("tools/list", {"cursor": cursor}, application=Workshop(tools=[]), limits=limits)
    assert heard.result["tools"] == []


def test_the_list_of_the_application_is_left_as_it_was():
    application = crowd()
    ask("tools/list", application=application)
    assert [entry["name"] for entry in application.tools] == NAMES[::-1]


@BOTH
def test_a_tool_is_called_with_its_arguments(send):
    heard = send("tools/call", {"name": "echo", "arguments": {"a": [1, {"b": None}]}})
    assert heard.application.calls == [("echo", {"a": [1, {"b": None}]})]
    assert heard.result["structuredContent"] == {"a": [1, {"b": None}]}
    assert heard.result["content"] == [text('{"a": [1, {"b": null}]}')]


@BOTH
@pytest.mark.parametrize("params", [{"name": "echo"}, {"name": "echo", "arguments": None}])
def test_a_tool_without_arguments_gets_an_empty_object(send, params):
    assert send("tools/call", params).application.calls == [("echo", {})]


@BOTH
def test_an_unknown_tool_is_invalid_params(send):
    heard = send("tools/call", {"name": "paint"})
    assert heard.code == -32602
    assert heard.status == (400 if send is ask else 200)


@pytest.mark.parametrize("name", [None, "", 5, [], {}, True])
@pytest.mark.parametrize("version", HANDSHAKES)
def test_a_call_needs_the_name_of_a_tool(name, version):
    heard = say("tools/call", {"name": name}, version)
    assert heard.code == -32602
    assert not heard.application.calls


def test_a_modern_call_without_a_name_is_invalid_params_and_no_mismatch():
    assert ask("tools/call", {}).code == -32602


@BOTH
@pytest.mark.parametrize("arguments", [[], [1], "x", 5, True, False])
def test_arguments_that_are_no_object_are_refused(send, arguments):
    heard = send("tools/call", {"name": "echo", "arguments": arguments})
    assert heard.code == -32602
    assert not heard.application.calls


@BOTH
def test_a_failed_tool_is_a_result_and_told_apart_in_the_records(send):
    failed = {"content": [text("No such field")], "isError": True}
    heard = send("tools/call", {"name": "echo"}, application=Workshop(results={"echo": failed}))
    assert heard.status == 200
    assert heard.result["isError"] is True
    assert heard.outcome.kind == "result"
    assert heard.outcome.is_tool_error is True


@BOTH
def test_a_result_always_has_content(send):
    application = Workshop(results={"echo": {"structuredContent": {"a": 1}}})
    heard = send("tools/call", {"name": "echo"}, application=application)
    assert heard.result["content"] == []
    assert heard.outcome.is_tool_error is False


STRUCTURED = {"a": [1, {"b": None}], "é": "}}"}


@BOTH
@pytest.mark.parametrize("more", [{}, {"isError": False, "_meta": {"z": 1}}])
def test_what_is_encoded_already_arrives_like_anything_else(send, more):
    plain = {"content": [text("a")], "structuredContent": STRUCTURED, **more}
    encoded = {**plain, "structuredContent": EncodedObject(STRUCTURED)}
    results = [
        send("tools/call", {"name": "echo"}, application=Workshop(results={"echo": result})).result
        for result in (plain, encoded)
    ]
    assert results[0] == results[1]
    assert results[1]["structuredContent"] == STRUCTURED
    streamed = talks(Idle(), Done(encoded), send=send)
    assert messages(streamed)[0]["result"] == results[0]


def test_what_is_encoded_already_becomes_text_for_old_clients():
    application = Workshop(results={"echo": {"structuredContent": EncodedObject({"a": 1})}})
    result = say("tools/call", {"name": "echo"}, "2024-11-05", application=application).result
    assert result == {"content": [text('{"a":1}')]}
