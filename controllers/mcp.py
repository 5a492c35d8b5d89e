import json
import time
from urllib.parse import urlsplit

from odoo import SUPERUSER_ID, http
from odoo.http import request
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE

from ..services.application import OdooApplication
from ..services.conversations.presence import Presence
from ..services.governance import admission, audit
from ..services.identity import bearer, transport
from ..services.identity.oauth import challenge as challenges
from ..services.protocol import origin
from ..services.protocol.limits import Limits
from ..services.protocol.messages import HttpAnswer, HttpRequest
from ..services.protocol.server import handle, refuse
from ..services.tools.selection import UnknownChoiceError, selection_of
from .dispatcher import McpDispatcher

_TRIES = "odoo_mcp.tries"
_STARTED = "odoo_mcp.started"
_SELECTION = "odoo_mcp.selection"


class McpController(http.Controller):
    """The MCP endpoint: HTTP in, HTTP out."""

    @http.route(
        ["/odoo/mcp", "/mcp"],
        type=McpDispatcher.routing_type,
        auth="none",
        save_session=False,
        readonly=False,  # every request leaves an audit row; routes without authentication are read-only by default
    )
    def mcp(self):
        """MCP Streamable HTTP (2026-07-28 and the handshake versions). Answers with MCP's own status codes."""
        identification, cors, refusal = self._admit()
        if refusal is not None:
            return refusal
        httprequest = request.httprequest
        if httprequest.method == "POST" or self._concerns_a_session():
            return self._handle(identification, cors)
        text = (
            "Messages are sent with POST; with its Mcp-Session-Id, a session is heard with GET and ended with DELETE."
        )
        return self._refuse(identification, 405, text, cors | {"Allow": "POST, OPTIONS"})

    def _concerns_a_session(self) -> bool:
        httprequest = request.httprequest
        return httprequest.method in ("GET", "DELETE") and bool(httprequest.headers.get("Mcp-Session-Id"))

    def _admit(self):
        """What every door asks first: the identification and the CORS headers, or the response that refuses."""
        request.httprequest.environ.setdefault(_STARTED, time.perf_counter())
        httprequest = request.httprequest
        headers = httprequest.headers
        token = bearer.token_of(headers.get("Authorization"))
        identification = bearer.identify(request.env, token, httprequest.remote_addr)
        limits = identification.limits
        origin_header = headers.get("Origin")
        own_host = _own_host() if origin_header else ""
        if not origin.origin_allowed(origin_header, own_host, limits.allowed_origins):
            return identification, {}, self._refuse(identification, 403, "The Origin of this request is not allowed.")
        if httprequest.method == "OPTIONS":
            preflight = origin.preflight_headers(origin_header, own_host, limits.allowed_origins)
            return identification, {}, request.make_response(b"", headers=list(preflight.items()), status=204)
        cors = origin.cors_headers(origin_header, own_host, limits.allowed_origins)
        if limits.https_only and not transport.is_safe(httprequest.scheme, headers):
            text = "This server accepts HTTPS only. Use its address that begins with https://."
            return identification, cors, self._refuse(identification, 403, text, cors)
        if not limits.enabled:
            return identification, cors, self._refuse(identification, 503, "The MCP server is switched off.", cors)
        if identification.caller is None:
            challenge = {"WWW-Authenticate": _challenge(headers.get("Authorization"), httprequest.path)}
            text = "A valid API key is needed, sent as 'Authorization: Bearer <key>'."
            tried = admission.of_failure(request.db, limits.rates, httprequest.remote_addr).refusal
            if tried:
                refusal = self._refuse(identification, tried.http_status, tried.message, cors | tried.headers)
                return identification, cors, refusal
            return identification, cors, self._refuse(identification, 401, text, cors | challenge)
        return identification, cors, self._unfit(identification, cors)

    def _unfit(self, identification, cors):
        """The response to a request whose form is already wrong, else None."""
        httprequest, limits = request.httprequest, identification.limits
        try:
            httprequest.environ[_SELECTION] = self._selection(identification.caller.tool_mode)
        except UnknownChoiceError as error:
            return self._refuse(identification, 400, str(error), cors)
        if httprequest.method == "POST":
            size = httprequest.content_length
            if size is None:
                return self._refuse(identification, 411, "Content-Length is required.", cors)
            if size > limits.max_payload_kb * 1024:
                text = f"The request is larger than {limits.max_payload_kb} KB. Send less at once."
                return self._refuse(identification, 413, text, cors)
        return None

    def _selection(self, mode):
        """Which tools the URL or the headers of this request choose."""
        definitions = request.env["mcp.tool.registry"]._definitions().values()
        categories = {definition.category for definition in definitions}
        return selection_of(request.httprequest.args, request.httprequest.headers, mode, categories)

    def _application(self, identification) -> OdooApplication:
        """What serves the rest of this request, as the connection's user."""
        httprequest, caller = request.httprequest, identification.caller
        request.update_env(user=caller.user_id, context=caller.context(), su=False)
        # Odoo runs the whole controller again after a serialization failure
        tries = httprequest.environ[_TRIES] = httprequest.environ.get(_TRIES, 0) + 1
        application = OdooApplication(
            request.env,
            caller,
            identification.limits,
            {"ip_address": httprequest.remote_addr, "user_agent": httprequest.headers.get("User-Agent")},
            last_try=tries >= MAX_TRIES_ON_CONCURRENCY_FAILURE,
        )
        application.selection = httprequest.environ[_SELECTION]
        token, address = bearer.token_of(httprequest.headers.get("Authorization")), httprequest.remote_addr
        # Odoo keeps the connection to itself, and hands it to websockets in this way
        connection = httprequest._HTTPRequest__environ.get("socket")
        application.presence = Presence((token, address), lambda env: bearer.identify(env, token, address), connection)
        httprequest.environ[audit.TRAIL] = audit.Trail(
            self._entry(identification, "error", f"HTTP {httprequest.method}"), application.entries
        )
        return application

    def _within_limits(self, identification, application, cors):
        """Count the request: the response when it has to wait, else None; and ``cors`` with what is left."""
        httprequest, limits = request.httprequest, identification.limits
        admitted = admission.of_call(request.db, limits.rates, identification.caller, httprequest)
        if admitted.refusal is None:
            return None, cors | admitted.headers
        message = HttpRequest(httprequest.method, httprequest.headers, httprequest.get_data())
        answer = refuse(message, application, Limits(max_body_bytes=limits.max_payload_kb * 1024), admitted.refusal)
        return self._respond(answer, cors), cors

    def _handle(self, identification, cors):
        httprequest, limits = request.httprequest, identification.limits
        application = self._application(identification)
        over_limit, cors = self._within_limits(identification, application, cors)
        if over_limit is not None:
            return over_limit
        message = HttpRequest(httprequest.method, httprequest.headers, httprequest.get_data())
        answer = handle(message, application, Limits(max_body_bytes=limits.max_payload_kb * 1024))
        bearer.touch(request.env, identification, application.client)
        return self._respond(answer, cors)

    def _respond(self, answer: HttpAnswer, cors: dict[str, str]):
        headers = list((answer.headers | cors).items())
        if answer.stream is not None:
            return http.Response(answer.stream, status=answer.status, headers=headers, direct_passthrough=True)
        return request.make_response(answer.body, headers=headers, status=answer.status)

    def _entry(self, identification, outcome, method):
        """A row of the audit log with what is known before the message is read."""
        return audit.AuditEntry(
            outcome,
            connection_id=identification.connection_id,
            credential_id=identification.credential_id,
            user_id=identification.user_id,
            ip_address=request.httprequest.remote_addr,
            client=request.httprequest.headers.get("User-Agent"),
            method=method,
        )

    def _refuse(self, identification, status, text, headers=None):
        """Answer before the message was read; the client gets one text for each status, the log the reason."""
        reason = identification.refusal if status == 401 else text
        httprequest = request.httprequest
        started = httprequest.environ[_STARTED]
        entry = self._entry(identification, "refused", f"HTTP {httprequest.method}")
        entry.http_status, entry.error = status, reason
        entry.duration_ms = round((time.perf_counter() - started) * 1000, 2)
        audit.write(request.env.cr, entry, is_only_one=True)
        httprequest.environ[audit.TRAIL] = audit.Trail(entry, [entry])
        body = json.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": text}})
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"} | (headers or {})
        return request.make_response(body, headers=list(headers.items()), status=status)


def _own_host() -> str:
    """Host and port of ``web.base.url``: never what the request says of itself (DNS rebinding)."""
    # sudo: nobody is logged in yet, and everybody may know the address
    parameters = request.env(user=SUPERUSER_ID)["ir.config_parameter"]
    return urlsplit(parameters.get_param("web.base.url") or "").netloc


def _challenge(authorization: str | None, path: str) -> str:
    """Where a client finds out how to get a token (RFC 9728 section 5.1).

    RFC 6750 section 3: an error code only when credentials were sent.
    """
    return challenges.challenge(request.env, path, error="invalid_token" if authorization else "")
