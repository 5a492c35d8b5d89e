"""What the audit log keeps of a message is the message, but for what is taken out: places, kinds, lengths, depths."""

import datetime
import json

import pytest
from odoo_mcp.services.governance import personal_numbers, redaction
from odoo_mcp.services.governance.redaction import MOST_KEPT, SECRET

MARK = personal_numbers.MARK
CARD = 4111111111111111
READ = 2 * MOST_KEPT
KEY_HEAD = "-----BEGIN PRIVATE KEY-----"


def kept(value, personal=True):
    """``value`` after redaction, read again."""
    return json.loads(redaction.payload(value, personal))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer abcDEF123456", f"Authorization: Bearer {SECRET}"),
        ("say Basic dXNlcjpwYXNz now", f"say Basic {SECRET} now"),
        ("postgres://odoo:hunter22@db/prod", f"postgres://odoo:{SECRET}@db/prod"),
        ("My password is hunter22, thanks", f"My password is {SECRET}, thanks"),
        ("AKIAIOSFODNN7EXAMPLE", SECRET),
    ],
)
def test_what_stands_before_a_secret_stays(text, expected):
    assert kept(text) == expected


def test_a_short_text_of_the_log_is_redacted_and_cut():
    assert redaction.line("My password is hunter22") == f"My password is {SECRET}"
    assert redaction.line(f"paid with {CARD}") == f"paid with {MARK}"
    assert redaction.line("x" * 5000) == "x" * 4000


def test_a_secret_name_at_the_end_of_a_long_one_is_still_one():
    key = "x" * 5000 + "_password"
    assert kept({key: "hunter"}) == {key: SECRET}
    assert redaction.is_secret_key(key)


def test_only_the_value_of_a_condition_is_taken_out():
    for value, expected in (
        (["password", "=", "hunter"], ["password", "=", SECRET]),
        (["user_id.pin", "=", "4711"], ["user_id.pin", "=", SECRET]),
        (("pin", "4711"), ["pin", SECRET]),
        (["bsn", "=", "111222333"], ["bsn", "=", SECRET]),
        (["name", "=", "x"], ["name", "=", "x"]),
        (["pin"], ["pin"]),
        (["pin", "a", "b", "c"], ["pin", "a", "b", "c"]),
        (["name", "pin", "x"], ["name", "pin", "x"]),
        ([1, "=", 1], [1, "=", 1]),
        ([], []),
    ):
        assert kept({"x": value}) == {"x": expected}
    assert kept(["bsn", "=", "111222333"], personal=False) == ["bsn", "=", "111222333"]


@pytest.mark.parametrize("header", ["fields", "columns", "header"])
def test_only_secret_columns_of_a_table_are_taken_out(header):
    table = {
        header: ["login", "pin", 3],
        "rows": [["anita", "4711", "x"], ("bob", "4712", "y"), {"login": "c"}, "text", 7],
        "count": 2,
        "name": "pin",
        "nothing": None,
    }
    rows = [["anita", SECRET, "x"], ["bob", SECRET, "y"], {"login": "c"}, "text", 7]
    assert kept(table) == {**table, "rows": rows}
    assert kept({**table, header: ["login", "name", "x"]})["rows"][1] == ["bob", "4712", "y"]
    assert kept({**table, header: "pin"})["rows"][1] == ["bob", "4712", "y"]


def test_empty_secrets_are_told_from_filled_ones():
    for value in (None, False, True, ""):
        assert kept({"password": value}) == {"password": value}
    for value in ("x", 7, [], {}, 0.5):
        assert kept({"password": value}) == {"password": SECRET}


def test_json_within_a_text_is_read():
    for text, expected in (
        ('{"pin": "4711"}', {"pin": SECRET}),
        ('["pin", "=", "4711"]', ["pin", "=", SECRET]),
        (' \n["pin", "=", "4711"]', ["pin", "=", SECRET]),
        ('{"name": "Jürgen"}', {"name": "Jürgen"}),
    ):
        assert json.loads(kept({"text": text})["text"]) == expected
    assert "Jürgen" in kept({"text": '{"name": "Jürgen"}'})["text"]
    assert kept({"text": '{"pin": no json'}) == {"text": '{"pin": no json'}


def test_values_of_every_kind_stay_what_they_are():
    value = {"a": True, "b": False, "c": None, "d": 1.5, "e": 12, "f": "Jürgen", "g": [[1]], "h": {"i": {}}}
    assert kept(value) == value
    assert "Jürgen" in redaction.payload(value, True)
    assert redaction.payload([1, {"a": 2}], True) == '[1,{"a":2}]'
    assert kept({"x": datetime.date(2026, 1, 2), "y": b"z"}) == {"x": "2026-01-02", "y": [122]}
    assert redaction.payload(None, True) is None
    assert kept({f"paid {CARD}": 1}) == {f"paid {MARK}": 1}


def test_numbers_are_personal_only_when_that_is_asked():
    assert kept({"n": CARD}) == {"n": MARK}
    assert kept({"n": CARD}, personal=False) == {"n": CARD}
    assert kept({"n": CARD + 1}) == {"n": CARD + 1}


def nested(levels, wrap):
    value = wrap("end")
    for _level in range(levels - 1):
        value = wrap(value)
    return value


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"a": value}])
def test_forty_levels_are_kept(wrap):
    assert kept(nested(40, wrap)) == nested(40, wrap)
    assert "end" not in redaction.payload(nested(41, wrap), True)
    # a text that is JSON lies deeper than the text
    inside = json.dumps(nested(20, wrap))
    assert "end" in redaction.payload(nested_around(inside, 19, wrap), True)
    assert "end" not in redaction.payload(nested_around(inside, 20, wrap), True)


def nested_around(value, levels, wrap):
    for _level in range(levels):
        value = wrap(value)
    return value


def test_so_much_of_a_message_is_looked_at_and_no_more():
    def secret(length):
        return KEY_HEAD + "x" * (length - len(KEY_HEAD))

    # two names of one character, the text, and one that counts for its quotes
    assert kept({"a": secret(READ - 4), "b": 5}) == {"a": SECRET, "b": 5}
    assert kept({"a": secret(READ - 3), "b": 5}) == {"a": SECRET, "b": "…"}
    assert kept([secret(READ - 2), 5, 6]) == [SECRET, 5, "…"]
    assert kept([secret(READ - 1), 5]) == [SECRET, "…"]
    assert kept([secret(READ - 3), 5, 6, 7]) == [SECRET, 5, 6, "…"]
    assert kept([secret(READ), "tail"]) == [SECRET, "…"]


def test_a_long_message_is_cut_where_it_is_said():
    whole = redaction.payload(["x" * (MOST_KEPT - 4)], True)
    assert len(whole) == MOST_KEPT
    cut = redaction.payload(["x" * (MOST_KEPT - 3)], True)
    assert cut == f'{whole[:-2]}x"… (1 more characters)'
