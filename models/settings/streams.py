from odoo import fields, models

from ...compat import Constraint


class McpSettings(models.Model):
    _inherit = "mcp.settings"

    event_streaming = fields.Boolean(
        string="Event streaming",
        default=True,
        help="AI tools may keep a stream open, on which they hear of changes to records, tools and prompts.",
    )
    streams_ordinary = fields.Integer(
        string="Streams on ordinary workers",
        default=20,
        help="Streams open at the same time where Odoo answers web pages, too. With several workers there are never "
        "more than all workers but one, so that one is left for people; a second one is kept for calls.",
    )
    streams_evented = fields.Integer(
        string="Streams on the evented worker",
        default=1000,
        help="Streams open at the same time on the worker for live chat and notifications, where they cost little.",
    )
    streams_per_connection = fields.Integer(
        string="Streams per connection",
        default=10,
        help="Streams that one connection may keep open at the same time.",
    )
    session_retention_days = fields.Integer(
        string="Keep sessions for",
        default=90,
        help="Days. A session ends after a day without use; this is how long it stays in the list. 0 keeps all.",
    )
    active_session_count = fields.Integer(compute="_compute_active_session_count")

    _streams_sensible = Constraint(
        "CHECK(streams_ordinary BETWEEN 0 AND 1000 AND streams_evented BETWEEN 0 AND 10000"
        " AND streams_per_connection BETWEEN 1 AND 10000 AND session_retention_days >= 0)",
        "Please check the streams: 0 to 1,000 on ordinary workers, 0 to 10,000 on the evented worker, 1 to 10,000 "
        "per connection; days cannot be negative.",
    )

    def _compute_active_session_count(self):
        count = self.env["mcp.session"].search_count([("state", "=", "active")])
        for settings in self:
            settings.active_session_count = count

    def action_open_sessions(self):
        return self.env["ir.actions.act_window"]._for_xml_id("odoo_mcp.mcp_session_action")
