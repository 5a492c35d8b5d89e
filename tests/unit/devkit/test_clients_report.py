"""From what the clients saw to the table of the README."""

import re
from pathlib import Path

import pytest
from odoo_mcp.devkit.clients import CLIENTS, PROGRAMS
from odoo_mcp.devkit.clients_report import COLUMNS, Row, judge, table

README = Path(__file__).resolve().parents[3] / "README.md"
SEEN = {
    "version": "2025-11-25",
    "connect": "odoo_mcp",
    "list": ["search_records", "test_simple_text"],
    "call": {"text": "This is a simple text response for testing.", "count": 250},
    "resource": "This is the content of the static text resource.",
    "prompt": "Prompt with arguments: arg1='hello', arg2='world'",
    "progress": [[0.0, 100.0], [50, 100], [100, 100]],
    "elicitation": 'User response: action=accept, content={"email": "ada@example.com", "username": "ada"}',
}


def test_a_client_that_saw_everything_failed_nowhere():
    assert judge(SEEN, {}) == {}


@pytest.mark.parametrize("column", COLUMNS)
def test_what_was_not_seen_or_seen_wrongly_is_a_failure(column):
    assert judge({**SEEN, column: "something else"}, {}) == {column: "saw something else"}
    assert judge({name: value for name, value in SEEN.items() if name != column}, {}) == {column: "not seen"}
    assert judge({**SEEN, column: {"error": "Timeout"}}, {}) == {column: "Timeout"}
    assert judge({**SEEN, column: []}, {}) == {column: "saw []"}


def test_what_a_client_has_no_notion_of_is_not_looked_at():
    assert judge({**SEEN, "progress": None}, {"progress": "why"}) == {}


def test_a_client_that_failed_to_close_failed():
    assert judge({**SEEN, "end": {"error": "404"}}, {}) == {"end": "404"}


def test_a_declined_question_is_not_an_answered_one():
    declined = SEEN["elicitation"].replace("accept", "decline")
    assert list(judge({**SEEN, "elicitation": declined}, {})) == ["elicitation"]


def test_the_table_tells_versions_failures_and_reasons_once():
    rows = [
        Row("A 1.0", "2026-07-28", {}, {"progress": "it cannot"}),
        Row("B 2.0", "2025-11-25", {}, {"progress": "it cannot", "elicitation": "nobody is there"}),
        Row("C 3.0", None, {"connect": "refused", "end": "late"}, {}),
    ]
    assert table(rows).splitlines() == [
        "| client | speaks | connect | list | call | resource | prompt | progress | elicitation |",
        "| --- | --- | :-: | :-: | :-: | :-: | :-: | :-: | :-: |",
        "| A 1.0 | 2026-07-28 | ✓ | ✓ | ✓ | ✓ | ✓ | – ¹ | ✓ |",
        "| B 2.0 | 2025-11-25 | ✓ | ✓ | ✓ | ✓ | ✓ | – ¹ | – ² |",
        "| C 3.0 | – | ✗ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ |",
        "",
        "– ¹: it cannot.",
        "– ²: nobody is there.",
        "",
        "✗ C 3.0: connect: refused",
        "✗ C 3.0: end: late",
    ]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.label)
def test_every_client_is_pinned_has_a_program_and_a_line_in_the_readme(client):
    assert re.fullmatch(r"\d+\.\d+\.\d+", client.version)
    assert (PROGRAMS / client.program).is_file()
    assert f"| {client.label} |" in README.read_text(encoding="utf-8")
