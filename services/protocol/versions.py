"""The protocol versions served here, and which one a message speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .messages import Era

MODERN_VERSIONS = ("2026-07-28",)
HANDSHAKE_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
SUPPORTED_VERSIONS = MODERN_VERSIONS + HANDSHAKE_VERSIONS  # newest first

LATEST_MODERN = MODERN_VERSIONS[0]
LATEST_HANDSHAKE = HANDSHAKE_VERSIONS[0]
# A handshake client without the header is at most 2025-03-26, which had none (2025-06-18,
# basic/transports, Protocol Version Header). Newer ones are seen to forget it: no reason to refuse.
ASSUMED_HANDSHAKE = "2025-03-26"
BATCH_VERSION = "2025-03-26"  # the only version with JSON-RPC batches

VERSION_HEADER = "mcp-protocol-version"
PROTOCOL_VERSION_META_KEY = "io.modelcontextprotocol/protocolVersion"


def era_of(version_header: str | None, meta: Mapping[str, Any]) -> Era:
    """The era a message belongs to: modern by its header or by its ``_meta``.

    An unknown version in the header counts as modern too: that is where a client learns, by
    -32022, which versions there are.
    """
    if version_header is not None and version_header not in HANDSHAKE_VERSIONS:
        return Era.MODERN
    if PROTOCOL_VERSION_META_KEY in meta:
        return Era.MODERN
    return Era.HANDSHAKE


def version_by_header(version_header: str | None, era: Era) -> str:
    """The version to speak when only the header is known."""
    if era is Era.MODERN:
        return LATEST_MODERN
    return version_header if version_header in HANDSHAKE_VERSIONS else ASSUMED_HANDSHAKE


def negotiate(requested: str) -> str:
    """The version that ``initialize`` answers with: the requested one, else our latest handshake.

    Never a modern one: those have no ``initialize``.
    """
    return requested if requested in HANDSHAKE_VERSIONS else LATEST_HANDSHAKE
