"""Somebody who works in Odoo's web client, over HTTP."""

from __future__ import annotations

import json
import time
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlsplit


class Person:
    """A session of the web client."""

    def __init__(self, url: str, login: str, password: str):
        parts = urlsplit(url)
        self.base = f"{parts.scheme}://{parts.netloc}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
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
