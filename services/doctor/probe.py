"""Asking the server's own public address, as an AI tool would: from a thread, without a database cursor.

The worker that started the check must be free to answer it, and nothing waits for long: each request has time limits,
and when the address cannot be reached at all, the rest is not asked.
"""

from __future__ import annotations

import contextlib
import datetime
import http.client
import json
import socket
import ssl
import time
from urllib.parse import urlsplit

import requests

from .facts import Failure, Outcome, Probes, Reply

TIMEOUT = 8.0  # seconds, for each step of a request
_KEPT = 4096
_AGENT = "odoo_mcp doctor"
# A bearer token as long as a real one, which no server knows: the question is whether it arrives.
PROBE_TOKEN = "mcp_doctor_probe_no_key_0123456789abcdefghij"
FOREIGN_ORIGIN = "https://mcp-doctor.invalid"
_PING = {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {}}


def ask_all(base_url: str, nonce: str, cors_origin: str) -> tuple[Probes, dict | None]:
    """Ask everything; also returns what the server saw of the request, when it was this server.

    :param nonce: makes the server tell what it saw, see ``controllers/doctor.py``
    """
    endpoint_url = f"{base_url}/odoo/mcp"
    endpoint = _post(endpoint_url, {"Authorization": f"Bearer {PROBE_TOKEN}"})
    if isinstance(endpoint, Failure):
        return Probes(endpoint=endpoint, certificate_days=_certificate_days(base_url)), None
    echo = _get(f"{endpoint_url}/check/{nonce}", {"Authorization": f"Bearer {PROBE_TOKEN}"})
    echoed = _echoed(echo)
    if echoed is None:
        return Probes(endpoint=endpoint, echo=echo, certificate_days=_certificate_days(base_url)), None
    address = urlsplit(base_url)
    probes = Probes(
        endpoint=endpoint,
        echo=echo,
        plain_http=_plain_http(base_url) if address.scheme == "https" else None,
        stream_gap=_stream_gap(f"{endpoint_url}/check/{nonce}/stream"),
        resource_metadata=_get(f"{base_url}/.well-known/oauth-protected-resource/odoo/mcp"),
        server_metadata=_get(f"{base_url}/.well-known/oauth-authorization-server"),
        preflight=_preflight(endpoint_url, cors_origin),
        foreign_origin=_post(endpoint_url, {"Origin": FOREIGN_ORIGIN}),
        websocket=_websocket(base_url),
        bus_health=_get(f"{base_url}/websocket/health"),
        certificate_days=_certificate_days(base_url),
    )
    return probes, echoed


def _get(url: str, headers: dict | None = None) -> Outcome:
    return _request("GET", url, headers)


def _post(url: str, headers: dict | None = None) -> Outcome:
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
        **(headers or {}),
    }
    return _request("POST", url, headers, data=json.dumps(_PING))


def _preflight(url: str, origin: str) -> Outcome:
    return _request(
        "OPTIONS",
        url,
        {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type, mcp-protocol-version",
        },
    )


def _plain_http(base_url: str) -> Outcome:
    return _post("http://" + urlsplit(base_url).netloc.removesuffix(":443") + "/odoo/mcp")


def _request(method: str, url: str, headers: dict | None = None, data: str | None = None) -> Outcome:
    started = time.monotonic()
    try:
        with requests.request(
            method,
            url,
            headers={"User-Agent": _AGENT, **(headers or {})},
            data=data,
            allow_redirects=False,
            stream=True,
            timeout=TIMEOUT,
        ) as response:
            body = response.raw.read(_KEPT, decode_content=True) or b""
            names = [name.lower() for name in response.raw.headers]
            return Reply(
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                body=body.decode("utf-8", "replace"),
                seconds=time.monotonic() - started,
                repeated=tuple(name for name in set(names) if len(response.raw.headers.getlist(name)) > 1),
            )
    except (requests.RequestException, OSError, ValueError) as error:
        return _failure(error)


def _failure(error: Exception) -> Failure:
    text = str(error)
    if isinstance(error, requests.exceptions.SSLError | ssl.SSLError):
        return Failure("tls", _short(text))
    if isinstance(error, requests.Timeout | TimeoutError):
        return Failure("timeout", _short(text))
    if "NameResolutionError" in text or "getaddrinfo" in text or "Name or service not known" in text:
        return Failure("dns", _short(text))
    if "refused" in text:
        return Failure("refused", _short(text))
    return Failure("other", _short(text))


def _short(text: str) -> str:
    return " ".join(text.split())[:300]


def _echoed(reply: Outcome) -> dict | None:
    if not isinstance(reply, Reply) or reply.status != 200:
        return None
    with contextlib.suppress(ValueError):
        answer = json.loads(reply.body)
        if isinstance(answer, dict) and answer.get("odoo_mcp_check"):
            return answer
    return None


def _stream_gap(url: str) -> float | None:
    """Seconds between the arrival of two pieces of an answer; about one, unless something on the way collects them."""
    try:
        with requests.get(url, headers={"User-Agent": _AGENT}, stream=True, timeout=TIMEOUT) as response:
            if response.status_code != 200:
                return None
            # byte by byte: an answer that is not sent in chunks would be read to its end otherwise
            arrivals = [time.monotonic() for _byte in response.iter_content(chunk_size=1)]
    except (requests.RequestException, OSError):
        return None
    return arrivals[-1] - arrivals[0] if arrivals else None


def _websocket(base_url: str) -> Outcome:
    """Open Odoo's own websocket: it is answered by the evented worker only (or by a server with threads)."""
    address = urlsplit(base_url)
    tls = address.scheme == "https"
    connection_class = http.client.HTTPSConnection if tls else http.client.HTTPConnection
    connection = connection_class(address.hostname, address.port, timeout=TIMEOUT)
    started = time.monotonic()
    try:
        connection.request(
            "GET",
            f"{address.path}/websocket",
            headers={
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "bWNwLWRvY3Rvci1wcm9iZQ==",
                "Origin": base_url,
                "User-Agent": _AGENT,
            },
        )
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, headers, "", time.monotonic() - started)
    except (OSError, http.client.HTTPException) as error:
        return _failure(error)
    finally:
        connection.close()


def _certificate_days(base_url: str) -> float | None:
    """Days until the certificate of an https address ends, or None when there is none that is valid."""
    address = urlsplit(base_url)
    if address.scheme != "https" or not address.hostname:
        return None
    try:
        with (
            socket.create_connection((address.hostname, address.port or 443), timeout=TIMEOUT) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=address.hostname) as secure,
        ):
            ends = ssl.cert_time_to_seconds(secure.getpeercert()["notAfter"])
    except (OSError, ValueError, KeyError):
        return None
    return (ends - datetime.datetime.now(datetime.timezone.utc).timestamp()) / 86400
