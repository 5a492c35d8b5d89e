from odoo.tests import HttpCase, tagged


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
