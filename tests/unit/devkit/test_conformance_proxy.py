"""The proxy that adds a key for the suite: real sockets, since bytes are what it is about."""

import contextlib
import socket
import threading

import pytest
from odoo_mcp.devkit.header_proxy import Route, header_proxy

HEADERS = {"Authorization": "Bearer secret"}
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Upstream:
    """A server that keeps what it was sent and answers piece by piece."""

    def __init__(self, pieces):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.pieces = pieces
        self.received = b""
        self.go_on = threading.Event()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self):
        """Also where nobody ever came."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.socket.close()

    def _serve(self):
        try:
            connection, _address = self.socket.accept()
        except OSError:
            return
        connection.settimeout(5)
        with connection, contextlib.suppress(OSError):
            while b"\r\n\r\n" not in self.received:
                self.received += connection.recv(65536)
            connection.sendall(self.pieces[0])
            for piece in self.pieces[1:]:
                self.go_on.wait(5)
                connection.sendall(piece)
            while connection.recv(65536):
                pass
        self.ended.set()


@pytest.fixture
def upstream():
    """Makes servers, and closes them."""
    with contextlib.ExitStack() as servers:
        yield lambda *pieces: servers.enter_context(contextlib.closing(Upstream(pieces or (ANSWER,))))


def send(port, data):
    client = socket.create_connection(("127.0.0.1", port), timeout=5)
    client.sendall(data)
    return client


def exchange(server, data):
    """What the server received of a request, once its answer came back."""
    with header_proxy(Route(server.port, HEADERS)) as port:
        data = data.replace(b"OWN", str(port).encode())
        with send(port, data) as client:
            assert client.recv(65536) == ANSWER
    return server.received


def test_headers_are_added_in_place_of_the_clients_own(upstream):
    received = exchange(
        upstream(), b"POST /x HTTP/1.1\r\nauthorization: mine\r\nConnection: keep-alive\r\nA: b\r\n\r\n{}"
    )
    assert received == b"POST /x HTTP/1.1\r\nA: b\r\nAuthorization: Bearer secret\r\nConnection: close\r\n\r\n{}"


def test_everything_else_passes_as_it_came(upstream):
    odd = b"POST /x HTTP/1.1\r\nMcP-nAmE:   padded  \r\nmcp-name:\ttwice\r\n\r\n\x00\xff"
    received = exchange(upstream(), odd)
    assert b"\r\nMcP-nAmE:   padded  \r\nmcp-name:\ttwice\r\n" in received
    assert received.endswith(b"\r\n\r\n\x00\xff")


def test_the_proxys_own_address_becomes_the_servers(upstream):
    server = upstream()
    received = exchange(
        server, b"POST / HTTP/1.1\r\nHost: 127.0.0.1:OWN\r\nOrigin: http://localhost:OWN\r\nX: 127.0.0.1:OWN\r\n\r\n"
    )
    assert f"Host: 127.0.0.1:{server.port}\r\nOrigin: http://localhost:{server.port}\r\n".encode() in received
    assert f"X: 127.0.0.1:{server.port}".encode() not in received


def test_a_foreign_host_and_origin_reach_the_server(upstream):
    received = exchange(
        upstream(), b"POST / HTTP/1.1\r\nHost: evil.example.com\r\nOrigin: http://evil.example.com\r\n\r\n"
    )
    assert b"Host: evil.example.com\r\nOrigin: http://evil.example.com\r\n" in received


@pytest.mark.parametrize(("method", "to_streams"), [("GET", True), ("POST", False), ("DELETE", False)])
def test_streams_go_to_the_evented_worker(upstream, method, to_streams):
    ordinary, evented = upstream(), upstream()
    with (
        header_proxy(Route(ordinary.port, HEADERS, evented.port)) as port,
        send(port, f"{method} / HTTP/1.1\r\n\r\n".encode()) as client,
    ):
        assert client.recv(65536) == ANSWER
    assert (bool(ordinary.received), bool(evented.received)) == (not to_streams, to_streams)


def test_an_event_stream_arrives_event_by_event(upstream):
    server = upstream(b"data: 1\n\n", b"data: 2\n\n")
    with header_proxy(Route(server.port, HEADERS)) as port, send(port, b"GET / HTTP/1.1\r\n\r\n") as client:
        assert client.recv(65536) == b"data: 1\n\n"
        server.go_on.set()
        assert client.recv(65536) == b"data: 2\n\n"


def test_a_client_that_goes_away_is_gone_for_the_server(upstream):
    server = upstream()
    with header_proxy(Route(server.port, HEADERS)) as port:
        with send(port, b"GET / HTTP/1.1\r\n\r\n") as client:
            client.recv(65536)
            assert not server.ended.is_set()
        assert server.ended.wait(5)
