"""What an HTTP request must be before anybody looks into its body."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import INVALID_REQUEST, ProtocolError
from .headers import accepts, media_type
from .limits import Limits

JSON_TYPE = "application/json"
STREAM_TYPE = "text/event-stream"


def check_post(headers: Mapping[str, str], body: bytes, limits: Limits) -> None:
    """Refuse a POST by its size (413), content type (415) or ``Accept`` (406).

    ``Accept`` ought to name both JSON and event streams; whoever takes one of them, or names
    nothing, is served too.

    :param headers: folded, see :func:`.headers.fold`
    """
    if len(body) > limits.max_body_bytes:
        raise ProtocolError(
            INVALID_REQUEST,
            f"The message has {len(body)} bytes, the limit is {limits.max_body_bytes}: send less at once",
            http_status=413,
        )
    kind, parameters = media_type(headers.get("content-type", ""))
    if kind != JSON_TYPE or parameters.get("charset", "utf-8") not in ("utf-8", "utf8"):
        raise ProtocolError(
            INVALID_REQUEST,
            "Content-Type must be application/json in UTF-8",
            http_status=415,
        )
    accept = headers.get("accept")
    if accept and not accepts(accept, JSON_TYPE) and not accepts(accept, STREAM_TYPE):
        raise ProtocolError(
            INVALID_REQUEST,
            "Accept must admit application/json or text/event-stream",
            http_status=406,
        )
