"""API keys: making them, and whom they may be made for."""

from __future__ import annotations

import secrets
from datetime import datetime

from odoo import SUPERUSER_ID

from ...compat import user_groups
from .bearer import hash_key

KEY_PREFIX = "mcp_"
# Enough of the key to tell it from others on a screen, far too little to guess the rest.
SHOWN_CHARACTERS = len(KEY_PREFIX) + 6


def why_not_connectable(user) -> str:
    """Why no AI tool may act as ``user``, in a sentence that says what to do; empty when it may."""
    env = user.env
    if user.id == SUPERUSER_ID:
        return env._("OdooBot has every right there is, so no AI can act as it. Choose a person's user.")
    if not user.active:
        return env._("%s is archived. Reactivate the user, or choose another one.", user.name)
    if user.share:
        return env._("%s is a portal or public user. Choose an internal user.", user.name)
    if not user.has_group("odoo_mcp.group_user"):
        return env._(
            "%s is not in the group MCP / User. Add the user to it (Settings → Users), or choose another one.",
            user.name,
        )
    # not env.su: constraints are checked with superuser rights on 19.0, in the name of whoever saves
    lends_any_rights = env.uid in (SUPERUSER_ID, user.id) or env.user.has_group("base.group_system")
    # sudo: all groups count, also those that the person who connects may not see
    if not lends_any_rights and user_groups(user.sudo()) - user_groups(env.user.sudo()):
        return env._("%s has rights that you lack. Ask an Odoo administrator to connect this user.", user.name)
    return ""


def issue_key(connection, expires_at: datetime | bool = False, kind: str = "") -> str:
    """Make a further key for ``connection`` and return it: the only time it is known in clear.

    :param expires_at: UTC, or False for a key that does not expire
    :param kind: ``api_key`` or ``pat``; that of the connection, unless told
    """
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    # sudo: credentials are written here only, whatever the rights of the person who pressed the button
    credentials = connection.sudo().credential_ids
    credentials.create(
        {
            "connection_id": connection.id,
            "kind": kind or ("pat" if connection.way_in == "pat" else "api_key"),
            "version": max(credentials.mapped("version"), default=0) + 1,
            "prefix": key[:SHOWN_CHARACTERS],
            "key_hash": hash_key(key),
            "expires_at": expires_at,
        }
    )
    return key


def connect_user(env, login: str, name: str, unlimited: bool = False) -> str:
    """Issue a fresh key for the connection ``name`` of the user ``login``, making the connection if there is none.

    :param unlimited: free the connection of the rate limits per connection, for tests and measurements
    :raises ValueError: no such user
    :raises odoo.exceptions.ValidationError: no AI may act as this user
    """
    user = env["res.users"].search([("login", "=", login)], limit=1)
    if not user:
        raise ValueError(f"There is no user with the login {login!r}.")
    connections = env["mcp.connection"]
    connection = connections.search([("user_id", "=", user.id), ("name", "=", name), ("state", "=", "active")], limit=1)
    connection = connection or connections.create({"name": name, "user_id": user.id})
    if unlimited:
        connection.write({"own_rate_limits": True, "rate_per_minute": 0, "rate_per_day": 0})
    return issue_key(connection)
