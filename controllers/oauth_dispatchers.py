import json

from werkzeug.exceptions import HTTPException

from .dispatcher import McpDispatcher


class OAuthDispatcher(McpDispatcher):
    """As :class:`McpDispatcher`, with errors as OAuth clients read them."""

    routing_type = "mcp_oauth"

    def handle_error(self, exc):
        status = exc.code if isinstance(exc, HTTPException) and exc.code else 500
        error = "invalid_request" if status < 500 else "server_error"
        body = json.dumps({"error": error, "error_description": "Try again, or ask an administrator of this Odoo."})
        headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        return self.request.make_response(body, headers=headers, status=status)


class ConsentDispatcher(McpDispatcher):
    """As :class:`McpDispatcher`, with errors for people."""

    routing_type = "mcp_consent"

    def handle_error(self, exc):
        status = exc.code if isinstance(exc, HTTPException) and exc.code else 500
        text = b"Something went wrong. Start again from the AI tool."
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Frame-Options", "DENY")]
        return self.request.make_response(text, headers=headers, status=status)
