"""Odoo's administrator at work: what a person would do on the screens, through the web client's own door."""

from __future__ import annotations

import json
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlsplit


class Administrator:
    """The user admin, who prepares what is tested."""

    def __init__(self, url: str, database: str) -> None:
        parts = urlsplit(url)
        self._base = f"{parts.scheme}://{parts.netloc}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        who = {"db": database, "login": "admin", "password": "admin"}
        self._uid = self._ask("/web/session/authenticate", who)["uid"]
        assert self._uid, "the user admin must have the password admin"

    def do(self, model: str, method: str, *arguments: Any, **keywords: Any) -> Any:
        """Call a method of a model."""
        params = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
        return self._ask(f"/web/dataset/call_kw/{model}/{method}", params)

    def settings(self, **values: Any) -> None:
        """Change the Server Settings."""
        ids = self.do("mcp.settings", "search", [])
        self.do("mcp.settings", "write", ids, values)

    def key(self, name: str, **values: Any) -> str:
        """A key of a new connection of the administrator, with these fields."""
        connection = self.do("mcp.connection", "create", {"name": name, "user_id": self._uid, **values})
        wizard = self.do("mcp.key.wizard", "create", {"connection_id": connection})
        return self.do("mcp.key.wizard", "action_create_key", [wizard])["params"]["credentials"][0]["value"]

    def _ask(self, path: str, params: dict[str, Any]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}).encode()
        request = urllib.request.Request(self._base + path, body, {"Content-Type": "application/json"})
        answer = json.loads(self._opener.open(request, timeout=60).read())
        assert "error" not in answer, answer["error"]["data"]["message"]
        return answer["result"]
