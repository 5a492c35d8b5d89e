from odoo import api, models

from ...compat import narrowed
from ...services.governance import call_rules


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """The user's record rules, and while an MCP call is open on this cursor, the domains of its connection."""
        domain = super()._compute_domain(model_name, mode)
        of_the_call = call_rules.domain_in_force(self.env.cr, model_name, mode)
        return narrowed(domain, of_the_call) if of_the_call else domain
