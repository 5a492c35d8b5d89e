"""A client that shows everything: event ids, comments, retry hints, the moment a stream ends."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import queue
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 60


class Stream:
    """An open event stream, read by a thread; events are dictionaries of the fields that were sent."""

    def __init__(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse):
        self.connection = connection
        self.response = response
        self.events: queue.Queue[dict[str, str]] = queue.Queue()
        self.seen: list[dict[str, str]] = []
        self.ended = threading.Event()
        self._socket = connection.sock or response.fp.raw._sock
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        event: dict[str, str] = {}
        try:
            for line in self.response:
                text = line.decode().rstrip("\r\n")
                name, _, value = text.partition(":")
                if text and name:
                    event[name] = value.removeprefix(" ")
                elif not text and event:
                    self.events.put(event)
                    event = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed by this test
        self.ended.set()

    def next(self, seconds: float = 10) -> dict[str, str]:
        event = self.events.get(timeout=seconds)
        self.seen.append(event)
        return event

    def message(self, seconds: float = 10) -> dict[str, Any]:
        """The next JSON-RPC message."""
        deadline = time.monotonic() + seconds
        while True:
            event = self.next(deadline - time.monotonic())
            if event.get("data"):
                return json.loads(event["data"])

    def until_result(self, seconds: float = 30) -> tuple[list[dict], dict]:
        """The messages up to the response, and it."""
        before = []
        while True:
            message = self.message(seconds)
            if "result" in message or "error" in message:
                return before, message
            before.append(message)

    def nothing_more(self, seconds: float = 1.5) -> None:
        time.sleep(seconds)
        left = [event for event in list(self.events.queue) if event.get("data")]
        assert not left, left

    @property
    def last_id(self) -> str:
        return [event["id"] for event in self.seen if "id" in event][-1]

    def close(self) -> None:
        """Go away without a word."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self.connection.close()


class Client:
    """One connection of ours; sends what it is told, each request over a socket of its own."""

    def __init__(self, url: str, key: str):
        self.url, self.key = url, key
        parts = urlsplit(url)
        self.host, self.port, self.path = parts.hostname, parts.port, parts.path
        self.session: str | None = None
        self.ids = itertools.count(1)
        self._streams: list[Stream] = []

    def also(self, other: Client) -> Client:
        """The same session at another worker."""
        other.session, other.key = self.session, self.key
        return other

    def send(
        self, method: str, body: Any = None, headers: dict[str, str] | None = None, path: str | None = None
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        sent = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        }
        if self.session:
            sent["Mcp-Session-Id"] = self.session
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, path or self.path, data, {**sent, **(headers or {})})
        return connection, connection.getresponse()

    def post(self, method: str, params: dict | None = None, **options) -> Any:
        """The JSON answer to a request."""
        message = {"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": params or {}}
        connection, response = self.send("POST", message, **options)
        try:
            return json.loads(response.read())
        finally:
            connection.close()

    def tell(self, message: dict) -> int:
        """The status of a notification or response."""
        connection, response = self.send("POST", {"jsonrpc": "2.0", **message})
        response.read()
        connection.close()
        return response.status

    def initialize(self, version: str = "2025-11-25", **capabilities: Any) -> Client:
        params = {
            "protocolVersion": version,
            "capabilities": capabilities,
            "clientInfo": {"name": "streams", "version": "1"},
        }
        message = {"jsonrpc": "2.0", "id": next(self.ids), "method": "initialize", "params": params}
        connection, response = self.send("POST", message)
        answer = json.loads(response.read())
        assert "result" in answer, answer
        self.session = response.getheader("Mcp-Session-Id")
        connection.close()
        return self

    def stream(self, connection_and_response) -> Stream:
        connection, response = connection_and_response
        assert response.status == 200, (response.status, response.read())
        assert response.getheader("Content-Type") == "text/event-stream", response.read()
        stream = Stream(connection, response)
        self._streams.append(stream)
        return stream

    def listen(self, last_event_id: str | None = None) -> Stream:
        """The GET stream of the session, whose first event has come."""
        stream = self.stream(self.send("GET", headers={"Last-Event-ID": last_event_id} if last_event_id else None))
        stream.next()
        return stream

    def call(self, name: str, arguments: dict | None = None, request_id: Any = None) -> Stream:
        """A tool call that is answered by a stream, with a progress token."""
        request_id = request_id or next(self.ids)
        params = {"name": name, "arguments": arguments or {}, "_meta": {"progressToken": f"token-{request_id}"}}
        message = {"jsonrpc": "2.0", "id": request_id, "method": "tools/call", "params": params}
        return self.stream(self.send("POST", message))

    def modern(self, method: str, params: dict) -> Stream:
        """A request of 2026-07-28 that is answered by a stream."""
        meta = {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "progressToken": "modern",
        }
        message = {"jsonrpc": "2.0", "id": next(self.ids), "method": method, "params": {**params, "_meta": meta}}
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method}
        if "name" in params:
            headers["Mcp-Name"] = params["name"]
        return self.stream(self.send("POST", message, headers))

    def close(self) -> None:
        for stream in self._streams:
            stream.close()
        if self.session:
            self.send("DELETE")[0].close()
