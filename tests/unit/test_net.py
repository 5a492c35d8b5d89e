"""The way out: only public addresses, within time and size."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from odoo_mcp.services import net

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:db8::1", "2002:a9fe:a9fe::", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_no_public_host_are_refused(address):
    assert not net.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address):
    assert net.is_public(address)


def resolving(monkeypatch, *answers):
    """Names resolve to these lists of addresses, one list a time, the last one for ever."""
    left = list(answers)

    def getaddrinfo(_host, port, **_options):
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(net.socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.1/x", "https://0x7f.1/x", "https://2130706433/x", "https://017700000001/x", "https://0/x",
        "https://localhost/x", "https://[::1]/x", "https://[::ffff:127.0.0.1]/x",
    ],
)  # fmt: skip
def test_no_spelling_of_a_local_address_gets_through(url):
    with pytest.raises((net.TargetRefusedError, net.FetchError)):
        net.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "example.com",
        "https://user@example.com/", "https://user:pw@example.com/", "https:///x", "https://", "https://exa mple.com/",
        "https://example.com\\@evil/", "https://example.com/\r\nHost: evil", "https://example.com:22/",
        "https://example.com:25/", "https://example.com:6379/", "https://example.com:0/", "https://example.com:99999/",
        "https://exämple.com/", "https://[fe80::1%25eth0]/", "",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_url_is_refused_before_anything_is_resolved(url, monkeypatch):
    monkeypatch.setattr(net.socket, "getaddrinfo", lambda *_args, **_options: pytest.fail("resolved"))
    with pytest.raises(net.TargetRefusedError):
        net.check(url)


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    resolving(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(net.TargetRefusedError, match="not a public address"):
        net.check("https://rebind.example/")


def test_the_checked_address_is_the_one_that_is_used(monkeypatch):
    """A name that is public at the check and private a moment later (DNS rebinding) reaches nothing private."""
    resolving(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    asked = []

    def create_connection(address, timeout):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(net.socket, "create_connection", create_connection)
    with pytest.raises(net.FetchError):
        net.fetch("https://rebind.example/")
    assert asked == [("1.1.1.1", 443)]


def test_a_name_that_takes_too_long_to_resolve_is_given_up(monkeypatch):
    monkeypatch.setattr(net.socket, "getaddrinfo", lambda *_args, **_options: time.sleep(3) or [])
    started = time.monotonic()
    with pytest.raises(net.FetchError, match="resolved"):
        net.check("https://slow.example/", seconds=0.3)
    assert time.monotonic() - started < 2


@contextmanager
def serving(speak):
    """A server on this machine that hands each connection to ``speak``; gives its address."""
    server = socket.create_server(("127.0.0.1", 0))

    def run():
        while True:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection):
        with connection, suppress(OSError):  # the client has gone
            speak(connection, connection.recv(65_536))

    threading.Thread(target=run, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.close()


def fetch(place, **options):
    return net.fetch(f"http://{place}/x?y=1", schemes=("http",), allowed_hosts=[place], **options)


def answer(text):
    return lambda connection, _request: connection.sendall(text)


def test_an_answer_comes_with_its_status_headers_and_body():
    seen = []

    def speak(connection, request):
        seen.append(request)
        connection.sendall(b"HTTP/1.1 201 Created\r\nX-Thing: 7\r\nContent-Length: 2\r\n\r\nhi")

    with serving(speak) as place:
        reply = fetch(place, method="POST", body=b"{}", headers={"X-Mine": "1"})
    assert (reply.status, reply.headers["x-thing"], reply.body) == (201, "7", b"hi")
    assert seen[0].startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert f"Host: {place}\r\n".encode() in seen[0]
    assert b"X-Mine: 1\r\n" in seen[0]


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.0 200 OK\r\n\r\nuntil it closes",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 15\r\n\r\nuntil it closes",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nuntil\r\na\r\n it closes\r\n0\r\n\r\n",
    ],
)
def test_a_body_may_end_in_any_way_that_http_knows(text):
    with serving(answer(text)) as place:
        assert fetch(place).body == b"until it closes"


def test_a_private_host_is_talked_to_only_when_an_administrator_named_it_with_its_port():
    with serving(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as place:
        assert fetch(place).status == 200
        for allowed in ([], ["127.0.0.1:1"], ["localhost"]):
            with pytest.raises(net.TargetRefusedError):
                net.fetch(f"http://{place}/", schemes=("http",), allowed_hosts=allowed)


def test_redirects_are_not_followed():
    with serving(answer(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n")) as place:
        assert fetch(place).status == 302


def test_a_body_that_is_too_large_is_not_read_to_its_end():
    def speak(connection, _request):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    with serving(speak) as place, pytest.raises(net.FetchError, match="more than 5120 bytes"):
        fetch(place, max_bytes=5120)


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"])
def test_an_answer_that_drips_is_given_up_in_time(beginning):
    def speak(connection, _request):
        connection.sendall(beginning)
        while True:
            connection.sendall(b"X")
            time.sleep(0.1)

    started = time.monotonic()
    with serving(speak) as place, pytest.raises(net.FetchError, match="too long"):
        fetch(place, seconds=0.8)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "text", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"]
)
def test_what_is_no_proper_answer_is_an_error(text):
    with serving(answer(text)) as place, pytest.raises(net.FetchError):
        fetch(place)


def test_a_certificate_that_nobody_vouches_for_is_refused(monkeypatch):
    monkeypatch.setattr(net, "_tls", ssl.create_default_context)
    with serving(answer(b"no TLS at all")) as place, pytest.raises(net.FetchError):
        net.fetch(f"https://{place}/", allowed_hosts=[place], seconds=3)
