"""What to set where there is no file to edit: Cloudflare and Odoo.sh."""

# There is no self here: the language is that of the request.
# pylint: disable=prefer-env-translation
from __future__ import annotations

from .facts import Facts
from .finding import Remedy


def cloudflare(facts: Facts, translate) -> Remedy:
    _ = translate
    paths = '(starts_with(http.request.uri.path, "/odoo/mcp") or starts_with(http.request.uri.path, "/mcp") or '
    paths += 'starts_with(http.request.uri.path, "/oauth/") or starts_with(http.request.uri.path, "/.well-known/"))'
    lines = (
        _("Security → WAF → Custom rules → Create rule, action “Skip” (managed rules, bots, rate limits):"),
        f'(http.host eq "{facts.address.hostname}" and {paths})',
        "",
        _("Caching → Cache Rules → Create rule with the same expression: “Bypass cache”."),
        _("SSL/TLS → Overview: “Full (strict)”. Network → WebSockets: on."),
    )
    return Remedy("Cloudflare", "\n".join(lines))


def odoo_sh(translate) -> Remedy:
    _ = translate
    lines = (
        _("Odoo.sh sets proxy_mode, workers, the evented worker and HTTPS by itself; there is no file to edit."),
        _("Use the address of the production branch, or your own domain (branch → Settings → Custom domains)."),
        _("Settings → Technical → System Parameters: web.base.url = that address, web.base.url.freeze = True."),
        _("Staging and development branches sleep when nobody uses them: AI tools need the production branch."),
    )
    return Remedy("Odoo.sh", "\n".join(lines))
