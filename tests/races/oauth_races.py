"""Many processes, one code, one refresh token: see README.md beside this file."""

from __future__ import annotations

import argparse
import base64
import hashlib
import multiprocessing
import re
import secrets
import statistics
import sys
import time
from collections import Counter
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

CALLBACK = "http://127.0.0.1/callback"
_SECONDS = 30


class Person:
    """A logged-in browser that allows whatever it is asked."""

    def __init__(self, base: str, login: str, password: str):
        self.base = base
        self.session = requests.Session()
        page = self.session.get(f"{base}/web/login", timeout=_SECONDS).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        form = {"csrf_token": token, "login": login, "password": password, "type": "password"}
        answer = self.session.post(f"{base}/web/login", data=form, allow_redirects=False, timeout=_SECONDS)
        if answer.status_code != 303:
            raise SystemExit("The login was refused.")

    def allow(self, client_id: str) -> dict[str, str]:
        """A fresh code, as the form with which it is exchanged."""
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": CALLBACK,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        page = self.session.get(f"{self.base}/oauth/authorize?{urlencode(query)}", timeout=_SECONDS).text
        fields = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]+)"', page)
        form = {name: unescape(value) for name, value in fields} | {"decision": "allow", "access": "write"}
        answer = self.session.post(f"{self.base}/oauth/authorize", data=form, allow_redirects=False, timeout=_SECONDS)
        code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        return {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": CALLBACK,
            "client_id": client_id,
        }


def _client(url, barrier, forms, answers):
    """One process: waits for the others, sends the same form, tells what came back and how long it took."""
    session = requests.Session()
    while (form := forms.get()) is not None:
        barrier.wait()
        started = time.perf_counter()
        try:
            response = session.post(url, data=form, timeout=_SECONDS)
            told = (response.status_code, response.json())
        except (requests.RequestException, ValueError) as error:
            told = (0, {"error": repr(error)})
        answers.put((*told, time.perf_counter() - started))


class Crowd:
    """The processes."""

    def __init__(self, url: str, size: int):
        self.size = size
        self.forms = [multiprocessing.Queue() for _ in range(size)]
        self.answers = multiprocessing.Queue()
        barrier = multiprocessing.Barrier(size)
        self.processes = [
            multiprocessing.Process(target=_client, args=(url, barrier, forms, self.answers), daemon=True)
            for forms in self.forms
        ]
        for process in self.processes:
            process.start()

    def send(self, form: dict[str, str]) -> list[tuple[int, dict, float]]:
        for forms in self.forms:
            forms.put(form)
        return [self.answers.get(timeout=2 * _SECONDS) for _ in range(self.size)]

    def close(self) -> None:
        for forms in self.forms:
            forms.put(None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("login")
    parser.add_argument("password")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=20)
    options = parser.parse_args()
    base = options.url.rstrip("/")
    registration = {"client_name": "Races", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"}
    client_id = requests.post(f"{base}/oauth/register", json=registration, timeout=_SECONDS).json()["client_id"]
    crowd = Crowd(f"{base}/oauth/token", options.clients)
    person = Person(base, options.login, options.password)
    statuses, faults, times = Counter(), [], []

    def race(form):
        answers = crowd.send(form)
        for status, _body, seconds in answers:
            statuses[form["grant_type"], status] += 1
            times.append(seconds)
        return [body for status, body, _seconds in answers if status == 200], answers

    for number in range(options.rounds):
        winners, _answers = race(person.allow(client_id))
        if len(winners) != 1:
            faults.append(f"round {number}: {len(winners)} answers to one code")
        form = person.allow(client_id)
        first = requests.post(f"{base}/oauth/token", data=form, timeout=_SECONDS).json()
        renewal = {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": first["refresh_token"]}
        winners, _answers = race(renewal)
        successors = {(body["access_token"], body["refresh_token"]) for body in winners}
        if len(winners) != options.clients or len(successors) != 1:
            faults.append(f"round {number}: {len(winners)} good answers with {len(successors)} successors")
            continue
        # the login is alive: no false revocation
        ((access, refresh),) = successors
        after = requests.post(f"{base}/oauth/token", data={**renewal, "refresh_token": refresh}, timeout=_SECONDS)
        call = requests.post(
            f"{base}/odoo/mcp",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
            headers={"Authorization": f"Bearer {access}"},
            timeout=_SECONDS,
        )
        if (after.status_code, call.status_code) not in ((200, 200), (200, 429)):
            faults.append(f"round {number}: the login was ended ({after.status_code}, {call.status_code})")
    crowd.close()
    for (grant, status), count in sorted(statuses.items()):
        print(f"{grant:20} HTTP {status}: {count}")
    times.sort()
    print(f"seconds: median {statistics.median(times):.3f}, p99 {times[int(len(times) * 0.99)]:.3f}")
    print("\n".join(faults) or f"{options.rounds} rounds, {options.clients} processes: one winner each")
    return 1 if faults or any(status in (0, 500) for _grant, status in statuses) else 0


if __name__ == "__main__":
    sys.exit(main())
