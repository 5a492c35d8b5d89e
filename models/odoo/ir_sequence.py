from odoo import models

from odoo.addons.base.models.ir_sequence import _predict_nextval

from ...services.governance.recording import rehearsal


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _next_do(self):
        """A dry run looks at the next number and does not draw it: PostgreSQL would not take it back."""
        recording = rehearsal(self.env.cr)
        if recording is None or self.implementation != "standard":
            return super()._next_do()
        return self.get_next_char(_foreseen(self, recording, f"{self.id:03d}", self.number_increment))


class IrSequenceDateRange(models.Model):
    _inherit = "ir.sequence.date_range"

    def _next(self):
        recording = rehearsal(self.env.cr)
        sequence = self.sequence_id
        if recording is None or sequence.implementation != "standard":
            return super()._next()
        name = f"{sequence.id:03d}_{self.id:03d}"
        return sequence.get_next_char(_foreseen(self, recording, name, sequence.number_increment))


def _foreseen(record, recording, name, increment):
    """The number that would be drawn now, after those that the dry run has drawn already."""
    drawn = recording.numbers[name]
    recording.numbers[name] += 1
    return _predict_nextval(record, name) + drawn * increment
