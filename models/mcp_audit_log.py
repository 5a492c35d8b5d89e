from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..compat import Index
from ..services.governance import sealing

OUTCOMES = [
    ("ok", "Done"),
    ("error", "Failed"),
    ("refused", "Refused"),
    ("pending", "Awaiting approval"),
]


class Mention(fields.Many2one):
    """A many2one without a foreign key: the row tells what was, and inserting it locks and looks up nothing."""

    def update_db_foreign_key(self, model, column):  # noqa: ARG002
        return


class McpAuditLog(models.Model):
    """One row per request, also for those that failed or were refused.

    Rows are written by :mod:`odoo_mcp.services.governance.audit` in SQL. The ORM refuses every change, to
    administrators and to the system itself, so that nothing in Odoo can rewrite what happened.
    """

    _name = "mcp.audit.log"
    _description = "MCP Audit Log"
    _order = "id desc"
    _rec_name = "method"
    _log_access = False

    create_date = fields.Datetime(string="Time", readonly=True, index=True)
    connection_id = Mention("mcp.connection", readonly=True, index="btree_not_null")
    credential_id = Mention("mcp.credential", string="Key", readonly=True)
    session_id = Mention("mcp.session", readonly=True, index="btree_not_null")
    user_id = Mention("res.users", string="User", readonly=True, index="btree_not_null")
    ip_address = fields.Char(string="IP address", readonly=True)
    client = fields.Char(readonly=True, help="Name and version that the AI tool gave.")
    protocol_version = fields.Char(string="Protocol", readonly=True)
    method = fields.Char(readonly=True)
    tool = fields.Char(readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_ids = fields.Char(string="Records", readonly=True, help="The first identifiers that the call was about.")
    outcome = fields.Selection(OUTCOMES, readonly=True, required=True)
    http_status = fields.Integer(string="HTTP status", readonly=True)
    error_code = fields.Integer(readonly=True)
    error = fields.Char(readonly=True)
    rows = fields.Integer(readonly=True, help="Records in the answer.")
    request_payload = fields.Text(string="Request", readonly=True)
    response_payload = fields.Text(string="Answer", readonly=True)
    seal_id = fields.Integer(string="Seal", readonly=True, index="btree_not_null")
    duration_ms = fields.Float(string="Milliseconds", digits=(12, 2), readonly=True)

    change_id = Mention("mcp.change", string="Change", readonly=True, help="What the call changed, field by field.")
    _unsealed = Index("(id) WHERE seal_id IS NULL")

    @api.model_create_multi
    def create(self, vals_list):  # noqa: ARG002  pylint: disable=method-required-super
        raise self._read_only()

    def write(self, vals):  # noqa: ARG002  pylint: disable=method-required-super
        raise self._read_only()

    def unlink(self):  # pylint: disable=method-required-super
        raise self._read_only()  # pylint: disable=no-raise-unlink

    def _read_only(self):
        return AccessError(self.env._("The MCP audit log is read-only for everybody, administrators included."))

    @api.autovacuum
    def _gc_old_rows(self):
        """Delete whole sealed batches that are older than the settings keep them."""
        days = self.env["mcp.settings"].current().audit_retention_days
        if days:
            sealing.remove_old(self.env.cr, days)
