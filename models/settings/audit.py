from odoo import fields, models


class McpSettings(models.Model):
    """What the audit log keeps, beside who, when and what."""

    _inherit = "mcp.settings"

    log_payloads = fields.Boolean(
        string="Log payloads",
        help="Also keep what was asked and answered, for every call. Passwords, keys and tokens are always taken out. "
        "A connection can differ.",
    )
    redact_payloads = fields.Boolean(
        string="Take out personal numbers",
        default=True,
        help="Numbers of payment cards, bank accounts and persons (national ids) are taken out of the payloads.",
    )
    seal_count = fields.Integer(compute="_compute_seals", string="Seals")
    last_sealed_at = fields.Datetime(compute="_compute_seals", string="Last sealed")

    def _compute_seals(self):
        last = self.env["mcp.audit.seal"].search([], limit=1)
        for settings in self:
            settings.seal_count = last.number
            settings.last_sealed_at = last.sealed_at

    def action_verify_audit_log(self):
        return self.env["mcp.audit.check"].action_open()
