"""A proxy that adds headers to every request, for programs that cannot send their own.

Everything else passes byte for byte: the case and the spaces of headers, event streams as they come, requests that are
no HTTP. A Host or Origin that names the proxy is made to name the server; any other is left alone, so that a test of
DNS rebinding reaches the server as it was sent. One request takes one connection.
"""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .ports import HOST

_CHUNK = 1 << 16
_LONGEST_HEAD = 1 << 20
_END_OF_HEAD = b"\r\n\r\n"
_ADDRESSED = (b"host", b"origin")
_LISTENS = re.compile(rb"^mcp-method:[ \t]*subscriptions/listen[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Route:
    """Where requests go, and what is added to them.

    Attributes:
        port: of the server.
        streams_port: where the requests go that open streams to listen on: GET, and since 2026-07-28
            `subscriptions/listen`, which says so in a header; 0: nowhere else.
        headers: added; the same ones of a request are left out.
    """

    port: int
    headers: Mapping[str, str]
    streams_port: int = 0

    def target(self, head: bytes) -> int:
        """The port that a request is for."""
        listens = head.startswith(b"GET ") or _LISTENS.search(head)
        return self.streams_port if self.streams_port and listens else self.port

    def rewrite(self, head: bytes, own_port: int) -> bytes:
        """The head of a request (without its empty line) as the server gets it."""
        request_line, *lines = head.split(b"\r\n")
        replaced = {name.lower().encode() for name in self.headers} | {b"connection"}
        kept = [
            _readdressed(line, own_port, self.port)
            for line in lines
            if line.partition(b":")[0].strip().lower() not in replaced
        ]
        added = [f"{name}: {value}".encode() for name, value in self.headers.items()]
        return b"\r\n".join([request_line, *kept, *added, b"Connection: close"])


@contextlib.contextmanager
def header_proxy(route: Route) -> Iterator[int]:
    """Run the proxy on a free port, which is handed out, for as long as the block runs."""
    with _Server((HOST, 0), _Connection) as server:
        server.route = route
        thread = threading.Thread(target=server.serve_forever, name="header proxy", daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    # A client that goes away in the middle leaves its thread to end by itself.
    block_on_close = False
    request_queue_size = 128
    route: Route


class _Connection(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        """One request and its answer. Either side may go away at any moment; that ends both."""
        with contextlib.suppress(OSError):
            received = b""
            while _END_OF_HEAD not in received:
                data = self.request.recv(_CHUNK)
                if not data or len(received) > _LONGEST_HEAD:
                    return
                received += data
            head, _, rest = received.partition(_END_OF_HEAD)
            route = self.server.route
            with socket.create_connection((HOST, route.target(head))) as upstream:
                head = route.rewrite(head, self.server.server_address[1])
                upstream.sendall(head + _END_OF_HEAD + rest)
                threading.Thread(target=_pass_on, args=(self.request, upstream), daemon=True).start()
                _pass_on(upstream, self.request)


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    """Copy until the source ends, then tell the sink, whose own source thereby ends, too."""
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _readdressed(line: bytes, own_port: int, port: int) -> bytes:
    if line.partition(b":")[0].strip().lower() not in _ADDRESSED:
        return line
    for host in (HOST, "localhost"):
        line = line.replace(f"{host}:{own_port}".encode(), f"{host}:{port}".encode())
    return line
