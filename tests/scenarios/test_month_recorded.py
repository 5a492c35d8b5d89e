"""The hours and the expenses of a month, recorded by an employee and approved by whoever may."""

import calendar
import re
from datetime import date
from uuid import uuid4

import pytest
from assistant import listed, meant

WORKER = ("hr_timesheet.group_hr_timesheet_user", "project.group_project_user")
APPROVER = ("hr_expense.group_hr_expense_team_approver",)
YEAR, MONTH = 2026, 10


def _user(backend, name):
    return max(row["id"] for row in backend.rows("res.users", [("name", "=", name)], "name"))


def _employ(backend, name, **values):
    return backend.do("hr.employee", "create", {"name": name, "user_id": _user(backend, name), **values})


@pytest.fixture
def worker(person, backend):
    """Tim, his AI tool, and the project he works on with its task."""
    assistant = person(*WORKER, name="Tim Time")
    assistant.employee = _employ(backend, "Tim Time")
    return assistant


@pytest.fixture
def job(backend):
    name = f"Town hall {uuid4().hex[:6]}"
    project = backend.do("project.project", "create", {"name": name, "allow_timesheets": True})
    task = backend.do("project.task", "create", {"name": f"Plans of the {name}", "project_id": project})
    return {"project": project, "task": task, "name": name, "task_name": f"Plans of the {name}"}


def _days():
    _first, count = calendar.monthrange(YEAR, MONTH)
    days = (date(YEAR, MONTH, number) for number in range(1, count + 1))
    return [day.isoformat() for day in days if day.weekday() < 5]


def _hours(backend, worker):
    lines = backend.rows(
        "account.analytic.line", [("employee_id", "=", worker.employee)], "date", "unit_amount", "name"
    )
    return {line["date"]: line["unit_amount"] for line in lines}


def test_a_month_of_hours_is_recorded_corrected_and_adds_up(worker, backend, job):
    model = worker.call("list_models", query="timesheets")["models"][0]["model"]
    assert model == "account.analytic.line"
    assert "unit_amount" in worker.call("describe_model", model=model)["fields"]

    entries = [
        {"name": "Plans", "date": day, "project": job["name"], "task": job["task_name"], "unit_amount": 7.5}
        for day in _days()
    ]
    done = worker.call("create_records", model=model, records=entries)
    assert len(done["ids"]) == len(_days()) == 22
    assert _hours(backend, worker) == dict.fromkeys(_days(), 7.5)
    assert backend.row("project.task", job["task"], "effective_hours")["effective_hours"] == 22 * 7.5

    wrong, sick = done["ids"][3], done["ids"][4]
    worker.call("update_record", model=model, id=wrong, values={"unit_amount": 4})
    worker.call("delete_record", model=model, id=sick)
    mine = worker.call(
        "search_records",
        model=model,
        domain=[["project_id.name", "=", job["name"]], ["date", ">=", _days()[0]], ["date", "<=", _days()[-1]]],
        fields=["date", "unit_amount"],
        limit=100,
    )["records"]
    total = sum(row["unit_amount"] for row in mine)
    assert total == 20 * 7.5 + 4
    assert backend.row("project.task", job["task"], "effective_hours")["effective_hours"] == total


def test_wrong_projects_fields_and_numbers_lead_to_the_right_ones(worker, backend, job):
    entry = {"name": "Plans", "date": _days()[0], "project": job["name"].replace("Town", "Twon"), "unit_amount": "7h30"}
    error = worker.fails("create_record", model="account.analytic.line", values=entry)
    entry["project"] = int(re.search(r"Nearest: [^.]*?\(id (\d+)\)", error)[1])
    error = worker.fails("create_record", model="account.analytic.line", values=entry)
    assert re.search(r"a number such as \d+\.\d is expected", error)
    entry |= {"unit_amount": 7.5, "tasks": job["task_name"]}
    error = worker.fails("create_record", model="account.analytic.line", values=entry)
    entry[meant(error)] = entry.pop("tasks")
    line = worker.call("create_record", model="account.analytic.line", values=entry)
    shown = backend.row("account.analytic.line", line["id"], "project_id", "task_id", "unit_amount")
    assert (shown["project_id"][0], shown["task_id"][0], shown["unit_amount"]) == (job["project"], job["task"], 7.5)


def test_who_is_no_employee_yet_and_whose_hours_these_are_is_told(person, worker, backend, job):
    values = {"name": "Plans", "date": _days()[0], "project": job["project"], "task": job["task"], "unit_amount": 1}
    entry = {"model": "account.analytic.line", "values": values}
    newcomer = person(*WORKER, name="Nina New")
    assert "with an active employee" in newcomer.fails("create_record", **entry)
    _employ(backend, "Nina New")
    line = newcomer.call("create_record", **entry)["id"]

    change = {"model": "account.analytic.line", "id": line, "values": {"unit_amount": 8}}
    assert "search_records finds those there are" in worker.fails("update_record", **change)
    assert backend.row("account.analytic.line", line, "unit_amount")["unit_amount"] == 1


def test_colleagues_that_a_connection_hides_are_not_shown_as_public_ones_either(person, backend):
    model = backend.rows("ir.model", [("model", "=", "hr.employee")])[0]["id"]
    hidden = [(0, 0, {"model_id": model, "domain": "[('name', '=', 'Nobody')]"})]
    assistant = person(name="Lena Limited", model_access_ids=hidden, model_limit="all")
    assert "does not exist" in assistant.fails("search_records", model="hr.employee")
    assert assistant.call("search_records", model="res.partner", limit=1)["records"]


@pytest.fixture
def approver(person, backend):
    assistant = person(*APPROVER, name="Amy Approver")
    assistant.user = _user(backend, "Amy Approver")
    return assistant


@pytest.fixture
def spender(person, backend, approver):
    assistant = person(name="Eve Spender")
    assistant.employee = _employ(backend, "Eve Spender", expense_manager_id=approver.user)
    return assistant


EXPENSES = (("Lunch with the mayor", "Meals", 31.5), ("Train to Ghent", "Travel & Accommodation", 48))


def _spend(spender):
    records = [
        {"name": name, "category": category, "total_amount": amount, "date": f"{YEAR}-{MONTH}-{number:02}"}
        for number, (name, category, amount) in enumerate(EXPENSES, 5)
    ]
    return spender.call("create_records", model="hr.expense", records=records)["ids"]


def _hand_in(spender, ids):
    """Model and ids of what the manager decides on: 18.0 makes a report first, 19.0 takes the expenses themselves."""
    offered = spender.call("list_actions", model="hr.expense", id=ids[0])["buttons"]
    if "Create Report" not in offered:
        spender.call("run_action", model="hr.expense", ids=ids, action="Submit")
        return "hr.expense", ids
    opened = spender.call("run_action", model="hr.expense", ids=ids, action="Create Report")["opened"]
    (report,) = opened["records"]
    action = spender.call("list_actions", model=opened["model"], id=report["id"])["buttons"][0]
    spender.call("run_action", model=opened["model"], ids=[report["id"]], action=action)
    return opened["model"], [report["id"]]


def _states(backend, ids):
    return {row["state"] for row in backend.rows("hr.expense", [("id", "in", ids)], "state")}


def test_a_month_of_expenses_is_recorded_handed_in_and_approved(spender, approver, backend):
    ids = _spend(spender)
    shown = backend.rows("hr.expense", [("id", "in", ids)], "name", "total_amount", "employee_id", "product_id")
    assert {row["name"]: row["total_amount"] for row in shown} == {name: amount for name, _kind, amount in EXPENSES}
    assert {row["employee_id"][0] for row in shown} == {spender.employee}
    spender.call("attach_file", model="hr.expense", id=ids[0], name="bill.txt", text="Two menus, 31.50")
    assert backend.do("ir.attachment", "search_count", [("res_model", "=", "hr.expense"), ("res_id", "=", ids[0])]) == 1

    mine = spender.call("search_records", model="hr.expense", domain=[["employee_id.name", "=", "Eve Spender"]])
    assert {row["employee_id"]["name"] for row in mine["records"]} == {"Eve Spender"}, "colleagues' names are public"
    assert "does not exist" in spender.fails("describe_model", model="hr.employee", fields=["private_email"])
    assert "does not exist" in spender.fails(
        "search_records", model="hr.employee", domain=[["private_email", "!=", False]]
    )

    model, handed_in = _hand_in(spender, ids)
    assert _states(backend, ids) == {"submitted"}
    assert "Approve" in approver.call("list_actions", model=model, id=handed_in[0])["buttons"]
    approver.call("run_action", model=model, ids=handed_in, action="Approve")
    assert _states(backend, ids) == {"approved"}


def test_a_wrong_category_and_an_action_too_early_lead_to_the_right_ones(spender, approver, backend):
    values = {"name": "Lunch", "category": "Meels", "total_amount": 12, "date": f"{YEAR}-{MONTH}-08"}
    error = spender.fails("create_record", model="hr.expense", values=values)
    values["category"] = int(re.search(r"Nearest: [^.]*?\(id (\d+)\)", error)[1])
    expense = spender.call("create_record", model="hr.expense", values=values)["id"]
    error = spender.fails("run_action", model="hr.expense", ids=[expense], action="Approve")
    offered = listed(error, "There is now:")
    assert {"Create Report", "Submit"} & set(offered)
    model, handed_in = _hand_in(spender, [expense])
    approver.call("run_action", model=model, ids=handed_in, action="Approve")
    assert _states(backend, [expense]) == {"approved"}


def test_nobody_approves_their_own_expenses_and_who_tries_is_told_why(spender, approver, backend):
    ids = _spend(spender)
    model, handed_in = _hand_in(spender, ids)
    error = spender.fails("run_action", model=model, ids=handed_in, action="Approve")
    assert re.search("not change|lacks the right|There is now|cannot approve", error), error
    assert _states(backend, ids) == {"submitted"}
    approver.call("run_action", model=model, ids=handed_in, action="Approve")
    assert _states(backend, ids) == {"approved"}
