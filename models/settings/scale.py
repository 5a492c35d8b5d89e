import logging
import time

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.modules.registry import Registry

from ...compat import Constraint, group_members
from ...services import redis_client
from ...services.governance import rate_counters, rate_postgres

_logger = logging.getLogger(__name__)


class McpSettings(models.Model):
    """What a busy server needs: Redis."""

    _name = "mcp.settings"
    _inherit = ["mcp.settings", "mail.thread", "mail.activity.mixin"]

    use_redis = fields.Boolean(
        help="Count requests in Redis instead of the database: worth it with many requests or servers. "
        "While Redis cannot be reached the database counts, and no request fails.",
    )
    redis_url = fields.Char(
        string="Redis address",
        default="redis://localhost:6379/0",
        groups="odoo_mcp.group_manager",
        help="redis://user:password@host:port/number, or rediss:// for TLS. Odoo servers may share a Redis if their "
        "databases have different names; otherwise each needs a number of its own.",
    )
    schema_cache = fields.Boolean(
        string="Schema cache",
        default=True,
        help="Remember what models look like (labels and views): describing them is quick then. Forgotten at once when "
        "models, fields, views or groups change; rights are never remembered.",
    )
    schema_cache_seconds = fields.Integer(
        string="Remember for", default=3600, help="Seconds after which a description is worked out anew in any case."
    )
    redis_lost = fields.Char(compute="_compute_redis_lost", help="Why Redis is not used at the moment.")

    _schema_cache_sensible = Constraint(
        "CHECK(schema_cache_seconds BETWEEN 1 AND 604800)",
        "Descriptions of models can be remembered for 1 second to 604,800 seconds (a week).",
    )

    def write(self, vals):
        if vals.keys() & {"schema_cache", "schema_cache_seconds", "use_redis", "redis_url"}:
            self.env.registry.clear_cache("templates")
        return super().write(vals)

    @tools.ormcache(cache="templates.cached_values")
    def _schema_cache_settings(self):
        """Seconds to remember (0: not at all), and the Redis to share with other workers (or nothing)."""
        settings = self.current()
        url = settings.redis_url if settings.use_redis else ""
        return settings.schema_cache_seconds if settings.schema_cache else 0, url

    @tools.ormcache("key", cache="templates.cached_values")
    def _schema_cache_entry(self, key, work_out):  # noqa: ARG002
        """A list: when it was worked out, and what; see :mod:`odoo_mcp.services.schema_cache`."""
        return [time.monotonic(), work_out()]

    def action_clear_schema_cache(self):
        """Forget what models look like, in every worker."""
        self.check_access("write")
        self.env.registry.clear_cache("templates")
        text = self.env._("Descriptions of models are worked out anew, in every worker.")
        return self._notice("success", self.env._("Schema cache cleared"), text)

    @api.depends("use_redis", "redis_url")
    def _compute_redis_lost(self):
        lost = rate_postgres.why_lost(self.env.cr.dbname) if any(self.mapped("use_redis")) else ""
        for settings in self:
            settings.redis_lost = lost if settings.use_redis else False

    def action_test_redis(self):
        """Try the Redis address: connection, a script, and how long it takes."""
        self.ensure_one()
        _logger.info("User %s tests the Redis connection of the MCP server", self.env.user.login)
        try:
            version, milliseconds = redis_client.check(self.redis_url or "")
        except redis_client.RedisLost as lost:
            text = self.env._("Redis cannot be used: %s", lost)
            return self._notice("danger", self.env._("No connection"), text, sticky=True)
        text = self.env._(
            "Redis %(version)s answers in %(milliseconds).1f ms.", version=version, milliseconds=milliseconds
        )
        return self._notice("success", self.env._("Redis works"), text)

    def _notice(self, kind, title, text, sticky=False):
        params = {"type": kind, "title": title, "message": text, "sticky": sticky}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def _tell_redis_lost(self, reason, is_news):
        """Give each administrator an activity, and news also a message wherever they are in Odoo."""
        summary = self.env._("The MCP server cannot reach Redis")
        text = self.env._("Requests are counted in the database until it is back; none is refused because of it.")
        for user in self._administrators():
            if not self._redis_activities(user):
                # no e-mail for each of them: the message below and the activity are enough
                self.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_warning", summary=summary, note=f"{text} {reason}", user_id=user.id
                )
            if is_news:
                user.partner_id._bus_send(
                    "simple_notification", {"type": "warning", "title": summary, "message": text, "sticky": True}
                )

    def _redis_is_back(self):
        """Take the warnings back."""
        self._redis_activities(self._administrators()).unlink()

    def _redis_activities(self, users):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("user_id", "in", users.ids),
                ("activity_type_id", "=", self.env.ref("mail.mail_activity_data_warning").id),
                ("automated", "=", True),
            ]
        )

    def _administrators(self):
        return group_members(self.env.ref("odoo_mcp.group_manager")) - self.env.ref("base.user_root")


def _redis_changed(dbname: str, reason: str, is_news: bool) -> None:
    """Called in a thread of its own when Redis is lost, or (without a reason) when it is used again."""
    try:
        registry = Registry(dbname)
        with registry.cursor() as turn:
            # One at a time, and by what is true by then: a Redis that comes and goes is told of by several workers, and
            # who takes a warning back must not meet who found it and left it at that.
            turn.execute("SELECT pg_advisory_xact_lock(hashtext('odoo_mcp.redis'))")
            with registry.cursor() as cr:  # it begins after the one before has ended, and sees what that one did
                # sudo: the server itself reports here
                settings = api.Environment(cr, SUPERUSER_ID, {})["mcp.settings"].current()
                lost = rate_postgres.why_lost(dbname)
                if lost:
                    settings._tell_redis_lost(lost, is_news and bool(reason))
                else:
                    settings._redis_is_back()
    except Exception:
        _logger.exception("The administrators of %s could not be told about Redis", dbname)


rate_counters.on_redis_change.append(_redis_changed)
