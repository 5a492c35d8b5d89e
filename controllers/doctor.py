import time

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..services.doctor.probe import PROBE_TOKEN
from .dispatcher import McpDispatcher

_FORWARDED = ("x-forwarded-host", "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded", "cf-connecting-ip")


class McpDoctorController(http.Controller):
    """Tells a running connection check what its request looked like when it arrived. Everybody else gets 404."""

    @http.route(
        "/odoo/mcp/check/<string:nonce>",
        type=McpDispatcher.routing_type,
        auth="none",
        save_session=False,
        readonly=True,
    )
    def echo(self, nonce):
        if not self._is_expected(nonce):
            return request.make_json_response({}, status=404)
        httprequest = request.httprequest
        headers = httprequest.headers
        # Odoo's proxy_mode takes the forwarded headers away from the environment that it acts upon; these stay
        seen = {name: headers[name] for name in _FORWARDED if headers.get(name)}
        return request.make_json_response(
            {
                "odoo_mcp_check": 1,
                "database": request.db,
                "scheme": httprequest.scheme,
                "host": httprequest.host,
                "remote_addr": httprequest.remote_addr,
                "authorization": headers.get("Authorization") == f"Bearer {PROBE_TOKEN}",
                "forwarded": seen,
            },
            headers=[("Cache-Control", "no-store")],
        )

    @http.route(
        "/odoo/mcp/check/<string:nonce>/stream",
        type=McpDispatcher.routing_type,
        auth="none",
        save_session=False,
        readonly=True,
    )
    def stream(self, nonce):
        """Two pieces, a second apart, as an event stream is sent."""
        if not self._is_expected(nonce):
            return request.make_json_response({}, status=404)

        def pieces():
            yield b": first\n\n"
            time.sleep(1)
            yield b": second\n\n"

        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return http.Response(pieces(), headers=headers, direct_passthrough=True)

    def _is_expected(self, nonce):
        # sudo: nobody is logged in; the answer is yes or no
        return request.env(user=SUPERUSER_ID)["mcp.doctor"]._is_expected(nonce)
