from odoo import api, fields, models

from ...compat import tell_of, told_attributes
from ...services.governance import recording


class MailMessage(models.Model):
    _inherit = "mail.message"

    mcp_via = fields.Char(
        "Through AI tool",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The AI tool and the connection of the call that left this message, or made the change that it tells of.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Messages left in the course of a call say so; nobody else's do, whatever they are given."""
        running = recording.current(self.env.cr)
        own = {"mcp_via": running.via} if running and running.via else {}
        return super().create([{**_as_told(vals), **own} for vals in vals_list])

    def write(self, vals):
        return super().write(_as_told(vals))

    def _to_store_defaults(self, target):
        return [*super()._to_store_defaults(target), *told_attributes(target, "mcp_via")]

    def _to_store(self, store, *args, **kwargs):
        result = super()._to_store(store, *args, **kwargs)
        if not args and kwargs.get("fields") is None:
            tell_of(store, self, "mcp_via")
        return result


def _as_told(vals):
    """``vals`` without what only a call may say."""
    return {name: value for name, value in vals.items() if name != "mcp_via"}
