from odoo import api, models

from ...services.clients import CLIENTS
from ...services.identity.oauth import people


class McpConnectWizard(models.TransientModel):
    """The ways in that go through a login in the browser."""

    _inherit = "mcp.connect.wizard"

    @api.model
    @api.private
    def _ways_here(self):
        ways = super()._ways_here()
        settings = self.env["mcp.settings"].current()
        if settings.oauth_registration and not people.why_not_allowed(self.env.user):
            ways = [*ways, "oauth"]
        return [*ways, "custom", "shared"] if self._is_manager() else ways

    def _connect_custom(self):
        return self._create_client("custom")

    def _connect_shared(self):
        return self._create_client("shared")

    def _create_client(self, source):
        """The dialog that creates an OAuth client for this tool."""
        action = self.env["ir.actions.act_window"]._for_xml_id(f"odoo_mcp.mcp_oauth_client_wizard_{source}_action")
        name = self.env._("%s of the team", CLIENTS[self.client].name) if source == "shared" else False
        context = {"default_source": source, "default_client": self.client, "default_name": name or self.name}
        return {**action, "context": context}
