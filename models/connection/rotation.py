from datetime import timedelta

from odoo import api, fields, models

from ...compat import Constraint

# Kinds of credentials that a person pastes, and that therefore only a person can replace.
KINDS = ("api_key", "pat")


class McpConnection(models.Model):
    """When the keys of a connection are replaced, and who is told before."""

    _inherit = "mcp.connection"

    rotation = fields.Selection(
        [
            ("default", "As in Server Settings"),
            ("never", "By hand only"),
            ("custom", "On a schedule of its own"),
        ],
        string="Replace keys",
        required=True,
        default="default",
        help="A key that is due ends after the grace period. Its owner is warned before, and replaces it in time.",
    )
    rotation_days = fields.Integer(string="Every", default=90, help="Days after which a key is to be replaced.")
    next_key_end = fields.Datetime(
        string="Key works until",
        compute="_compute_next_key_end",
        help="When the last working key ends. Rotate it before, and paste the new one into the AI tool.",
    )

    _rotation_days_sensible = Constraint(
        "CHECK(rotation_days BETWEEN 1 AND 3650)", "Keys can be replaced every 1 to 3,650 days."
    )

    @api.depends("credential_ids.expires_at", "credential_ids.revoked_at", "rotation", "rotation_days")
    def _compute_next_key_end(self):
        grace = timedelta(hours=self.env["mcp.settings"].current().rotation_grace_hours)
        now = fields.Datetime.now()
        for connection in self:
            ends = []
            for key in connection._live_keys():
                due = connection._due(key)
                ends.append(min(filter(None, [key.expires_at, due and max(due, now) + grace]), default=False))
            connection.next_key_end = max(ends) if ends and all(ends) else False

    def _live_keys(self):
        return self.credential_ids.filtered(lambda credential: credential.is_live and credential.kind in KINDS)

    @api.private
    def _rotation_period(self):
        """Days after which a key of this connection is due, or 0."""
        if self.rotation == "custom":
            return self.rotation_days
        return self.env["mcp.settings"].current().rotation_days if self.rotation == "default" else 0

    def _due(self, credential):
        """When ``credential`` is due to be replaced by schedule, or False."""
        days = self._rotation_period()
        return days and credential.create_date + timedelta(days=days)

    @api.model
    def _cron_rotate_keys(self):
        """Warn the owners of keys that will end soon, and end those that are due, after the grace period."""
        settings = self.env["mcp.settings"].current()
        now = fields.Datetime.now()
        warn_before = timedelta(days=settings.rotation_warning_days)
        for connection in self.search([("state", "=", "active"), ("user_id.active", "=", True)]):
            # the newest key is the one in use, or to be used; older ones are on their way out already
            newest = connection._live_keys().sorted("id")[-1:]
            due = newest and connection._due(newest)
            replace_by = newest and min(filter(None, [newest.expires_at, due]), default=False)
            if warn_before and replace_by and now >= replace_by - warn_before and not newest.warned_at:
                connection._warn_of_end(newest, replace_by)
            if due and now >= due:
                connection._retire(newest, settings.rotation_grace_hours)

    def _warn_of_end(self, credential, end):
        # sudo: credentials are written by the server only
        credential.sudo().warned_at = fields.Datetime.now()
        user = self.user_id
        connection = self.with_context(lang=user.lang or "en_US")
        until = fields.Date.to_string(fields.Datetime.context_timestamp(self.with_user(user), end).date())
        text = connection.env._(
            "The key %(key)s… of the AI tool “%(name)s” is to be replaced by %(date)s. Open the connection, press "
            "Rotate Key and paste the new key into the AI tool; the old one goes on working for a while.",
            key=credential.prefix,
            name=self.name,
            date=until,
        )
        self.activity_schedule(
            "odoo_mcp.activity_replace_key",
            date_deadline=fields.Date.to_date(until),
            summary=connection.env._("Replace the key"),
            note=text,
            user_id=user.id,
        )
        self.message_notify(
            partner_ids=user.partner_id.ids,
            subject=connection.env._("The key of “%s” is to be replaced", self.name),
            body=text,
        )

    def _retire(self, credential, grace_hours):
        if credential.expires_at and credential.expires_at <= fields.Datetime.now() + timedelta(hours=grace_hours):
            return  # it ends soon enough
        # sudo: credentials are written by the server only
        credential.sudo()._end_within(grace_hours)
        self.message_post(
            body=self.env._(
                "The key %(key)s… was due to be replaced. It ends within %(hours)s hours.",
                key=credential.prefix,
                hours=grace_hours,
            )
        )
