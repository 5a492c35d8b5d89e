"""A running Odoo with two workers and demo data, and who works with it.

All of it comes from the environment, and what is missing fails the run:

``MCP_URL``
    the endpoint, such as http://127.0.0.1:8069/odoo/mcp
``ODOO_DATABASE``
    its name; the user admin has the password admin

The database has Odoo's demo data and the apps that ``devkit.database.DEMO_MODULES`` names, and is used up by the run:
what a scenario orders, delivers or pays stays.
"""

import os
from contextlib import ExitStack

import pytest
from anyio.from_thread import start_blocking_portal
from assistant import Tally, working
from backend import Backend
from tokens import token_counter

_tallies: dict[str, Tally] = {}


def _setting(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        pytest.fail(
            f"The environment variable {name} is missing; tests/scenarios/conftest.py describes it.", pytrace=False
        )
    return value


@pytest.fixture(scope="session")
def backend() -> Backend:
    """What the web client shows."""
    backend = Backend(_setting("MCP_URL"), _setting("ODOO_DATABASE"))
    backend.without_rate_limits()
    return backend


@pytest.fixture(scope="session")
def customer(backend) -> str:
    """The name of a customer."""
    return backend.called("base.res_partner_2")


@pytest.fixture(scope="session")
def portal():
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def person(backend, portal, request):
    """Make a new user with these rights, and the AI tool that acts as this user: ``person("sales_team.group_…")``.

    Keywords: ``name`` of the user, ``mode`` of the tool's catalog, and fields of the connection.
    """
    tally = _tallies.setdefault(request.node.nodeid, Tally())
    with ExitStack() as stack:

        def hire(*groups, name="Robin Example", mode="full", **connection):
            key = backend.hire(name, groups, **connection)
            return stack.enter_context(working(portal, _setting("MCP_URL"), key, tally, mode))

        yield hire


def pytest_terminal_summary(terminalreporter):
    """What each scenario cost its client."""
    count, how = token_counter()
    terminalreporter.section(f"calls (refused) and tokens, {how}")
    for name, tally in _tallies.items():
        scenario = name.rpartition("/")[2]
        terminalreporter.write_line(f"{tally.calls:4} ({tally.errors}) {count(tally.text):7}  {scenario}")
