from odoo import models

from ...services.identity import standing


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    def write(self, vals):
        written = super().write(vals)
        if "name" in vals:  # connections list fields, and calls go by their names
            self.env.flush_all()
            standing.renew(self.env.cr)
        return written
