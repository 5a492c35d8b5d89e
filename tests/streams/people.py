"""Somebody who works in Odoo's web client, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import time
import urllib.error
import urllib.request
from html import unescape
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CALLBACK = "http://127.0.0.1/callback"
_TOKENS = "/oauth/token"


class _Staying(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to whoever asked."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class Person:
    """A session of the web client."""

    def __init__(self, url: str, login: str, password: str):
        parts = urlsplit(url)
        self.base = f"{parts.scheme}://{parts.netloc}"
        self.login, self.password = login, password
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._staying = urllib.request.build_opener(cookies, _Staying())
        self._login(login, password)

    def _login(self, login: str, password: str) -> None:
        page = self._opener.open(f"{self.base}/web/login", timeout=60).read().decode()
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        body = f"login={login}&password={password}&csrf_token={token}".encode()
        answer = self._opener.open(f"{self.base}/web/login", body, timeout=60)
        assert "/web/login" not in answer.geturl(), "the login was refused"

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
        client = client or self.register()
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": client["client_id"],
            "redirect_uri": CALLBACK,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        page = self._opener.open(f"{self.base}/oauth/authorize?{urlencode(query)}", timeout=60).read().decode()
        fields = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]+)"', page)
        form = {name: unescape(value) for name, value in fields} | {"decision": "allow", "access": "write"}
        try:
            self._staying.open(f"{self.base}/oauth/authorize", urlencode(form).encode(), timeout=60)
            raise AssertionError("the consent page did not send the browser back")
        except urllib.error.HTTPError as answer:
            assert answer.code == 303, answer.code
            code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        exchange = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": CALLBACK,
        }
        told = self.ask_for_tokens(client, exchange)
        return {**told, "client": client, "code": code, "verifier": verifier}

    def register(self, method: str = "none") -> dict[str, Any]:
        """A client that introduced itself."""
        metadata = {"client_name": "Streams", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": method}
        asked = urllib.request.Request(
            f"{self.base}/oauth/register", json.dumps(metadata).encode(), {"Content-Type": "application/json"}
        )
        return json.loads(urllib.request.urlopen(asked, timeout=60).read())

    def ask_for_tokens(self, client: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
        """The answer of the token endpoint to ``client``."""
        proof = {name: client[name] for name in ("client_id", "client_secret") if client.get(name)}
        data = urlencode({**form, **proof}).encode()
        return json.loads(urllib.request.urlopen(self.base + _TOKENS, data, timeout=60).read())

    def page_time(self) -> float:
        """Seconds for the page that the web client starts with."""
        started = time.perf_counter()
        self._opener.open(f"{self.base}/odoo", timeout=60).read()
        return time.perf_counter() - started

    def _post(self, path: str, params: dict[str, Any]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        asked = urllib.request.Request(self.base + path, body, {"Content-Type": "application/json"})
        answer = json.loads(self._opener.open(asked, timeout=60).read())
        assert "error" not in answer, answer["error"]
        return answer["result"]
