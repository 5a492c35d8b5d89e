"""What is read as JSON, what is refused, and with which code."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo_mcp.services.protocol.errors import INVALID_REQUEST, PARSE_ERROR, ProtocolError
from odoo_mcp.services.protocol.json_reader import RefusedDocument, read_json
from odoo_mcp.services.protocol.limits import Limits

LIMITS = Limits()
NO_JSON = {
    "nothing": b"",
    "white space": b" \n\t ",
    "half an object": b'{"a":',
    "a word": b"hello",
    "single quotes": b"{'a': 1}",
    "a trailing comma": b'{"a": 1,}',
    "two values": b"{} {}",
    "a comment": b"{} // done",
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "minus Infinity": b'{"a": -Infinity}',
    "a leading zero": b'{"a": 01}',
    "a hexadecimal number": b'{"a": 0x10}',
    "a leading plus": b'{"a": +1}',
    "a bare NUL": b'{"a": "\x00"}',
    "a bare line break in a string": b'{"a": "\n"}',
    "a byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "Latin-1": '{"a": "é"}'.encode("latin-1"),
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "an overlong encoding": b'{"a": "\xc0\xaf"}',
    "a raw surrogate": b'{"a": "\xed\xa0\x80"}',
    "a broken escape": b'{"a": "\\u12"}',
    "an unquoted key": b"{a: 1}",
}
REFUSED = {
    "a duplicate key": b'{"a": 1, "a": 2}',
    "a duplicate key that is escaped": b'{"a": 1, "\\u0061": 2}',
    "a duplicate key deep down": b'{"x": [{"a": 1, "a": 1}]}',
    "a number too large for a double": b'{"a": 1e999}',
    "a negative number too large for a double": b'{"a": -1e999}',
    "an integer beyond 64 bits": b'{"a": 9223372036854775808}',
    "a negative integer beyond 64 bits": b'{"a": -9223372036854775809}',
    "an integer of 5000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "a fraction of 5000 digits": b'{"a": 0.' + b"3" * 5000 + b"}",
    "an escaped NUL": b'{"a": "x\\u0000y"}',
    "an escaped NUL in a key": b'{"x\\u0000": 1}',
    "a lone high surrogate": b'{"a": "\\ud800"}',
    "a lone low surrogate": b'{"a": "\\udc00"}',
    "a reversed pair": b'{"a": "\\udc00\\ud800"}',
    "33 levels of arrays": b"[" * 33 + b"]" * 33,
    "33 levels of objects": b'{"a":' * 33 + b"1" + b"}" * 33,
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_text_is_a_parse_error(body):
    with pytest.raises(ProtocolError) as caught:
        read_json(body, LIMITS)
    assert caught.value.code == PARSE_ERROR
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_json_that_breaks_a_limit_is_an_invalid_request(body):
    with pytest.raises(RefusedDocument) as caught:
        read_json(body, LIMITS)
    assert caught.value.code == INVALID_REQUEST
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b" {} ", {}),
        (b'{"a": 9223372036854775807}', {"a": 2**63 - 1}),
        (b'{"a": -9223372036854775808}', {"a": -(2**63)}),
        (b'{"a": 1.5e300}', {"a": 1.5e300}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        ('{"a": "Ñandú"}'.encode(), {"a": "Ñandú"}),
        (b'{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
        (b'{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}', {"a": "[" * 36}),
        (b"[" + b",".join([b"[]"] * 100) + b"]", [[]] * 100),
    ],
)
def test_unusual_but_honest_json_is_read(body, value):
    assert read_json(body, LIMITS) == value


def test_exactly_as_deep_as_allowed_is_read():
    assert read_json(b"[" * 32 + b"]" * 32, LIMITS)


def test_a_refused_document_is_kept_so_that_its_id_can_be_told():
    with pytest.raises(RefusedDocument) as caught:
        read_json(b'{"id": 7, "a": 1, "a": 2}', LIMITS)
    assert caught.value.document["id"] == 7


def test_the_duplicate_key_is_named():
    with pytest.raises(RefusedDocument, match="'twice'"):
        read_json(b'{"once": 1, "twice": 1, "twice": 2}', LIMITS)


def test_a_byte_order_mark_is_named():
    with pytest.raises(ProtocolError, match="byte order mark"):
        read_json(b"\xef\xbb\xbf{}", LIMITS)


def test_a_string_longer_than_the_limit_is_refused():
    limits = Limits(max_string=10)
    assert read_json(b'{"a": "0123456789"}', limits)
    with pytest.raises(RefusedDocument, match="limit is 10"):
        read_json(b'{"a": "0123456789x"}', limits)


def test_a_key_longer_than_the_limit_is_refused():
    with pytest.raises(RefusedDocument):
        read_json(b'{"0123456789x": ""}', Limits(max_string=10))


def test_the_error_says_where_the_syntax_breaks():
    with pytest.raises(ProtocolError, match="line 2, column 3"):
        read_json(b'{\n  "a" 1}'.replace(b'"a" ', b""), LIMITS)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc"), inner, max_size=4),
    max_leaves=20,
)


@given(json_values, st.booleans())
def test_every_honest_value_survives_the_reader(value, ascii_only):
    body = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert read_json(body, Limits(max_depth=100)) == value


@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused_but_never_break_the_reader(body):
    try:
        value = read_json(body, LIMITS)
    except ProtocolError as error:
        assert error.code in (PARSE_ERROR, INVALID_REQUEST)
    else:
        assert value == json.loads(body)


@given(st.text('{}[]",:\\ue0dN1-.+E \n', max_size=60))
def test_almost_json_is_read_or_refused_but_never_breaks_the_reader(words):
    try:
        value = read_json(words.encode(), LIMITS)
    except ProtocolError as error:
        assert error.code in (PARSE_ERROR, INVALID_REQUEST)
    else:
        assert value == json.loads(words)
