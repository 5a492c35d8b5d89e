"""The switch, the address that AI tools are given, and HTTPS."""

# There is no self here: the language is that of the request.
# pylint: disable=prefer-env-translation
from __future__ import annotations

from urllib.parse import urlsplit

from ...identity.transport import is_local_host
from ..facts import Facts, Failure, Reply
from ..finding import ATTENTION, NOT_APPLICABLE, OK, PROBLEM, Finding
from ..remedies import nginx_https, system_parameters

_SOON = 14  # days


def check(facts: Facts, translate) -> list[Finding]:
    return [_switch(facts, translate), _address(facts, translate), _https(facts, translate),
            _certificate(facts, translate), _plain_http(facts, translate)]  # fmt: skip


def _switch(facts: Facts, _) -> Finding:
    group, title = _("Address"), _("Server switched on")
    if facts.enabled:
        return Finding("switch", group, title, OK, _("The MCP server is enabled."))
    return Finding(
        "switch", group, title, PROBLEM, _("The MCP server is disabled: every AI tool is refused."),
        _("Press “Disabled” in Server Settings."),
    )  # fmt: skip


def _address(facts: Facts, _) -> Finding:
    group, title = _("Address"), _("Address of Odoo")
    seen = _("AI tools are told to call %s.", facts.endpoint_url)
    opened = urlsplit(facts.browser_origin)
    opened_elsewhere = bool(opened.hostname) and opened.netloc != facts.address.netloc
    advice = _(
        "In Settings → Technical → System Parameters, set web.base.url to the address people open Odoo with, "
        "and web.base.url.freeze to True, so that a login under another address does not change it back."
    )
    wanted = facts.browser_origin if opened_elsewhere else "https://odoo.example.com"
    remedies = (system_parameters({"web.base.url": wanted, "web.base.url.freeze": "True"}),)
    if facts.is_local:
        if opened_elsewhere and not is_local_host(opened.netloc):
            seen += " " + _("You opened Odoo as %s.", facts.browser_origin)
            return Finding("address", group, title, PROBLEM, seen, advice, remedies)
        seen += " " + _("Only AI tools on this very machine can reach that.")
        return Finding("address", group, title, ATTENTION, seen, advice, remedies)
    if opened_elsewhere:
        seen += " " + _("You opened Odoo as %s.", facts.browser_origin)
        return Finding("address", group, title, ATTENTION, seen, advice, remedies)
    return Finding("address", group, title, OK, seen)


def _https(facts: Facts, _) -> Finding:
    group, title = _("Address"), _("HTTPS")
    if facts.address.scheme == "https":
        failure = facts.probes.endpoint
        if isinstance(failure, Failure) and failure.kind == "tls":
            return Finding(
                "https", group, title, PROBLEM, _("The certificate is not accepted: %s", failure.text),
                _(
                    "Install a certificate of a public authority, such as Let's Encrypt, for this host name, with its "
                    "intermediate certificates. AI tools accept no self-signed ones."
                ),
            )  # fmt: skip
        return Finding("https", group, title, OK, _("The address begins with https://."))
    if facts.is_local:
        return Finding(
            "https", group, title, NOT_APPLICABLE, _("Calls that stay on this machine need no HTTPS."),
        )  # fmt: skip
    state = PROBLEM if facts.https_only else ATTENTION
    seen = _("The address begins with http://: keys and data can be read on the way, and browser logins are refused.")
    if facts.https_only:
        seen += " " + _("“HTTPS only” is switched on, so that every AI tool is refused.")
    return Finding(
        "https", group, title, state, seen,
        _("Put Odoo behind a web server with a certificate, and change web.base.url to https://."),
        (system_parameters({"web.base.url": f"https://{facts.address.hostname}", "web.base.url.freeze": "True"}),),
    )  # fmt: skip


def _certificate(facts: Facts, _) -> Finding:
    group, title = _("Address"), _("Certificate")
    days = facts.probes.certificate_days
    if days is None:
        return Finding("certificate", group, title, NOT_APPLICABLE, _("There was no valid certificate to look at."))
    seen = _("The certificate is valid for another %s days.", int(days))
    if days > _SOON:
        return Finding("certificate", group, title, OK, seen)
    return Finding(
        "certificate", group, title, ATTENTION, seen,
        _("Renew it now, and see why it was not renewed by itself (certbot renews 30 days ahead)."),
    )  # fmt: skip


def _plain_http(facts: Facts, _) -> Finding:
    group, title = _("Address"), _("Plain HTTP is closed")
    reply = facts.probes.plain_http
    if facts.address.scheme != "https":
        return Finding("plain_http", group, title, NOT_APPLICABLE, _("The address itself is not HTTPS."))
    if not isinstance(reply, Reply):
        return Finding("plain_http", group, title, OK, _("Nothing answers under http://."))
    if 300 <= reply.status < 400:
        return Finding("plain_http", group, title, OK, _("http:// is redirected."))
    if reply.status == 403 and facts.https_only:
        return Finding("plain_http", group, title, OK, _("Calls by http:// are refused."))
    return Finding(
        "plain_http", group, title, ATTENTION, _("http:// is answered, too: a key could be sent in the clear."),
        _("Switch on “HTTPS only” in Server Settings, or redirect http:// to https:// in the web server."),
        (nginx_https(facts),),
    )  # fmt: skip
