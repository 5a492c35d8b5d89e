from odoo import models

from ...services.governance.recording import rehearsal


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, *args, **kwargs):
        """A dry run sends nothing; it tells what it would have sent."""
        return True if rehearsal(self.env.cr) else super().send(*args, **kwargs)
