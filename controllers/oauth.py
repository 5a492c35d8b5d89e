import json
import time

from werkzeug.exceptions import BadRequest

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..services.governance import admission, audit
from ..services.identity import bearer, transport
from ..services.identity.oauth import authorization, metadata, registration, server
from ..services.identity.oauth.address import ENDPOINT_PATHS, PROTECTED_RESOURCE, issuer
from ..services.protocol import origin
from .oauth_dispatchers import OAuthDispatcher

_LARGEST = 64 * 1024  # bytes of a body
_MACHINE = {
    "type": OAuthDispatcher.routing_type,
    "auth": "none",
    "save_session": False,
    "readonly": False,
}
_SERVER = ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration")


class OAuthController(http.Controller):
    """What clients ask the authorization server without a person."""

    @http.route([PROTECTED_RESOURCE, *(PROTECTED_RESOURCE + path for path in ENDPOINT_PATHS)], **_MACHINE)
    def protected_resource(self):
        """RFC 9728: where to get tokens for the endpoint."""
        path = request.httprequest.path.removeprefix(PROTECTED_RESOURCE)
        return self._metadata(lambda env: metadata.protected_resource(env, path))

    @http.route(
        [
            *_SERVER,
            *(place + path for place in _SERVER for path in ENDPOINT_PATHS),
            *(path + place for place in _SERVER for path in ENDPOINT_PATHS),
        ],
        **_MACHINE,
    )
    def authorization_server(self):
        """RFC 8414: the endpoints, and what they speak."""
        return self._metadata(metadata.authorization_server)

    @http.route("/oauth/register", **_MACHINE)
    def register(self):
        """RFC 7591: a client introduces itself."""

        def answer(env):
            rates = bearer.identify(env, "").limits.rates
            address = request.httprequest.remote_addr
            tried = admission.of_address(request.db, rates, "oauth", address, registration.PER_MINUTE).refusal
            if tried:
                return _too_many(tried)
            try:
                told = registration.register(env, _json(), request.httprequest.remote_addr)
            except registration.RegistrationError as error:
                refusal = {"error": error.error, "error_description": str(error)}
                return server.Answer(error.status, dict(server.NO_STORE), json.dumps(refusal), refusal=str(error))
            return server.Answer(201, dict(server.NO_STORE), json.dumps(told))

        return self._post(answer)

    @http.route("/oauth/token", **_MACHINE)
    def token(self):
        """RFC 6749 section 3.2: a code or a refresh token becomes tokens."""
        return self._post(lambda env: server.token(env, *_form()))

    @http.route("/oauth/revoke", **_MACHINE)
    def revoke(self):
        """RFC 7009."""
        return self._post(lambda env: server.revoke(env, *_form()))

    @http.route("/oauth/introspect", **_MACHINE)
    def introspect(self):
        """RFC 7662."""
        return self._post(lambda env: server.introspect(env, *_form()))

    # ------------------------------------------------------------------ HTTP

    def _metadata(self, content):
        def answer(env):
            headers = {"Content-Type": "application/json", "Cache-Control": "public, max-age=300"}
            return server.Answer(200, headers, json.dumps(content(env)))

        return self._answer(("GET", "HEAD"), answer, recorded=False)

    def _post(self, answer):
        return self._answer(("POST",), answer)

    def _answer(self, methods, answer, recorded=True):
        """What every request goes through: the switch, its Origin, its method; then ``answer``, then the audit log."""
        started = time.perf_counter()
        httprequest = request.httprequest
        # sudo: nobody is logged in; what is asked decides what may be seen
        env = request.env(user=SUPERUSER_ID)
        limits = bearer.identify(env, "").limits
        own_host = issuer(env).partition("://")[2]
        origin_header = httprequest.headers.get("Origin")
        cors = origin.cors_headers(origin_header, own_host, limits.allowed_origins)
        if not origin.origin_allowed(origin_header, own_host, limits.allowed_origins):
            done = _refusal(403, "access_denied", "The Origin of this request is not allowed")
        elif httprequest.method == "OPTIONS":
            headers = origin.preflight_headers(origin_header, own_host, limits.allowed_origins)
            return request.make_response(b"", headers=list(headers.items()), status=204)
        elif limits.https_only and not transport.is_safe(httprequest.scheme, httprequest.headers):
            done = _refusal(403, "invalid_request", "This server accepts HTTPS only")
        elif not limits.enabled:
            done = _refusal(503, "temporarily_unavailable", "The MCP server is switched off")
        elif httprequest.method not in methods:
            done = _refusal(405, "invalid_request", f"Use {methods[0]}", {"Allow": ", ".join((*methods, "OPTIONS"))})
        elif methods == ("POST",) and (problem := _body_problem()):
            done = _refusal(400 if httprequest.content_length else 411, "invalid_request", problem)
        else:
            done = answer(env)
            if done.status == 401:
                tried = admission.of_failure(request.db, limits.rates, httprequest.remote_addr).refusal
                done = _too_many(tried) if tried else done
        if recorded or done.status >= 400:
            _record(env, done, started)
        return request.make_response(done.body, headers=list((done.headers | cors).items()), status=done.status)


def _refusal(status, error, description, headers=None):
    body = json.dumps({"error": error, "error_description": description})
    return server.Answer(status, server.NO_STORE | (headers or {}), body, refusal=description)


def _too_many(refusal):
    return _refusal(429, "temporarily_unavailable", refusal.message, refusal.headers)


def _body_problem():
    httprequest = request.httprequest
    if httprequest.query_string:
        return "Parameters belong into the body: addresses are logged"
    if not httprequest.content_length:
        return "Send a body, and its Content-Length"
    if httprequest.content_length > _LARGEST:
        return f"The body is larger than {_LARGEST} bytes"
    return ""


def _form():
    """The parameters of a form and the Authorization header; no parameters when it is none."""
    httprequest = request.httprequest
    is_form = httprequest.mimetype in ("application/x-www-form-urlencoded", "")
    try:
        pairs = authorization.parameters(httprequest.get_data()) if is_form else []
    except ValueError as error:  # too many
        raise BadRequest from error
    return pairs, httprequest.headers.get("Authorization")


def _json():
    try:
        return json.loads(request.httprequest.get_data())
    except (ValueError, RecursionError):
        return None


def _record(env, done, started):
    httprequest = request.httprequest
    audit.write(
        env.cr,
        audit.AuditEntry(
            outcome="ok" if done.status < 400 else "refused",
            connection_id=done.connection_id,
            user_id=done.user_id,
            ip_address=httprequest.remote_addr,
            client=httprequest.headers.get("User-Agent"),
            method=f"OAuth {httprequest.path.rpartition('/')[2]}",
            http_status=done.status,
            error=done.refusal or None,
            duration_ms=round((time.perf_counter() - started) * 1000, 2),
        ),
    )
