"""The official Python SDK (``mcp`` 2.x) in each mode; it checks results against output schemas."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import jsonschema
import pytest
from endpoint import is_fixture
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

MODES = {"auto": "2026-07-28", "legacy": "2025-11-25", "2026-07-28": "2026-07-28"}

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio"])
def anyio_backend(request):
    return request.param


@pytest.fixture(params=MODES)
def mode(request):
    return request.param


@asynccontextmanager
async def connected(endpoint, mode: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {endpoint.key}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(endpoint.url, http_client=http), mode=mode) as client,
    ):
        yield client


async def call(client: Client, name: str, arguments: dict | None = None) -> dict:
    result = await client.call_tool(name, arguments or {})
    assert result.is_error is not True, result.content
    return result.structured_content


async def refusal(client: Client, name: str, arguments: dict) -> str:
    result = await client.call_tool(name, arguments)
    assert result.is_error is True, result.structured_content
    return result.content[0].text


async def test_each_mode_negotiates_its_version(endpoint, mode):
    async with connected(endpoint, mode) as client:
        assert client.protocol_version == MODES[mode]


async def test_server_introduces_itself_and_says_how_to_work(endpoint, odoo_series):
    for negotiating in ("auto", "legacy"):
        async with connected(endpoint, negotiating) as client:
            assert client.server_info.name == "odoo_mcp"
            assert client.server_capabilities.tools is not None
            assert odoo_series in client.instructions


async def test_every_listed_tool_has_valid_schemas_a_title_and_a_description(endpoint, mode):
    async with connected(endpoint, mode) as client:
        tools = (await client.list_tools()).tools
    assert {"whoami", "list_models", "describe_model", "search_records"} <= {tool.name for tool in tools}
    assert [tool.name for tool in tools] == sorted({tool.name for tool in tools})
    for tool in tools:
        if is_fixture(tool.name):
            continue
        assert tool.title and tool.description, tool.name
        assert tool.annotations.read_only_hint is not None, tool.name
        for schema in (tool.input_schema, tool.output_schema):
            assert schema["type"] == "object", tool.name
            jsonschema.Draft202012Validator.check_schema(schema)


async def test_every_result_fits_its_output_schema(endpoint, mode):
    calls = {
        "whoami": {},
        "server_info": {},
        "list_models": {"query": "country"},
        "describe_model": {"model": "res.country", "all_fields": True},
        "search_records": {"model": "res.partner"},
        "read_records": {"model": "res.partner", "ids": [1, 2_000_000_000]},
        "count_records": {"model": "res.country"},
        "name_search": {"model": "res.country", "text": "bel"},
    }
    async with connected(endpoint, mode) as client:
        schemas = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
        for name, arguments in calls.items():
            jsonschema.validate(await call(client, name, arguments), schemas[name], jsonschema.Draft202012Validator)


async def test_whoami_names_the_user_and_the_company(endpoint, mode):
    async with connected(endpoint, mode) as client:
        me = await call(client, "whoami")
        companies = await call(client, "name_search", {"model": "res.company", "text": me["company"]["name"]})
    assert me["user"]["name"]
    assert {"id": me["company"]["id"], "name": me["company"]["name"]} in companies["matches"]


async def test_models_are_found_by_what_people_call_them(endpoint, mode):
    async with connected(endpoint, mode) as client:
        found = await call(client, "list_models", {"query": "country"})
        described = await call(client, "describe_model", {"model": "res.country", "fields": ["code", "currency_id"]})
    assert "res.country" in [row["model"] for row in found["models"]]
    assert described["fields"]["code"].startswith("char")
    assert "res.currency" in described["fields"]["currency_id"]


async def test_partners_are_found_and_read_by_id(endpoint, mode):
    async with connected(endpoint, mode) as client:
        me = await call(client, "whoami")
        found = await call(
            client,
            "search_records",
            {
                "model": "res.partner",
                "domain": [["name", "=", me["user"]["name"]]],
                "fields": ["name"],
            },
        )
        ids = [record["id"] for record in found["records"]]
        read = await call(
            client,
            "read_records",
            {"model": "res.partner", "ids": [*ids, 2_000_000_000], "fields": ["name"]},
        )
    assert ids
    assert read["records"] == found["records"]
    assert read["missing"] == [2_000_000_000]


async def test_paging_shows_each_country_exactly_once(endpoint, mode, country_count):
    arguments = {"model": "res.country", "fields": ["code"], "order": "name desc, id", "limit": 60}
    seen, pages = [], 0
    async with connected(endpoint, mode) as client:
        page = await call(client, "search_records", arguments)
        while True:
            pages += 1
            seen += [record["id"] for record in page["records"]]
            assert page["shown"].endswith(f" of {country_count}"), page["shown"]
            if "next_cursor" not in page:
                break
            page = await call(client, "search_records", {**arguments, "cursor": page["next_cursor"]})
    assert country_count >= 200
    assert len(seen) == len(set(seen)) == country_count
    assert pages == -(-country_count // 60)


async def test_count_name_search_and_search_agree(endpoint, mode):
    domain = [["code", "in", ["BE", "NL", "LU"]]]
    async with connected(endpoint, mode) as client:
        count = await call(client, "count_records", {"model": "res.country", "domain": domain})
        found = await call(client, "search_records", {"model": "res.country", "domain": domain, "fields": ["name"]})
        named = await call(client, "name_search", {"model": "res.country", "domain": domain})
    assert count["count"] == 3
    assert {row["id"] for row in found["records"]} == {row["id"] for row in named["matches"]}


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        ("search_records", {"model": "res.partner", "fields": ["nam"]}, ("'nam'", "name")),
        (
            "search_records",
            {"model": "res.partner", "domain": [["emial", "=", "x"]]},
            ("'emial'", "email"),
        ),
        (
            "search_records",
            {"model": "res.partner", "domain": [["country_id.cod", "=", "x"]]},
            ("'cod'", "code"),
        ),
        ("search_records", {"model": "res.partner", "order": "nmae"}, ("'nmae'", "name")),
        ("count_records", {"model": "res.partnr"}, ("'res.partnr'", "res.partner")),
        (
            "count_records",
            {"model": "res.partner", "domain": [["name", "=~", "x"]]},
            ("'=~'", "ilike"),
        ),
        ("read_records", {"model": "res.partner", "ids": ["seven"]}, ("ids.0", "integer")),
        ("read_records", {"model": "res.partner"}, ("ids", "required")),
        ("name_search", {"model": "res.country", "limit": 0}, ("limit", "1")),
        ("describe_model", {"modle": "res.country"}, ("modle", "model")),
        ("whoami", {"verbose": True}, ("verbose", "no such argument")),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_a_mistake_is_a_tool_error_that_names_it_and_what_would_be_right(endpoint, tool, arguments, named):
    for negotiating in ("auto", "legacy"):
        async with connected(endpoint, negotiating) as client:
            text = await refusal(client, tool, arguments)
        assert all(part in text for part in named), text
