from odoo import api, models

from ...services.governance.recording import current


class Base(models.AbstractModel):
    """Tells the recording of a tool call, when there is one, what is about to happen to rows.

    Outside of tool calls each of these costs one look into a dictionary.
    """

    _inherit = "base"

    def _create(self, data_list):
        records = super()._create(data_list)
        recording = current(self.env.cr)
        if recording is not None:
            recording.created(records)
        return records

    def _write_multi(self, vals_list):
        recording = current(self.env.cr)
        if recording is not None and vals_list:
            recording.before_write(self, {name: None for values in vals_list for name in values})
        return super()._write_multi(vals_list)

    def write(self, vals):
        recording = current(self.env.cr)
        if recording is not None:
            recording.before_links(self, self._linking_fields(vals))
        return super().write(vals)

    def _compute_field_value(self, field):
        recording = current(self.env.cr)
        if recording is not None and field.store and field.type == "many2many":
            recording.before_links(self, [field.name])
        return super()._compute_field_value(field)

    def unlink(self):
        recording = current(self.env.cr)
        if recording is not None and self:
            self.env.flush_all()
            recording.before_delete(self)
        return super().unlink()

    @api.model
    def _linking_fields(self, names) -> list[str]:
        """Those of ``names`` that are many2many fields kept in a table."""
        fields = (self._fields.get(name) for name in names)
        return [field.name for field in fields if field is not None and field.store and field.type == "many2many"]
