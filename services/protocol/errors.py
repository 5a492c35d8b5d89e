"""What can go wrong, as JSON-RPC error codes and the HTTP status each one travels with.

::

    Exception
    └── ProtocolError                  any refusal a client is told about
        ├── ResourceNotFound              no such resource for this caller
        └── json_reader.RefusedDocument   JSON that can be read, but breaks one of our limits

Codes: JSON-RPC 2.0 section 5.1 and MCP 2026-07-28 ``basic/index`` (Error Codes).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .messages import Era

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

# Allocated by MCP 2026-07-28.
HEADER_MISMATCH = -32020
MISSING_CLIENT_CAPABILITY = -32021
UNSUPPORTED_PROTOCOL_VERSION = -32022

# Ours, outside of the ranges that JSON-RPC and MCP reserve; a client that cancelled ignores it.
REQUEST_CANCELLED = -32800

# Handshake versions only: 2026-07-28 forbids servers to send it.
RESOURCE_NOT_FOUND = -32002

_HTTP_STATUS: Mapping[Era, Mapping[int, int]] = {
    Era.MODERN: {
        PARSE_ERROR: 400,
        INVALID_REQUEST: 400,
        INVALID_PARAMS: 400,
        HEADER_MISMATCH: 400,
        MISSING_CLIENT_CAPABILITY: 400,
        UNSUPPORTED_PROTOCOL_VERSION: 400,
        METHOD_NOT_FOUND: 404,
    },
    # Clients of this era read a JSON-RPC error only from a 200: a 4xx is a failed transport.
    Era.HANDSHAKE: {PARSE_ERROR: 400, INVALID_REQUEST: 400},
}


class ProtocolError(Exception):
    """A refusal that the client is told about, word for word.

    :param code: a JSON-RPC error code, see the constants of this module
    :param message: one line that says what is wrong and what to do; reaches the client as it is
    :param data: anything JSON can carry, or None to leave ``error.data`` out
    :param http_status: overrules the status that belongs to the code and era (e.g. 403, 429)
    :param headers: HTTP headers of the answer (e.g. ``Retry-After``, ``WWW-Authenticate``);
        like ``http_status`` without effect inside a batch, which is one answer to many messages
    """

    def __init__(
        self,
        code: int,
        message: str,
        data: Any = None,
        http_status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.http_status = http_status
        self.headers = dict(headers or {})


class ResourceNotFound(ProtocolError):
    """There is no such resource, or not for this caller: the two are not told apart."""

    def __init__(self, uri: str) -> None:
        super().__init__(
            RESOURCE_NOT_FOUND,
            f"There is no resource {shown(uri)}; resources/list tells which there are",
            data={"uri": uri},
        )


def http_status_of(error: ProtocolError, era: Era) -> int:
    """The HTTP status that an error answer travels with."""
    if error.http_status is not None:
        return error.http_status
    return _HTTP_STATUS[era].get(code_on_the_wire(error.code, era), 200)


def code_on_the_wire(code: int, era: Era) -> int:
    """The code as the client's era knows it: 2026-07-28 turned -32002 into -32602."""
    if era is Era.MODERN and code == RESOURCE_NOT_FOUND:
        return INVALID_PARAMS
    return code


def shown(value: object) -> str:
    """A client's value as it may appear in a message: quoted, ASCII, at most 80 characters."""
    text = ascii(value[:81] if isinstance(value, str) else value)
    return text if len(text) <= 80 else f"{text[:77]}..."
