from odoo.tests import HttpCase, new_test_user, tagged

from ..services.doctor.finding import Finding, Remedy
from .common import MCP_GROUPS


@tagged("post_install", "-at_install", "mcp_screens")
class TestScreens(HttpCase):
    """What an administrator does in the backend, in a real browser."""

    def test_an_administrator_switches_the_server_on_and_connects_an_ai_tool(self):
        self.env["mcp.settings"].current().enabled = False
        self.start_tour("/odoo/action-odoo_mcp.mcp_settings_action", "odoo_mcp_connect", login="admin")
        self.assertTrue(self.env["mcp.settings"].current().enabled)
        connection = self.env["mcp.connection"].search([("name", "=", "Tour tool")])
        self.assertEqual((connection.state, connection.live_key_count), ("revoked", 0))
        self.assertEqual(len(connection.credential_ids), 2)

    def test_a_user_makes_and_revokes_a_token_in_their_profile(self):
        user = new_test_user(self.env, login="mcp_anita", groups=MCP_GROUPS)
        self.start_tour("/odoo", "odoo_mcp_profile", login="mcp_anita")
        connection = self.env["mcp.connection"].search([("user_id", "=", user.id)])
        self.assertEqual((connection.name, connection.way_in, connection.state), ("My script", "pat", "revoked"))

    def test_the_doctor_shows_what_was_seen_and_what_to_change(self):
        remedies = (Remedy("Nginx", "nginx text"), Remedy("Odoo.sh", "odoo.sh text"))
        findings = [
            Finding("fine", "Group", "Fine", "ok", "All is well."),
            Finding("broken", "Group", "Broken", "problem", "It is broken.", "Repair it.", remedies),
        ]
        run = self.env["mcp.doctor"].create({"state": "done", "findings": [one.as_json() for one in findings]})
        # the thread of a real run starts after a commit, which a test never does: see test_doctor.py
        self.patch(type(self.env["mcp.doctor"]), "start", lambda _self, _origin, _connection_id=False: run.id)
        self.start_tour("/odoo/action-odoo_mcp.mcp_settings_action", "odoo_mcp_doctor", login="admin")
