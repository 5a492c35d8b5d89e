from odoo import api, fields, models

from ..compat import Constraint
from ..services.identity import standing
from ..services.tools.schema import require_sound

RISKS = [
    ("read", "Reads"),
    ("write", "Writes"),
    ("destructive", "Deletes or cannot be undone"),
    ("admin", "Changes how Odoo itself works"),
]


class McpTool(models.Model):
    """The catalog: one row per tool of the registry, so that an administrator can switch it off for everybody."""

    _name = "mcp.tool"
    _inherit = "mcp.needs.app"
    _description = "MCP Tool"
    _order = "category, name"
    _rec_name = "title"
    _rec_names_search = ("title", "name")

    name = fields.Char(string="Technical name", required=True, readonly=True)
    title = fields.Char(required=True, readonly=True)
    description = fields.Text(readonly=True, help="What the AI is told about this tool.")
    category = fields.Char(required=True, readonly=True)
    risk = fields.Selection(RISKS, required=True, readonly=True)
    needs_module = fields.Char(
        string="Needs app", readonly=True, help="Without this app, the tool answers that it is missing."
    )
    active = fields.Boolean(
        default=True, help="Switched off, the tool is neither shown to any AI nor can it be called."
    )
    call_count = fields.Integer(string="Calls (30 days)", compute="_compute_call_count")

    _name_unique = Constraint("UNIQUE(name)", "There is already a tool of this name.")

    def init(self):
        super().init()
        standing.watch(self.env.cr, self._table)

    def _compute_call_count(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=30)
        counts = dict(
            self.env["mcp.audit.log"]._read_group(
                [("tool", "in", self.mapped("name")), ("create_date", ">=", since)], ["tool"], ["__count"]
            )
        )
        for tool in self:
            tool.call_count = counts.get(tool.name, 0)

    def _register_hook(self):
        """Keep the catalog in step with the registry when any module was installed or updated."""
        super()._register_hook()
        if self.env.registry.updated_modules:
            self._synchronize()

    @api.model
    def _synchronize(self):
        """Create, update and remove rows so that they describe the registry; ``active`` is the administrator's."""
        # sudo: rows describe the code, nobody may write them by hand
        catalog = self.sudo().with_context(active_test=False).search([])  # pylint: disable=no-search-all
        rows = {tool.name: tool for tool in catalog}
        registry = self.env["mcp.tool.registry"]
        definitions = registry._definitions()
        for tool in registry.get_tools():
            require_sound(tool["name"], [tool.get("inputSchema"), tool.get("outputSchema")])
        missing = []
        for definition in definitions.values():
            values = {
                "title": definition.title,
                "description": definition.description,
                "category": definition.category,
                "risk": definition.risk,
                "needs_module": definition.needs_module or False,
            }
            row = rows.pop(definition.name, None)
            if row is None:
                missing.append({"name": definition.name, **values})
            elif changed := {name: value for name, value in values.items() if row[name] != value}:
                row.write(changed)
        # sudo: the catalog follows the code, whoever loads it
        self.sudo().create(missing)
        self.sudo().union(*rows.values()).unlink()
