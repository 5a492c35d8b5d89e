from odoo import api, fields, models


class EveryFieldParent(models.Model):
    _name = "every.field.parent"
    _description = "Holder of Property Definitions"

    name = fields.Char()
    definitions = fields.PropertiesDefinition()


class EveryField(models.Model):
    _name = "every.field"
    _description = "Record with Every Type of Field"

    name = fields.Char(required=True)
    parent_id = fields.Many2one("every.field.parent")
    boolean = fields.Boolean()
    integer = fields.Integer()
    float = fields.Float()
    precise = fields.Float(digits=(16, 4))
    currency_id = fields.Many2one("res.currency")
    monetary = fields.Monetary()
    char = fields.Char()
    title = fields.Char(translate=True)
    text = fields.Text()
    html = fields.Html()
    terms = fields.Html(translate=True)
    selection = fields.Selection([("a", "Option A"), ("b", "Option B")])
    # what only Odoo's own windows set, by their context
    kind = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing"), ("none", "Neither")], default="none", readonly=True
    )
    date = fields.Date()
    datetime = fields.Datetime()
    partner_id = fields.Many2one("res.partner")
    line_ids = fields.One2many("every.field.line", "owner_id")
    tag_ids = fields.Many2many("res.partner.category")
    reference = fields.Reference([("res.partner", "Contact"), ("res.country", "Country")])
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    json = fields.Json()
    properties = fields.Properties(definition="parent_id.definitions")
    per_company = fields.Char(company_dependent=True)
    file = fields.Binary(attachment=True)
    picture = fields.Image()
    double = fields.Integer(compute="_compute_double", store=True)
    suggested = fields.Integer(compute="_compute_suggested", store=True, readonly=False)

    @api.depends("integer")
    def _compute_double(self):
        for record in self:
            record.double = 2 * record.integer

    @api.depends("integer")
    def _compute_suggested(self):
        for record in self:
            record.suggested = record.integer + 1


class EveryFieldLine(models.Model):
    _name = "every.field.line"
    _description = "Line"

    name = fields.Char()
    quantity = fields.Float()
    owner_id = fields.Many2one("every.field", ondelete="cascade")
