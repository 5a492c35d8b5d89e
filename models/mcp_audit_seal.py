from odoo import api, fields, models

from ..compat import Constraint
from ..services.governance import sealing

# Rows sealed by one run of the job.
MOST_PER_RUN = 100_000


class McpAuditSeal(models.Model):
    """A link of the hash chain over the audit log; see :mod:`odoo_mcp.services.governance.chain`."""

    _name = "mcp.audit.seal"
    _inherit = ["mcp.unchangeable"]
    _description = "MCP Audit Seal"
    _order = "number desc"
    _rec_name = "number"
    _log_access = False

    number = fields.Integer(string="Seal", required=True, readonly=True)
    sealed_at = fields.Datetime(string="Sealed", required=True, readonly=True)
    row_count = fields.Integer(string="Calls", required=True, readonly=True)
    first_at = fields.Datetime(string="From", required=True, readonly=True)
    last_at = fields.Datetime(string="Until", required=True, readonly=True)
    columns = fields.Char(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    previous_hash = fields.Char(string="Head before", required=True, readonly=True)
    hash = fields.Char(string="Head", required=True, readonly=True)
    row_ids = fields.Text(readonly=True)
    row_hashes = fields.Text(readonly=True)
    removed_at = fields.Datetime(string="Calls removed", readonly=True, help="By the retention in the Server Settings.")

    _number_unique = Constraint("UNIQUE(number)", "There is one seal of each number.")

    def action_open_calls(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_audit_log_action")
        return {**action, "domain": [("seal_id", "in", self.mapped("number"))]}

    @api.model
    def _seal_all(self):
        """Seal what is not sealed yet: the job. Each batch is a transaction of its own."""
        sealed = 0
        while sealed < MOST_PER_RUN:
            with self.env.registry.cursor() as cr:
                count = sealing.seal_batch(cr)
            sealed += count
            if count < sealing.BATCH:
                break
        return sealed
