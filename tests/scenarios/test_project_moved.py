"""A project with tasks that wait for each other, and then everything is a week late."""

import re
from datetime import datetime, timedelta

import pytest
from assistant import meant

LEAD = ("project.group_project_manager",)
WEEK = timedelta(days=7)


@pytest.fixture
def lead(person):
    return person(*LEAD, name="Paula Lead")


@pytest.fixture
def marc(backend):
    return backend.rows("res.users", [("login", "=", "demo")], "name")[0]


def _create(lead, name, **values):
    return lead.call("create_record", model="project.project", values={"name": name, **values})["id"]


def _tasks(backend, project):
    names = ("name", "date_deadline", "stage_id", "state", "user_ids", "depend_on_ids", "allocated_hours")
    return {row["name"]: row for row in backend.rows("project.task", [("project_id", "=", project)], *names)}


def _day(row):
    return datetime.fromisoformat(row["date_deadline"])


def test_a_project_is_planned_worked_on_and_shifted_by_a_week(lead, backend, marc):
    assert lead.call("list_models", query="project task")["models"][0]["model"] == "project.task"
    told = lead.call("describe_model", model="project.project")
    required = [name for name, line in told["fields"].items() if "required" in line]
    assert required == ["name"], "nothing else has to be given"

    project = _create(
        lead,
        "Office move",
        user_id=marc["name"],
        date_start="2026-12-01",
        date="2026-12-31",
        allow_task_dependencies=True,
        type_ids=[{"name": "Open"}, {"name": "Doing"}, {"name": "Ready"}],
        task_ids=[
            {"name": "Pack", "assignees": [marc["name"]], "deadline": "2026-12-07T17:00", "allocated_hours": 12},
            {"name": "Drive", "assignees": [marc["name"]], "deadline": "2026-12-08T17:00", "allocated_hours": 4},
            {"name": "Unpack", "deadline": "2026-12-09T17:00", "allocated_hours": 8},
        ],
    )
    shown = backend.row("project.project", project, "name", "user_id", "date_start", "date")
    assert (shown["user_id"][0], shown["date_start"], shown["date"]) == (marc["id"], "2026-12-01", "2026-12-31")
    tasks = _tasks(backend, project)
    assert tasks["Pack"]["user_ids"] == [marc["id"]]
    assert [tasks[name]["allocated_hours"] for name in ("Pack", "Drive", "Unpack")] == [12, 4, 8]

    # what waits for what, in one call
    later = [("Drive", "Pack"), ("Unpack", "Drive")]
    steps = [
        {
            "tool": "update_record",
            "arguments": {
                "model": "project.task",
                "id": tasks[task]["id"],
                "values": {"depend_on_ids": {"add": [tasks[first]["id"]]}},
            },
        }
        for task, first in later
    ]
    lead.call("run_batch", steps=steps)
    assert _tasks(backend, project)["Drive"]["depend_on_ids"] == [tasks["Pack"]["id"]]
    assert _tasks(backend, project)["Unpack"]["state"] == "04_waiting_normal"

    # work begins: a stage is clicked like a person would
    offered = lead.call("list_actions", model="project.task", id=tasks["Pack"]["id"])
    assert "Doing" in offered["stages"]
    lead.call("run_action", model="project.task", ids=[tasks["Pack"]["id"]], action="Doing")
    assert _tasks(backend, project)["Pack"]["stage_id"][1] == "Doing"

    # a week late
    found = lead.call(
        "search_records", model="project.task", domain=[["project_id", "=", project]], fields=["name", "date_deadline"]
    )
    shifted = [
        {
            "tool": "update_record",
            "arguments": {
                "model": "project.task",
                "id": row["id"],
                "values": {"deadline": (datetime.fromisoformat(row["date_deadline"]) + WEEK).isoformat()},
            },
        }
        for row in found["records"]
    ]
    before = _tasks(backend, project)
    tried = lead.call("run_batch", steps=shifted, dry_run=True)
    assert len([change for change in tried["dry_run"]["changes"] if change["model"] == "project.task"]) == 3
    assert _tasks(backend, project) == before
    done = lead.call("run_batch", steps=shifted)
    after = _tasks(backend, project)
    assert all(_day(after[name]) - _day(before[name]) == WEEK for name in before)

    # the customer can wait after all
    lead.call("undo_change", change_id=done["change_id"])
    assert {name: _day(row) for name, row in _tasks(backend, project).items()} == {
        name: _day(row) for name, row in before.items()
    }


def test_a_task_is_blocked_until_what_it_waits_for_is_done(lead, backend):
    project = _create(lead, "Cellar", allow_task_dependencies=True, task_ids=[{"name": "Dig"}, {"name": "Build"}])
    tasks = _tasks(backend, project)
    depends = {"blocked by": [tasks["Dig"]["id"]]}
    lead.call("update_record", model="project.task", id=tasks["Build"]["id"], values=depends)
    assert _tasks(backend, project)["Build"]["state"] == "04_waiting_normal"
    error = lead.fails("update_record", model="project.task", id=tasks["Dig"]["id"], values={"state": "Finished"})
    done = re.search(r"(\w+) \(Done\)", error)[1]
    lead.call("update_record", model="project.task", id=tasks["Dig"]["id"], values={"state": done})
    assert _tasks(backend, project)["Build"]["state"] == "01_in_progress"


def test_wrong_names_of_a_person_a_field_and_a_stage_lead_to_the_right_ones(lead, backend, marc):
    task = {"name": "Paint", "assignees": ["Mark Demo"]}
    error = lead.fails("create_record", model="project.project", values={"name": "Hall", "task_ids": [task]})
    task = {
        "name": "Paint",
        "assignees": [int(re.search(r"Nearest: [^.]*?\(id (\d+)\)", error)[1])],
        "dead_line": "2026-12-01",
    }
    error = lead.fails("create_record", model="project.project", values={"name": "Hall", "task_ids": [task]})
    task[meant(error)] = task.pop("dead_line")
    project = _create(lead, "Hall", task_ids=[task], type_ids=[{"name": "To do"}, {"name": "Finished work"}])
    (row,) = _tasks(backend, project).values()
    assert (row["user_ids"], row["date_deadline"][:7]) == ([marc["id"]], "2026-12")

    error = lead.fails("run_action", model="project.task", ids=[row["id"]], action="Finishd work")
    lead.call("run_action", model="project.task", ids=[row["id"]], action=meant(error))
    assert _tasks(backend, project)["Paint"]["stage_id"][1] == "Finished work"


def test_who_only_works_in_projects_is_told_who_may_start_one(person, lead, backend):
    worker = person("project.group_project_user", name="Will Worker")
    error = worker.fails("create_record", model="project.project", values={"name": "Mine"})
    assert "Members of Project / Administrator have it" in error
    project = _create(lead, f"Started by {lead.call('whoami')['user']['login']}")
    name = backend.row("project.project", project, "name")["name"]
    task = worker.call("create_record", model="project.task", values={"name": "My part", "project": name})
    assert backend.row("project.task", task["id"], "project_id")["project_id"][0] == project
