from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...services.governance.policy import networks_of
from ...services.identity import standing


class McpConnection(models.Model):
    """What the AI tool may do with the rights of its user: the part of a connection that narrows them."""

    _inherit = "mcp.connection"

    scope = fields.Selection(
        [
            ("read_only", "Read only"),
            ("read_write", "Read and write"),
            ("admin", "Administration"),
        ],
        default="read_write",
        required=True,
        tracking=True,
        help="Read only: the AI looks, and changes nothing. Read and write: it also works with records. "
        "Administration: it may also use the tools that change how Odoo itself works. "
        "Never more than the user may do in Odoo.",
    )
    limit_tools = fields.Boolean(string="Only some tools", tracking=True)
    tool_ids = fields.Many2many(
        "mcp.tool",
        "mcp_connection_tool_rel",
        string="Tools",
        copy=True,
        help="The AI does not see any other tool, and cannot call it.",
    )
    # a company that a connection is limited to cannot disappear and leave the connection without a limit
    company_ids = fields.Many2many(
        "res.company",
        "mcp_connection_company_rel",
        string="Companies",
        ondelete="restrict",
        tracking=True,
        help="Empty: all companies of the user. Otherwise the AI works for these only, as far as the user may.",
    )
    allowed_ips = fields.Text(
        string="Allowed addresses",
        tracking=True,
        help="IP addresses or networks such as 203.0.113.0/24, one per line. Empty: from everywhere.",
    )
    blocked_ips = fields.Text(
        string="Blocked addresses", tracking=True, help="IP addresses or networks, one per line, refused in any case."
    )
    ip_warning = fields.Boolean(compute="_compute_ip_warning")
    model_limit = fields.Selection(
        [
            ("all", "Every kind of record that the user may use, with the limits of the lines below"),
            ("listed", "Only the kinds of records listed below"),
        ],
        string="The AI reaches",
        default="all",
        required=True,
        tracking=True,
    )
    model_access_ids = fields.One2many(
        "mcp.connection.model.access", "connection_id", string="Kind of record", copy=True
    )

    def init(self):
        super().init()
        standing.watch(self.env.cr, self._fields["tool_ids"].relation, self._fields["company_ids"].relation)

    @api.depends("allowed_ips")
    def _compute_ip_warning(self):
        for connection in self:
            try:
                networks = networks_of(connection.allowed_ips)
            except ValueError:
                networks = []
            connection.ip_warning = any(network.is_loopback or network.is_private for network in networks)

    @api.onchange("model_access_ids")
    def _onchange_model_access_ids(self):
        # whoever begins a list means "only these"; the other choice is a click away
        if self.model_access_ids and not self._origin.model_access_ids:
            self.model_limit = "listed"

    @api.constrains("allowed_ips", "blocked_ips")
    def _check_addresses(self):
        for connection in self:
            for text in (connection.allowed_ips, connection.blocked_ips):
                try:
                    networks_of(text)
                except ValueError as error:
                    raise ValidationError(
                        self.env._(
                            "%s is no IP address or network. Write one per line, for example 203.0.113.7 or "
                            "203.0.113.0/24.",
                            error,
                        )
                    ) from None

    @api.constrains("limit_tools", "tool_ids")
    def _check_tools(self):
        for connection in self:
            if connection.limit_tools and not connection.tool_ids:
                raise ValidationError(
                    self.env._("Choose the tools that the AI may use, or switch off 'Only some tools'.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_model_limit(vals) for vals in vals_list])

    def write(self, vals):
        if not self.model_access_ids:
            vals = self._with_model_limit(vals)
        return super().write(vals)

    @api.model
    def _with_model_limit(self, vals):
        """A first list of models, without a word on the other models, means "only these"."""
        if vals.get("model_access_ids") and "model_limit" not in vals:
            return {**vals, "model_limit": "listed"}
        return vals
