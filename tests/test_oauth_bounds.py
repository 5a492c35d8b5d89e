import json
from unittest.mock import patch

from odoo.exceptions import AccessDenied
from odoo.tests import tagged

from ..services import net
from ..services.identity import keys
from ..services.identity.oauth import documents
from .oauth_common import CALLBACK, OAuthCase


@tagged("post_install", "-at_install")
class TestOAuthBounds(OAuthCase):
    """What holds of the authorization server whatever is asked of it (checks 18, 20 and 25)."""

    def serve_documents(self):
        """Have a proper document at every address; the addresses that were fetched."""
        fetched = []

        def fetch(url, **_options):
            fetched.append(url)
            document = {"client_id": url, "client_name": "Document Tool", "redirect_uris": [CALLBACK]}
            return net.Reply(200, {"content-type": "application/json"}, json.dumps(document).encode())

        self.startPatcher(patch.object(net, "fetch", fetch))
        return fetched

    def ask(self, number):
        client_id = f"https://tool.example.com/{number}.json"
        return self.open_consent(self.request_of(client_id=client_id)[0]).status_code

    def test_only_so_many_documents_that_nobody_agreed_to_are_kept(self):
        fetched = self.serve_documents()
        self.patch(documents, "MOST_UNUSED", 2)
        self.assertEqual([self.ask(number) for number in (1, 2, 3, 4)], [200, 200, 400, 400])
        self.assertEqual(len(fetched), 2)
        self.assertEqual(self.ask(1), 200, "those that are known go on working")
        self.log_in(client_id="https://tool.example.com/1.json")
        self.assertEqual([self.ask(3), self.ask(4)], [200, 400], "one that is used leaves its place to another")

    def test_an_address_has_only_so_many_documents_fetched_in_a_minute(self):
        fetched = self.serve_documents()
        self.patch(documents, "PER_MINUTE", 3)
        statuses = [self.ask(number) for number in range(8)]
        self.assertEqual(set(statuses[3:]), {400}, "fewer than three when other tests of this minute asked, too")
        self.assertLessEqual(len(fetched), 3)

    def test_where_https_is_demanded_nothing_of_a_login_goes_over_plain_http(self):
        pairs, verifier = self.request_of()
        answer, verifier = self.consent()
        self.settings.https_only = True
        self.env.flush_all()
        plain, behind_proxy = {"Host": "odoo.example.com"}, {"Host": "odoo.example.com", "X-Forwarded-Proto": "https"}
        for path in ("/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource"):
            self.assertEqual(self.http("GET", path, headers=plain).status_code, 403)
            self.assertEqual(self.http("GET", path, headers=behind_proxy).status_code, 200)
        for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/register"):
            self.assertEqual(self.post_form(path, {"a": "b"}, plain).status_code, 403)
        self.assertEqual(self.http("GET", "/oauth/authorize", headers=plain).status_code, 403)
        self.assertEqual(self.exchange(answer["code"], verifier, plain).status_code, 403)
        self.assertEqual(self.exchange(answer["code"], verifier, behind_proxy).status_code, 200, "it was not used up")

    def test_neither_key_nor_token_is_a_password_of_odoo(self):
        tokens = self.log_in()
        connection = self.env["mcp.connection"].search([("oauth_client_id", "=", self.record.id)])
        key = keys.issue_key(connection)
        self.env.flush_all()

        user = self.user.with_user(self.user)

        def log_in(password):
            """As remote procedure calls do, where API keys of Odoo count, too."""
            user._check_credentials(
                {"login": "mcp_anita", "password": password, "type": "password"}, {"interactive": False}
            )

        log_in("mcp_anita")
        for secret in (key, tokens["access_token"], tokens["refresh_token"]):
            with self.assertRaises(AccessDenied):
                log_in(secret)
