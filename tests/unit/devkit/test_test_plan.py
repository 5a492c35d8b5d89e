"""From WHAT to the runners."""

import pytest
from odoo_mcp.devkit.errors import DevError
from odoo_mcp.devkit.test_plan import TestPlan, plan


@pytest.fixture
def tests(tmp_path):
    files = {
        "test_registry.py": "class TestRegistry:\n  pass\nclass TestCatalog:\n  pass\n",
        "test_helpers.py": "def help():\n  pass\n",
        "test_sales.py": "@tagged('x', 'mcp_business')\nclass TestSales:\n  pass\nclass TestTalk:\n  pass\n",
        "test_twice.py": "class TestHere:\n  pass\n",
        "unit/test_json.py": "class TestJson:\n  pass\n",
        "unit/test_twice.py": "def test_x():\n  pass\n",
        "clients/test_sdk.py": "def test_x():\n  pass\n",
        "addons/sample/tests/test_sample.py": "class TestSample:\n  pass\n",
        "addons/bare/models/bare.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_without_what_every_group_runs(tests):
    unit, clients, streams, scenarios = ([str(tests / group)] for group in ("unit", "clients", "streams", "scenarios"))
    odoo, business = "/odoo_mcp,-mcp_business/odoo_mcp", "mcp_business/odoo_mcp"
    assert plan(None, tests=tests) == TestPlan(unit, odoo, clients, "/sample", streams, scenarios, business)


@pytest.mark.parametrize(
    ("group", "runs"),
    [
        ("unit", ["unit"]),
        ("odoo", ["odoo", "addons"]),
        ("clients", ["clients"]),
        ("streams", ["streams"]),
        ("scenarios", ["scenarios"]),
        ("business", ["business"]),
    ],
)
def test_group_runs_alone(tests, group, runs):
    chosen = plan(group, tests=tests)
    names = ("unit", "odoo", "clients", "streams", "addons", "scenarios", "business")
    assert [name for name in names if getattr(chosen, name)] == runs


def test_scenarios_need_no_database_without_demo_data(tests):
    for what in ("scenarios", "business"):
        chosen = plan(what, tests=tests)
        assert (chosen.needs_odoo, chosen.needs_demo, chosen.needs_template) == (True, True, False)
    assert not plan("odoo", tests=tests).needs_demo
    assert plan("clients", tests=tests).needs_template


def test_the_tests_of_another_addon_carry_its_name(tests):
    assert plan("TestSample.test_x", tests=tests) == TestPlan(addons="/sample:TestSample.test_x")
    assert plan("test_sample.py", tests=tests) == TestPlan(addons="/sample:TestSample")


def test_odoo_file_runs_all_its_classes(tests):
    wanted = "/odoo_mcp:TestRegistry,/odoo_mcp:TestCatalog"
    assert plan("test_registry.py", tests=tests) == TestPlan(odoo=wanted)


def test_classes_that_need_apps_run_where_there_are_some(tests):
    assert plan("TestSales.test_x", tests=tests) == TestPlan(business="/odoo_mcp:TestSales.test_x")
    assert plan("test_sales.py", tests=tests) == TestPlan(odoo="/odoo_mcp:TestTalk", business="/odoo_mcp:TestSales")


def test_unit_and_client_files_go_to_pytest(tests):
    assert plan("test_json.py", tests=tests).unit == [str(tests / "unit/test_json.py")]
    assert plan("tests/clients/test_sdk.py", tests=tests).clients == [str(tests / "clients/test_sdk.py")]


def test_class_and_method_are_found_wherever_they_are(tests):
    assert plan("TestCatalog.test_x", tests=tests).odoo == "/odoo_mcp:TestCatalog.test_x"
    assert plan("TestJson.test_x", tests=tests).unit == [f"{tests / 'unit/test_json.py'}::TestJson::test_x"]


def test_path_decides_between_two_files_of_one_name(tests):
    assert plan("unit/test_twice.py", tests=tests).unit == [str(tests / "unit/test_twice.py")]
    with pytest.raises(DevError, match="give the path"):
        plan("test_twice.py", tests=tests)


@pytest.mark.parametrize("what", ["TestNothing", "test_nothing.py", "nothing", "test_helpers.py"])
def test_unknown_what_is_refused(tests, what):
    with pytest.raises(DevError, match=what):
        plan(what, tests=tests)


def test_fast_leaves_out_the_slow_ones_everywhere(tests):
    chosen = plan(None, fast=True, tests=tests)
    assert chosen.odoo == "/odoo_mcp,-mcp_business/odoo_mcp,-slow/odoo_mcp"
    assert chosen.business == "mcp_business/odoo_mcp,-slow/odoo_mcp"
    assert chosen.unit[-2:] == chosen.clients[-2:] == ["-m", "not slow"]
