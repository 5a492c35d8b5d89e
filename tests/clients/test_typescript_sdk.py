"""The official TypeScript SDK 1.x, the client inside most desktop programs of the handshake era."""

import json
import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("typescript_client.mjs")


@pytest.fixture(scope="module")
def seen(endpoint, node, node_modules) -> dict:
    """What the client saw in one connection."""
    ran = subprocess.run(
        [node, str(SCRIPT), endpoint.url, str(node_modules)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "MCP_KEY": endpoint.key},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    return json.loads(ran.stdout)


def test_it_negotiates_2025_11_25_and_is_given_a_session(seen):
    assert seen["protocolVersion"] == "2025-11-25"
    assert len(seen["sessionId"]) >= 40


def test_it_is_told_who_the_server_is_and_how_to_work_with_it(seen, odoo_series):
    assert seen["server"]["name"] == "odoo_mcp"
    assert "tools" in seen["capabilities"]
    assert odoo_series in seen["instructions"]


def test_it_sees_the_same_tools_as_everybody(seen, tools):
    assert seen["tools"] == sorted(tools)


def test_it_reads_structured_results(seen):
    assert seen["whoami"]["structuredContent"]["user"]["name"]
    records = seen["countries"]["structuredContent"]["records"]
    assert len(records) == 5
    assert all(record["id"] and record["name"] for record in records)


def test_a_mistake_is_a_result_that_the_model_reads(seen):
    assert seen["mistake"]["isError"] is True
    assert "'nmae'" in seen["mistake"]["content"][0]["text"]


def test_an_unknown_tool_is_a_protocol_error(seen):
    assert seen["unknownTool"]["code"] == -32602
    assert "no_such_tool" in seen["unknownTool"]["message"]
