"""A person with a browser, as far as logging an AI tool in needs one: plain HTTP, cookies, forms."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx2

_FIELD = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')


class Person:
    """Logs in where Odoo asks for it and allows what the consent page asks for."""

    def __init__(self, base: str, login: str, password: str):
        self.base = base
        self.login = login
        self.password = password
        self.browser = httpx2.Client(base_url=base, follow_redirects=False, timeout=60)

    def allow(self, url: str, access: str = "write") -> dict[str, str]:
        """Follow an authorization URL to its end; what the client is told, by name."""
        page = self.browser.get(url)
        if page.status_code == 303:
            page = self._log_in(page.headers["location"])
        assert page.status_code == 200, page.text
        form = {name: unescape(value) for name, value in _FIELD.findall(page.text)}
        answer = self.browser.post(
            "/oauth/authorize", data={**form, "decision": "allow", "access": access}, headers={"Origin": self.base}
        )
        assert answer.status_code == 303, answer.text
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in query.items()} | {"location": answer.headers["location"]}

    def _log_in(self, location: str) -> httpx2.Response:
        page = self.browser.get(location).text
        form = {
            "login": self.login,
            "password": self.password,
            "type": "password",
            "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1],
            "redirect": unescape(re.search(r'name="redirect" value="([^"]+)"', page)[1]),
        }
        answer = self.browser.post("/web/login", data=form)
        assert answer.status_code == 303, "the login was refused"
        return self.browser.get(answer.headers["location"])
