"""Somebody who asked for desks becomes a customer: lead, call, opportunity, won."""

from datetime import date, timedelta

import pytest
from assistant import holders, listed, meant, nearest_id

SELLER = "sales_team.group_sale_salesman"
NEWCOMER = {
    "type": "lead",
    "partner_name": "Newcomer Ltd",
    "contact_name": "Nora New",
    "email_from": "nora@newcomer.example",
    "expected_revenue": 5000,
}
CONVERTED = [{"values": {"name": "convert", "action": "create"}, "button": "Create Opportunity"}]


@pytest.fixture
def seller(person):
    return person(SELLER, name="Sam Seller")


@pytest.fixture
def next_week():
    return (date.today() + timedelta(days=7)).isoformat()


def new_lead(seller, name):
    return seller.call("create_record", model="crm.lead", values={"name": name, **NEWCOMER})["id"]


def check_won(backend, lead_id, told):
    """It is won, with a new customer, nothing left to do, and what was ``told`` in its chatter."""
    lead = backend.row("crm.lead", lead_id, "type", "stage_id", "probability", "partner_id", "expected_revenue")
    assert (lead["type"], lead["probability"], lead["expected_revenue"]) == ("opportunity", 100, 5000)
    assert backend.row("crm.stage", lead["stage_id"][0], "is_won")["is_won"]
    customer = backend.row("res.partner", lead["partner_id"][0], "name", "email", "parent_name")
    assert (customer["name"], customer["email"]) == (NEWCOMER["contact_name"], NEWCOMER["email_from"])
    assert customer["parent_name"] == NEWCOMER["partner_name"]
    on_it = [("res_model", "=", "crm.lead"), ("res_id", "=", lead_id)]
    assert not backend.rows("mail.activity", on_it, "summary")
    thread = backend.rows("mail.message", [("model", "=", "crm.lead"), ("res_id", "=", lead_id)], "body")
    assert any(told in message["body"] for message in thread)


def test_a_lead_is_called_qualified_and_won_by_a_client_that_has_to_find_its_tools(person, backend, next_week):
    seller = person(SELLER, name="Sam Seller", mode="search")
    assert {"find_tools", "call_tool"} <= set(seller.tools()) and "create_record" not in seller.tools()
    assert "create_record" in seller.find("create a lead")
    assert {"list_actions", "run_action"} <= set(seller.find("convert the lead to an opportunity"))
    assert "schedule_activity" in seller.find("plan a phone call")
    assert "complete_activity" in seller.find("mark the activity as done")

    (model, *_others) = seller.call("list_models", query="lead")["models"]
    fields = seller.call("describe_model", model=model["model"])["fields"]
    assert {"partner_name", "contact_name", "email_from", "expected_revenue"} <= set(fields)
    lead = seller.call("create_record", model=model["model"], values={"name": "Ten desks", **NEWCOMER})["id"]
    planned = {"type": "Call", "summary": "How many?", "due": next_week}
    activity = seller.call("schedule_activity", model="crm.lead", id=lead, **planned)["id"]
    (shown,) = backend.rows("mail.activity", [("res_model", "=", "crm.lead"), ("res_id", "=", lead)], "date_deadline")
    assert shown["date_deadline"] == next_week
    mine = seller.call("list_activities")["activities"]
    assert [(one["id"], one["record"]["id"]) for one in mine] == [(activity, lead)]

    assert "Convert to Opportunity" in seller.call("list_actions", model="crm.lead", id=lead)["buttons"]
    run = {"model": "crm.lead", "ids": [lead]}
    asked = seller.call("run_action", **run, action="Convert to Opportunity")["wizard"]["fields"]
    assert asked["action"]["choices"]["create"] == "Create a new customer"
    seller.call("run_action", **run, action="Convert to Opportunity", wizard=CONVERTED)
    seller.call("complete_activity", activity_id=activity, feedback="She wants ten.")
    assert "Proposition" in seller.call("list_actions", model="crm.lead", id=lead)["stages"]
    seller.call("run_action", **run, action="Proposition")
    (won,) = seller.call("run_action", **run, action="Won")["records"]
    assert won["stage_id"] == "Won"
    check_won(backend, lead, "She wants ten.")


def test_wrong_names_are_put_right_by_what_the_errors_say(seller, backend, next_week):
    error = seller.fails("create_record", model="crm.lead", values={"name": "Ten desks", "mail_from": "x"})
    assert meant(error) == "email_from"
    lead = new_lead(seller, "Ten desks")
    run = {"model": "crm.lead", "ids": [lead], "action": "Convert to Opportunity"}
    error = seller.fails("run_action", **run, wizard=[{"values": {"action": "Create new customer"}}])
    seller.call("run_action", **run, wizard=[{"values": {"action": meant(error)}}])

    plan = {"model": "crm.lead", "id": lead, "summary": "How many?"}
    error = seller.fails("schedule_activity", **plan, type="Phone call", due_date=next_week)
    due = meant(error)
    error = seller.fails("schedule_activity", **plan, type="Phone call", **{due: next_week})
    kind = meant(error)
    error = seller.fails("schedule_activity", **plan, type=kind, due=next_week, user="Sam Sellar")
    activity = seller.call("schedule_activity", **plan, type=kind, due=next_week, user=nearest_id(error))["id"]
    seller.call("complete_activity", activity_id=activity, feedback="Ten of them.")

    error = seller.fails("run_action", model="crm.lead", ids=[lead], action="Propositon")
    seller.call("run_action", model="crm.lead", ids=[lead], action=meant(error))
    error = seller.fails("update_record", model="crm.lead", id=lead, values={"stage_id": "Wonn"})
    seller.call("update_record", model="crm.lead", id=lead, values={"stage_id": nearest_id(error)})
    check_won(backend, lead, "Ten of them.")


def test_whoever_may_not_throw_a_lead_away_is_told_who_may(seller, person, backend):
    lead = new_lead(seller, "Twice the same")
    error = seller.fails("delete_record", model="crm.lead", id=lead)
    assert "Sam Seller lacks the right in Odoo" in error
    assert backend.row("crm.lead", lead, "active")["active"]
    colleague = person(holders(error)[0], name="Cleo Colleague")
    colleague.call("delete_record", model="crm.lead", id=lead)
    assert not backend.rows("crm.lead", [("id", "=", lead)], "name", context={"active_test": False})


def test_a_step_too_early_is_answered_with_the_step_before_it(seller, backend):
    lead = new_lead(seller, "Won at once")
    run = {"model": "crm.lead", "ids": [lead]}
    error = seller.fails("run_action", **run, action="Won")
    assert "present state" in error and backend.row("crm.lead", lead, "type")["type"] == "lead"
    first, *_others = listed(error, "now:")
    asked = seller.call("run_action", **run, action=first)["wizard"]
    (button,) = asked["buttons"]
    seller.call("run_action", **run, action=first, wizard=[{"values": {"action": "create"}, "button": button}])
    error = seller.fails("run_action", **run, action=first, wizard=[{}])
    assert "Won" in listed(error, "now:")
    activity = seller.call("schedule_activity", model="crm.lead", id=lead, summary="Call")["id"]
    seller.call("complete_activity", activity_id=activity, feedback="Signed.")
    error = seller.fails("complete_activity", activity_id=activity)
    assert not seller.call(listed(error, "seen. ", " tells")[0])["activities"]
    seller.call("run_action", **run, action="Won")
    check_won(backend, lead, "Signed.")
