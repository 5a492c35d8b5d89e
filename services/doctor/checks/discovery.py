"""What AI tools that log in with the browser look for."""

# There is no self here: the language is that of the request.
# pylint: disable=prefer-env-translation
from __future__ import annotations

import json

from ..cloud_texts import cloudflare
from ..facts import Facts, Outcome, Reply
from ..finding import NOT_APPLICABLE, OK, PROBLEM, Finding
from ..remedies import nginx


def check(facts: Facts, translate) -> list[Finding]:
    return [_challenge(facts, translate), _resource(facts, translate), _server(facts, translate)]


def _skipped(facts: Facts, code: str, title: str, _) -> Finding | None:
    group = _("Browser login")
    if not facts.reached:
        return Finding(code, group, title, NOT_APPLICABLE, _("Not asked, because the address does not lead here."))
    return None


def _challenge(facts: Facts, _) -> Finding:
    title = _("Invitation to log in")
    skipped = _skipped(facts, "challenge", title, _)
    if skipped:
        return skipped
    reply = facts.probes.endpoint
    header = reply.headers.get("www-authenticate", "")
    if reply.status == 503 and not facts.enabled:
        return Finding("challenge", _("Browser login"), title, NOT_APPLICABLE, _("The MCP server is disabled."))
    if reply.status == 401 and "resource_metadata=" in header:
        seen = _("A call without a login is told where to log in.")
        return Finding("challenge", _("Browser login"), title, OK, seen)
    seen = _(
        "A call without a login got status %s, without the WWW-Authenticate header that names the login.", reply.status
    )
    advice = _("The web server in front of Odoo changes the answer. Let it pass status 401 and its headers through.")
    return Finding("challenge", _("Browser login"), title, PROBLEM, seen, advice, (nginx(facts), cloudflare(facts, _)))


def _resource(facts: Facts, _) -> Finding:
    title = _("Where to log in (%s)", "/.well-known/oauth-protected-resource/odoo/mcp")
    expected = ("resource", facts.endpoint_url)
    return _document(facts, "resource_metadata", title, facts.probes.resource_metadata, expected, _)


def _server(facts: Facts, _) -> Finding:
    title = _("How to log in (%s)", "/.well-known/oauth-authorization-server")
    return _document(facts, "server_metadata", title, facts.probes.server_metadata, ("issuer", facts.base_url), _)


def _document(facts: Facts, code: str, title: str, reply: Outcome, expected: tuple[str, str], _) -> Finding:
    skipped = _skipped(facts, code, title, _)
    if skipped:
        return skipped
    group, (name, value) = _("Browser login"), expected
    remedies = (nginx(facts), cloudflare(facts, _))
    status = reply.status if isinstance(reply, Reply) else _("no answer")
    document = _json(reply)
    if document is None:
        seen = _("The document is not found (status %s).", status)
        advice = _(
            "Often the web server keeps /.well-known for itself (certbot). Let it pass "
            "/.well-known/oauth-protected-resource and /.well-known/oauth-authorization-server on to Odoo."
        )
        return Finding(code, group, title, PROBLEM, seen, advice, remedies)
    if str(document.get(name, "")).rstrip("/") != value.rstrip("/"):
        seen = _(
            "“%(name)s” is %(got)s, but the address is %(wanted)s: AI tools refuse that.",
            name=name, got=document.get(name), wanted=value,
        )  # fmt: skip
        return Finding(code, group, title, PROBLEM, seen, _("Set web.base.url to the address that AI tools are given."))
    return Finding(code, group, title, OK, _("Found, and it names this server."))


def _json(reply: Outcome) -> dict | None:
    if not isinstance(reply, Reply) or reply.status != 200:
        return None
    try:
        document = json.loads(reply.body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
