"""Duplicate contacts: found, merged into one, cleaned up, and the merge taken back."""

import re

import pytest
from assistant import listed, meant

MANAGER = ("base.group_partner_manager", "sales_team.group_sale_salesman_all_leads")
KEPT = "base.res_partner_12"  # Azure Interior


@pytest.fixture
def cleaner(person):
    return person(*MANAGER, name="Casey Cleaner")


@pytest.fixture
def kept(backend):
    return backend.row("res.partner", backend.ref(KEPT), "name", "email", "phone")


def _duplicate(assistant, kept, **values):
    """A second contact for the same company, as somebody in a hurry makes one."""
    values = {"name": f"{kept['name']} Inc.", "email": kept["email"].upper(), "is_company": True, **values}
    return assistant.call("create_record", model="res.partner", values=values)["id"]


def _group(answer, record_id):
    found = [group for group in answer["groups"] if record_id in [record["id"] for record in group["records"]]]
    assert len(found) == 1, answer
    return found[0]


def test_duplicates_are_found_and_merged_and_the_merge_is_undone(cleaner, backend, kept):
    assert cleaner.find("merge duplicate contacts")[0] == "find_duplicates"
    duplicate = _duplicate(cleaner, kept, email=kept["email"], comment="Pays late")
    lead = backend.do("crm.lead", "create", {"name": "Lead of the duplicate", "partner_id": duplicate})

    group = _group(cleaner.call("find_duplicates", model="res.partner"), duplicate)
    assert {record["id"] for record in group["records"]} >= {kept["id"], duplicate}
    assert {"email", "name"} <= set(group["same"])

    assert "Merge" in cleaner.call("list_actions", model="res.partner", id=duplicate)["menu"]
    merge = {"model": "res.partner", "ids": [kept["id"], duplicate], "action": "Merge"}
    asked = cleaner.call("run_action", **merge)
    assert asked["wizard"]["fields"]["dst_partner_id"]["required"]
    assert backend.row("crm.lead", lead, "partner_id")["partner_id"][0] == duplicate, "nothing is done yet"

    answer = asked["wizard"]["buttons"][0]
    done = cleaner.call("run_action", **merge, wizard=[{"values": {"dst_partner_id": kept["id"]}, "button": answer}])
    assert [record["id"] for record in done["records"]] == [kept["id"]]
    assert not backend.rows("res.partner", [("id", "=", duplicate), ("active", "in", [True, False])], "name")
    assert backend.row("crm.lead", lead, "partner_id")["partner_id"][0] == kept["id"]
    assert backend.row("res.partner", kept["id"], "comment")["comment"] == "<p>Pays late</p>"

    undone = cleaner.call("undo_change", change_id=done["change_id"])
    born = int(re.search(r"is back as id (\d+)", " ".join(undone["notes"]))[1])
    assert backend.row("res.partner", born, "name")["name"] == f"{kept['name']} Inc."
    assert backend.row("crm.lead", lead, "partner_id")["partner_id"][0] == born
    assert not backend.row("res.partner", kept["id"], "comment")["comment"]


def test_contacts_are_cleaned_up(cleaner, backend):
    values = [{"name": f"Reader {number}", "country": "Belgium", "phone": "02 555 12 0{number}"} for number in range(5)]
    ids = cleaner.call("create_records", model="res.partner", records=values)["ids"]
    cleaner.call(
        "update_records", model="res.partner", ids=ids, values={"tags": ["Desk Manufacturers"], "lang": "English (US)"}
    )
    cleaner.call("update_record", model="res.partner", id=ids[0], values={"active": False})
    cleaner.call("delete_records", model="res.partner", ids=ids[3:])
    tag = backend.rows("res.partner.category", [("name", "=", "Desk Manufacturers")])[0]["id"]
    rows = backend.do(
        "res.partner", "search_read", [("id", "in", ids)], ["active", "category_id"], context={"active_test": False}
    )
    assert {row["id"]: row["active"] for row in rows} == {ids[0]: False, ids[1]: True, ids[2]: True}
    assert all(row["category_id"] == [tag] for row in rows)


def test_addresses_that_differ_are_made_the_same_because_the_error_says_so(cleaner, backend, kept):
    duplicate = _duplicate(cleaner, kept)
    merge = {"model": "res.partner", "ids": [duplicate, kept["id"]], "action": "Merge"}
    step = {"values": {"dst_partner_id": kept["id"]}, "button": "Merge Contacts"}
    error = cleaner.fails("run_action", **merge, wizard=[step])
    same = re.search(r"must have the same (\w+)", error)[1]
    cleaner.call("update_record", model="res.partner", id=duplicate, values={same: kept[same]})
    cleaner.call("run_action", **merge, wizard=[step])
    assert not backend.rows("res.partner", [("id", "=", duplicate)], "name")


def test_wrong_names_of_action_field_and_button_lead_to_the_right_ones(cleaner, backend, kept):
    duplicate = _duplicate(cleaner, kept, email=kept["email"])
    merge = {"model": "res.partner", "ids": [duplicate, kept["id"]]}
    action = meant(cleaner.fails("run_action", **merge, action="Merge contacts"))
    error = cleaner.fails("run_action", **merge, action=action, wizard=[{"values": {"destination": kept["id"]}}])
    (field,) = [name for name in listed(error, "It has:") if name.startswith("dst")]
    step = {"values": {field: kept["id"]}}
    button = listed(cleaner.fails("run_action", **merge, action=action, wizard=[{**step, "button": "OK"}]), "It has:")[
        0
    ]
    cleaner.call("run_action", **merge, action=action, wizard=[{**step, "button": button}])
    assert not backend.rows("res.partner", [("id", "=", duplicate)], "name")


def test_who_may_not_merge_is_told_so_with_the_candidates(person, backend, kept):
    reader = person(name="Robin Reader")
    duplicate = backend.do("res.partner", "create", {"name": kept["name"], "email": kept["email"]})
    answer = reader.call("find_duplicates", domain=[["email", "=", kept["email"]]])
    assert duplicate in [record["id"] for record in _group(answer, kept["id"])["records"]]
    assert any("may not change" in note for note in answer["notes"])
    error = reader.fails("run_action", model="res.partner", ids=[kept["id"], duplicate], action="Merge")
    assert "administrator" in error
    assert backend.row("res.partner", duplicate, "name")


def test_nobody_gets_another_users_login_by_merging(cleaner, backend, kept):
    user = backend.do("res.users", "search_read", [("login", "=", "demo")], ["partner_id"])[0]
    owner = user["partner_id"][0]
    trap = _duplicate(cleaner, kept, email=backend.row("res.partner", owner, "email")["email"])
    merge = {"model": "res.partner", "ids": [owner, trap], "action": "Merge"}
    error = cleaner.fails("run_action", **merge, wizard=[{"values": {"dst_partner_id": trap}}])
    assert "res.users" in error
    assert backend.row("res.users", user["id"], "partner_id")["partner_id"][0] == owner
