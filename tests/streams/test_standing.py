"""What a worker keeps of settings and policies is never older than what another worker has committed."""

import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

# So many at once that each of the three workers answers some of them, and keeps what it has read.
AT_ONCE, CALLS = 6, 20
QUESTION = {"model": "res.partner", "domain": [["name", "=", "nobody is called that"]]}


@pytest.fixture
def calls(ordinary, evented, connection):
    """What became of many calls of a tool on all workers."""
    ordinary.key = evented.key = connection[1]

    def ask(tool="count_records", arguments=QUESTION):
        def one(number):
            client = evented if number % 5 == 0 else ordinary
            answer = client.post("tools/call", {"name": tool, "arguments": arguments})
            return "refused" if "error" in answer or answer["result"].get("isError") else "done"

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return Counter(threads.map(one, range(CALLS)))

    return ask


ALL_DONE, ALL_REFUSED = {"done": CALLS}, {"refused": CALLS}


def test_a_tool_that_is_switched_off_is_off_in_all_workers(person, calls):
    tool = person.call("mcp.tool", "search", [[("name", "=", "count_records")]])
    assert calls() == ALL_DONE
    person.call("mcp.tool", "write", [tool, {"active": False}])
    try:
        assert calls() == ALL_REFUSED
    finally:
        person.call("mcp.tool", "write", [tool, {"active": True}])
    assert calls() == ALL_DONE


def test_a_list_of_models_counts_in_all_workers(person, calls, connection, database):
    connection_id, _key = connection
    company, partner = (
        person.call("ir.model", "search", [[("model", "=", name)]])[0] for name in ("res.company", "res.partner")
    )
    assert calls() == ALL_DONE
    values = {"model_limit": "listed", "model_access_ids": [(0, 0, {"model_id": company})]}
    person.call("mcp.connection", "write", [[connection_id], values])
    assert calls() == ALL_REFUSED
    line = {"connection_id": connection_id, "model_id": partner}
    line_id = person.call("mcp.connection.model.access", "create", [line])
    assert calls() == ALL_DONE
    name = person.call("ir.model.fields", "search", [[("model", "=", "res.partner"), ("name", "=", "city")]])
    person.call("mcp.connection.model.access", "write", [[line_id], {"limit_fields": True, "field_ids": name}])
    assert calls() == ALL_REFUSED, "it asks for the name"
    person.call("mcp.connection.model.access", "write", [[line_id], {"limit_fields": False}])
    assert calls() == ALL_DONE
    # past Odoo, as in a migration or by hand
    delete = f"DELETE FROM mcp_connection_model_access WHERE id = {line_id}"
    subprocess.run(["psql", "--quiet", "-d", database, "-c", delete], check=True)
    assert calls() == ALL_REFUSED


def test_a_list_of_tools_and_a_scope_count_in_all_workers(person, calls, connection):
    connection_id, _key = connection
    write = "update_record", {"model": "res.partner", "id": 1, "values": {"city": "Gent"}, "dry_run": True}
    assert calls() == calls(*write) == ALL_DONE
    person.call("mcp.connection", "write", [[connection_id], {"scope": "read_only"}])
    assert (calls(), calls(*write)) == (ALL_DONE, ALL_REFUSED)
    other = person.call("mcp.tool", "search", [[("name", "=", "whoami")]])
    person.call("mcp.connection", "write", [[connection_id], {"limit_tools": True, "tool_ids": other}])
    assert calls() == ALL_REFUSED
    person.call("mcp.connection", "write", [[connection_id], {"limit_tools": False}])
    assert calls() == ALL_DONE


def test_switching_the_server_off_counts_in_all_workers(person, calls):
    settings = person.call("mcp.settings", "search", [[]])
    assert calls() == ALL_DONE
    person.call("mcp.settings", "write", [settings, {"enabled": False}])
    try:
        assert calls() == ALL_REFUSED
    finally:
        person.call("mcp.settings", "write", [settings, {"enabled": True}])
    assert calls() == ALL_DONE
