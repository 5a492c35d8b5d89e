"""The table of JSON-RPC methods. A new family is one new module and one entry here."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import METHOD_NOT_FOUND, ProtocolError, shown
from ..messages import Era
from . import completion, lifecycle, log_level, prompts, resources, subscriptions, tools
from .method import Call, Method

METHODS: Mapping[str, Method] = {
    **lifecycle.METHODS,
    **tools.METHODS,
    **resources.METHODS,
    **prompts.METHODS,
    **completion.METHODS,
    **log_level.METHODS,
    **subscriptions.METHODS,
}


def find(name: str, era: Era) -> Method | None:
    """The method of this name, if it exists in this era: ``ping`` is unknown to 2026-07-28."""
    method = METHODS.get(name)
    return method if method is not None and era in method.eras else None


def method_of(call: Call) -> Method:
    """The method that a request calls.

    :raises ProtocolError: -32601, it does not exist in this era, or no capability offers it
    """
    context = call.context
    method = find(context.method, context.era)
    if method is None:
        raise ProtocolError(
            METHOD_NOT_FOUND,
            f"Method {shown(context.method)} does not exist in {context.protocol_version}",
        )
    if method.offered_by is not None and not method.offered_by(call.application.capabilities(context)):
        raise ProtocolError(METHOD_NOT_FOUND, f"This server does not offer {context.method} to you")
    return method
