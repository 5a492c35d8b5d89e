"""The log gate: what fails a run, and what does not."""

from odoo_mcp.devkit.log_gate import offences

STAMP = "2026-01-02 03:04:05,678 123"


def gate(tmp_path, *lines):
    log = tmp_path / "odoo.log"
    log.write_text("\n".join(lines) + "\n")
    return offences(log)


def test_clean_log_passes(tmp_path):
    assert gate(tmp_path, f"{STAMP} INFO db odoo.modules: WARNING is only a word here") == []


def test_warnings_errors_and_criticals_fail(tmp_path):
    lines = [f"{STAMP} {level} db odoo.x: text" for level in ("WARNING", "ERROR", "CRITICAL")]
    assert gate(tmp_path, *lines) == lines


def test_traceback_belongs_to_its_entry(tmp_path):
    lines = [f"{STAMP} ERROR db odoo.x: text", "Traceback (most recent call last):", "KeyError: 1"]
    assert gate(tmp_path, *lines, f"{STAMP} INFO db odoo.x: on") == ["\n".join(lines)]


def test_known_line_of_the_machine_passes_and_hides_nothing_else(tmp_path):
    known = f"{STAMP} WARNING db py.warnings: nodes.Node.traverse() is obsoleted by findall()"
    other = f"{STAMP} WARNING db odoo.addons.odoo_mcp: text"
    assert gate(tmp_path, known, other) == [other]


def test_lines_of_other_programs_are_not_read(tmp_path):
    assert gate(tmp_path, "ERROR: extension is not available", "<string>:38: (ERROR/3)") == []


def test_long_traceback_keeps_its_first_line_and_its_end(tmp_path):
    lines = [f"{STAMP} ERROR db odoo.x: text", *(f"  frame {n}" for n in range(90)), "KeyError: 1"]
    shown = gate(tmp_path, *lines)[0].splitlines()
    assert shown[0] == lines[0] and shown[-1] == "KeyError: 1" and len(shown) == 27
