from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import McpCase, McpClient


@tagged("post_install", "-at_install")
class TestSettings(McpCase):
    def test_there_is_one_record_and_no_second(self):
        self.assertEqual(len(self.settings), 1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.settings.create({})

    def test_a_new_server_is_switched_off(self):
        self.assertFalse(self.env["mcp.settings"].default_get(["enabled"]).get("enabled"))

    def test_limits_that_make_no_sense_are_refused(self):
        for values in ({"max_rows": 0}, {"max_payload_kb": 1}, {"statement_timeout": 0}, {"key_lifetime_days": -1}):
            refused = self.assertRaises(IntegrityError)
            with self.subTest(values=values), mute_logger("odoo.sql_db"), refused, self.cr.savepoint():
                self.settings.write(values)
                self.settings.flush_recordset()

    def test_only_administrators_open_the_settings(self):
        self.settings.with_user(self.admin).read(["enabled"])
        with self.assertRaises(AccessError):
            self.settings.with_user(self.user).read(["enabled"])
        with self.assertRaises(AccessError):
            self.settings.with_user(self.user).action_toggle_enabled()

    def test_the_switch_and_the_counters(self):
        settings = self.settings.with_user(self.admin)
        settings.action_toggle_enabled()
        self.assertFalse(settings.enabled)
        self.client.call("whoami")
        settings.invalidate_recordset()
        self.assertGreaterEqual(settings.connection_count, 2)
        self.assertGreaterEqual(settings.call_count, 1)
        self.assertEqual(settings.action_open_connections()["res_model"], "mcp.connection")
        self.assertEqual(settings.action_open_logs()["res_model"], "mcp.audit.log")

    def test_a_local_address_is_warned_about(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for url, warns in {"http://localhost:8069": True, "https://odoo.example.com": False}.items():
            parameters.set_param("web.base.url", url)
            self.settings.invalidate_recordset()
            self.assertEqual(self.settings.base_url_warning, warns)
            self.assertEqual(self.settings.endpoint_url, f"{url}/odoo/mcp")

    def test_a_query_that_takes_too_long_is_ended_and_explained(self):
        self.settings.statement_timeout = 1
        self.env.flush_all()
        registry_class = type(self.env["mcp.tool.registry"])

        def slow(model, call):
            model.env.cr.execute("SELECT pg_sleep(5)")

        self.patch(registry_class, "whoami", slow)
        client = McpClient(self.env, self.key, version="2025-03-26")  # in a savepoint, as tests are in one transaction
        with mute_logger("odoo.sql_db"):
            result = client.request("tools/call", {"name": "whoami"})["result"]
        self.assertIn("longer than the 1 seconds", result["content"][0]["text"])
        self.assertTrue(self.client.call("server_info"))

    def test_internal_errors_are_hidden_unless_the_administrator_wants_to_see_them(self):
        registry_class = type(self.env["mcp.tool.registry"])

        def broken(model, call):
            raise ZeroDivisionError("the secret detail")

        self.patch(registry_class, "whoami", broken)
        with self.assertLogs("odoo.addons.odoo_mcp.services.failures", "ERROR") as log:
            text = self.client.failing("whoami")
        self.assertNotIn("secret detail", text)
        self.assertRegex(text, r"under [0-9a-f]{12}")
        self.assertIn(text.split("under ")[1].rstrip("."), log.output[0])
        self.settings.hide_internal_errors = False
        self.env.flush_all()
        with self.assertLogs("odoo.addons.odoo_mcp.services.failures", "ERROR"):
            self.assertIn("secret detail", self.client.failing("whoami"))
