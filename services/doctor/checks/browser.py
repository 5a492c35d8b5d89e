"""AI tools that run in a browser: CORS, and strange origins."""

# There is no self here: the language is that of the request.
# pylint: disable=prefer-env-translation
from __future__ import annotations

from ..facts import Facts, Reply
from ..finding import ATTENTION, NOT_APPLICABLE, OK, PROBLEM, Finding
from ..remedies import nginx

_ALLOW = "access-control-allow-origin"


def check(facts: Facts, translate) -> list[Finding]:
    return [_cors(facts, translate), _foreign(facts, translate)]


def _cors(facts: Facts, _) -> Finding:
    group, title = _("Web pages"), _("Allowed web pages may call (CORS)")
    if not facts.cors_origin:
        return Finding("cors", group, title, NOT_APPLICABLE, _("Server Settings allow no other origin."))
    if not facts.reached:
        return Finding("cors", group, title, NOT_APPLICABLE, _("Not asked, because the address does not lead here."))
    reply = facts.probes.preflight
    advice = _("Remove CORS headers and the handling of OPTIONS for these paths from the web server: Odoo does both.")
    remedies = (nginx(facts),)
    if not isinstance(reply, Reply) or reply.status >= 300 or _ALLOW not in reply.headers:
        status = reply.status if isinstance(reply, Reply) else _("no answer")
        seen = _(
            "A page of %(origin)s is not allowed to call (status %(status)s).", origin=facts.cors_origin, status=status
        )
        return Finding("cors", group, title, PROBLEM, seen, advice, remedies)
    if _ALLOW in reply.repeated:
        seen = _("The header Access-Control-Allow-Origin is sent twice: browsers refuse that.")
        return Finding("cors", group, title, PROBLEM, seen, advice, remedies)
    if reply.headers[_ALLOW] not in (facts.cors_origin, "*"):
        seen = _("The web server replaced Access-Control-Allow-Origin by %s.", reply.headers[_ALLOW])
        return Finding("cors", group, title, PROBLEM, seen, advice, remedies)
    return Finding("cors", group, title, OK, _("Pages of %s may call.", facts.cors_origin))


def _foreign(facts: Facts, _) -> Finding:
    group, title = _("Web pages"), _("Foreign web pages are refused")
    if not facts.reached:
        return Finding(
            "foreign_origin", group, title, NOT_APPLICABLE, _("Not asked, because the address does not lead here.")
        )
    reply = facts.probes.foreign_origin
    if isinstance(reply, Reply) and reply.status == 403 and _ALLOW not in reply.headers:
        return Finding("foreign_origin", group, title, OK, _("A page of an unknown origin was refused."))
    if isinstance(reply, Reply) and _ALLOW in reply.headers:
        seen = _("The web server lets pages of every origin read the answers.")
        advice = _("Remove its CORS headers for these paths: Odoo sends its own.")
        return Finding("foreign_origin", group, title, ATTENTION, seen, advice, (nginx(facts),))
    status = reply.status if isinstance(reply, Reply) else _("no answer")
    seen = _("A page of an unknown origin got status %s instead of 403.", status)
    advice = _("The web server removes or changes the Origin header. Let it pass the header on.")
    return Finding("foreign_origin", group, title, ATTENTION, seen, advice, (nginx(facts),))
