from odoo import api, models
from odoo.exceptions import AccessError


class McpUnchangeable(models.AbstractModel):
    """Records that nobody creates, changes or deletes through the ORM, administrators and superuser included."""

    _name = "mcp.unchangeable"
    _description = "MCP Unchangeable Record"

    @api.model_create_multi
    def create(self, vals_list):  # noqa: ARG002  pylint: disable=method-required-super
        raise self._read_only()

    def write(self, vals):  # noqa: ARG002  pylint: disable=method-required-super
        raise self._read_only()

    def unlink(self):  # pylint: disable=method-required-super
        raise self._read_only()  # pylint: disable=no-raise-unlink

    def _read_only(self):
        return AccessError(self.env._("%s: read-only for everybody, administrators included.", self._description))
