"""What MCP Apps wants to be told, extension ``io.modelcontextprotocol/ui`` of 2026-01-26. No Odoo import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

EXTENSION = "io.modelcontextprotocol/ui"
MIME_TYPE = "text/html;profile=mcp-app"
SCHEME = "ui://"


def tool_meta(uri: str) -> dict[str, Any]:
    """``_meta`` of a tool whose results the app at ``uri`` shows.

    Three names for one thing: the extension's own, the one it had as a draft, and that of ChatGPT's Apps SDK.

    :raises TypeError: ``uri`` is no ``ui://`` URI, and no host would show it
    """
    if not uri.startswith(SCHEME):
        raise TypeError(f"An app has a {SCHEME} URI, such as ui://my_addon/view.html, not {uri!r}.")
    return {"ui": {"resourceUri": uri}, "ui/resourceUri": uri, "openai/outputTemplate": uri}


def app_meta(
    connect: Sequence[str] = (), load: Sequence[str] = (), embed: Sequence[str] = (), border: bool = True
) -> dict[str, Any]:
    """``_meta`` of an app's document. Without origins the host's content security policy lets nothing in or out.

    :param connect: origins that its scripts may send requests to, such as ``https://tiles.example.com``
    :param load: origins of its scripts, styles, pictures and fonts
    :param embed: origins of frames within it
    :param border: it wants a border and a background of the host's
    """
    policy = {
        "connectDomains": list(connect),
        "resourceDomains": list(load),
        "frameDomains": list(embed),
        "baseUriDomains": [],
    }
    return {"ui": {"csp": policy, "prefersBorder": border}}
