"""``WWW-Authenticate`` of the MCP endpoint: where to get a token (RFC 9728), or one that allows more (step-up)."""

from __future__ import annotations

from ...protocol.errors import INVALID_REQUEST, ProtocolError
from . import address, scopes


def challenge(env, path: str, error: str = "", description: str = "") -> str:
    """The header's value for the endpoint at ``path``; ``scope`` is what to ask for.

    :param error: of RFC 6750 section 3.1, or empty when no token was sent
    """
    values = {
        "realm": "odoo_mcp",
        "error": error,
        "error_description": description,
        "scope": scopes.join(scopes.SCOPES),
        "resource_metadata": address.metadata_url(env, path),
    }
    return "Bearer " + ", ".join(f'{name}="{value}"' for name, value in values.items() if value)


def step_up(env, tool: str) -> ProtocolError:
    """The answer to a call that needs more than the person allowed: 403, with what to ask for."""
    text = f"{tool} changes data, and the login of this AI tool allows reading only. Log in again to allow changes."
    return ProtocolError(
        INVALID_REQUEST,
        text,
        http_status=403,
        headers={"WWW-Authenticate": challenge(env, address.ENDPOINT_PATHS[0], "insufficient_scope", text)},
    )
