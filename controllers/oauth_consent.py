import time
from urllib.parse import quote

from odoo import http
from odoo.http import request

from ..services.governance import admission, audit
from ..services.identity import bearer, transport
from ..services.identity.oauth import address, authorization, clients, consent, documents, people, redirects
from .oauth_dispatchers import ConsentDispatcher

_LARGEST = 64 * 1024  # bytes of the form
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # a POST that shows no referrer shows no Origin either, and that is checked
    "Referrer-Policy": "same-origin",
}


class ConsentController(http.Controller):
    """Where people are asked whether an AI tool may act in their name."""

    @http.route(
        "/oauth/authorize",
        type=ConsentDispatcher.routing_type,
        auth="public",
        readonly=False,
        sitemap=False,
    )
    def authorize(self):
        """RFC 6749 section 3.1. GET asks and never grants; POST is the answer of the person who was asked."""
        started = time.perf_counter()
        httprequest = request.httprequest
        limits = bearer.identify(request.env, "").limits
        if limits.https_only and not transport.is_safe(httprequest.scheme, httprequest.headers):
            return self._page("oauth_refused", 403, message=request.env._("This server accepts HTTPS only."))
        if not limits.enabled:
            return self._page("oauth_refused", 503, message=request.env._("The MCP server is switched off."))
        if httprequest.method == "POST":
            return self._answered(started)
        if httprequest.method not in ("GET", "HEAD"):
            return self._page("oauth_refused", 405, message=request.env._("Start again from the AI tool."))
        return self._ask(started)

    # ------------------------------------------------------------------ asking

    def _ask(self, started):
        httprequest = request.httprequest
        pairs = authorization.parameters(httprequest.query_string)
        client_id = dict(pairs).get("client_id", "")
        if documents.is_document_id(client_id):
            # fetched for people of this database only, so that strangers cannot make it call other servers
            if request.env.user._is_public():
                return self._login()
            if people.why_not_allowed(request.env.user):
                return self._not_allowed(started, people.why_not_allowed(request.env.user))
            try:
                documents.refresh(request.env, client_id, self._may_fetch)
            except documents.DocumentError as error:
                self._record(started, 400, str(error))
                return self._page("oauth_refused", 400, message=str(error))
        try:
            asked, client = authorization.read(request.env, pairs)
        except authorization.RedirectedError as error:
            self._record(started, 303, str(error))
            return self._redirect(error.location)
        except authorization.UnansweredError as error:
            self._record(started, 400, str(error))
            return self._page(
                "oauth_refused", 400, message=_explained(error), code=error.error.error, location=error.location
            )
        if request.env.user._is_public():
            return self._login()
        return self._ask_person(started, asked, client)

    def _ask_person(self, started, asked, client):
        user = request.env.user
        reason = self._why_not(user, client)
        if reason:
            return self._not_allowed(started, reason, asked)
        question = consent.question(user, asked, client)
        return self._page(
            "oauth_consent",
            200,
            question=question,
            sealed=authorization.sealed(request.env, asked, request.session.sid),
            csrf_token=request.csrf_token(),
        )

    def _may_fetch(self):
        rates, address = bearer.identify(request.env, "").limits.rates, request.httprequest.remote_addr
        return not admission.of_address(request.db, rates, "document", address, documents.PER_MINUTE).refusal

    def _login(self):
        """Odoo's own login page, with its second factor, and back."""
        httprequest = request.httprequest
        here = f"{httprequest.path}?{httprequest.query_string.decode('latin-1')}"
        return self._redirect(f"/web/login?redirect={quote(here, safe='')}")

    def _why_not(self, user, client):
        if not client.approved:
            return request.env._(
                "%s is new here, and an administrator has to approve it first "
                "(MCP Server → Configuration → OAuth Clients). Then try again.",
                client.name,
            )
        reason = people.why_not_allowed(user)
        return reason or people.why_not_reconnectable(user, people.connection_of(user, client))

    def _not_allowed(self, started, reason, asked=None):
        self._record(started, 403, reason)
        location = authorization.denied_location(request.env, asked, "Not allowed for this person") if asked else ""
        return self._page("oauth_refused", 403, message=reason, code="access_denied", location=location)

    # ------------------------------------------------------------------ the answer

    def _answered(self, started):
        httprequest = request.httprequest
        if (httprequest.content_length or 0) > _LARGEST:
            return self._page("oauth_refused", 413, message=request.env._("Start again from the AI tool."))
        form = httprequest.form
        asked = self._question_of(form)
        if asked is None:
            self._record(started, 400, "consent form of another session, or too old")
            text = request.env._("This page is too old, or was opened in another login. Start again from the AI tool.")
            return self._page("oauth_refused", 400, message=text)
        user = request.env.user
        client = clients.find(request.env.cr, asked.client_public_id)
        if client is None or not redirects.matches(asked.redirect_uri, client.redirect_uris):
            self._record(started, 400, "client or redirect URI changed since the question")
            text = request.env._("The AI tool has changed since you were asked. Start again from there.")
            return self._page("oauth_refused", 400, message=text)
        reason = self._why_not(user, client)
        if reason:
            return self._not_allowed(started, reason, asked)
        if form.get("decision") != "allow":
            self._record(started, 303, "denied by the person")
            return self._redirect(authorization.denied_location(request.env, asked))
        choice = consent.Choice(
            write=form.get("access") == "write",
            company_ids=tuple(int(value) for value in form.getlist("company") if value.isdecimal()),
        )
        permission = consent.permission(user, asked, client, choice)
        if permission is None:
            return self._page("oauth_refused", 400, message=request.env._("Choose at least one company."))
        self._record(started, 303, "", connection_id=permission.connection_id)
        return self._redirect(authorization.allowed_location(request.env, asked, permission))

    def _question_of(self, form):
        """What the person was asked; None when it was not this person, in this login session, on our own page."""
        own = address.issuer(request.env)
        origin = request.httprequest.headers.get("Origin")
        if request.env.user._is_public() or not request.validate_csrf(form.get("csrf_token")):
            return None
        if origin is not None and origin not in (own, request.httprequest.host_url.rstrip("/")):
            return None
        return authorization.unsealed(request.env, form.get("request", ""), request.session.sid)

    # ------------------------------------------------------------------ HTTP

    def _page(self, template, status, **values):
        body = request.env["ir.qweb"]._render(
            f"odoo_mcp.{template}",
            {"lang": (request.env.context.get("lang") or "en_US").replace("_", "-"), **values},
        )
        headers = {"Content-Type": "text/html; charset=utf-8", **_HEADERS}
        return request.make_response(str(body), headers=list(headers.items()), status=status)

    def _redirect(self, location):
        response = request.make_response("", headers=list(_HEADERS.items()), status=303)
        response.headers["Location"] = location
        return response

    def _record(self, started, status, refusal, connection_id=None):
        httprequest = request.httprequest
        user = request.env.user
        audit.write(
            request.env.cr,
            audit.AuditEntry(
                outcome="refused" if refusal else "ok",
                connection_id=connection_id,
                user_id=None if user._is_public() else user.id,
                ip_address=httprequest.remote_addr,
                client=httprequest.headers.get("User-Agent"),
                method="OAuth consent" if httprequest.method == "POST" else "OAuth authorize",
                http_status=status,
                error=refusal or None,
                duration_ms=round((time.perf_counter() - started) * 1000, 2),
            ),
        )


def _explained(error):
    """What a person is told of a request that their AI tool made wrongly."""
    env = request.env
    texts = {
        "Invalid client_id parameter value.": env._(
            "This Odoo does not know the AI tool. Remove the connection in the AI tool and connect again, "
            "or ask your administrator for a client ID."
        ),
        "Mismatching redirect URI.": env._(
            "The AI tool wants you sent to an address that it did not register. This may be an attack: "
            "only go on if your administrator adds the address to the OAuth client."
        ),
    }
    known = texts.get(error.error.description)
    return known or env._("The AI tool asked in a way that is not understood: %s.", str(error).rstrip("."))
