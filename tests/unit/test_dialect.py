"""What each version of the protocol gets to see, and what is left out for it."""

import copy

import pytest
from library import Library
from odoo_mcp.services.protocol.versions import SUPPORTED_VERSIONS
from protocol_client import (
    HANDSHAKES,
    MODERN,
    OBJECT_SCHEMA,
    Workshop,
    ask,
    post,
    request,
    say,
    text,
    tool,
)

FULL_TOOL = tool(
    "full",
    title="Full",
    annotations={"readOnlyHint": True},
    outputSchema={"type": "object"},
    icons=[{"src": "data:image/png;base64,AA=="}],
    execution={"taskSupport": "forbidden"},
    _meta={"a": 1},
)
BASIC = {"name", "description", "inputSchema"}
TOOL_FIELDS = {
    "2024-11-05": BASIC,
    "2025-03-26": BASIC | {"annotations"},
    "2025-06-18": BASIC | {"annotations", "title", "outputSchema", "_meta"},
    "2025-11-25": BASIC | {"annotations", "title", "outputSchema", "_meta", "icons", "execution"},
    MODERN: BASIC | {"annotations", "title", "outputSchema", "_meta", "icons"},
}
SERVER_FIELDS = {
    "2024-11-05": {"name", "version"},
    "2025-03-26": {"name", "version"},
    "2025-06-18": {"name", "version", "title"},
    "2025-11-25": {"name", "version", "title", "icons", "websiteUrl", "description"},
}
CAPABILITIES = {
    "2024-11-05": {"tools"},
    "2025-03-26": {"tools", "completions"},
    "2025-06-18": {"tools", "completions", "extensions"},
    "2025-11-25": {"tools", "completions", "extensions", "tasks"},
    MODERN: {"tools", "completions", "extensions"},
}
LINK = {"type": "resource_link", "uri": "odoo://a", "name": "a", "icons": [], "_meta": {}}
AUDIO = {"type": "audio", "data": "AA==", "mimeType": "audio/wav"}


ANNOTATIONS = {"audience": ["user"], "priority": 0.5, "lastModified": "2026-01-01T00:00:00Z"}
FULL_RESOURCE = {
    "uri": "odoo://a",
    "name": "a",
    "description": "A",
    "mimeType": "text/plain",
    "size": 5,
    "title": "A",
    "icons": [],
    "annotations": ANNOTATIONS,
    "_meta": {"a": 1},
}
RESOURCE = {"uri", "name", "description", "mimeType", "size", "annotations"}
RESOURCE_FIELDS = {
    "2024-11-05": RESOURCE,
    "2025-03-26": RESOURCE,
    "2025-06-18": RESOURCE | {"title", "_meta"},
    "2025-11-25": RESOURCE | {"title", "_meta", "icons"},
    MODERN: RESOURCE | {"title", "_meta", "icons"},
}
KNOW_LAST_MODIFIED = {"2025-06-18", "2025-11-25", MODERN}
FULL_PROMPT = {
    "name": "p",
    "description": "P",
    "title": "P",
    "icons": [],
    "_meta": {},
    "arguments": [{"name": "who", "title": "Who", "description": "W", "required": True}],
}
EMBEDDED = {"uri": "odoo://a", "text": "a", "_meta": {"ui": {}}}


def send(method, params, version, application):
    if version == MODERN:
        return ask(method, params, application=application)
    return say(method, params, version, application=application)


def call(result, version):
    heard = send("tools/call", {"name": "echo"}, version, Workshop(results={"echo": result}))
    return heard.result


def test_every_version_is_described_here():
    assert set(TOOL_FIELDS) == set(CAPABILITIES) == set(RESOURCE_FIELDS) == set(SUPPORTED_VERSIONS)


@pytest.mark.parametrize(("version", "fields"), TOOL_FIELDS.items())
def test_a_tool_has_the_fields_its_version_knows(version, fields):
    heard = send("tools/list", None, version, Workshop(tools=[FULL_TOOL]))
    assert set(heard.result["tools"][0]) == fields


@pytest.mark.parametrize(("version", "fields"), SERVER_FIELDS.items())
def test_server_info_has_the_fields_its_version_knows(version, fields):
    heard = post(request("initialize", {"protocolVersion": version}))
    assert set(heard.result["serverInfo"]) == fields


@pytest.mark.parametrize(("version", "names"), CAPABILITIES.items())
def test_capabilities_are_those_its_version_knows(version, names):
    offers = {"tools": {}, "completions": {}, "extensions": {}, "tasks": {}}
    application = Workshop(offers=offers)
    if version == MODERN:
        heard = ask("server/discover", application=application)
    else:
        params = {"protocolVersion": version}
        heard = post(request("initialize", params), application=application)
    assert set(heard.result["capabilities"]) == names


@pytest.mark.parametrize("version", HANDSHAKES)
def test_an_output_schema_that_is_no_object_is_kept_from_handshake_clients(version):
    application = Workshop(tools=[tool("list", outputSchema={"type": "array"})])
    assert "outputSchema" not in send("tools/list", None, version, application).result["tools"][0]


def test_an_output_schema_that_is_no_object_is_shown_to_modern_clients():
    application = Workshop(tools=[tool("list", outputSchema={"type": "array"})])
    shown = ask("tools/list", application=application).result["tools"][0]
    assert shown["outputSchema"] == {"type": "array"}


@pytest.mark.parametrize(
    ("version", "kept"),
    [("2024-11-05", False), ("2025-03-26", False), ("2025-06-18", True), ("2025-11-25", True)],
)
def test_structured_content_comes_with_2025_06_18(version, kept):
    result = call({"content": [text("a")], "structuredContent": {"a": 1}}, version)
    assert ("structuredContent" in result) is kept
    assert result["content"] == [text("a")]


@pytest.mark.parametrize("value", [[1, 2], "a", 5, None, True])
@pytest.mark.parametrize("version", HANDSHAKES)
def test_structured_content_that_is_no_object_is_kept_from_handshake_clients(version, value):
    assert "structuredContent" not in call({"content": [], "structuredContent": value}, version)


@pytest.mark.parametrize("value", [[1, 2], "a", 5, None, True])
def test_structured_content_may_be_anything_for_modern_clients(value):
    assert call({"content": [], "structuredContent": value}, MODERN)["structuredContent"] == value


def test_structured_content_becomes_text_where_nothing_else_is_left():
    result = call({"structuredContent": {"é": [1, 2]}}, "2024-11-05")
    assert result == {"content": [text('{"é":[1,2]}')]}


def test_result_type_is_kept_from_handshake_clients():
    assert "resultType" not in call({"content": [], "resultType": "complete"}, "2025-11-25")


def test_a_resource_link_becomes_text_where_it_is_unknown():
    assert call({"content": [LINK]}, "2025-03-26")["content"] == [text("a: odoo://a")]
    assert call({"content": [LINK]}, "2025-06-18")["content"][0]["type"] == "resource_link"


def test_audio_becomes_text_where_it_is_unknown():
    assert call({"content": [AUDIO]}, "2024-11-05")["content"][0]["type"] == "text"
    assert call({"content": [AUDIO]}, "2025-03-26")["content"] == [AUDIO]


@pytest.mark.parametrize(
    ("version", "fields"),
    [("2025-06-18", {"_meta"}), ("2025-11-25", {"_meta", "icons"}), (MODERN, {"_meta", "icons"})],
)
def test_content_has_the_fields_its_version_knows(version, fields):
    block = call({"content": [LINK]}, version)["content"][0]
    assert set(block) == {"type", "uri", "name"} | fields


@pytest.mark.parametrize("version", SUPPORTED_VERSIONS)
def test_what_the_application_gave_is_never_changed(version):
    given_tool, given_result = (
        copy.deepcopy(FULL_TOOL),
        {"content": [copy.deepcopy(LINK)], "structuredContent": [1]},
    )
    application = Workshop(tools=[given_tool], results={"echo": given_result})
    send("tools/list", None, version, application)
    send("tools/call", {"name": "echo"}, version, application)
    assert given_tool == FULL_TOOL
    assert given_result == {"content": [LINK], "structuredContent": [1]}
    assert OBJECT_SCHEMA == {"type": "object", "additionalProperties": False}


@pytest.mark.parametrize(("version", "fields"), RESOURCE_FIELDS.items())
def test_resources_and_templates_have_the_fields_their_version_knows(version, fields):
    template = {**FULL_RESOURCE, "uriTemplate": "odoo://{a}"}
    application = Library(resources=[FULL_RESOURCE], templates=[template])
    listed = send("resources/list", {}, version, application).result["resources"][0]
    templates = send("resources/templates/list", {}, version, application).result
    assert set(listed) == fields
    assert set(templates["resourceTemplates"][0]) == fields | {"uriTemplate"}
    assert ("lastModified" in listed["annotations"]) is (version in KNOW_LAST_MODIFIED)
    assert {"audience", "priority"} <= set(listed["annotations"])
    assert "lastModified" in ANNOTATIONS


@pytest.mark.parametrize("version", SUPPORTED_VERSIONS)
def test_a_resource_without_annotations_gets_none(version):
    application = Library(resources=[{"uri": "odoo://a", "name": "a"}])
    assert "annotations" not in send("resources/list", {}, version, application).result["resources"][0]


@pytest.mark.parametrize("version", SUPPORTED_VERSIONS)
def test_contents_that_are_read_have_meta_since_2025_06_18(version):
    application = Library(contents={"odoo://a": {"contents": [EMBEDDED]}})
    read = send("resources/read", {"uri": "odoo://a"}, version, application).result["contents"][0]
    assert ("_meta" in read) is (version in KNOW_LAST_MODIFIED)
    assert {"uri", "text"} <= set(read)


@pytest.mark.parametrize("version", SUPPORTED_VERSIONS)
def test_prompts_have_the_fields_their_version_knows(version):
    listed = send("prompts/list", {}, version, Library(prompts=[FULL_PROMPT])).result["prompts"][0]
    knows_titles = version in KNOW_LAST_MODIFIED
    assert ("title" in listed, "_meta" in listed) == (knows_titles, knows_titles)
    assert ("icons" in listed) is (version in ("2025-11-25", MODERN))
    assert set(listed["arguments"][0]) == {"name", "description", "required"} | ({"title"} if knows_titles else set())
    assert "title" in FULL_PROMPT["arguments"][0]


@pytest.mark.parametrize("version", SUPPORTED_VERSIONS)
def test_a_prompt_without_arguments_is_left_alone(version):
    listed = send("prompts/list", {}, version, Library(prompts=[{"name": "p"}])).result["prompts"][0]
    assert listed == {"name": "p"}


@pytest.mark.parametrize(
    ("version", "kept"),
    [("2024-11-05", False), ("2025-03-26", False), ("2025-06-18", True), (MODERN, True)],
)
def test_messages_of_a_prompt_are_content_like_any_other(version, kept):
    messages = [
        {"role": "user", "content": LINK},
        {"role": "assistant", "content": {"type": "resource", "resource": EMBEDDED, "annotations": ANNOTATIONS}},
    ]
    application = Library(rendered={"p": {"messages": messages, "resultType": "complete"}})
    result = send("prompts/get", {"name": "p"}, version, application).result
    link, embedded = result["messages"]
    assert (link["role"], embedded["role"]) == ("user", "assistant")
    assert link["content"]["type"] == ("resource_link" if kept else "text")
    assert ("_meta" in embedded["content"]["resource"]) is kept
    assert ("lastModified" in embedded["content"]["annotations"]) is kept
    assert ("resultType" in result) is (version == MODERN)


@pytest.mark.parametrize(("version", "kept"), [("2025-03-26", False), ("2025-06-18", True), (MODERN, True)])
def test_annotations_and_embedded_resources_of_a_tool_are_what_its_version_knows(version, kept):
    blocks = [
        {**text("a"), "annotations": ANNOTATIONS},
        {"type": "resource", "resource": EMBEDDED},
    ]
    words, embedded = call({"content": blocks}, version)["content"]
    assert ("lastModified" in words["annotations"]) is kept
    assert ("_meta" in embedded["resource"]) is kept


@pytest.mark.parametrize("version", ["2025-06-18", "2025-11-25", MODERN])
def test_the_extensions_of_a_server_reach_whoever_may_know_them(version):
    offers = {"tools": {}, "extensions": {"io.modelcontextprotocol/ui": {}}}
    application = Library(offers=offers)
    if version == MODERN:
        heard = ask("server/discover", application=application)
    else:
        heard = post(request("initialize", {"protocolVersion": version}), application=application)
    assert heard.result["capabilities"] == offers
