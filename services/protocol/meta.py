"""What both eras ask of a request's ``_meta``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import INVALID_PARAMS, ProtocolError
from .limits import Limits


def checked_meta(params: Mapping[str, Any], limits: Limits) -> Mapping[str, Any]:
    """``params._meta``, {} when absent.

    :raises ProtocolError: -32602, it is no object or its progress token is unusable
    """
    meta = params.get("_meta")
    if meta is None:
        return {}
    if not isinstance(meta, dict):
        raise ProtocolError(INVALID_PARAMS, "params._meta must be an object")
    token = meta.get("progressToken")
    if token is not None and (
        isinstance(token, bool)
        or not isinstance(token, (str, int))
        or (isinstance(token, str) and len(token) > limits.max_identifier)
    ):
        raise ProtocolError(INVALID_PARAMS, "_meta.progressToken must be a string or an integer")
    return meta
