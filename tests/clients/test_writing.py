"""Writing over HTTP: what is tried leaves nothing, what is repeated happens once, what is done can be undone.

Whatever these tests create, they undo.
"""

import uuid
from concurrent.futures import ThreadPoolExecutor

CONTACT = "res.partner"


def _count(endpoint, mark: str) -> int:
    return endpoint.tool("count_records", {"model": CONTACT, "domain": [["ref", "=", mark]]})["count"]


def test_a_dry_run_leaves_nothing(endpoint):
    mark = f"T{uuid.uuid4().hex}"
    arguments = {"model": CONTACT, "values": {"name": "Tried", "ref": mark}, "dry_run": True}
    report = endpoint.tool("create_record", arguments)["dry_run"]
    assert report["changes"][0]["fields"]["ref"] == mark
    assert _count(endpoint, mark) == 0


def test_the_same_key_at_the_same_time_has_one_effect(endpoint):
    mark = f"T{uuid.uuid4().hex}"
    arguments = {"model": CONTACT, "values": {"name": "Once", "ref": mark}, "idempotency_key": mark}
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _number: endpoint.tool("create_record", arguments), range(8)))
    assert len({answer["id"] for answer in answers}) == 1
    assert sum("replayed" in answer for answer in answers) == 7
    assert _count(endpoint, mark) == 1
    endpoint.tool("undo_change", {"change_id": answers[0]["change_id"]})
    assert _count(endpoint, mark) == 0


def test_a_batch_is_taken_back_whole(endpoint):
    mark = f"T{uuid.uuid4().hex}"
    company = {"model": CONTACT, "values": {"name": "Company", "ref": mark, "is_company": True}}
    people = {
        "model": CONTACT,
        "records": [{"name": "A", "ref": mark, "parent_id": "$1.id"}, {"name": "B", "ref": mark}],
    }
    steps = [{"tool": "create_record", "arguments": company}, {"tool": "create_records", "arguments": people}]
    answer = endpoint.tool("run_batch", {"steps": steps})
    assert _count(endpoint, mark) == 3
    undone = endpoint.tool("undo_change", {"change_id": answer["change_id"]})
    assert undone["undone"] == answer["change_id"]
    assert _count(endpoint, mark) == 0
