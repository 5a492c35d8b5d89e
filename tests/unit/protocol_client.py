"""A client and an application for protocol tests: what a test says, and what came of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from odoo_mcp.services.protocol.application import Application
from odoo_mcp.services.protocol.errors import INVALID_PARAMS, ProtocolError
from odoo_mcp.services.protocol.limits import Limits
from odoo_mcp.services.protocol.messages import HttpAnswer, HttpRequest
from odoo_mcp.services.protocol.server import handle

MODERN = "2026-07-28"
NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
HANDSHAKES = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
CLIENT_INFO_KEY = "io.modelcontextprotocol/clientInfo"
SERVER_INFO_KEY = "io.modelcontextprotocol/serverInfo"
SERVER_INFO = {
    "name": "odoo",
    "title": "Odoo",
    "version": "1.0.0",
    "websiteUrl": "https://erp.example.com",
    "description": "An ERP",
    "icons": [{"src": "data:image/png;base64,AA=="}],
}
SHORT_SERVER_INFO = {"name": "odoo", "version": "1.0.0"}
OBJECT_SCHEMA = {"type": "object", "additionalProperties": False}


class Unexpected(Exception):
    """What an application did not foresee."""


@dataclass
class Workshop(Application):
    """An application with three tools; it keeps what it was told."""

    tools: list[dict[str, Any]] = field(default_factory=lambda: [tool("echo"), tool("add")])
    results: dict[str, Any] = field(default_factory=dict)  # by tool; exceptions are raised
    conversion: ProtocolError | None = None
    guidance: str | None = "Look before you write."
    offers: dict[str, Any] = field(default_factory=lambda: {"tools": {}})
    calls: list[tuple] = field(default_factory=list)
    observed: list[tuple] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)

    def server_info(self):
        return SERVER_INFO

    def short_server_info(self):
        return SHORT_SERVER_INFO

    def instructions(self, context):
        self.contexts.append(context)
        return self.guidance

    def capabilities(self, _context):
        return self.offers

    def list_tools(self, context):
        self.contexts.append(context)
        return self.tools

    def call_tool(self, context, name, arguments):
        self.contexts.append(context)
        self.calls.append((name, arguments))
        result = self.results.get(name)
        if isinstance(result, Exception):
            raise result
        if result is not None:
            return result
        if name not in [known["name"] for known in self.tools]:
            raise ProtocolError(INVALID_PARAMS, f"Unknown tool {name}")
        return {"content": [text(json.dumps(arguments))], "structuredContent": arguments}

    def observe(self, context, params, outcome):
        self.observed.append((context, params, outcome))

    def convert_exception(self, _error):
        return self.conversion


class Exploding(Workshop):
    """Fails when it is asked to observe."""

    def observe(self, _context, _params, _outcome):
        raise Unexpected


@dataclass
class Heard:
    """An answer, taken apart."""

    http: HttpAnswer
    application: Workshop
    talk: Any = None  # the conversation behind it, see library.talks

    @property
    def status(self):
        return self.http.status

    @property
    def json(self):
        return json.loads(self.http.body)

    @property
    def result(self):
        message = self.json
        assert "error" not in message, message
        return message["result"]

    @property
    def error(self):
        message = self.json
        assert "result" not in message, message
        return message["error"]

    @property
    def code(self):
        return self.error["code"]

    @property
    def context(self):
        return self.application.observed[-1][0]

    @property
    def outcome(self):
        return self.application.observed[-1][2]


def tool(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "description": f"Does {name}", "inputSchema": OBJECT_SCHEMA, **fields}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def post_bytes(
    body: bytes,
    headers: dict[str, str] | None = None,
    application: Workshop | None = None,
    limits: Limits | None = None,
    method: str = "POST",
) -> Heard:
    """Send bytes as they are; a header of None is not sent."""
    application = application or Workshop()
    merged = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        **(headers or {}),
    }
    sent = {name: value for name, value in merged.items() if value is not None}
    http = handle(HttpRequest(method, sent, body), application, limits or Limits())
    return Heard(http, application)


def post(message: Any, headers: dict[str, str] | None = None, **options: Any) -> Heard:
    """Send a JSON value as it is."""
    return post_bytes(json.dumps(message).encode(), headers, **options)


def request(method: str, params: Any = None, identifier: Any = 1) -> dict[str, Any]:
    """A request of the handshake era."""
    message = {"jsonrpc": "2.0", "id": identifier, "method": method}
    return message if params is None else {**message, "params": params}


def say(
    method: str,
    params: Any = None,
    version: str | None = "2025-11-25",
    headers: dict[str, str | None] | None = None,
    **options: Any,
) -> Heard:
    """A request of the handshake era in a given version; None: without the header."""
    merged = {"MCP-Protocol-Version": version, **(headers or {})}
    return post(request(method, params), merged, **options)


def modern_meta(version: str = MODERN, **more: Any) -> dict[str, Any]:
    return {VERSION_KEY: version, CAPABILITIES_KEY: {}, **more}


def modern_request(method: str, params: Any = None, meta: Any = None) -> dict[str, Any]:
    return request(method, {**(params or {}), "_meta": modern_meta() if meta is None else meta})


def modern_headers(method: str, name: str | None = None) -> dict[str, str]:
    return {"MCP-Protocol-Version": MODERN, "Mcp-Method": method, "Mcp-Name": name}


def ask(
    method: str,
    params: Any = None,
    headers: dict[str, str | None] | None = None,
    meta: Any = None,
    **options: Any,
) -> Heard:
    """A request of 2026-07-28 with the headers that belong to it; ``headers`` overrides them."""
    params = params or {}
    name = params.get(NAMED_BY.get(method))
    merged = {**modern_headers(method, name), **(headers or {})}
    return post(modern_request(method, params, meta), merged, **options)
