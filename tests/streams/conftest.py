"""A running Odoo with three workers, the evented worker, and the fixtures of tests/addons/odoo_mcp_conformance.

All of it comes from the environment, and what is missing fails the run:

``MCP_URL``
    the endpoint on the ordinary workers, such as http://127.0.0.1:8069/odoo/mcp
``MCP_EVENTED_URL``
    the same on the evented worker, such as http://127.0.0.1:8072/odoo/mcp
``MCP_KEY``
    an API key of an Odoo administrator
``ODOO_LOGIN``, ``ODOO_PASSWORD``
    a person who changes records and settings beside the clients
``DATABASE``
    its name, for psql and pg_dump, which find the server by their own variables (PGHOST ...)
``SERVER_LOG``
    the file that the server under test writes its log to
"""

import os
import sys
import time
from pathlib import Path

import pytest
from wire import Client

# A person logs AI tools in here as the conformance suite's does.
sys.path.append(str(Path(__file__).resolve().parents[2]))
from people import Person

_SLICE = 0.05


def _setting(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        pytest.fail(
            f"The environment variable {name} is missing; tests/streams/conftest.py describes it.", pytrace=False
        )
    return value


@pytest.fixture(scope="session")
def person() -> Person:
    """Who works in Odoo's web client meanwhile."""
    return Person(_setting("MCP_URL"), _setting("ODOO_LOGIN"), _setting("ODOO_PASSWORD"))


@pytest.fixture(scope="session", autouse=True)
def no_rate_limits(person):
    """These tests ask more in a minute than a connection may."""
    settings = person.call("mcp.settings", "search", [[]])
    rates = [name for name in person.call("mcp.settings", "fields_get", []) if "rate_per_" in name]
    rates.append("failures_per_minute")
    before = person.call("mcp.settings", "read", [settings, rates])[0]
    person.call("mcp.settings", "write", [settings, dict.fromkeys(rates, 0)])
    yield
    person.call("mcp.settings", "write", [settings, {name: before[name] for name in rates}])


@pytest.fixture(scope="session")
def database() -> str:
    return _setting("DATABASE")


@pytest.fixture(scope="session")
def server_log() -> Path:
    return Path(_setting("SERVER_LOG"))


@pytest.fixture
def connection(person):
    """A further connection of the administrator with a key of its own: its id, and the key."""
    user = person.call("res.users", "search", [[("login", "=", "admin")]])[0]
    created = person.call("mcp.connection", "create", [{"name": "Of a stream test", "user_id": user}])
    return created, person.new_key(created)


@pytest.fixture
def ordinary():
    """A client of the ordinary workers."""
    client = Client(_setting("MCP_URL"), _setting("MCP_KEY"))
    yield client
    client.close()


@pytest.fixture
def evented():
    """A client of the evented worker."""
    client = Client(_setting("MCP_EVENTED_URL"), _setting("MCP_KEY"))
    yield client
    client.close()


@pytest.fixture
def record(person):
    """A contact of its own, as id and URI."""
    record_id = person.call("res.partner", "create", [{"name": f"Stream test {time.time()}"}])
    return record_id, f"odoo://record/res.partner/{record_id}"


@pytest.fixture
def name():
    """A name that nobody had before."""
    return f"Stream test {time.time()}"


@pytest.fixture
def eventually():
    """Wait for something to become true; its value."""

    def wait(question, seconds=10.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if answer := question():
                return answer
            time.sleep(_SLICE)
        raise AssertionError(f"It did not become true within {seconds} s")

    return wait
