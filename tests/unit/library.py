"""An application with everything a server may offer, and clients that read its streams."""

import json
from dataclasses import dataclass, field
from typing import Any

from odoo_mcp.services.protocol.errors import INVALID_PARAMS, ProtocolError, ResourceNotFound
from odoo_mcp.services.protocol.messages import Completion, Page, Session
from protocol_client import Workshop, ask, say, tool

EVERYTHING = {
    "tools": {"listChanged": True},
    "resources": {"subscribe": True, "listChanged": True},
    "prompts": {"listChanged": True},
    "completions": {},
    "logging": {},
}
STREAM = {"Accept": "application/json, text/event-stream"}
NO_STREAM = {"Accept": "application/json"}


class Talk:
    """A conversation that notes whether it was closed, and counts what was taken of it."""

    def __init__(self, *events: Any):
        self.events = list(events)
        self.taken = 0
        self.closed = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.taken == len(self.events):
            raise StopIteration
        event = self.events[self.taken]
        self.taken += 1
        if isinstance(event, Exception):
            raise event
        return event

    def close(self):
        self.closed += 1


@dataclass
class Library(Workshop):
    """Every family; what it is told stands in ``told``."""

    tools: list[dict[str, Any]] = field(default_factory=lambda: [tool("echo"), tool("talk")])
    offers: dict[str, Any] = field(default_factory=lambda: EVERYTHING)
    resources: list[dict[str, Any]] = field(default_factory=list)
    templates: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, Any] = field(default_factory=dict)  # by URI
    prompts: list[dict[str, Any]] = field(default_factory=list)
    rendered: dict[str, Any] = field(default_factory=dict)  # by name
    completion: Completion = field(default_factory=lambda: Completion([]))
    sessions: dict[str, Session] = field(default_factory=dict)
    opens: str | None = None
    open_stream: Any = None  # what session_stream and listen answer; exceptions are raised
    told: list[tuple] = field(default_factory=list)
    streams: bool = True
    requires_session: bool = False

    def tell(self, context, *what):
        self.contexts.append(context)
        self.told.append(what)

    def list_resources(self, context, cursor):
        self.tell(context, "list_resources", cursor)
        if cursor not in (None, "next"):
            raise ProtocolError(INVALID_PARAMS, "Unknown cursor")
        return Page(self.resources, None if cursor else "next")

    def list_resource_templates(self, context):
        self.tell(context, "list_resource_templates")
        return self.templates

    def read_resource(self, context, uri):
        self.tell(context, "read_resource", uri)
        if uri not in self.contents:
            raise ResourceNotFound(uri)
        return self.contents[uri]

    def subscribe(self, context, uri):
        self.tell(context, "subscribe", uri)

    def unsubscribe(self, context, uri):
        self.tell(context, "unsubscribe", uri)

    def list_prompts(self, context):
        self.tell(context, "list_prompts")
        return self.prompts

    def get_prompt(self, context, name, arguments):
        self.tell(context, "get_prompt", name, arguments)
        if name not in self.rendered:
            raise ProtocolError(INVALID_PARAMS, f"Unknown prompt {name}")
        return self.rendered[name]

    def complete(self, context, ref, name, value, others):
        self.tell(context, "complete", ref, name, value, others)
        return self.completion

    def set_log_level(self, context, level):
        self.tell(context, "set_log_level", level)

    def listen(self, context, wanted):
        self.tell(context, "listen", wanted)
        return self._stream()

    def open_session(self, context, client_info, client_capabilities):
        self.tell(context, "open_session", client_info, client_capabilities)
        return self.opens

    def session(self, session_id):
        self.told.append(("session", session_id))
        return self.sessions.get(session_id)

    def close_session(self, session_id):
        self.told.append(("close_session", session_id))
        return self.sessions.pop(session_id, None) is not None

    def session_stream(self, context, last_event_id):
        self.tell(context, "session_stream", last_event_id)
        return self._stream()

    def accept_response(self, context, response):
        self.tell(context, "accept_response", response)

    def cancel(self, context, request_id, reason):
        self.tell(context, "cancel", request_id, reason)

    def roots_changed(self, context):
        self.tell(context, "roots_changed")

    def _stream(self):
        if isinstance(self.open_stream, Exception):
            raise self.open_stream
        return self.open_stream

    @property
    def outcomes(self):
        return [outcome for _, _, outcome in self.observed]


def with_session(version="2025-11-25", capabilities=None, log_level=None, **options) -> Library:
    """A library that knows the session ``s1``."""
    client = {"name": "Cursor", "version": "3"}
    session = Session(version, client, capabilities or {}, log_level)
    return Library(sessions={"s1": session}, **options)


def in_session(method, params=None, headers=None, **options):
    """A request of session ``s1``, without the version header."""
    merged = {"Mcp-Session-Id": "s1", **(headers or {})}
    return say(method, params, None, headers=merged, **options)


def talks(*events, send=ask, headers=None, meta=None, **options):
    """Call a tool that answers by these events; the conversation is in ``heard.talk``."""
    application = options.pop("application", None) or Library()
    talk = application.results["talk"] = Talk(*events)
    if send is ask:
        heard = ask("tools/call", {"name": "talk"}, headers, meta, application=application)
    else:
        params = {"name": "talk", "_meta": meta or {}}
        heard = send("tools/call", params, headers=headers, application=application, **options)
    heard.talk = talk
    return heard


def events_of(heard):
    """The events of a stream: each a dictionary of its fields, data as JSON."""
    assert heard.http.headers["Content-Type"] == "text/event-stream"
    return parsed(b"".join(heard.http.stream))


def parsed(octets: bytes):
    """Server-sent events as a browser reads them, comments as ``{"comment": ...}``."""
    events, fields = [], {}
    for line in octets.decode("utf-8").replace("\r\n", "\n").split("\n"):
        if line.startswith(":"):
            events.append({"comment": line[1:]})
        elif line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields:
            if fields.get("data"):
                fields["data"] = json.loads(fields["data"])
            events.append(fields)
            fields = {}
    assert not fields, "the last event has no end"
    return events


def messages(heard):
    """The JSON-RPC messages of a stream."""
    return [event["data"] for event in events_of(heard) if event.get("data")]
