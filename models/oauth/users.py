from odoo import models

from ...services.identity.oauth import grants


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            # sudo: whoever archives a user need not see what is connected in their name
            grants.end(self.env(su=True), [("user_id", "in", self.ids)], "the user was archived")
        return result
