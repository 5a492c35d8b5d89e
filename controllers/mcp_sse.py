from odoo import http
from odoo.http import request

from ..services.conversations import legacy
from ..services.identity import bearer
from ..services.protocol.errors import ProtocolError
from ..services.protocol.limits import Limits
from .dispatcher import McpDispatcher
from .mcp import McpController

_ROUTE = {
    "type": McpDispatcher.routing_type,
    "auth": "none",
    "save_session": False,
    "readonly": False,
}


class McpLegacyController(McpController):
    """The 2024-11-05 transport, behind the same door as the endpoint."""

    @http.route("/mcp/sse", **_ROUTE)
    def mcp_sse(self):
        """GET opens the stream of the 2024-11-05 transport; everything else is as on the endpoint."""
        if request.httprequest.method != "GET" or self._concerns_a_session():
            return self.mcp()
        identification, cors, refusal = self._admit()
        if refusal is not None:
            return refusal
        application = self._application(identification)
        over_limit, cors = self._within_limits(identification, application, cors)
        if over_limit is not None:
            return over_limit
        try:
            answer = legacy.open_stream(application, request.httprequest.headers.get("Accept"))
        except ProtocolError as error:
            return self._refuse(identification, error.http_status, error.message, cors | error.headers)
        bearer.touch(request.env, identification, application.client)
        return self._respond(answer, cors)

    @http.route("/mcp/messages", **_ROUTE)
    def mcp_messages(self):
        """Where clients of the 2024-11-05 transport post; the answers come on their stream."""
        identification, cors, refusal = self._admit()
        if refusal is not None:
            return refusal
        httprequest = request.httprequest
        if httprequest.method != "POST":
            text = "Messages are posted here; the stream for their answers is opened with GET /mcp/sse."
            return self._refuse(identification, 405, text, cors | {"Allow": "POST, OPTIONS"})
        application = self._application(identification)
        over_limit, cors = self._within_limits(identification, application, cors)
        if over_limit is not None:
            return over_limit
        limits = Limits(max_body_bytes=identification.limits.max_payload_kb * 1024)
        session_id = httprequest.args.get("session_id", "")
        answer = legacy.take_message(application, session_id, httprequest.headers, httprequest.get_data(), limits)
        bearer.touch(request.env, identification, application.client)
        return self._respond(answer, cors)
