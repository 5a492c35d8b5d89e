"""What tests need that call tools over HTTP, as an AI client does."""

from odoo.tests import HttpCase

from .common import McpCase


class HttpClient:
    """Tool calls over HTTP with one key; the words are those of ``common.McpClient``."""

    def __init__(self, case, key, path="/odoo/mcp", headers=None):
        self.case, self.key, self.path, self.headers = case, key, path, headers or {}

    def send(self, method="POST", path=None, **options):
        """One request without cookies or redirects."""
        self.case.env.flush_all()
        self.case.opener.cookies.clear()
        url = self.case.base_url() + (path or self.path)
        answer = self.case.opener.request(method, url, allow_redirects=False, timeout=60, **options)
        self.case.env.invalidate_all()
        return answer

    def request(self, method, params=None):
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-11-25",
            **self.headers,
        }
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        return self.send(json=message, headers=headers).json()

    def result(self, tool, **arguments):
        return self.request("tools/call", {"name": tool, "arguments": arguments})["result"]

    def call(self, tool, **arguments):
        """The structured result of a tool call that must work."""
        result = self.result(tool, **arguments)
        if result["isError"]:
            raise AssertionError(f"{tool} failed: {result['content'][0]['text']}")
        return result["structuredContent"]

    def failing(self, tool, **arguments):
        """The text of a tool call that must be answered with an error the model can read."""
        result = self.result(tool, **arguments)
        if not result["isError"]:
            raise AssertionError(f"{tool} should have failed, but answered {result['structuredContent']}")
        return result["content"][0]["text"]


class McpHttpCase(McpCase, HttpCase):
    """As :class:`McpCase`, with clients that go through HTTP."""

    def setUp(self):
        super().setUp()
        self.client = HttpClient(self, self.key)
        self.admin_client = HttpClient(self, self.admin_key)
