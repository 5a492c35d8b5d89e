from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..services.identity import keys
from .common import make_key
from .oauth_common import OAuthCase

# Every address of the addon is of one of these kinds; a new one has to be put under its own here.
DOORS = {"/odoo/mcp", "/mcp", "/mcp/sse", "/mcp/messages"}
LINKS = {"/odoo/mcp/file/<string:token>", "/odoo/mcp/check/<string:nonce>", "/odoo/mcp/check/<string:nonce>/stream"}
OAUTH = {"/oauth/authorize", "/oauth/token", "/oauth/register", "/oauth/revoke", "/oauth/introspect"}
METADATA = "/.well-known/"
# Written for a request that was refused, and by nothing else.
LOGS = {"mcp_audit_log"}


@tagged("post_install", "-at_install")
class TestEveryRoute(OAuthCase):
    """What Odoo's own routing map lists of this addon, without a good token (check 1)."""

    def routes(self):
        ours = "odoo.addons.odoo_mcp.controllers"
        rules = self.env["ir.http"].routing_map().iter_rules()
        return {rule.rule for rule in rules if rule.endpoint.func.__module__.startswith(ours)}

    def row_counts(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'mcp\\_%%'")
        counts = {}
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(f'SELECT count(*), md5(string_agg(t::text, chr(10))) FROM "{table}" t')
            counts[table] = self.env.cr.fetchone()
        return counts

    def bad_tokens(self):
        """A token for each reason to refuse one; the last one is of another copy of the database."""
        _user, connection, expired = make_key(self.env, "mcp_berta")
        connection.credential_ids.expires_at = fields.Datetime.now() - timedelta(days=1)
        revoked = keys.issue_key(connection)
        connection.credential_ids.sorted("id")[-1]._revoke()
        archived_user, _connection, archived = make_key(self.env, "mcp_carla")
        archived_user.active = False
        elsewhere = self.log_in()["access_token"]
        self.sql("UPDATE mcp_credential SET audience = 'https://staging.example.com/odoo/mcp' WHERE kind = 'oauth'")
        return {
            "none": None,
            "empty": "",
            "nonsense": "nonsense",
            "unknown": "mcp_" + "x" * 43,
            "expired": expired,
            "revoked": revoked,
            "archived": archived,
            "another database's": elsewhere,
        }

    def test_each_is_of_a_known_kind(self):
        unknown = self.routes() - DOORS - LINKS - OAUTH
        self.assertEqual({route for route in unknown if METADATA not in route}, set())
        self.assertEqual((DOORS | LINKS | OAUTH) - self.routes(), set())

    def test_each_door_refuses_every_bad_token_alike_and_changes_nothing(self):
        tokens = self.bad_tokens()
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami", "arguments": {}}}
        before = self.row_counts()
        for path in sorted(DOORS):
            answers = {}
            for method in ("POST", "GET", "DELETE", "PUT"):
                for what, token in tokens.items():
                    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
                    if method == "POST":
                        response = self.post_json(path, message, headers)
                    else:
                        response = self.http(method, path, headers=headers)
                    challenge = response.headers["WWW-Authenticate"]
                    self.assertTrue(challenge.startswith("Bearer "), (path, method, what))
                    self.assertIn("resource_metadata=", challenge)
                    self.assertEqual("invalid_token" in challenge, token is not None)
                    answers[what, method] = (response.status_code, response.text)
            self.assertEqual(set(answers.values()), {(401, answers["none", "POST"][1])}, path)
        after = self.row_counts()
        self.assertEqual({table for table in after if after[table] != before[table]}, LOGS)

    def test_links_that_nobody_made_are_not_there(self):
        before = self.row_counts()
        for path in ("/odoo/mcp/file/" + "x" * 43, "/odoo/mcp/check/x", "/odoo/mcp/check/x/stream"):
            self.assertEqual(self.http("GET", path).status_code, 404)
        self.assertEqual(self.http("PUT", "/odoo/mcp/file/" + "x" * 43, b"x").status_code, 404)
        after = self.row_counts()
        self.assertEqual({table for table in after if after[table] != before[table]}, LOGS)

    def test_nothing_of_oauth_is_done_without_a_client_or_a_person(self):
        before = self.row_counts()
        self.assertEqual(self.http("GET", "/oauth/authorize").status_code, 400)
        self.assertEqual(self.http("POST", "/oauth/authorize", b"decision=allow", {}).status_code, 400)
        for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
            self.assertIn(self.post_form(path, {"token": "x", "grant_type": "refresh_token"}).status_code, (400, 401))
        self.assertEqual(self.post_json("/oauth/register", {}).status_code, 400)
        after = self.row_counts()
        self.assertEqual({table for table in after if after[table] != before[table]}, LOGS)
