"""A real browser without a window, told what to do over its debugging pipe. Standard library only."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe")
_SECONDS = 30
_HIGH = 20  # above the two that Chromium listens on


def program() -> str | None:
    """Where Chromium is, if it is."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Chromium:
    """One page of one browser; use it in a ``with`` statement.

    :param profile: an empty folder for its cookies
    """

    def __init__(self, profile: Path):
        self.profile = profile
        self.errors: list[str] = []
        self._ids = itertools.count(1)
        self._rest = b""

    def __enter__(self) -> Chromium:
        (hears, self._say), (self._hear, says) = os.pipe(), os.pipe()
        hears, says = (fcntl.fcntl(end, fcntl.F_DUPFD, _HIGH) for end in (hears, says))

        def where_it_expects_them() -> None:
            os.dup2(hears, 3)
            os.dup2(says, 4)

        command = [program(), *_OPTIONS, f"--user-data-dir={self.profile}", "about:blank"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, pass_fds=(3, 4), preexec_fn=where_it_expects_them, stdin=quiet, stdout=quiet, stderr=quiet
        )
        os.close(hears)
        os.close(says)
        target = self._tell("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._tell(f"{domain}.enable", self._session)
        return self

    def __exit__(self, *_failure: Any) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._say)
        os.close(self._hear)

    def open(self, url: str) -> None:
        self._tell("Page.navigate", self._session, url=url)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page, which may be none while it is loading."""
        answer = self._tell("Runtime.evaluate", self._session, expression=expression, returnByValue=True)
        return answer.get("result", {}).get("value")

    def wait_for(self, expression: str) -> Any:
        """The value of ``expression`` as soon as it is true."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            if value := self.evaluate(expression):
                return value
            time.sleep(0.1)
        raise AssertionError(f"{expression} stayed false at {self.evaluate('location.href')}")

    def _tell(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        message = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self._say, json.dumps(message).encode() + b"\0")
        while True:
            heard = self._next()
            if heard.get("id") == number:
                assert "error" not in heard or method == "Runtime.evaluate", heard
                return heard.get("result", {})
            self._note(heard)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._hear, 65536)
            assert piece, "Chromium ended"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def _note(self, event: dict[str, Any]) -> None:
        """Keep what the console of the page calls an error."""
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(params["exceptionDetails"]))
        elif event.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"{params['entry'].get('url')}: {params['entry']['text']}")


def allow(page: Chromium, url: str, login: str, password: str) -> None:
    """Log in where Odoo asks for it, and allow what the consent page asks for."""
    page.open(url)
    page.wait_for("document.readyState == 'complete' && Boolean(document.querySelector('form.oe_login_form'))")
    for name, value in (("login", login), ("password", password)):
        page.evaluate(f"document.querySelector('form.oe_login_form [name={name}]').value = {json.dumps(value)}")
    page.evaluate("document.querySelector('form.oe_login_form [type=submit]').click()")
    page.wait_for("Boolean(document.querySelector('button[value=allow]'))")
    page.evaluate("document.querySelector('button[value=allow]').click()")
