"""Values that travel through the client and must come back unchanged."""

import base64
import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo_mcp.services.protocol.sealed import BrokenSealError, seal, unseal

KEY = b"k" * 32
NOW = 1_800_000_000.5
PAYLOAD = {"user": 7, "after": ["Ünal", 5], "tool": None}
SEALED = seal(PAYLOAD, KEY, NOW)


def test_what_was_sealed_comes_back():
    assert unseal(SEALED, KEY, NOW + 5, 60) == PAYLOAD


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()),
    )
)
def test_every_json_object_comes_back(payload):
    assert unseal(seal(payload, KEY, NOW), KEY, NOW, 0) == payload


def test_it_fits_into_a_cursor_and_a_header():
    assert set(SEALED) <= set(string.ascii_letters + string.digits + "-_")


def test_the_order_of_members_makes_no_other_seal():
    assert seal({"a": 1, "b": 2}, KEY, NOW) == seal({"b": 2, "a": 1}, KEY, NOW)


@pytest.mark.parametrize("place", range(len(SEALED)))
def test_no_character_can_be_changed(place):
    for other in ("A", "B", "_"):
        changed = SEALED[:place] + other + SEALED[place + 1 :]
        if changed != SEALED:
            with pytest.raises(BrokenSealError):
                unseal(changed, KEY, NOW, 60)


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_nothing_can_be_cut_off(length):
    with pytest.raises(BrokenSealError):
        unseal(SEALED[:length], KEY, NOW, 60)


@pytest.mark.parametrize("more", ["A", "=", "==", "AAAA", "\n", " ", "."])
def test_nothing_can_be_added(more):
    for changed in (SEALED + more, more + SEALED):
        with pytest.raises(BrokenSealError):
            unseal(changed, KEY, NOW, 60)


@pytest.mark.parametrize("text", ["", "A", "é", "!" * 50, "A" * 43, "A" * 44, "A" * 500, "\ud800"])
def test_what_was_never_sealed_is_refused(text):
    with pytest.raises(BrokenSealError):
        unseal(text, KEY, NOW, 60)


def test_another_spelling_of_the_same_bytes_is_refused():
    octets = base64.urlsafe_b64decode(SEALED + "=" * (-len(SEALED) % 4))
    for spelling in (base64.b64encode(octets), base64.urlsafe_b64encode(octets)):
        if spelling.decode() != SEALED:
            with pytest.raises(BrokenSealError):
                unseal(spelling.decode(), KEY, NOW, 60)


def test_spare_bits_of_the_last_character_must_be_clear():
    payload = next({"a": "x" * size} for size in range(3) if len(seal({"a": "x" * size}, KEY, NOW)) % 4 == 2)
    sealed = seal(payload, KEY, NOW)
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    sibling = sealed[:-1] + alphabet[alphabet.index(sealed[-1]) + 1]
    padded = "=="
    assert base64.urlsafe_b64decode(sibling + padded) == base64.urlsafe_b64decode(sealed + padded)
    with pytest.raises(BrokenSealError):
        unseal(sibling, KEY, NOW, 60)


def test_another_key_does_not_open_it():
    with pytest.raises(BrokenSealError):
        unseal(SEALED, b"l" * 32, NOW, 60)


def test_another_purpose_does_not_open_it():
    for_cursors = seal(PAYLOAD, KEY, NOW, purpose="cursor")
    assert unseal(for_cursors, KEY, NOW, 60, purpose="cursor") == PAYLOAD
    for purpose in ("", "state", "curso", "cursors"):
        with pytest.raises(BrokenSealError):
            unseal(for_cursors, KEY, NOW, 60, purpose=purpose)
    with pytest.raises(BrokenSealError):
        unseal(SEALED, KEY, NOW, 60, purpose="cursor")


def test_it_is_good_to_the_last_second_and_no_longer():
    assert unseal(SEALED, KEY, NOW + 60, 60) == PAYLOAD
    with pytest.raises(BrokenSealError, match="too old"):
        unseal(SEALED, KEY, NOW + 61, 60)


def test_a_clock_that_is_a_little_ahead_is_no_forgery():
    assert unseal(SEALED, KEY, NOW - 60, 60) == PAYLOAD
    with pytest.raises(BrokenSealError):
        unseal(SEALED, KEY, NOW - 61, 60)


@pytest.mark.parametrize("key", [b"", b"k" * 31])
def test_a_short_key_is_refused_on_both_ways(key):
    with pytest.raises(ValueError, match="32 bytes"):
        seal(PAYLOAD, key, NOW)
    with pytest.raises(ValueError, match="32 bytes"):
        unseal(SEALED, key, NOW, 60)


@pytest.mark.parametrize("value", [math.nan, math.inf, object(), b"x", {1}])
def test_what_json_cannot_carry_is_not_sealed(value):
    with pytest.raises((TypeError, ValueError)):
        seal({"a": value}, KEY, NOW)


@given(st.text(max_size=200))
def test_random_text_is_refused_and_breaks_nothing(text):
    with pytest.raises(BrokenSealError):
        unseal(text, KEY, NOW, math.inf)
