"""Client ID Metadata Documents: a client's identifier is the address of a document in which it introduces itself.

The document is fetched when somebody logs such a client in, kept as long as its server says (within limits), and
fetched again at the next login after that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from odoo.tools import SQL

from ... import net
from . import clients, redirects, registration

LARGEST = 5 * 1024  # bytes, as the draft advises
SECONDS = 5
SHORTEST_CACHE, LONGEST_CACHE = 300, 86_400  # seconds
PER_MINUTE = 30  # documents fetched for one address
MOST_UNUSED = 1000  # documents that nobody consented to
PRIVATE_HOSTS = "odoo_mcp.private_hosts"  # system parameter: hosts that may be asked although they are not public
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")
_DOT_SEGMENT = re.compile(r"/(\.|%2e){1,2}(/|$)", re.IGNORECASE)


class DocumentError(Exception):
    """Why the client cannot be used, for the person who wanted to log it in."""


def is_document_id(client_id: str) -> bool:
    return client_id.startswith("https://")


def refresh(env, client_id: str, may_fetch: Callable[[], bool]) -> None:
    """Have the client of this address in the table, as its document describes it.

    :param may_fetch: asked before another server is
    :raises DocumentError: there is no proper document at that address
    """
    env = env(su=True)  # sudo: clients are written by the server only
    client = clients.find(env.cr, client_id)
    if client is not None and (client.source != "document" or _is_fresh(env, client)):
        return
    if not env["mcp.settings"].current().oauth_registration and not (client and client.whitelisted):
        raise DocumentError(env._("AI tools cannot introduce themselves here: an administrator creates OAuth clients."))
    _check_address(env, client_id)
    if client is None and _unused(env) >= MOST_UNUSED:
        raise DocumentError(env._("Too many unknown AI tools were tried. Try again tomorrow."))
    if not may_fetch():
        raise DocumentError(env._("Too many AI tools were tried from your address. Try again in a minute."))
    reply = _fetch(env, client_id)
    values = _values(env, client_id, reply.body)
    _store(env, client_id, values, _seconds(reply.headers.get("cache-control", "")))


def _is_fresh(env, client: clients.Client) -> bool:
    env.cr.execute(
        SQL("SELECT document_expires_at > now() AT TIME ZONE 'UTC' FROM mcp_oauth_client WHERE id = %s", client.id)
    )
    return bool(env.cr.fetchone()[0])


def _unused(env) -> int:
    env.cr.execute("SELECT count(*) FROM mcp_oauth_client WHERE source = 'document' AND last_used_at IS NULL")
    return env.cr.fetchone()[0]


def _check_address(env, client_id: str) -> None:
    try:
        parts = urlsplit(redirects.check(client_id))
    except redirects.BadRedirectError as error:
        raise DocumentError(env._("The AI tool's client ID is not a proper web address.")) from error
    if parts.path in ("", "/") or _DOT_SEGMENT.search(parts.path) or len(client_id) > 500:
        raise DocumentError(env._("The AI tool's client ID is not the address of a document."))


def _fetch(env, client_id: str) -> net.Reply:
    allowed = (env["ir.config_parameter"].get_param(PRIVATE_HOSTS) or "").split()
    try:
        reply = net.fetch(
            client_id,
            headers={"Accept": "application/json", "User-Agent": "odoo_mcp"},
            max_bytes=LARGEST,
            seconds=SECONDS,
            allowed_hosts=allowed,
        )
    except (net.TargetRefusedError, net.FetchError) as error:
        raise DocumentError(env._("The AI tool's own description cannot be read: %s", error)) from error
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if reply.status != 200 or not (kind == "application/json" or kind.endswith("+json")):
        raise DocumentError(
            env._("The AI tool's own description cannot be read: its address answered %(status)s, %(kind)s.",
                  status=reply.status, kind=kind[:50] or "?")
        )  # fmt: skip
    return reply


def _values(env, client_id: str, body: bytes) -> dict:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DocumentError(env._("The AI tool's own description is not JSON.")) from error
    if not isinstance(document, dict) or document.get("client_id") != client_id:
        raise DocumentError(env._("The AI tool's own description is that of another client."))
    if document.get("client_secret") or not _may_be_public(document):
        raise DocumentError(
            env._(
                "The AI tool proves itself in a way that is not supported here (only public clients with PKCE have "
                "metadata documents; private_key_jwt is not supported)."
            )
        )
    try:
        return registration.client_values(env, document)
    except registration.RegistrationError as error:
        raise DocumentError(env._("The AI tool's own description is wrong: %s", error)) from error


def _may_be_public(document: dict) -> bool:
    methods = document.get("token_endpoint_auth_methods_supported")
    return document.get("token_endpoint_auth_method", "none") == "none" or (
        isinstance(methods, list) and "none" in methods
    )


def _seconds(cache_control: str) -> int:
    asked = _MAX_AGE.search(cache_control.lower())
    return min(max(int(asked[1]) if asked else SHORTEST_CACHE, SHORTEST_CACHE), LONGEST_CACHE)


def _store(env, client_id: str, values: dict, seconds: int) -> None:
    """In one statement: of two logins at once, the second is run again by Odoo and finds the row."""
    approved = registration.is_approved_at_once(env, values["redirect_uris"].split())
    env.cr.execute(
        SQL(
            "INSERT INTO mcp_oauth_client (client_id, name, redirect_uris, client_uri, software, scope, source,"
            " auth_method, refreshes, approved, create_uid, create_date, write_date, document_expires_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'document', 'none', true, %s, 1,"
            " now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + %s * interval '1 second')"
            " ON CONFLICT (client_id) DO UPDATE SET name = EXCLUDED.name, redirect_uris = EXCLUDED.redirect_uris,"
            " client_uri = EXCLUDED.client_uri, software = EXCLUDED.software, scope = EXCLUDED.scope,"
            " write_date = EXCLUDED.write_date, document_expires_at = EXCLUDED.document_expires_at",
            client_id,
            values["name"],
            values["redirect_uris"],
            values["client_uri"] or None,
            values["software"] or None,
            values["scope"],
            approved,
            seconds,
        )
    )
    env["mcp.oauth.client"].invalidate_model()
