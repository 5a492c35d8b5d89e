"""What tests of the browser login share: an AI tool and a person, both over HTTP."""

import base64
import hashlib
import json
import re
import secrets
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.tests import HttpCase, new_test_user

from ..services.identity.oauth import documents, registration
from .common import MCP_GROUPS

CALLBACK = "https://tool.example.com/callback"
FORM = "application/x-www-form-urlencoded"


class OAuthCase(HttpCase):
    """A switched-on server, a person (login and password ``mcp_anita``) and a self-registered public client."""

    def setUp(self):
        super().setUp()
        self.parameters = self.env["ir.config_parameter"].sudo()
        self.parameters.set_param("web.base.url", self.base_url())
        self.settings = self.env["mcp.settings"].current()
        self.settings.enabled = True
        # counted outside of the test's transaction, for all tests of this minute together
        for counted in (registration, documents):
            self.patch(counted, "PER_MINUTE", 0)
        self.settings.failures_per_minute = 0
        self.user = new_test_user(self.env, login="mcp_anita", groups=MCP_GROUPS, name="Anita")
        self.env.flush_all()
        self.client_id = self.register()["client_id"]
        self.record = self.client_record(self.client_id)

    # ------------------------------------------------------------------ the AI tool

    def http(self, method, path, data=None, headers=None, cookies=False):
        """One request; without cookies unless a person's browser makes it."""
        if not cookies:
            self.opener.cookies.clear()
        return self.opener.request(
            method, self.base_url() + path, data=data, headers=headers, allow_redirects=False, timeout=30
        )

    def post_form(self, path, pairs, headers=None):
        pairs = pairs.items() if isinstance(pairs, dict) else pairs
        body = urlencode([(name, value) for name, value in pairs if value is not None])
        return self.http("POST", path, body, {"Content-Type": FORM, **(headers or {})})

    def post_json(self, path, content, headers=None):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.http("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    def register(self, status=201, **metadata):
        metadata = {
            "client_name": "Test Tool",
            "redirect_uris": [CALLBACK],
            "token_endpoint_auth_method": "none",
            **metadata,
        }
        response = self.post_json("/oauth/register", metadata)
        self.assertEqual(response.status_code, status, response.text)
        return response.json()

    def client_record(self, client_id):
        return self.env["mcp.oauth.client"].search([("client_id", "=", client_id)])

    def request_of(self, **changes):
        """Parameters of an authorization request, and the verifier that belongs to its challenge."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        values = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "state": "st&te",
            "resource": f"{self.base_url()}/odoo/mcp",
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}, verifier

    def exchange(self, code, verifier, headers=None, **changes):
        values = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": self.client_id,
            "code_verifier": verifier,
            **changes,
        }
        return self.post_form("/oauth/token", values, headers)

    def refresh(self, token, headers=None, **changes):
        values = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.client_id, **changes}
        return self.post_form("/oauth/token", values, headers)

    def call(self, token, tool="whoami", path="/odoo/mcp", **arguments):
        message = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": tool, "arguments": arguments},
        }
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
        headers["MCP-Protocol-Version"] = "2025-11-25"
        return self.post_json(path, message, headers)

    # ------------------------------------------------------------------ the person

    def open_consent(self, pairs, login="mcp_anita"):
        """The authorization endpoint as the browser of ``login`` sees it."""
        self.authenticate(login, login)
        return self.browse("/oauth/authorize?" + urlencode(pairs))

    def browse(self, path):
        return self.http("GET", path, cookies=True)

    def form_of(self, page):
        """The hidden fields of a consent page."""
        fields = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]+)"', page.text)
        return {name: unescape(value) for name, value in fields}

    def send_answer(self, form, headers=None, **choice):
        pairs = [*form.items(), *({"decision": "allow", "access": "write"} | choice).items()]
        body = urlencode(pairs, doseq=True)
        return self.http("POST", "/oauth/authorize", body, {"Content-Type": FORM, **(headers or {})}, cookies=True)

    def consent(self, login="mcp_anita", choice=None, **changes):
        """Log in, allow, and return what the client gets back, and its verifier."""
        pairs, verifier = self.request_of(**changes)
        page = self.open_consent(pairs, login)
        self.assertEqual(page.status_code, 200, page.text)
        response = self.send_answer(self.form_of(page), **(choice or {}))
        self.assertEqual(response.status_code, 303, response.text)
        return self.answer_in(response.headers["Location"]), verifier

    def answer_in(self, location):
        """The query of a redirect; a parameter that comes twice fails."""
        answer = parse_qs(urlsplit(location).query, strict_parsing=True, keep_blank_values=True)
        self.assertTrue(all(len(values) == 1 for values in answer.values()), location)
        return {name: values[0] for name, values in answer.items()}

    def log_in(self, login="mcp_anita", choice=None, **changes):
        """The whole way; returns the answer of the token endpoint."""
        answer, verifier = self.consent(login, choice, **changes)
        extra = {name: changes[name] for name in ("client_id", "redirect_uri") if name in changes}
        response = self.exchange(answer["code"], verifier, **extra)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    # ------------------------------------------------------------------ assertions

    def assert_error(self, response, error, status=400):
        self.assertEqual((response.status_code, response.json()["error"]), (status, error), response.text)

    def assert_works(self, token):
        self.assertEqual(self.call(token).status_code, 200)

    def assert_refused(self, token):
        self.env.flush_all()
        response = self.call(token)
        self.assertEqual(response.status_code, 401, response.text)
        self.assertIn('error="invalid_token"', response.headers["WWW-Authenticate"])

    def sql(self, statement, *parameters):
        self.env.flush_all()
        self.env.cr.execute(statement, parameters)
        self.env.invalidate_all()

    def last_audit(self):
        return self.env["mcp.audit.log"].search([], limit=1)
