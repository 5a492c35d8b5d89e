from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..services.identity import bearer, keys
from .common import McpCase


@tagged("post_install", "-at_install")
class TestRotation(McpCase):
    """Scheduled replacement of keys: a warning first, then the grace period, then the end."""

    def setUp(self):
        super().setUp()
        self.credential = self.connection.credential_ids
        self.env["mcp.connection"].search([("id", "!=", self.connection.id)]).write({"state": "revoked"})

    def age(self, days, credential=None):
        credential = credential or self.credential
        self.env.flush_all()
        self.env.cr.execute(
            # a minute more: Odoo's clock has no fractions of a second, and the database's has
            "UPDATE mcp_credential SET create_date = now() AT TIME ZONE 'UTC' - %s * interval '1 day'"
            " - interval '1 minute' WHERE id = %s",
            [days, credential.id],
        )
        self.env.invalidate_all()

    def run_cron(self):
        self.env.ref("odoo_mcp.cron_rotate_keys").ir_actions_server_id.run()
        self.env.invalidate_all()

    def refusal(self):
        self.env.flush_all()
        return bearer.identify(self.env, self.key).refusal

    def warnings(self):
        return self.connection.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref("odoo_mcp.activity_replace_key")
        )

    def test_nothing_happens_without_a_schedule_and_an_end(self):
        self.age(1000)
        self.run_cron()
        self.assertFalse(self.warnings())
        self.assertFalse(self.credential.expires_at)
        self.assertFalse(self.connection.next_key_end)

    def test_the_owner_is_warned_once_before_the_key_is_due(self):
        self.settings.write({"rotation_days": 90, "rotation_warning_days": 7})
        self.age(80)
        self.run_cron()
        self.assertFalse(self.warnings())
        self.age(84)
        self.run_cron()
        warning = self.warnings()
        self.assertEqual((warning.user_id, self.refusal()), (self.user, ""))
        message = self.env["mail.message"].search(
            [("model", "=", "mcp.connection"), ("res_id", "=", self.connection.id), ("subject", "ilike", "replaced")]
        )
        self.assertEqual(message.notified_partner_ids, self.user.partner_id)
        self.run_cron()
        self.assertEqual(len(self.warnings()), 1)

    def test_a_due_key_ends_after_the_grace_period_and_the_grace_period_is_not_prolonged(self):
        self.settings.write({"rotation_days": 30, "rotation_grace_hours": 48})
        self.age(30)
        self.run_cron()
        end = self.credential.expires_at
        self.assertAlmostEqual(end, fields.Datetime.now() + timedelta(hours=48), delta=timedelta(minutes=1))
        self.assertEqual(self.connection.next_key_end, end)
        self.credential.expires_at = end = fields.Datetime.now() + timedelta(hours=1)
        self.run_cron()
        self.assertEqual((self.credential.expires_at, self.refusal()), (end, ""))
        self.credential.expires_at = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.refusal(), "key expired")

    def test_without_a_grace_period_a_due_key_ends_at_once(self):
        self.settings.write({"rotation_days": 30, "rotation_grace_hours": 0})
        self.age(31)
        self.run_cron()
        self.assertEqual(self.refusal(), "key revoked")

    def test_a_connection_has_a_schedule_of_its_own_or_none(self):
        self.settings.rotation_days = 30
        self.connection.rotation = "never"
        self.age(100)
        self.run_cron()
        self.assertFalse(self.credential.expires_at or self.warnings())
        self.connection.write({"rotation": "custom", "rotation_days": 120})
        self.run_cron()
        self.assertFalse(self.credential.expires_at or self.warnings())
        self.connection.rotation_days = 100
        self.run_cron()
        self.assertTrue(self.credential.expires_at and self.warnings())

    def test_a_key_with_an_end_is_warned_about_without_any_schedule(self):
        self.credential.expires_at = fields.Datetime.now() + timedelta(days=3)
        self.run_cron()
        self.assertEqual(len(self.warnings()), 1)
        self.assertIn(fields.Date.to_string(self.warnings().date_deadline), self.warnings().note)

    def test_who_replaced_the_key_is_neither_warned_nor_cut_off(self):
        self.settings.rotation_days = 30
        self.age(40)
        keys.issue_key(self.connection)
        self.run_cron()
        self.assertFalse(self.warnings())
        self.assertFalse(self.connection.credential_ids.sorted("id")[-1].expires_at)

    def test_replacing_the_key_settles_the_activity(self):
        self.credential.expires_at = fields.Datetime.now() + timedelta(days=3)
        self.run_cron()
        self.assertTrue(self.warnings())
        wizard = self.env["mcp.key.wizard"].with_user(self.user).create({"connection_id": self.connection.id})
        wizard.action_create_key()
        self.assertFalse(self.connection.activity_ids)

    def test_revoked_connections_and_archived_users_are_left_alone(self):
        self.settings.rotation_days = 30
        self.age(40)
        self.connection.user_id.active = False
        self.run_cron()
        self.assertFalse(self.warnings())
