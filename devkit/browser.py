"""A person with a browser, as far as logging AI tools in needs one: cookies, forms, redirects."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from html import unescape
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import quote, urlencode

_FIELD = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]+)"')
_SECONDS = 60


class _Staying(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to whoever asked."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class Browser:
    """A session in Odoo's web client.

    Args:
        base: the server's address, without a slash at the end.

    Raises:
        ValueError: the login was refused.
    """

    def __init__(self, base: str, login: str, password: str):
        self.base, self.login, self.password = base, login, password
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._staying = urllib.request.build_opener(cookies, _Staying())
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.read(f"{base}/web/login"))[1]
        form = f"login={quote(login)}&password={quote(password)}&csrf_token={token}"
        with self._opener.open(f"{base}/web/login", form.encode(), timeout=_SECONDS) as answer:
            if "/web/login" in answer.geturl():
                raise ValueError(f"The login of {login} was refused.")

    def read(self, url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> str:
        """What the server answers with these cookies."""
        request = urllib.request.Request(url, body, headers or {})
        with self._opener.open(request, timeout=_SECONDS) as answer:
            return answer.read().decode()

    def register(self, redirect_uri: str, method: str = "none") -> dict[str, Any]:
        """An AI tool introduces itself (RFC 7591); what it is told.

        Args:
            method: how it proves who it is, of `token_endpoint_auth_method`.
        """
        metadata = {"client_name": "Test Tool", "redirect_uris": [redirect_uri], "token_endpoint_auth_method": method}
        headers = {"Content-Type": "application/json"}
        return json.loads(self.read(f"{self.base}/oauth/register", json.dumps(metadata).encode(), headers))

    def allow(self, url: str) -> str:
        """Allow everything that an authorization request asks for; the address that the browser is sent to.

        Raises:
            ValueError: the person is not asked, or not sent on.
        """
        page = self.read(url)
        form = {name: unescape(value) for name, value in _FIELD.findall(page)} | {
            "decision": "allow",
            "access": "write",
        }
        try:
            self._staying.open(f"{self.base}/oauth/authorize", urlencode(form).encode(), timeout=_SECONDS).close()
        except urllib.error.HTTPError as answer:
            if answer.code == 303:
                return answer.headers["Location"]
            raise
        raise ValueError("The consent page did not send the browser on.")
