"""Bodies that have broken JSON readers, JSON-RPC servers and ORMs before, each with a name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

DEEP = 100_000
_GOOD = '{"jsonrpc":"2.0","id":1,"method":"ping"}'

SQL_STRINGS = (
    "' OR 1=1 --",
    "'; DROP TABLE res_partner; --",
    'name"; SELECT pg_sleep(20); --',
    "name) UNION SELECT id FROM res_users --",
    "%s %(x)s %d {0} {x} ${x} %",
    "\\",
    "\\'",
    "a\nb\r\tc",
    "__class__",
    "_fields",
    "id::text",
    "../../etc/passwd",
)
WRONG_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**40,
    -(2**63),
    1.5,
    1e308,
    "",
    "\u00b2",
    "\u0665",
    "--5",
    "9" * 5_000,
    "\U0001f600",
    "x" * 20_000,
    [],
    [[]],
    [None],
    {},
    {"id": {}},
    {"": None},
)


def bodies() -> Iterator[tuple[str, bytes]]:
    """Whole request bodies by name; none of them needs to be JSON."""
    yield from _broken_json()
    yield from _refused_json()
    yield from _wrong_messages()
    for name, arguments in _calls():
        yield f"call {name}", call(*arguments)


def call(tool: str, arguments: Any) -> bytes:
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
    return json.dumps(message).encode()


def _broken_json() -> Iterator[tuple[str, bytes]]:
    for name, text in {
        "empty": "",
        "blank": " \n\t ",
        "a word": "hello",
        "half": _GOOD[:-1],
        "two messages": _GOOD * 2,
        "two lines": f"{_GOOD}\n{_GOOD}",
        "trailing comma": '{"jsonrpc":"2.0","id":1,"method":"ping",}',
        "comment": f"{_GOOD} // why",
        "single quotes": _GOOD.replace('"', "'"),
        "NaN": '{"jsonrpc":"2.0","id":NaN,"method":"ping"}',
        "Infinity": _with_x("-Infinity"),
        "leading zero": '{"jsonrpc":"2.0","id":01,"method":"ping"}',
        "hexadecimal": '{"jsonrpc":"2.0","id":0x1,"method":"ping"}',
        "raw NUL": _GOOD.replace("ping", "pi\0ng"),
        "raw line feed in a string": _GOOD.replace("ping", "pi\nng"),
        "BOM": f"\ufeff{_GOOD}",
        "open arrays": "[" * DEEP,
        "open objects": '{"a":' * DEEP,
        "closing only": "]" * DEEP,
        "form": "jsonrpc=2.0&id=1&method=ping",
        "XML": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><methodCall>&e;</methodCall>',
    }.items():
        yield name, text.encode()
    for encoding in ("utf-16", "utf-32", "utf-8-sig", "utf-7"):
        yield encoding, _GOOD.encode(encoding)
    yield "overlong slash", b'{"jsonrpc":"2.0","id":"\xc0\xaf","method":"ping"}'
    yield "raw surrogate", b'{"jsonrpc":"2.0","id":"\xed\xa0\x80","method":"ping"}'
    yield "latin-1", '{"jsonrpc":"2.0","id":"é","method":"ping"}'.encode("latin-1")
    yield "all bytes", bytes(range(256)) * 20
    yield "gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x4a"


def _refused_json() -> Iterator[tuple[str, bytes]]:
    for name, text in {
        "deep arrays": "[" * DEEP + "]" * DEEP,
        "deep objects": '{"a":' * DEEP + "1" + "}" * DEEP,
        "deep params": _with_x("[" * 40 + "]" * 40),
        "5,000 digits": f'{{"jsonrpc":"2.0","id":{"9" * 5_000},"method":"ping"}}',
        "400,000 digits": _with_x("9" * 400_000),
        "1e400": _with_x("1e400"),
        "long exponent": _with_x(f"1e{'0' * 5_000}1"),
        "lone high surrogate": '{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}',
        "lone low surrogate in a method": '{"jsonrpc":"2.0","id":1,"method":"\\udc00"}',
        "surrogate key": _with_x('{"\\ud800":1}'),
        "escaped NUL": '{"jsonrpc":"2.0","id":"\\u0000","method":"ping"}',
        "NUL in arguments": call("name_search", {"model": "res.partner", "text": "\0"}).decode(),
        "duplicate id": '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
        "duplicate method": '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}',
        "duplicate argument": _with_x('{"name":"whoami","name":"server_info"}'),
        "prototype": _with_x('{"__proto__":{"a":1},"constructor":1}'),
        "30,000 keys": _with_x(json.dumps({f"k{number}": number for number in range(30_000)})),
    }.items():
        yield name, text.encode()


def _wrong_messages() -> Iterator[tuple[str, bytes]]:
    good = json.loads(call("whoami", {}))
    for place in ("jsonrpc", "id", "method", "params"):
        yield f"no {place}", _dump({key: value for key, value in good.items() if key != place})
        for number, value in enumerate(WRONG_VALUES):
            yield f"{place} wrong {number}", _dump({**good, place: value})
    for place in ("name", "arguments", "_meta", "cursor"):
        for number, value in enumerate(WRONG_VALUES):
            yield (
                f"params.{place} wrong {number}",
                _dump({**good, "params": {**good["params"], place: value}}),
            )
    for number, value in enumerate(WRONG_VALUES):
        yield f"message wrong {number}", _dump(value)
        meta = {"progressToken": value, "io.modelcontextprotocol/protocolVersion": value}
        yield f"meta wrong {number}", _dump({**good, "params": {"_meta": meta}})
        params = {
            "protocolVersion": value,
            "capabilities": value,
            "clientInfo": {"name": value, "version": value},
        }
        yield (
            f"initialize wrong {number}",
            _dump({**good, "method": "initialize", "params": params}),
        )
    for number, batch in enumerate(([], [[]], [None] * 50, [good] * 51, [good] * 5_000, [[good]], [1, "a", {}])):
        yield f"batch {number}", _dump(batch)
    yield "a response", _dump({"jsonrpc": "2.0", "id": 1, "result": {}})
    yield "a response to a request", _dump({**good, "result": {}})
    yield (
        "an error response",
        _dump({"jsonrpc": "2.0", "id": None, "error": {"code": "x", "message": 1}}),
    )


def _calls() -> Iterator[tuple[str, tuple[str, Any]]]:
    for number, domain in enumerate(domains()):
        yield (
            f"count domain {number}",
            ("count_records", {"model": "res.partner", "domain": domain}),
        )
        yield (
            f"search domain {number}",
            ("search_records", {"model": "res.partner", "domain": domain, "limit": 3}),
        )
    for number, text in enumerate(SQL_STRINGS):
        yield f"sql model {number}", ("count_records", {"model": text})
        yield f"sql order {number}", ("search_records", {"model": "res.partner", "order": text})
        yield (
            f"sql order direction {number}",
            ("search_records", {"model": "res.partner", "order": f"name {text}"}),
        )
        yield f"sql field {number}", ("search_records", {"model": "res.partner", "fields": [text]})
        yield f"sql cursor {number}", ("search_records", {"model": "res.partner", "cursor": text})
        yield f"sql text {number}", ("name_search", {"model": "res.partner", "text": text})
        yield f"sql query {number}", ("list_models", {"query": text})
    for number, ids in enumerate(
        ([0], [-1], [2**31], [True], ["1"], [1.5], [1] * 200, [1] * 201, "[1", "[1]", "1", {})
    ):
        yield f"ids {number}", ("read_records", {"model": "res.partner", "ids": ids})
    for number, order in enumerate(
        (",", "id desc,", "id," * 50, "id desc nulls", "id  DESC  NULLS  LAST", "country_id.name")
    ):
        yield f"order {number}", ("search_records", {"model": "res.partner", "order": order})
    for cursor in ("MA", "====", "é", "MDpmZmZmZmZmZmZmZmY", "OTk5OTk5OTk5OTk5OTk5OTk5OTk6eA"):
        yield f"cursor {cursor}", ("search_records", {"model": "res.partner", "cursor": cursor})


def domains() -> Iterator[Any]:
    """Search domains that are wrong, huge, deep, or right in an odd way."""
    leaf = ["name", "=", "x"]
    yield from (
        [leaf] * 5_000,
        ["|"] * 4_999 + [leaf] * 5_000,
        ["|"] * 199 + [leaf] * 200,
        ["!"] * 5_000 + [leaf],
    )
    yield from (
        ["&"],
        ["|", leaf],
        ["!", "!"],
        ["&", "|", "!"],
        [leaf, "|"],
        [[]],
        [[[]]],
        ["name"],
        leaf,
        "name = x",
    )
    deep: list = [leaf]
    for _level in range(9):  # more would break the limit of the message, not that of the domain
        deep = [["child_ids", "any", deep]]
    yield deep
    yield ([["country_id", "=", list(range(5_000))]])
    yield ([["id", "in", list(range(5_000))]])
    yield ([["parent_id" + ".parent_id" * 30 + ".name", "=", "x"]])
    for text in (
        *SQL_STRINGS,
        "",
        ".",
        "..",
        "name.",
        ".name",
        "name.x",
        "country_id.",
        "country_id..name",
    ):
        yield [[text, "=", "x"]]
        yield [["name", text, "x"]]
        yield [["name", "ilike", text]]
    for field in (
        "name",
        "id",
        "type",
        "active",
        "color",
        "country_id",
        "child_ids",
        "create_date",
        "image_1920",
        "lang",
    ):
        for value in WRONG_VALUES:
            yield [[field, "=", value]]
            yield [[field, "in", [value]]]
    # Clients send nested arguments as JSON text too: the rules for the body must hold inside it.
    for text in (
        "[" * DEEP,
        "[" * 900 + "]" * 900,
        '[["name", "=", "\\u0000"]]',
        '[["name", "=", "\\ud800"]]',
        '[["color", "=", NaN]]',
        '[["color", "in", [Infinity]]]',
        f'[["id", "=", {"9" * 5_000}]]',
        '{"name": "x"}',
        "[",
    ):
        yield text


def _with_x(value: str) -> str:
    """A good message with a text in the place of a JSON value."""
    return f'{{"jsonrpc":"2.0","id":1,"method":"ping","params":{{"x":{value}}}}}'


def _dump(value: Any) -> bytes:
    return json.dumps(value).encode()
