from odoo import api, fields, models


class McpNeedsApp(models.AbstractModel):
    """Something that is of use only with an app of Odoo, named by ``needs_module``."""

    _name = "mcp.needs.app"
    _description = "MCP: needs an app"

    app_label = fields.Char(string="Works with", compute="_compute_app_label", help="The app that it needs.")

    @api.depends("needs_module")
    @api.depends_context("lang")
    def _compute_app_label(self):
        # sudo: the names of apps are no secret
        modules = self.env["ir.module.module"].sudo().search([("name", "in", self.mapped("needs_module"))])
        labels = {module.name: module for module in modules}
        for record in self:
            module = labels.get(record.needs_module)
            label = module.shortdesc if module else record.needs_module
            if module and module.state not in ("installed", "to upgrade"):
                label = self.env._("%s (not installed)", label)
            record.app_label = label
