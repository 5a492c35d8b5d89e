"""Generated bodies: arbitrary JSON, damaged messages, and searches that are almost right."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

from endpoint import HANDSHAKE_VERSIONS, META_CAPABILITIES, META_VERSION, MODERN
from hostile_corpus import SQL_STRINGS, WRONG_VALUES
from hypothesis import strategies as st

DRY_RUN = "dry_run"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_METHODS = (
    "ping",
    "initialize",
    "tools/list",
    "tools/call",
    "server/discover",
    "notifications/initialized",
    "no/such",
)
OPERATORS = (
    "=", "!=", "<", "<=", ">", ">=", "=?", "like", "not like", "ilike", "not ilike", "=like",
    "=ilike", "in", "not in", "child_of", "parent_of", "any", "not any", "==", "is",
)  # fmt: skip

_FITTING = {
    "integer": [0, 1, -5, 2**31 - 1, "7", 1.0],
    "float": [0, 1.5, -1e12, "2.5"],
    "monetary": [0, 1.5],
    "boolean": [True, False, 1, "true"],
    "date": ["2026-01-31", "0001-01-01", "9999-12-31", "20260131"],
    "datetime": [
        "2026-01-31",
        "2026-01-31 10:00:00",
        "2026-01-31T10:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
    "many2one": [1, 0, "1", "admin", {"id": 1}],
    "one2many": [1, 2, "a"],
    "many2many": [1, 2, "a"],
    "binary": [False],
    "reference": ["res.partner,1", "nothing,1", ","],
}


def fitting_values(described: str) -> list:
    """Values that a field could have, the odd ones too.

    :param described: what ``describe_model`` says of it: "selection draft|done, required: State"
    """
    kind, *rest = described.replace(":", "").replace(",", "").split()
    if kind == "selection" and rest:
        return rest[0].split("|")
    return list(_FITTING.get(kind, ["a", "%", "_", "\\"]))


_texts = st.one_of(st.text(max_size=40), st.sampled_from(SQL_STRINGS))
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),  # NaN and the infinities too: json.dumps writes them, the server must refuse them
    _texts,
    st.sampled_from(WRONG_VALUES),
)
json_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=15,
)


def _sendable(value: Any) -> bool:
    """Whether a message with ``value`` in it is one at all: some numbers and texts are refused with the whole body."""
    if isinstance(value, str):
        return "\x00" not in value and not _SURROGATE.search(value)
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, int):
        return abs(value) < 2**63
    if isinstance(value, dict):
        return all(_sendable(key) and _sendable(inner) for key, inner in value.items())
    return not isinstance(value, list) or all(map(_sendable, value))


_fair_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
fair_texts = _fair_texts | st.sampled_from([text for text in SQL_STRINGS if _sendable(text)])
# As json_values, without what no message may hold: what is wrong with these is for tools to say.
fair_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**62), 2**62),
        st.floats(allow_nan=False, allow_infinity=False),
        fair_texts,
        st.sampled_from([value for value in WRONG_VALUES if _sendable(value)]),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(fair_texts, inner, max_size=4),
    max_leaves=15,
)
identifiers = st.one_of(st.integers(-(2**63), 2**63 - 1), st.text(max_size=30))


def one_in(number: int) -> st.SearchStrategy[bool]:
    return st.integers(1, number).map(lambda drawn: drawn == number)


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """A message of any kind and version with any of its members replaced, dropped or added."""
    params: dict[str, Any] = {
        "name": draw(st.sampled_from(["whoami", "list_models", "nothing"])),
        "arguments": {},
    }
    if draw(st.booleans()):
        params["_meta"] = {
            META_VERSION: draw(st.sampled_from([MODERN, *HANDSHAKE_VERSIONS])),
            META_CAPABILITIES: {},
        }
    message: dict[str, Any] = {
        "jsonrpc": "2.0",
        "id": draw(identifiers),
        "method": draw(st.sampled_from(_METHODS)),
        "params": params,
    }
    for target in draw(st.lists(st.sampled_from([message, params]), max_size=2)):
        place = draw(st.sampled_from([*target, "result", "error", "cursor"]) | _texts)
        if draw(st.booleans()):
            target[place] = draw(json_values)
        else:
            target.pop(place, None)
    return json.dumps([message] if draw(one_in(10)) else message).encode()


@st.composite
def damaged_bytes(draw: st.DrawFn) -> bytes:
    """A good message with bytes cut out, overwritten or put in."""
    body = bytearray(draw(messages()))
    for _damage in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 5)))
        body[start:end] = draw(st.binary(max_size=5))
    return bytes(body)


@st.composite
def domains(draw: st.DrawFn, fields: Mapping[str, list], odd: st.SearchStrategy = json_values) -> list | str:
    """A domain that is right but for the details: real fields, any operator, any value; sometimes as JSON text.

    :param fields: names of fields, and values that occur in them
    :param odd: values that fit nothing
    """
    names = st.sampled_from(sorted(fields))

    def values(name: str) -> st.SearchStrategy:
        fitting = st.sampled_from([*fields[name], False])
        any_kind = st.sampled_from([1, 0, "1", "a", True, None, "2026-01-31", "", -1])
        lists = st.lists(fitting | any_kind, max_size=3)
        return st.one_of(fitting, fitting, fitting, lists, lists, any_kind, odd)

    @st.composite
    def leaves(draw_leaf: st.DrawFn) -> list:
        name = draw_leaf(names)
        path = f"{name}.{draw_leaf(names)}" if draw_leaf(one_in(8)) else name
        return [path, draw_leaf(st.sampled_from(OPERATORS)), draw_leaf(values(name))]

    domain = draw(st.lists(leaves(), min_size=1, max_size=3 if draw(one_in(4)) else 1))
    if draw(one_in(4)):
        domain = draw(st.lists(st.sampled_from(["|", "&", "!"]), max_size=len(domain))) + domain
    return json.dumps(domain) if draw(st.booleans()) else domain


@st.composite
def domain_calls(draw: st.DrawFn, fields: Mapping[str, Mapping[str, list]]) -> bytes:
    """A search that is right but for the details.

    :param fields: for each model the names of its fields, and values that occur in them
    """
    model = draw(st.sampled_from(sorted(fields)))
    names = st.sampled_from(sorted(fields[model]))
    arguments: dict[str, Any] = {"model": model, "domain": draw(domains(fields[model]))}
    tool = draw(st.sampled_from(["search_records", "count_records", "name_search"]))
    if tool == "search_records":
        arguments["limit"] = 3
        if draw(one_in(3)):
            arguments["order"] = f"{draw(names)} {draw(st.sampled_from(['', 'desc', 'asc nulls first']))}"
        if draw(st.booleans()):
            arguments["fields"] = draw(st.lists(names, min_size=1, max_size=5))
    return call_body(tool, arguments)


def call_body(name: str, arguments: dict) -> bytes:
    params = {"name": name, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()
