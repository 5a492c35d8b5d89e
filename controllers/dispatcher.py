import json

from werkzeug.exceptions import HTTPException

from odoo import http

from ..services.governance import audit


class McpDispatcher(http.Dispatcher):
    """Hands a request to its controller as it came: body and query are the controller's to read.

    Odoo's own dispatchers turn query and form fields into arguments of the controller (``?self=1`` is a 500), demand a
    CSRF token for methods that a route does not offer, and answer errors with HTML.
    """

    routing_type = "mcp"

    @classmethod
    def is_compatible_with(cls, _request):
        return True

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        """The last resort, after Odoo's retries: a JSON-RPC error that tells nothing of the inside."""
        status = exc.code if isinstance(exc, HTTPException) and exc.code else 500
        code, text = (-32600, exc.name) if status < 500 else (-32603, "Internal error. Try again.")
        trail = self.request.httprequest.environ.pop(audit.TRAIL, None)
        if trail:
            if not self.request.env.cr.closed:
                self.request.env.cr.rollback()  # which Odoo does right after this
            trail.rescue(self.request.db, status, exc)
        body = json.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": text}})
        return self.request.make_response(body, headers=[("Content-Type", "application/json")], status=status)
