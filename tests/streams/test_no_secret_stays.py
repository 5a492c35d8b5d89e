"""Two hundred secrets of every kind that is issued, used as clients use them, and sought in all that stays behind."""

import base64
import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter

import pytest
from people import CALLBACK
from wire import Client

MARK = "What stays of this call"
STATEFUL = "test_input_required_result_request_state"
ASKING = {"io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}}}


@pytest.fixture
def payloads(person):
    """The audit log keeps what is asked and answered."""
    settings = person.call("mcp.settings", "search", [[]])
    person.call("mcp.settings", "write", [settings, {"log_payloads": True}])
    yield
    person.call("mcp.settings", "write", [settings, {"log_payloads": False}])


class Issued:
    """Every secret so far, by kind; each is used once in the way it is meant for, and some in wrong ones."""

    def __init__(self, person, url):
        self.person, self.url = person, url
        self.kinds: dict[str, list[str]] = {}

    def add(self, kind: str, secret: str) -> str:
        assert len(secret) >= 20, (kind, secret)
        self.kinds.setdefault(kind, []).append(secret)
        return secret

    def keys(self, number: int) -> None:
        user = self.person.call("res.users", "search", [[("login", "=", "admin")]])[0]
        connection = self.person.call("mcp.connection", "create", [{"name": "Of many keys", "user_id": user}])
        for _ in range(number):
            wizard = self.person.call("mcp.key.wizard", "create", [{"connection_id": connection}])
            shown = json.dumps(self.person.call("mcp.key.wizard", "action_create_key", [[wizard]]))
            key = self.add("API key", re.search(r"mcp_[\w-]{40,}", shown)[0])
            assert self.call(key, "whoami")["isError"] is False
            # what clients and their models do, and should not
            self.call(key, "search_records", {"model": "res.partner", "domain": [["name", "=", f"{MARK} {key}"]]})
            self.status("GET", f"{self.url}?access_token={key}&key={key}")

    def tokens(self, number: int) -> None:
        for _ in range(number):
            self.add("personal access token", self.person.token())

    def logins(self, number: int, refreshes: int) -> None:
        for _ in range(number):
            client = self.person.register(CALLBACK, "client_secret_post")
            self.add("client secret", client["client_secret"])
            told = self.person.log_in_a_tool(client)
            self.add("code", told["code"])
            self.add("verifier", told["verifier"])
            for _turn in range(refreshes):
                access = self.add("access token", told["access_token"])
                refresh = self.add("refresh token", told["refresh_token"])
                self.call(access, "search_records", {"model": "res.partner", "domain": [["name", "=", refresh]]})
                form = {"grant_type": "refresh_token", "refresh_token": refresh}
                told = self.person.ask_for_tokens(client, form)
                again = self.person.ask_for_tokens(client, form)
                assert again["refresh_token"] == told["refresh_token"], "the honest retry"
            self.add("access token", told["access_token"])
            self.add("refresh token", told["refresh_token"])

    def clients_by_hand(self, number: int) -> None:
        values = {"name": "By hand", "source": "custom", "redirect_uris": "https://tool.example.com/cb"}
        for _ in range(number):
            wizard = self.person.call("mcp.oauth.client.wizard", "create", [values])
            shown = json.dumps(self.person.call("mcp.oauth.client.wizard", "action_create_client", [[wizard]]))
            self.add("client secret", re.search(r"mcps_[\w-]{40,}", shown)[0])

    def links(self, number: int, key: str) -> None:
        partner = self.person.call("res.partner", "create", [{"name": MARK}])
        for turn in range(number):
            asked = {"model": "res.partner", "id": partner, "name": f"{turn}.txt"}
            asked |= {"idempotency_key": f"{MARK} {time.time()}"} if turn % 4 == 0 else {}
            link = self.call(key, "get_upload_link", asked)["structuredContent"]["link"]
            self.add("file link", link.rpartition("/")[2])
            assert self.status("GET", link) == 200
            if turn % 2:  # the others stay good
                assert self.status("PUT", link, b"text") == 201

    def sessions(self, number: int, url: str, key: str) -> None:
        for turn in range(number):
            client = Client(url, key)
            if turn % 5:
                client.initialize()
                self.add("session id", client.session)
                client.post("tools/list")
                client.close()
            else:
                stream = client.stream(client.send("GET", path="/mcp/sse"))
                place = stream.next()["data"]
                self.add("session id", place.rpartition("=")[2])
                self.status("POST", f"{url.partition('/odoo/')[0]}{place}", b"{}", key)
                client.close()

    def states(self, number: int, key: str) -> None:
        for turn in range(number):
            asked = self.modern(key, {"name": STATEFUL, "arguments": {}})
            state = self.add("requestState", asked["requestState"])
            if turn % 2:
                answers = {"confirm": {"action": "accept", "content": {"ok": True}}}
                again = {"name": STATEFUL, "arguments": {}, "requestState": state, "inputResponses": answers}
                assert "state-ok" in self.modern(key, again)["content"][0]["text"]

    def call(self, key: str, tool: str, arguments: dict | None = None) -> dict:
        headers = {"MCP-Protocol-Version": "2025-11-25"}
        params = {"name": tool, "arguments": arguments or {}}
        return Client(self.url, key).post("tools/call", params, headers=headers)["result"]

    def modern(self, key: str, params: dict) -> dict:
        meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", **ASKING}
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": params["name"]}
        return Client(self.url, key).post("tools/call", {**params, "_meta": meta}, headers=headers)["result"]

    def status(self, method: str, url: str, body: bytes | None = None, key: str = "") -> int:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        asked = urllib.request.Request(url, body, headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            return refusal.code


def _spellings(secret: str) -> list[str]:
    """What would give ``secret`` away: itself without what tells its kind, and its base64 and hexadecimal forms."""
    tail = re.sub(r"^mcp[acrs]?_", "", secret)
    return [tail, base64.b64encode(secret.encode()).decode().rstrip("=")[:-2], secret.encode().hex()]


def test_no_issued_secret_is_in_the_database_the_server_log_or_an_audit_payload(
    ordinary, evented, person, database, server_log, payloads, record_property
):
    address = {"web.base.url": person.base, "web.base.url.freeze": "True"}
    for name, value in address.items():
        person.call("ir.config_parameter", "set_param", [name, value])
    issued = Issued(person, ordinary.url)
    issued.keys(20)
    issued.tokens(10)
    issued.logins(8, refreshes=4)
    issued.clients_by_hand(10)
    issued.links(20, ordinary.key)
    issued.sessions(25, evented.url, evented.key)
    issued.states(20, ordinary.key)
    counts = {kind: len(secrets) for kind, secrets in issued.kinds.items()}
    print(counts)
    number = sum(counts.values()) - counts["verifier"]  # which the client made
    assert number >= 200 and len(counts) == 10
    record_property("secrets issued", number)

    time.sleep(1)  # the evented worker's log is written behind
    dump = subprocess.run(["pg_dump", database], capture_output=True, check=True, text=True).stdout
    places = {"the database": dump, "the server's log": server_log.read_text(errors="replace")}
    # what was looked at is what was meant
    assert MARK in dump and "mcp_audit_log" in dump and '"structuredContent"' in dump
    assert all(path in places["the server's log"] for path in ("/oauth/token", "/odoo/mcp/file/", "/mcp/messages"))
    found = Counter(
        (kind, place)
        for kind, secrets in issued.kinds.items()
        for secret in secrets
        for place, text in places.items()
        if any(spelling in text for spelling in _spellings(secret))
    )
    assert not found
