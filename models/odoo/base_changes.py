from odoo import api, models

from ...services.conversations import changes


class Base(models.AbstractModel):
    """Notes which records change, for MCP clients that subscribed to them.

    Noting is a set union in memory; one statement before the commit finds out whether anybody cares. The low-level
    ``_write_multi`` is used because recomputed fields pass through it, too.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        changes.note(records)
        return records

    def _write_multi(self, vals_list):
        result = super()._write_multi(vals_list)
        changes.note(self)
        return result

    def unlink(self):
        result = super().unlink()
        changes.note(self)
        return result
