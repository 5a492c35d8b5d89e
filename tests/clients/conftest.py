"""The server under test, and what the tests must know of its database.

All of it comes from the environment, and what is missing fails the run:

``MCP_URL``
    the endpoint, such as http://127.0.0.1:8069/odoo/mcp
``MCP_KEY``
    an API key of an Odoo administrator
``ODOO_DATABASE``
    its name; the user admin has the password admin
``ODOO_SERIES``
    18.0 or 19.0
``NODE``
    a node binary, 20 or newer
``NODE_MODULES``
    the node_modules folder that holds @modelcontextprotocol/sdk 1.x and @modelcontextprotocol/client 2.x

The addons of tests/addons are installed. Only the tests about limits write to the database, as its administrator; the
others live on what every Odoo has.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest
from administrator import Administrator
from endpoint import Endpoint, is_fixture
from hypothesis.configuration import set_hypothesis_home_dir

# The programs of the clients' table are judged here as they are there.
sys.path.append(str(Path(__file__).resolve().parents[2]))
set_hypothesis_home_dir(tempfile.mkdtemp(prefix="hypothesis-"))


def _setting(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        pytest.fail(
            f"The environment variable {name} is missing; tests/clients/conftest.py describes it.",
            pytrace=False,
        )
    return value


@pytest.fixture(scope="session")
def endpoint() -> Endpoint:
    return Endpoint(_setting("MCP_URL"), _setting("MCP_KEY"))


@pytest.fixture(scope="session")
def administrator(endpoint) -> Administrator:
    return Administrator(endpoint.url, _setting("ODOO_DATABASE"))


@pytest.fixture(scope="session")
def odoo_series() -> str:
    series = _setting("ODOO_SERIES")
    # Both spellings name the same Odoo; the server tells its own in full.
    return series if "." in series else f"{series}.0"


@pytest.fixture(scope="session")
def node() -> str:
    return _setting("NODE")


@pytest.fixture(scope="session")
def node_modules() -> Path:
    folder = Path(_setting("NODE_MODULES")).resolve()
    for package in ("sdk", "client"):
        if not (folder / "@modelcontextprotocol" / package / "package.json").is_file():
            pytest.fail(f"NODE_MODULES ({folder}) does not hold @modelcontextprotocol/{package}.", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def tools(endpoint) -> dict[str, dict]:
    """Every tool by its name, as raw ``tools/list`` tells it."""
    return {tool["name"]: tool for tool in endpoint.result("tools/list")["tools"]}


@pytest.fixture(scope="session")
def own_tools(tools) -> dict[str, dict]:
    """Those that are no fixtures."""
    return {name: tool for name, tool in tools.items() if not is_fixture(name)}


@pytest.fixture(scope="session")
def country_count(endpoint) -> int:
    return endpoint.tool("count_records", {"model": "res.country"})["count"]
