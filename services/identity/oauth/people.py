"""Who may let an AI tool act in their name, and with which connection it does."""

from __future__ import annotations

from ....compat import user_groups
from ..keys import why_not_connectable
from .clients import Client


def why_not_allowed(user) -> str:
    """Why ``user`` may not connect AI tools by logging in, in a sentence for this user; empty when they may."""
    if user._is_public():
        return user.env._("Log in first.")
    user = user.with_user(user.id)
    reason = why_not_connectable(user)
    if reason:
        return reason
    allowed = user.env["mcp.settings"].current().oauth_group_ids
    # sudo: people need not see the groups they are in
    if allowed and not allowed & user_groups(user.sudo()):
        return user.env._(
            "Your administrator lets only some people connect AI tools by logging in, and %s is not among them.",
            user.name,
        )
    return ""


def connection_of(user, client: Client):
    """The connection of ``user`` through ``client``; empty when this is their first time."""
    # sudo: ordinary users read their own connections only, and this is one
    connections = user.env["mcp.connection"].sudo()
    return connections.search([("oauth_client_id", "=", client.id), ("user_id", "=", user.id)], limit=1)


def why_not_reconnectable(user, connection) -> str:
    """Why ``user`` may not take up ``connection`` again; empty when they may.

    What somebody else ended is not taken up again by logging in; what one ended oneself is.
    """
    if not connection or connection.state == "active":
        return ""
    if connection.revoked_by_id == user or user.has_group("odoo_mcp.group_manager"):
        return ""
    return user.env._(
        "This connection was revoked by %s. Ask them to reactivate it.",
        connection.revoked_by_id.name or user.env._("an administrator"),
    )


def connect(user, client: Client):
    """The active connection of ``user`` through ``client``, made when there is none."""
    connection = connection_of(user, client)
    if not connection:
        name = f"{client.name} – {user.name}"
        way_in = client.source if client.source in ("custom", "shared") else "oauth"
        # sudo: people connect themselves here and nobody else
        return connection.create({"name": name, "user_id": user.id, "oauth_client_id": client.id, "way_in": way_in})
    if connection.state != "active":
        connection.write({"state": "active"})
    return connection
