import base64
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...services.governance import sealing


class McpAuditCheck(models.TransientModel):
    """The dialog that says whether the audit log is whole."""

    _name = "mcp.audit.check"
    _description = "MCP Audit Log Check"

    result = fields.Selection([("whole", "Whole"), ("broken", "Broken")], readonly=True)
    problem = fields.Char(readonly=True)
    log_id = fields.Many2one("mcp.audit.log", string="Call", readonly=True)
    checked = fields.Integer(string="Calls checked", readonly=True)
    removed = fields.Integer(string="Removed by retention", readonly=True)
    unsealed = fields.Integer(string="Not sealed yet", readonly=True)
    seal_number = fields.Integer(string="Last seal", readonly=True)
    head = fields.Char(string="Head of the chain", readonly=True)
    kept_head = fields.Char(
        string="Head that you kept",
        help="Paste a head that you copied or downloaded before: the log must still contain it.",
    )
    head_file = fields.Binary(compute="_compute_head_file")
    head_file_name = fields.Char(compute="_compute_head_file")

    @api.depends("head")
    def _compute_head_file(self):
        for check in self:
            document = {
                "database": self.env.cr.dbname,
                "seal": check.seal_number,
                "head": check.head,
                "exported_at": fields.Datetime.to_string(fields.Datetime.now()) + "Z",
            }
            check.head_file = check.head and base64.b64encode(json.dumps(document, indent=1).encode())
            check.head_file_name = f"mcp-audit-head-{check.seal_number}.json"

    @api.model
    def action_open(self):
        """Check the log and open the dialog."""
        check = self.create({})
        return check.action_verify()

    def action_verify(self):
        """Seal what is not sealed, and check everything."""
        self.ensure_one()
        if not self.env.user.has_group("odoo_mcp.group_manager"):
            raise AccessError(self.env._("Only MCP administrators verify the audit log."))
        while sealing.seal_batch(self.env.cr) == sealing.BATCH:
            pass
        found = sealing.verify(self.env.cr, self.kept_head or "")
        problem = found.problem
        self.write(
            {
                "result": "broken" if problem else "whole",
                "problem": problem and problem.text,
                "log_id": problem and problem.kind != "missing" and problem.row_id,
                "checked": found.rows,
                "removed": found.removed,
                "unsealed": found.unsealed,
                "seal_number": found.number,
                "head": found.head,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Audit Log Check"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_download_head(self):
        self.ensure_one()
        url = f"/web/content/{self._name}/{self.id}/head_file/{self.head_file_name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}
