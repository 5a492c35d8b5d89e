from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...compat import Constraint
from ...services.governance.protected import is_never_written
from ...services.governance.secrets import WITHHELD_MODELS, is_secret_field
from ...services.governance.stored_domain import why_not_enforceable
from ...services.identity import standing


class McpConnectionModelAccess(models.Model):
    """One model in the list of a connection: what the AI may do with its records, which ones, and which fields."""

    _name = "mcp.connection.model.access"
    _description = "MCP Model Access"
    _order = "model"
    _rec_name = "model"

    connection_id = fields.Many2one("mcp.connection", required=True, ondelete="cascade", index=True)
    # Odoo deletes the models of an app that is removed. The line stays: a shorter list could mean a wider one.
    model_id = fields.Many2one(
        "ir.model",
        string="Kind of record",
        ondelete="set null",
        domain="[('id', 'in', available_model_ids)]",
    )
    # the default is for the form of a new line, which does not ask for computed fields without a cause
    available_model_ids = fields.Many2many(
        "ir.model", compute="_compute_available_model_ids", default=lambda self: self._available_models()
    )
    model = fields.Char(string="Technical name", compute="_compute_model", store=True, readonly=False, precompute=True)
    perm_create = fields.Boolean(string="Create")
    perm_write = fields.Boolean(string="Change")
    perm_unlink = fields.Boolean(string="Delete")
    perm_read = fields.Boolean(string="Read", default=True)
    domain = fields.Char(string="Only records where", default="[]")
    limit_fields = fields.Boolean(string="Only some fields")
    field_ids = fields.Many2many(
        "ir.model.fields",
        "mcp_model_access_field_rel",
        string="Fields",
        domain="[('model_id', '=', model_id)]",
        help="The AI neither sees any other field, nor writes it, nor can it filter, group or sort by it.",
    )
    summary = fields.Char(compute="_compute_summary", string="Limits")

    _model_unique = Constraint("UNIQUE(connection_id, model)", "This kind of record is already in the list.")

    def init(self):
        super().init()
        standing.watch(self.env.cr, self._table, self._fields["field_ids"].relation)

    @api.depends("model_id")
    def _compute_model(self):
        for line in self:
            if line.model_id:
                line.model = line.model_id.model

    def _compute_available_model_ids(self):
        self.available_model_ids = self._available_models()

    @api.model
    def _available_models(self):
        names = [
            name
            for name, model in self.env.registry.items()
            if not model._abstract and not model._transient and name not in WITHHELD_MODELS
        ]
        # sudo: MCP administrators need not be administrators of Odoo
        return self.env["ir.model"].sudo().search([("model", "in", names)])

    @api.depends("domain", "limit_fields", "field_ids", "model_id", "model")
    def _compute_summary(self):
        for line in self:
            parts = []
            if not line.model_id and line.model:
                parts.append(self.env._("not installed"))
            if (line.domain or "[]").strip() != "[]":
                parts.append(self.env._("some records"))
            if line.limit_fields:
                parts.append(self.env._("%s fields", len(line.field_ids)))
            line.summary = ", ".join(parts) or self.env._("all records and fields")

    @api.onchange("model_id")
    def _onchange_model_id(self):
        self.domain = "[]"
        self.field_ids = False

    @api.onchange("perm_create", "perm_write", "perm_unlink")
    def _onchange_permissions(self):
        if self.perm_create or self.perm_write or self.perm_unlink:
            self.perm_read = True

    @api.constrains("model", "perm_read", "perm_create", "perm_write", "perm_unlink")
    def _check_permissions(self):
        for line in self:
            writes = line.perm_create or line.perm_write or line.perm_unlink
            if not line.model:
                raise ValidationError(self.env._("Choose a kind of record for each line."))
            if writes and not line.perm_read:
                raise ValidationError(
                    self.env._("%s: what the AI may write it must be able to read. Tick Read as well.", line.model)
                )
            model = self.env.registry.get(line.model)
            if model is not None and (model._abstract or model._transient):
                raise ValidationError(self.env._("%s has no records of its own. Choose another.", line.model))
            if line.model in WITHHELD_MODELS:
                raise ValidationError(
                    self.env._("%s holds credentials or the like, and is not shown to any AI. Remove it.", line.model)
                )
            if writes and is_never_written(line.model):
                raise ValidationError(
                    self.env._(
                        "%s decides over rights, code or secrets: an AI may read it at most. Untick Create, Change "
                        "and Delete.",
                        line.model,
                    )
                )

    @api.constrains("domain", "model")
    def _check_domain(self):
        for line in self:
            if line.model not in self.env or (line.domain or "[]").strip() == "[]":
                continue
            # sudo: conditions hold for whoever calls, whatever the person who writes them may read
            reason = why_not_enforceable(self.env[line.model].sudo(), line.domain)
            if reason:
                raise ValidationError(
                    self.env._("The condition on %(model)s cannot be used: %(reason)s", model=line.model, reason=reason)
                )

    @api.constrains("limit_fields", "field_ids", "model")
    def _check_fields(self):
        for line in self:
            if line.limit_fields and not line.field_ids:
                raise ValidationError(
                    self.env._(
                        "%s: choose the fields that the AI may see, or switch off 'Only some fields'.", line.model
                    )
                )
            if any(field.model != line.model for field in line.field_ids):
                raise ValidationError(self.env._("The fields must be fields of %s.", line.model))
            secret = line.field_ids.filtered(lambda field: is_secret_field(field.name))
            if secret:
                raise ValidationError(
                    self.env._(
                        "%s holds a credential, and is not shown to any AI. Remove it.",
                        ", ".join(secret.mapped("name")),
                    )
                )
