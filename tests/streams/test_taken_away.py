"""Whatever takes the access away: the next call is refused at every worker, and open streams end.

For each cause one person with an API key, a personal access token and a browser login, each with a stream of each kind.
The figures are kept as properties of the tests (``--junitxml``), and printed (``-rP``).
"""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from people import Person
from wire import Client

CALL_SECONDS, STREAM_SECONDS = 1, 5
# Several times as many at once as there are workers, so that each of them is asked.
AT_ONCE = 12


@pytest.fixture
def leaver(person):
    """Somebody with a password, in the group of MCP users; their id and their own browser."""
    address = {"web.base.url": person.base, "web.base.url.freeze": "True"}
    for name, value in address.items():
        person.call("ir.config_parameter", "set_param", [name, value])
    login = f"leaver{time.time()}"
    user = person.call("res.users", "create", [{"name": "Leaver", "login": login, "password": login}])
    _group(person, 4, user)
    yield user, Person(person.base, login, login)
    person.call("res.users", "write", [[user], {"active": False}])


def _group(person, command, user):
    """Put ``user`` (4) into the group of MCP users, or take them (3) out of it."""
    group = person.call("ir.model.data", "check_object_reference", ["odoo_mcp", "group_user"])[1]
    field = "group_ids" if person.call("res.users", "fields_get", [["group_ids"]]) else "groups_id"
    person.call("res.users", "write", [[user], {field: [(command, group)]}])


@pytest.fixture
def tools(person, leaver, evented):
    """A client for each kind of credential, at the evented worker."""
    user, browser = leaver
    connection = person.call("mcp.connection", "create", [{"name": "By key", "user_id": user}])
    wizard = person.call("mcp.key.wizard", "create", [{"connection_id": connection}])
    shown = json.dumps(person.call("mcp.key.wizard", "action_create_key", [[wizard]]))
    keys = {
        "API key": re.search(r"mcp_[\w-]{40,}", shown)[0],
        "personal access token": browser.token(),
        "browser login": browser.log_in_a_tool()["access_token"],
    }
    clients = {kind: Client(evented.url, key) for kind, key in keys.items()}
    yield clients
    for client in clients.values():
        client.session = None  # it ended with the access
        client.close()


def _revoke(person, user, _browser):
    connections = person.call("mcp.connection", "search", [[("user_id", "=", user)]])
    assert len(connections) == 3
    person.call("mcp.connection", "action_revoke", [connections])


def _archive(person, user, _browser):
    person.call("res.users", "write", [[user], {"active": False}])


def _take_out_of_the_group(person, user, _browser):
    _group(person, 3, user)


def _change_password(person, _user, browser):
    settings = person.call("mcp.settings", "search", [[]])
    person.call("mcp.settings", "write", [settings, {"revoke_on_password_change": True}])
    try:
        browser.call("res.users", "change_password", [browser.password, "another password"])
    finally:
        person.call("mcp.settings", "write", [settings, {"revoke_on_password_change": False}])


CAUSES = {
    "the connections are revoked": _revoke,
    "the user is archived": _archive,
    "the group is taken away": _take_out_of_the_group,
    "the password is changed": _change_password,
}


@pytest.mark.parametrize("cause", CAUSES)
def test_the_next_call_is_refused_at_every_worker_and_streams_end(
    cause, ordinary, evented, person, leaver, tools, record_property
):
    urls = [*[ordinary.url] * AT_ONCE, evented.url]
    streams = {
        (kind, what): stream for kind, client in tools.items() for what, stream in _streams_of_each_kind(client).items()
    }
    for client in tools.values():
        assert set(_at_once(urls, client.key)) == {200}
    CAUSES[cause](person, *leaver)
    since = time.monotonic()
    for kind, client in tools.items():
        assert set(_at_once(urls, client.key)) == {401}, kind
    calls = time.monotonic() - since
    for which, stream in streams.items():
        assert stream.ended.wait(max(0.1, since + STREAM_SECONDS - time.monotonic())), which
    ended = time.monotonic() - since
    print(
        f"{cause}: all {3 * len(urls)} calls refused after {calls:.2f} s, all {len(streams)} streams ended {ended:.2f}"
    )
    record_property("seconds until all calls were refused", round(calls, 2))
    record_property("seconds until all streams had ended", round(ended, 2))
    assert calls < 3 * CALL_SECONDS, "three bursts of calls"
    assert person.call("res.partner", "search_count", [[("name", "=", "Taken away meanwhile")]]) == 0


def _streams_of_each_kind(client):
    client.initialize()
    streams = {
        "session": client.listen(),
        "call": client.call("test_slow", {"name": "Taken away meanwhile", "seconds": 60}),
    }
    streams["call"].message()
    streams["2026-07-28"] = client.modern("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    streams["2026-07-28"].message()
    return streams


def _at_once(urls, key):
    """The statuses of calls that are made together, one at each of ``urls``."""
    with ThreadPoolExecutor(len(urls)) as pool:
        return list(pool.map(lambda url: _status(url, key), urls))


def _status(url, key):
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    connection, response = Client(url, key).send("POST", message)
    response.read()
    connection.close()
    return response.status
