"""From what the suite wrote to a table and a verdict."""

import json

import pytest
from odoo_mcp.devkit.conformance import suites
from odoo_mcp.devkit.conformance_report import read_run, required_scenarios, table

OUTPUT = "\n\n=== Running scenario: ping ===\nRunning client scenario 'ping'\n\n=== Running scenario: tasks ===\n"
REQUIREMENTS = """\
# a comment
server:
  - ping
  - tools-list

client:
  - initialize

not_scored:
  - scenario: tasks
    leg: server
"""


def check(status, name="a-check", **more):
    return {"id": name, "status": status, "description": "What is checked", **more}


@pytest.fixture
def suite(tmp_path):
    """Writes a scenario's checks where the suite does."""

    def write(scenario, *checks):
        folder = tmp_path / f"server-{scenario}-2026-11-21T05-05-16-886Z"
        folder.mkdir()
        (folder / "checks.json").write_text(json.dumps(checks))
        return tmp_path

    return write


def test_statuses_are_counted_and_what_did_not_pass_is_told(suite, tmp_path):
    suite("ping", check("SUCCESS"), check("SUCCESS"), check("WARNING", "w", errorMessage="Not\nnice"), check("INFO"))
    suite("tasks", check("FAILURE", "f", errorMessage="Broken"), check("SKIPPED", "s"))
    ping, tasks = read_run("run", OUTPUT, tmp_path, ["ping"]).scenarios
    assert (ping.passed, ping.scored, ping.failures) == (2, True, ())
    assert [(remark.check, remark.text) for remark in ping.warnings] == [("w", "Not nice")]
    assert (tasks.passed, tasks.scored) == (0, False)
    assert [(remark.check, remark.text) for remark in tasks.failures] == [("f", "Broken")]
    assert [remark.text for remark in tasks.skipped] == ["What is checked"]


def test_only_scored_scenarios_decide(suite, tmp_path):
    suite("ping", check("SUCCESS"))
    suite("tasks", check("FAILURE"))
    assert not read_run("run", OUTPUT, tmp_path, ["ping"]).failed
    assert read_run("run", OUTPUT, tmp_path, ["ping", "tasks"]).failed
    assert read_run("run", OUTPUT, tmp_path, None).failed


def test_a_scenario_without_a_result_has_failed(suite, tmp_path):
    suite("tasks", check("SUCCESS"))
    run = read_run("run", OUTPUT, tmp_path, ["ping"])
    assert run.failed
    assert [remark.check for remark in run.scenarios[0].failures] == ["broke-off"]


def test_a_required_scenario_that_never_ran_has_failed(suite, tmp_path):
    suite("ping", check("SUCCESS"))
    suite("tasks", check("SUCCESS"))
    run = read_run("run", OUTPUT, tmp_path, ["ping", "tools-list"])
    assert run.failed
    assert [(one.name, one.failures[0].check) for one in run.scenarios if one.failures] == [("tools-list", "not-run")]


def test_a_scored_scenario_that_checked_nothing_has_failed(suite, tmp_path):
    suite("ping", check("INFO", details={"message": "There is no session"}))
    suite("tasks")
    ping, tasks = read_run("run", OUTPUT, tmp_path, ["ping"]).scenarios
    assert "There is no session" in ping.failures[0].text
    assert not tasks.failures


def test_a_suite_that_ran_nothing_has_failed(tmp_path):
    assert read_run("run", "Error: no such option", tmp_path, None).failed


def test_names_that_begin_alike_are_told_apart(suite, tmp_path):
    suite("ping", check("SUCCESS"))
    suite("ping-2026-wire", check("FAILURE"))
    output = "=== Running scenario: ping ===\n=== Running scenario: ping-2026-wire ===\n"
    ping, other = read_run("run", output, tmp_path, None).scenarios
    assert (len(ping.failures), len(other.failures)) == (0, 1)


def test_the_scored_scenarios_are_those_of_the_server(tmp_path):
    file = tmp_path / "2026-07-28.yaml"
    file.write_text(REQUIREMENTS)
    assert required_scenarios(file) == ["ping", "tools-list"]
    file.write_text("client:\n  - initialize\n")
    with pytest.raises(ValueError, match="no server scenarios"):
        required_scenarios(file)


def test_the_table_counts_scored_and_other_scenarios_apart(suite, tmp_path):
    suite("ping", check("SUCCESS"), check("WARNING", "w", errorMessage="Slow"))
    suite("tasks", check("FAILURE", "f", errorMessage="No tasks here"))
    lines = table([read_run("the run", OUTPUT, tmp_path, ["ping"])]).splitlines()
    assert lines[0] == "the run"
    assert lines[2].split() == ["ping", "yes", "1", "0", "1"]
    assert lines[3].split() == ["tasks", "no", "0", "1", "0"]
    assert lines[4:6] == [
        "  warning: ping: w: Slow (no reason known)",
        "  failed, not scored: tasks: f: No tasks here (no reason known)",
    ]
    assert lines[-1] == (
        "1 scenarios scored, 0 of them failed: 1 checks passed, 0 failed; 1 warnings; not scored: 1 run, 1 failing"
    )


def test_what_is_accepted_is_told_with_its_reason_and_what_counts_with_its_text(suite, tmp_path):
    failing = (check("FAILURE", "one", errorMessage="No tasks"), check("FAILURE", "two", errorMessage="None"))
    suite("tasks-wire-fields", *failing)
    output = "=== Running scenario: tasks-wire-fields ===\n"
    optional = table([read_run("run", output, tmp_path, [])]).splitlines()
    assert [line for line in optional if "one" in line] == [
        "  failed, not scored: tasks-wire-fields: one, two: "
        "the tasks extension, optional for every server, is not offered"
    ]
    scored = table([read_run("run", output, tmp_path, None)]).splitlines()
    assert "  failed: tasks-wire-fields: one: No tasks" in scored


def test_one_revision_can_be_run_alone():
    everything = ["0.1.16-all", "0.2.0-alpha.12-2025-11-25", "0.2.0-alpha.12-2026-07-28"]
    assert [suite.name for suite in suites(None)] == everything
    assert [suite.selection for suite in suites("2025-11-25")] == [("--requirements", "2025-11-25")]


def test_the_scenarios_of_the_authorization_server_are_read_by_their_own_folders(tmp_path):
    name = "authorization-server-metadata-endpoint"
    folder = tmp_path / f"authorization-server-{name}-2026-11-21T05-05-16-886Z"
    folder.mkdir()
    (folder / "checks.json").write_text(json.dumps([check("SUCCESS")]))
    output = f"=== Running scenario: {name} ===\n\n=== Running scenario: authorization-code-grant ===\n"
    metadata, grant = read_run("run", output, tmp_path, [name, "authorization-code-grant"]).scenarios
    assert (metadata.passed, metadata.failures) == (1, ())
    assert grant.failures[0].check == "broke-off"
