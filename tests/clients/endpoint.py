"""A bare HTTP client for the endpoint: sends whatever it is told, checks what no answer may be."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 120  # seconds; generous, so that only a hanging server runs into it
MODERN = "2026-07-28"
HANDSHAKE_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
META_VERSION = "io.modelcontextprotocol/protocolVersion"
META_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"

# What only a program that lost its way says: Python's traceback, PostgreSQL's, our "ask the log".
_LEAKS = re.compile(
    r"Traceback \(most recent call last\)|\bFile \"[^\"]+\.py\"|psycopg2"
    r"|Something went wrong on the server|\(reference [0-9a-f]{12}\)"
    r"|\b(?:TypeError|ValueError|KeyError|AttributeError|RecursionError|NotImplementedError):"
)


# The tools that the conformance suite prescribes, which are not as ours must be: some have no title.
is_fixture = re.compile(r"test_|json_schema_2020_12_tool").match


@dataclass(frozen=True)
class Heard:
    """One HTTP answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body, parse_constant=_refuse_constant)

    @property
    def error_code(self) -> int:
        return self.json["error"]["code"]


class Endpoint:
    """The endpoint and the credential it is called with."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key
        parts = urlsplit(url)
        self.host, self.port, self.path = parts.hostname, parts.port or 80, parts.path
        self._ids = itertools.count(1)

    @property
    def usual_headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        }

    # ------------------------------------------------------------------ bytes

    def send(
        self,
        body: bytes | None = None,
        headers: Mapping[str, str | bytes | None] | None = None,
        method: str = "POST",
        path: str | None = None,
    ) -> Heard:
        """One request on its own connection. A header of None is one of the usual ones left out."""
        merged = {**self.usual_headers, **(headers or {})}
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        try:
            sent = {name: value for name, value in merged.items() if value is not None}
            connection.request(method, path or self.path, body, sent)
            return _heard(connection.getresponse())
        finally:
            connection.close()

    def send_raw(self, request: bytes) -> Heard:
        """The bytes of a whole HTTP request, and whatever the server makes of them."""
        with socket.create_connection((self.host, self.port), TIMEOUT) as connection:
            connection.sendall(request)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return _heard(answer)

    def raw_head(self, *lines: str | bytes, authorized: bool = True) -> bytes:
        """Request line and headers of a POST, for :meth:`send_raw`."""
        head = [
            f"POST {self.path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            "Content-Type: application/json",
        ]
        if authorized:
            head.append(f"Authorization: Bearer {self.key}")
        return b"\r\n".join(
            line if isinstance(line, bytes) else line.encode("ascii") for line in [*head, *lines, "", ""]
        )

    # ------------------------------------------------------------------ messages

    def post(self, message: Any, headers: Mapping[str, str | bytes | None] | None = None) -> Heard:
        return self.send(json.dumps(message).encode(), headers)

    def request(self, method: str, params: dict | None = None) -> dict:
        """A JSON-RPC request with an id of its own."""
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params or {}}

    def post_modern(self, method: str, params: dict | None = None, headers: Mapping | None = None) -> Heard:
        """A complete request of 2026-07-28; ``headers`` may spoil it again."""
        params = dict(params or {})
        params["_meta"] = {META_VERSION: MODERN, META_CAPABILITIES: {}, **params.get("_meta", {})}
        mirrored = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method}
        if "name" in params:
            mirrored["Mcp-Name"] = params["name"]
        return self.post(self.request(method, params), {**mirrored, **(headers or {})})

    def result(self, method: str, params: dict | None = None) -> dict:
        """The result of a request that must succeed."""
        heard = self.post(self.request(method, params))
        assert heard.status == 200, (heard.status, heard.body[:500])
        assert "result" in heard.json, heard.json
        return heard.json["result"]

    def call(self, name: str, arguments: dict | None = None) -> dict:
        """The CallToolResult of a tool."""
        return self.result("tools/call", {"name": name, "arguments": arguments or {}})

    def tool(self, name: str, arguments: dict | None = None) -> dict:
        """The content of a tool that must succeed: its text is JSON in every version."""
        result = self.call(name, arguments)
        assert result.get("isError") is not True, (name, arguments, result["content"])
        return json.loads(result["content"][0]["text"])

    def refusal(self, name: str, arguments: dict | None = None) -> str:
        """The text of a tool that must refuse its arguments."""
        result = self.call(name, arguments)
        assert result.get("isError") is True, (name, arguments, result)
        assert not _LEAKS.search(result["content"][0]["text"]), result["content"]
        return result["content"][0]["text"]


def check_answer(heard: Heard, sent: object = "") -> None:
    """What holds for every answer: JSON-RPC or nothing, no 5xx, no cookie, no inside story."""
    about = f"\nsent: {sent!r:.2000}\nheard: {heard.status} {heard.body[:2000]!r}"
    assert heard.status < 500, f"server error{about}"
    assert heard.header("Set-Cookie") is None, f"a cookie: {heard.header('Set-Cookie')}{about}"
    assert not _LEAKS.search(heard.body.decode("utf-8")), f"tells what went wrong inside{about}"
    if heard.status in (202, 204):
        assert heard.body == b"", f"a body where none belongs{about}"
        return
    assert heard.header("Content-Type") == "application/json", f"not JSON{about}"
    answers = heard.json if isinstance(heard.json, list) else [heard.json]
    assert answers, f"an empty batch{about}"
    for answer in answers:
        _check_message(answer, about)
        if heard.status != 200:
            assert "error" in answer, f"a result with an error's status{about}"


def _check_message(answer: Any, about: str) -> None:
    assert isinstance(answer, dict) and answer.get("jsonrpc") == "2.0", f"no JSON-RPC{about}"
    assert ("result" in answer) != ("error" in answer), f"neither or both of result and error{about}"
    if "result" in answer:
        assert isinstance(answer["result"], dict) and isinstance(answer["id"], str | int), f"a bad result{about}"
        return
    error = answer["error"]
    assert isinstance(error["code"], int) and isinstance(error["message"], str), f"a bad error{about}"
    assert error["code"] != -32603, f"an internal error{about}"
    assert error["message"] and "\n" not in error["message"], f"not one line of text{about}"


def _heard(response: http.client.HTTPResponse) -> Heard:
    return Heard(response.status, response.getheaders(), response.read())


def _refuse_constant(literal: str) -> None:
    raise AssertionError(f"{literal} is no JSON")
