"""Odoo's administrator at work: what a person would do on the screens, over Odoo's own JSON-RPC."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


class Administrator:
    """The user admin, who prepares what is tested."""

    def __init__(self, url: str, database: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._database = parts.hostname, parts.port or 80, database
        self._uid = self._ask("common", "login", [database, "admin", "admin"])
        assert self._uid, "the user admin must have the password admin"

    def do(self, model: str, method: str, *arguments: Any, **keywords: Any) -> Any:
        """Call a method of a model."""
        who = [self._database, self._uid, "admin"]
        return self._ask("object", "execute_kw", [*who, model, method, arguments, keywords])

    def settings(self, **values: Any) -> None:
        """Change the Server Settings."""
        ids = self.do("mcp.settings", "search", [])
        self.do("mcp.settings", "write", ids, values)

    def key(self, name: str, **values: Any) -> str:
        """A key of a new connection of the administrator, with these fields."""
        connection = self.do("mcp.connection", "create", {"name": name, "user_id": self._uid, **values})
        wizard = self.do("mcp.key.wizard", "create", {"connection_id": connection})
        return self.do("mcp.key.wizard", "action_create_key", [wizard])["params"]["credentials"][0]["value"]

    def _ask(self, service: str, method: str, arguments: list) -> Any:
        params = {"service": service, "method": method, "args": arguments}
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": params})
        connection = http.client.HTTPConnection(self._host, self._port, timeout=60)
        try:
            connection.request("POST", "/jsonrpc", body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert "error" not in answer, answer["error"]["data"]["message"]
        return answer["result"]
