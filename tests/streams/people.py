"""Somebody who works in Odoo's web client, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from devkit.browser import Browser

CALLBACK = "http://127.0.0.1/callback"


class Person(Browser):
    """A session of the web client."""

    def __init__(self, url: str, login: str, password: str):
        parts = urlsplit(url)
        super().__init__(f"{parts.scheme}://{parts.netloc}", login, password)

    def call(self, model: str, method: str, args: list[Any], **kwargs: Any) -> Any:
        """A method of a model, as the web client calls it."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def token(self) -> str:
        """A personal access token of their own, from the wizard."""
        asked = {"client": "other", "way_in": "api_key", "step": "details", "name": "Token", "personal": True}
        wizard = self.call("mcp.connect.wizard", "create", [asked])
        shown = self.call("mcp.connect.wizard", "action_connect", [[wizard]])
        return shown["params"]["credentials"][0]["value"]

    def log_in_a_tool(self, client: dict[str, Any] | None = None) -> dict[str, Any]:
        """What an AI tool holds after this person allowed it everything in their browser.

        :param client: as its registration told it; a new public one without it
        :return: the answer of the token endpoint, with ``client``, ``code`` and ``verifier``
        """
        client = client or self.register(CALLBACK)
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": client["client_id"],
            "redirect_uri": CALLBACK,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        location = self.allow(f"{self.base}/oauth/authorize?{urlencode(query)}")
        code = parse_qs(urlsplit(location).query)["code"][0]
        exchange = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": CALLBACK,
        }
        told = self.ask_for_tokens(client, exchange)
        return {**told, "client": client, "code": code, "verifier": verifier}

    def ask_for_tokens(self, client: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
        """The answer of the token endpoint to ``client``."""
        proof = {name: client[name] for name in ("client_id", "client_secret") if client.get(name)}
        return json.loads(self.read(f"{self.base}/oauth/token", urlencode({**form, **proof}).encode()))

    def new_key(self, connection_id: int) -> str:
        """A key of a connection, as its screen makes one."""
        wizard = self.call("mcp.key.wizard", "create", [{"connection_id": connection_id}])
        shown = json.dumps(self.call("mcp.key.wizard", "action_create_key", [[wizard]]))
        return re.search(r"mcp_[\w-]{40,}", shown)[0]

    def page_time(self) -> float:
        """Seconds for the page that the web client starts with."""
        started = time.perf_counter()
        self.read(f"{self.base}/odoo")
        return time.perf_counter() - started

    def _post(self, path: str, params: dict[str, Any]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        answer = json.loads(self.read(self.base + path, body, {"Content-Type": "application/json"}))
        assert "error" not in answer, answer["error"]
        return answer["result"]
