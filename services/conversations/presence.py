"""Whether somebody is still at the other end of a stream, and may still be."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

# Linux: the state is the first byte of struct tcp_info (include/net/tcp_states.h).
_TCP_INFO = getattr(socket, "TCP_INFO", None)
_ESTABLISHED = 1


@dataclass(frozen=True, slots=True)
class Presence:
    """The client of one HTTP request.

    :param key: equal for requests with equal credentials, so that they are checked once
    :param recheck: looks the credentials up again, with an environment; an Identification
    :param socket: the connection, or None when the web server does not show it
    """

    key: Any
    recheck: Callable[[Any], Any]
    socket: socket.socket | None = None

    def is_connected(self) -> bool:
        """Whether the client (or the proxy in front of us) has the connection open, as far as one can know.

        Reads nothing and never waits. Without this, an idle stream is only found to be gone by writing to it.
        """
        if self.socket is None or _TCP_INFO is None:
            return True
        try:
            return self.socket.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, 1)[0] == _ESTABLISHED
        except OSError:
            # closed, unless it is no TCP socket at all
            return self.socket.fileno() >= 0 and self.socket.family not in (socket.AF_INET, socket.AF_INET6)


def assumed(caller, limits) -> Presence:
    """Of a caller who is not seen through HTTP: there, and allowed, until told otherwise."""
    return Presence(id(caller), lambda _env: SimpleNamespace(caller=caller, limits=limits))
