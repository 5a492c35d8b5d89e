"""Getting to know each other: ``initialize``, ``server/discover``, ``ping``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import dialect
from ..versions import SUPPORTED_VERSIONS
from .method import HANDSHAKE_ONLY, MODERN_ONLY, Call, Method


def initialize(call: Call) -> dict[str, Any]:
    """InitializeResult; the version was negotiated with the context."""
    version = call.context.protocol_version
    return {
        "protocolVersion": version,
        "serverInfo": dialect.implementation(call.application.server_info(), version),
        **_offer(call),
    }


def discover(call: Call) -> dict[str, Any]:
    """DiscoverResult; the handshake versions are named too, for clients that speak only those."""
    return {"supportedVersions": list(SUPPORTED_VERSIONS), **_offer(call)}


def ping(_call: Call) -> dict[str, Any]:
    """The empty result that says: still here."""
    return {}


def _offer(call: Call) -> dict[str, Any]:
    offered = call.application.capabilities(call.context)
    offer: dict[str, Any] = {"capabilities": dialect.capabilities(offered, call.context.protocol_version)}
    instructions = call.application.instructions(call.context)
    if instructions:
        offer["instructions"] = instructions
    return offer


METHODS: Mapping[str, Method] = {
    "initialize": Method(initialize, eras=HANDSHAKE_ONLY, opens_session=True),
    "ping": Method(ping, eras=HANDSHAKE_ONLY),
    "server/discover": Method(discover, eras=MODERN_ONLY, cacheable=True),
}
