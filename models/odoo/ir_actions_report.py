from odoo import models

from ...services.reports.html import guarded


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        """What an AI prints loads nothing from addresses that a record names: wkhtmltopdf would ask for them from
        inside the company's network, with the user's session.
        """
        if self.env.context.get("mcp_report"):
            base_url = self._get_report_url()
            bodies = [guarded(body, base_url) for body in bodies]
        return super()._run_wkhtmltopdf(bodies, *args, **kwargs)
