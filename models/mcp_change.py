from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..compat import Index
from ..services.approvals import words
from ..services.governance import changes
from ..services.governance.telling import PersonView, Teller, visible
from ..services.governance.touched import Touched
from ..services.tools.errors import ToolError
from .mcp_audit_log import Mention

_MOST_OPEN = 8  # fields of a record that are shown without a click
KINDS = [("create", "Created"), ("update", "Changed"), ("delete", "Deleted")]


class McpChange(models.Model):
    """What one call of a tool changed: the journal entry behind the ``change_id`` of its answer.

    Entries are written by :mod:`odoo_mcp.services.governance.journal`.
    """

    _name = "mcp.change"
    _description = "MCP Change"
    _order = "id desc"
    _rec_name = "summary"
    _log_access = False

    create_date = fields.Datetime(string="Time", readonly=True, default=fields.Datetime.now, index=True)
    connection_id = Mention("mcp.connection", readonly=True, index="btree_not_null")
    user_id = Mention("res.users", string="User", readonly=True, index="btree_not_null")
    client = fields.Char(string="AI tool", readonly=True, help="Name and version that the AI tool gave.")
    tool = fields.Char(readonly=True)
    summary = fields.Char(string="What", readonly=True)
    line_ids = fields.One2many("mcp.change.line", "change_id", string="Records", readonly=True)
    undoes_id = Mention("mcp.change", string="Undoes", readonly=True, help="The change that this one took back.")
    undone_by_id = Mention("mcp.change", string="Undone by the change", readonly=True)
    undone_at = fields.Datetime(string="Undone on", readonly=True)
    undone_user_id = Mention("res.users", string="Undone by", readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("undone", "Undone")], compute="_compute_state", search="_search_state", string="Status"
    )

    @api.depends("undone_at")
    def _compute_state(self):
        for change in self:
            change.state = "undone" if change.undone_at else "done"

    def _search_state(self, operator, value):
        named = {value} if isinstance(value, str) else set(value or ())
        wanted = "undone" in named if operator in ("=", "in") else "undone" not in named
        if len(named) > 1:
            return []
        return [("undone_at", "!=" if wanted else "=", False)]

    def action_undo(self):
        """Take the change back with the rights of the person who presses the button."""
        self.ensure_one().check_access("read")
        try:
            notes = changes.undo_by_person(self)
        except ToolError as error:
            raise UserError(str(error)) from error
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if notes else "success",
                "sticky": bool(notes),
                "title": self.env._("The change was undone."),
                "message": "\n".join(notes),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.autovacuum
    def _gc_changes(self):
        """Forget changes that are older than the settings keep them."""
        days = self.env["mcp.settings"].current().change_retention_days
        if not days:
            return
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        # sudo: the journal belongs to the system
        old = self.sudo().search([("create_date", "<", limit)], limit=10_000)
        old.line_ids.unlink()  # with the files kept for them
        old.unlink()


class McpChangeLine(models.Model):
    """One record that a call created, changed or deleted, with the values of before and after."""

    _name = "mcp.change.line"
    _description = "MCP Changed Record"
    _order = "change_id, asked desc, sequence"  # newest first, as changes are; within one, what was asked for first
    _rec_name = "res_name"
    _log_access = False

    change_id = fields.Many2one("mcp.change", readonly=True, required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(readonly=True)  # the order in which records were first touched
    asked = fields.Boolean(readonly=True)  # the call was about this record; others follow from it
    kind = fields.Selection(KINDS, readonly=True, required=True)
    res_model = fields.Char(string="Model", readonly=True, required=True)
    res_id = fields.Many2oneReference(string="Record id", model_field="res_model", readonly=True, required=True)
    res_name = fields.Char(string="Name", readonly=True)
    seen = fields.Boolean(readonly=True)  # made or deleted with the user's rights, not the system's
    # As the database had them, also of fields that the reader's groups hide: shown only through values_html.
    values_before = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    values_after = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    create_date = fields.Datetime(related="change_id.create_date", string="Time")
    connection_id = fields.Many2one(related="change_id.connection_id")
    user_id = fields.Many2one(related="change_id.user_id", search="_search_user_id")
    client = fields.Char(related="change_id.client")
    tool = fields.Char(related="change_id.tool")
    state = fields.Selection(related="change_id.state", string="Status")
    via = fields.Char(compute="_compute_via", help="The AI tool, and the connection it came through.")
    record_label = fields.Char(string="Record", compute="_compute_record_label")
    values_html = fields.Html(string="Values", compute="_compute_values_html", sanitize=False)

    _record = Index("(res_model, res_id)")

    @api.model
    def _search_user_id(self, operator, value):
        return [("change_id.user_id", operator, value)]

    @api.depends("change_id")
    def _compute_via(self):
        for line in self:
            change = line.change_id
            connection = change.connection_id.name
            parts = [change.client or change.tool or "", connection and self.env._("connection %s", connection)]
            line.via = ", ".join(part for part in parts if part)

    @api.depends("res_model", "res_id", "res_name")
    def _compute_record_label(self):
        for line in self:
            model = self.env.get(line.res_model)
            label = model._description if model is not None else line.res_model
            line.record_label = f"{line.res_name or line.res_id} ({label})"

    @api.depends_context("uid", "lang", "tz")
    @api.depends("res_id")
    def _compute_values_html(self):
        """The changed fields as far as the reader may see them: old value, arrow, new value."""
        view = PersonView(self.env)
        teller = Teller(view)
        touches = self._as_touched()
        for line, touch, may_see in zip(self.sorted("sequence"), touches, visible(view, touches), strict=True):
            told = teller.fields(touch) if may_see else {}
            model = self.env.get(line.res_model)
            nothing = self.env._("Values you may not see, or that follow from others.")
            line.values_html = _rows(model, line.kind, told) or Markup("<i class='text-muted'>%s</i>") % nothing

    def action_open_record(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_open_change(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "mcp.change",
            "res_id": self.change_id.id,
            "views": [(False, "form")],
        }

    def _as_touched(self):
        """The lines as the services take them, in the order in which records were touched."""
        # sudo: raw values; whoever asks decides what of them is told
        return [
            Touched(
                line.res_model,
                line.res_id,
                line.kind,
                line.res_name or "",
                line.values_before or {},
                line.values_after or {},
                line.seen,
            )
            # sudo: the raw values are closed to everybody; who may undo was checked before
            for line in self.sudo().sorted("sequence")
        ]


def _rows(model, kind, values):
    """One line a field; those that Odoo computes, and all of a long list, folded away."""
    if model is None or not values:
        return Markup("")
    first, rest = words.fields_of(model, values)
    names = [*first, *rest]
    open_names = names[: min(len(first) or len(names), _MOST_OPEN)]
    rows = [
        Markup("<div><b>%s</b>: %s</div>") % (words.field_label(model, name), _shown(model, name, kind, values[name]))
        for name in names
    ]
    shown, folded = rows[: len(open_names)], rows[len(open_names) :]
    if not folded:
        return Markup("").join(shown)
    more = model.env._("1 more field") if len(folded) == 1 else model.env._("%s more fields", len(folded))
    return Markup("%s<details><summary class='text-muted'>%s</summary>%s</details>") % (
        Markup("").join(shown),
        more,
        Markup("").join(folded),
    )


def _shown(model, name, kind, value):
    if kind != "update" or not isinstance(value, list):
        return _text(model, name, value)
    old, new = value
    return Markup("<span class='text-muted'>%s</span> → %s") % (_text(model, name, old), _text(model, name, new))


def _text(model, name, value):
    return "—" if value in (None, "", []) else words.told(model, name, value)
