"""Sessions of the handshake era: which one a request belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .application import Application
from .errors import INVALID_REQUEST, ProtocolError
from .messages import Session
from .versions import HANDSHAKE_VERSIONS

SESSION_HEADER = "mcp-session-id"

# 2025-11-25 basic/transports, Session Management: visible ASCII.
_SESSION_ID = re.compile(r"[\x21-\x7e]{1,256}")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request's session; both None without one."""

    session_id: str | None = None
    session: Session | None = None


STATELESS = Visit()


def visit_of(headers: Mapping[str, str], application: Application) -> Visit:
    """The session a request names.

    What it agreed on with ``initialize`` is the version that is spoken, whichever handshake version
    MCP-Protocol-Version repeats: clients are seen to send a fixed one, among them the conformance
    suite (0.1.16). A version that is not served at all never comes here.

    :param headers: folded, see :func:`.headers.fold`
    :raises ProtocolError: HTTP 404, there is no such session (any more); HTTP 400, one must be named
    """
    session_id = headers.get(SESSION_HEADER)
    if session_id is None:
        if application.requires_session:
            raise missing_session()
        return STATELESS
    session = application.session(session_id) if _SESSION_ID.fullmatch(session_id) else None
    if session is None or session.protocol_version not in HANDSHAKE_VERSIONS:
        raise unknown_session()
    return Visit(session_id, session)


def missing_session() -> ProtocolError:
    """400: the session header is required here."""
    return ProtocolError(
        INVALID_REQUEST,
        "Mcp-Session-Id is missing: send the one that came with the answer to initialize",
        http_status=400,
    )


def unknown_session() -> ProtocolError:
    """404: for a client the sign to open a new session."""
    return ProtocolError(
        INVALID_REQUEST,
        "There is no such session (any more): send initialize without Mcp-Session-Id",
        http_status=404,
    )
