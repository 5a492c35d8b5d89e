"""Two people's tools call in turns, at every worker: each answer is the caller's own."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import pytest
from people import Person
from wire import Client

CALLS = int(os.environ.get("INTERLEAVED_CALLS", "600"))
AT_ONCE = 8


@pytest.fixture
def two_people(person):
    """Login and token of two people; their tools belong to nobody else."""
    group = person.call("ir.model.data", "check_object_reference", ["odoo_mcp", "group_user"])[1]
    field = "group_ids" if person.call("res.users", "fields_get", [["group_ids"]]) else "groups_id"
    users, tokens = [], {}
    for name in ("first", "second"):
        login = f"{name}{time.time()}"
        users += person.call("res.users", "create", [[{"name": name, "login": login, "password": login}]])
        person.call("res.users", "write", [users[-1:], {field: [(4, group)]}])
        tokens[login] = Person(person.base, login, login).token()
    yield tokens
    person.call("res.users", "write", [users, {"active": False}])


def test_no_answer_goes_to_somebody_else(ordinary, evented, two_people):
    urls = [*[ordinary.url] * 7, evented.url]
    turns = zip(range(CALLS), cycle(two_people.items()), cycle(urls[:7] + urls[-1:] + urls[:1]), strict=False)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(_who_answered, turns))
    assert len(answers) == CALLS
    assert [answer for answer in answers if answer] == []


def _who_answered(turn):
    """What is wrong with the answer to one call, or nothing."""
    number, (login, token), url = turn
    message = {"jsonrpc": "2.0", "id": f"{login} {number}", "method": "tools/call", "params": {"name": "whoami"}}
    connection, response = Client(url, token).send("POST", message)
    answer = json.loads(response.read())
    connection.close()
    told = json.loads(answer["result"]["content"][0]["text"])
    seen = (response.status, answer["id"], told["user"]["login"])
    return None if seen == (200, message["id"], login) else seen
