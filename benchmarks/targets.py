"""What is measured: each target asks its question, and is timed from call to last byte."""

from __future__ import annotations

import http.client
import json
import socket
import time
from dataclasses import dataclass
from typing import Any

from odoo_process import BenchmarkError, Shell

MODEL = "res.partner"
DOMAIN = [["ref", "=like", "BENCH%"]]
FIELDS = ["name", "email", "phone", "city", "country_id"]
LIMIT = 80
# every partner's e-mail address has this once
RECORDS = ("@example.com", LIMIT)

MODERN_VERSION = "2026-07-28"
HANDSHAKE_VERSION = "2025-11-25"
META = "io.modelcontextprotocol/"


@dataclass(frozen=True)
class Access:
    """The way in, as ``inside/prepare.py`` made it."""

    port: int
    database: str
    uid: int
    login: str
    password: str
    rpc_key: str
    mcp_key: str
    limited_key: str
    oauth_token: str


class Target:
    """One row of the table.

    :attr name: what the row is called
    """

    name: str

    def measure(self) -> tuple[float, bytes]:
        """Seconds of one call, and the body of the answer.

        :raises BenchmarkError: it was not answered as it should be
        """
        raise NotImplementedError

    def exists(self) -> bool:
        """Whether this Odoo has it."""
        return True

    def visible(self, body: bytes) -> str:
        """The part of ``body`` that a language model would read."""
        raise NotImplementedError


class Floor(Target):
    """``search_read`` in Odoo's own process: what no server can go below without reading less."""

    name = "ORM floor (search_read in process)"

    def __init__(self, shell: Shell, uid: int):
        self._shell = shell
        self._question = {
            "uid": uid,
            "model": MODEL,
            "method": "search_read",
            "args": [],
            "kwargs": search_read(),
        }

    def measure(self) -> tuple[float, bytes]:
        answer = self._shell.ask(self._question)
        if len(answer["result"]) != LIMIT:
            raise BenchmarkError(f"{self.name}: {len(answer['result'])} records, not {LIMIT}.")
        return answer["seconds"], compact(answer["result"]).encode()

    def visible(self, body: bytes) -> str:
        return body.decode()


class RateLimiter(Target):
    """What counting one request costs by itself; it is part of every MCP row."""

    name = "rate limits alone (PostgreSQL, in process)"

    def __init__(self, shell: Shell):
        self._shell = shell

    def measure(self) -> tuple[float, bytes]:
        return self._shell.ask({"rate_limits": 10**9})["seconds"], b""

    def visible(self, body: bytes) -> str:
        return body.decode()


class Request(Target):
    """The same request again and again.

    :param body: sent as JSON; None for no body
    :param expected: a piece of text that the answer must hold, and how often at least
    """

    def __init__(
        self,
        name: str,
        port: int,
        path: str,
        body: Any,
        headers: dict[str, str],
        expected: tuple[str, int],
        verb: str = "POST",
    ):
        self.name = name
        self.port = port
        self.path = path
        self.verb = verb
        self.headers = {"Content-Type": "application/json", **headers}
        self.body = None if body is None else json.dumps(body).encode()
        self.expected = (expected[0].encode(), expected[1])

    def measure(self) -> tuple[float, bytes]:
        started = time.perf_counter()
        status, _headers, body = send(self.port, self.verb, self.path, self.body, self.headers)
        seconds = time.perf_counter() - started
        text, least = self.expected
        if status != 200 or body.count(text) < least:
            shown = body[:300].decode("utf-8", "replace")
            raise BenchmarkError(f"{self.name}: HTTP {status} {shown}")
        return seconds, body

    def visible(self, body: bytes) -> str:
        result = json.loads(body)
        result = result.get("result", result) if isinstance(result, dict) else result
        if isinstance(result, dict):
            if "content" in result:
                return "\n".join(block.get("text", "") for block in result["content"])
            result = result.get("tools", result)
        return compact(result)


def send(
    port: int, verb: str, path: str, body: bytes | None, headers: dict[str, str]
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request on a connection of its own: Odoo closes it after every answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.request(verb, path, body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def search_read() -> dict[str, Any]:
    return {"domain": DOMAIN, "fields": FIELDS, "limit": LIMIT}


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# ---------------------------------------------------------------------- Odoo's own doors


class Health(Request):
    """``GET /web/health``: what Odoo's HTTP layer takes when there is nothing to do."""

    def __init__(self, access: Access):
        super().__init__("GET /web/health", access.port, "/web/health", None, {}, ('"pass"', 1), verb="GET")


def json_rpc(access: Access) -> Request:
    """``execute_kw`` with an API key, as integrations use it today."""
    arguments = [
        access.database,
        access.uid,
        access.rpc_key,
        MODEL,
        "search_read",
        [],
        search_read(),
    ]
    params = {"service": "object", "method": "execute_kw", "args": arguments}
    return Request("/jsonrpc search_read, API key", access.port, "/jsonrpc", call(params), {}, RECORDS)


def call_kw(access: Access) -> Request:
    """The web client's way: a session cookie instead of a key."""
    login = {"db": access.database, "login": access.login, "password": access.password}
    status, headers, body = send(
        access.port,
        "POST",
        "/web/session/authenticate",
        json.dumps(call(login)).encode(),
        {"Content-Type": "application/json"},
    )
    cookies = [line.split(";")[0] for line in headers.get_all("Set-Cookie") or []]
    session = [cookie for cookie in cookies if cookie.startswith("session_id=")]
    if status != 200 or not session or b'"error"' in body[:200]:
        raise BenchmarkError(f"/web/session/authenticate: HTTP {status} {body[:300]!r}")
    params = {"model": MODEL, "method": "search_read", "args": [], "kwargs": search_read()}
    return Request(
        "/web/dataset/call_kw search_read, session",
        access.port,
        "/web/dataset/call_kw",
        call(params),
        {"Cookie": session[-1]},
        RECORDS,
    )


class Json2(Request):
    """``/json/2`` with an API key as bearer; Odoo 19.0 and later have it."""

    def __init__(self, access: Access):
        headers = {"Authorization": f"Bearer {access.rpc_key}"}
        path = f"/json/2/{MODEL}/search_read"
        super().__init__("/json/2 search_read, API key", access.port, path, search_read(), headers, RECORDS)

    def exists(self) -> bool:
        return send(self.port, self.verb, self.path, self.body, self.headers)[0] == 200


def call(params: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}


# ---------------------------------------------------------------------- ours


def mcp(access: Access, name: str, method: str, params: dict[str, Any], expected: tuple[str, int]) -> Request:
    """A request of 2026-07-28."""
    meta = {
        META + "protocolVersion": MODERN_VERSION,
        META + "clientInfo": {"name": "benchmark", "version": "1"},
        META + "clientCapabilities": {},
    }
    headers = {**mcp_headers(access, MODERN_VERSION), "Mcp-Method": method}
    if "name" in params:
        headers["Mcp-Name"] = params["name"]
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}}
    return Request(name, access.port, "/odoo/mcp", body, headers, expected)


def mcp_search(access: Access) -> Request:
    arguments = {"model": MODEL, "domain": DOMAIN, "fields": FIELDS, "limit": LIMIT}
    params = {"name": "search_records", "arguments": arguments}
    return mcp(access, "MCP tools/call search_records", "tools/call", params, RECORDS)


def mcp_limited_search(access: Access) -> Request:
    """The same through a connection whose policy has a domain and a list of fields for the model."""
    request = mcp_search(access)
    request.name += ", policy"
    request.headers["Authorization"] = f"Bearer {access.limited_key}"
    return request


def mcp_login_search(access: Access) -> Request:
    """The same with the access token of a browser login instead of a key."""
    request = mcp_search(access)
    request.name += ", OAuth"
    request.headers["Authorization"] = f"Bearer {access.oauth_token}"
    return request


def mcp_describe(access: Access) -> Request:
    params = {"name": "describe_model", "arguments": {"model": MODEL}}
    return mcp(access, "MCP tools/call describe_model", "tools/call", params, ("many2one res.country", 1))


def mcp_list(access: Access) -> Request:
    return mcp(access, "MCP tools/list", "tools/list", {}, ("search_records", 1))


def mcp_discover(access: Access) -> Request:
    return mcp(access, "MCP server/discover", "server/discover", {}, ("supportedVersions", 1))


def mcp_ping(access: Access) -> Request:
    """``ping`` is of the handshake versions only."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    headers = mcp_headers(access, HANDSHAKE_VERSION)
    return Request(
        f"MCP ping ({HANDSHAKE_VERSION})",
        access.port,
        "/odoo/mcp",
        body,
        headers,
        ('"result":{}', 1),
    )


def mcp_headers(access: Access, version: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {access.mcp_key}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": version,
    }
