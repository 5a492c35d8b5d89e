"""The only way out: an HTTP client for addresses that others chose (client documents, webhooks, AI providers).

It talks to public addresses only, so that nobody can have this server ask its own network (SSRF). The name is resolved
once, every address it has is checked against a table, and the connection goes to one of those very addresses (no DNS
rebinding). Redirects are handed to the caller, never followed. Time and size have limits that hold for the whole
answer. Standard library only; no Odoo import.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

# Special-purpose addresses (IANA registries; Python's is_global misses some of them).
_FORBIDDEN_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        ),
    )
)  # fmt: skip
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
# Within 2000::/3: protocol assignments with Teredo, documentation, 6to4 (it embeds IPv4 addresses).
_FORBIDDEN_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# Ports of services that are not HTTP but would act on what an HTTP request contains.
_FORBIDDEN_PORTS = frozenset(
    {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
     110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526, 530,
     531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1521, 2049, 2375, 2376, 3306, 3389,
     3659, 4045, 5060, 5061, 5432, 5984, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 9200, 9300, 10080,
     11211, 27017}
)  # fmt: skip
_DEFAULT_PORTS = {"http": 80, "https": 443}
_URL_CHARACTERS = re.compile(r"[!-~]+")
_CHUNK = 65_536


class TargetRefusedError(ValueError):
    """This address is not talked to; the text says why."""


class FetchError(Exception):
    """There was no proper answer: not reachable, too slow, too large, no valid certificate. The text says which."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was checked, with the IP address that will be used."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


@dataclass(frozen=True, slots=True)
class Reply:
    """Any answer, also a redirect or an error; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public Internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 4:
        return not any(ip in network for network in _FORBIDDEN_V4)
    return ip in _GLOBAL_V6 and not any(ip in network for network in _FORBIDDEN_V6)


def check(
    url: str, schemes: Collection[str] = ("https",), allowed_hosts: Collection[str] = (), seconds: float = 5
) -> Target:
    """What a request to ``url`` would go to.

    :param allowed_hosts: ``host`` or ``host:port`` that an administrator allowed although they are not public
    :param seconds: for the name look-up
    :raises TargetRefusedError: it is not a plain URL of a public host
    :raises FetchError: the name cannot be resolved
    """
    if not _URL_CHARACTERS.fullmatch(url) or "\\" in url:
        raise TargetRefusedError("The address contains characters that no URL has.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TargetRefusedError("The address is not a URL.") from error
    if parts.scheme not in schemes:
        raise TargetRefusedError(f"The address must begin with {' or '.join(f'{name}://' for name in schemes)}.")
    host = parts.hostname
    if not host or "@" in parts.netloc or "%" in host:
        raise TargetRefusedError("The address must name a plain host.")
    port = port if port is not None else _DEFAULT_PORTS[parts.scheme]
    if port in _FORBIDDEN_PORTS:
        raise TargetRefusedError(f"Port {port} is not one of a web server.")
    addresses = _resolve(host, port, seconds)
    if not {host, f"{host}:{port}"} & set(allowed_hosts) and not all(map(is_public, addresses)):
        raise TargetRefusedError(f"{host} is not a public address.")
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path, addresses[0])


def fetch(
    url: str,
    method: str = "GET",
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    max_bytes: int = 1_048_576,
    seconds: float = 10,
    schemes: Collection[str] = ("https",),
    allowed_hosts: Collection[str] = (),
) -> Reply:
    """One request; see :func:`check` for where to.

    :param max_bytes: of the answer's body
    :param seconds: for everything together
    :raises TargetRefusedError: the address is not talked to
    :raises FetchError: there was no proper answer
    """
    deadline = time.monotonic() + seconds
    target = check(url, schemes, allowed_hosts, seconds)
    connection = _Connection(target, deadline)
    response = None
    try:
        own_headers = {"Host": target.host_header, "Accept-Encoding": "identity", "Connection": "close"}
        connection.request(method, target.path, body=body, headers={**own_headers, **(headers or {})})
        response = connection.getresponse()
        received = _read(response, max_bytes)
        names = {name.lower(): value for name, value in response.getheaders()}
    except (OSError, http.client.HTTPException) as error:
        reason = "it took too long" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
        raise FetchError(f"{target.host} did not answer properly: {reason}") from error
    finally:
        if response is not None:
            response.close()
        connection.close()
    if names.get("content-encoding", "identity") != "identity":
        raise FetchError(f"{target.host} sent a compressed answer that was not asked for.")
    return Reply(response.status, names, received)


def _read(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    received = bytearray()
    while chunk := response.read1(_CHUNK):
        received += chunk
        if len(received) > max_bytes:
            raise http.client.HTTPException(f"the answer has more than {max_bytes} bytes")
    return bytes(received)


def _resolve(host: str, port: int, seconds: float) -> list[str]:
    """The IP addresses of ``host``. The system's resolver knows no time limit, so it is not waited for."""
    found: list[str] = []

    def look_up() -> None:
        try:
            found.extend(info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            found.clear()

    thread = threading.Thread(target=look_up, name="odoo_mcp.resolve", daemon=True)
    thread.start()
    thread.join(seconds)
    addresses = list(found)
    if not addresses:
        raise FetchError(f"The name {host} cannot be resolved.")
    return addresses


class _Connection(http.client.HTTPConnection):
    """Connects to the checked address, and shows and verifies the name."""

    def __init__(self, target: Target, deadline: float):
        super().__init__(target.host, target.port)
        self._target = target
        self._deadline = deadline

    def connect(self) -> None:
        left = _left(self._deadline)
        plain = socket.create_connection((self._target.address, self._target.port), timeout=left)
        if self._target.scheme == "https":
            try:
                plain.settimeout(_left(self._deadline))
                plain = _tls().wrap_socket(plain, server_hostname=self._target.host)
            except BaseException:
                plain.close()
                raise
        self.sock = _TimedSocket(plain, self._deadline)


class _TimedSocket:
    """The part of a socket that :mod:`http.client` uses, where each step gets only the time that is left."""

    def __init__(self, inner: socket.socket, deadline: float):
        self._inner = inner
        self._deadline = deadline
        self._has_reader = False

    def sendall(self, data: bytes) -> None:
        self._inner.settimeout(_left(self._deadline))
        self._inner.sendall(data)

    def makefile(self, *_args, **_kwargs) -> io.BufferedReader:
        self._has_reader = True
        return io.BufferedReader(_TimedReader(self._inner, self._deadline))

    def close(self) -> None:
        """As a socket does: what is still being read stays open until its reader is closed."""
        if not self._has_reader:
            self._inner.close()


class _TimedReader(io.RawIOBase):
    def __init__(self, inner: socket.socket, deadline: float):
        self._inner = inner
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()

    def readinto(self, buffer) -> int:
        self._inner.settimeout(_left(self._deadline))
        return self._inner.recv_into(buffer)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    import certifi  # comes with requests, as every Odoo has it; not needed to check addresses

    return ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where())
