"""Counting what ran, and the closing lines."""

from odoo_mcp.devkit.test_report import Row, count_odoo, count_pytest, table


def test_odoo_total_is_the_last_one_of_the_log():
    log = "x: 0 failed, 0 error(s) of 3 tests\ny: 1 failed, 2 error(s) of 20 tests when loading"
    assert count_odoo(log) == (20, 3)


def test_log_without_total_counts_as_a_failure():
    assert count_odoo("Initiating shutdown") == (0, 1)


def test_pytest_report_counts_errors_as_failures_and_skips_apart(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/></testsuites>')
    assert count_pytest(report) == (7, 3, 3)


def test_missing_pytest_report_counts_as_a_failure(tmp_path):
    assert count_pytest(tmp_path / "none.xml") == (0, 1, 0)


def test_table_ends_with_the_totals():
    rows = [Row("unit", "", 150, 0, 1.0), Row("odoo", "18.0", 20, 2, 30.0)]
    assert table(rows).splitlines()[-1] == "168 passed, 2 failed"


def test_failure_without_any_test_is_counted():
    assert table([Row("odoo", "18.0", 0, 1, 1.0)]).splitlines()[-1] == "0 passed, 1 failed"
