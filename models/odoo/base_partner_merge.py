from odoo import api, models

from ...services.governance.merging import before_merge
from ...services.governance.recording import current


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts, and whatever else Odoo merges in the same way."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys_generic(self, model, src_records, dst_record):
        recording = current(self.env.cr)
        if recording is not None and src_records:
            before_merge(recording, src_records, dst_record)
        return super()._update_foreign_keys_generic(model, src_records, dst_record)
