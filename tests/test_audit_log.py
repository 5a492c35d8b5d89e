from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..services.governance import audit, sealing
from .common import McpCase


@tagged("post_install", "-at_install")
class TestAuditLog(McpCase):
    def last(self):
        return self.env["mcp.audit.log"].search([], limit=1)

    def test_a_call_leaves_one_row_that_says_who_what_and_how_long(self):
        before = self.env["mcp.audit.log"].search_count([])
        self.client.call("search_records", model="res.partner", domain=[["ref", "=", "MCPTEST"]], order="id", limit=3)
        self.assertEqual(self.env["mcp.audit.log"].search_count([]), before + 1)
        row = self.last()
        self.assertEqual((row.user_id, row.connection_id), (self.user, self.connection))
        self.assertEqual(row.credential_id, self.connection.credential_ids)
        self.assertEqual((row.method, row.tool, row.res_model), ("tools/call", "search_records", "res.partner"))
        self.assertEqual((row.outcome, row.rows, row.http_status), ("ok", 3, 200))
        self.assertEqual(row.res_ids, ",".join(map(str, sorted(self.partners.ids)[:3])))
        self.assertEqual((row.ip_address, row.protocol_version), ("127.0.0.1", "2025-11-25"))
        self.assertGreater(row.duration_ms, 0)

    def test_failed_and_refused_calls_leave_a_row_with_the_reason(self):
        self.client.failing("search_records", model="res.partner", fields=["nme"])
        self.assertEqual((self.last().outcome, self.last().tool), ("error", "search_records"))
        self.assertIn("nme", self.last().error)
        self.client.request("tools/call", {"name": "no_such_tool"})
        self.assertEqual((self.last().outcome, self.last().error_code), ("error", -32602))
        self.client.request("no/such/method")
        self.assertEqual((self.last().method, self.last().error_code), ("no/such/method", -32601))

    def test_nobody_changes_the_log_through_odoo(self):
        self.client.call("whoami")
        row = self.last()
        for env in (self.env(user=self.admin), self.env(su=True), self.env(user=self.user)):
            for attempt in (
                lambda env=env: row.with_env(env).write({"outcome": "error"}),
                lambda env=env: row.with_env(env).unlink(),
                lambda env=env: row.with_env(env).create({"outcome": "ok"}),
                lambda env=env: row.with_env(env).copy(),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_strings_of_a_client_cannot_forge_lines(self):
        self.assertEqual(audit.clean("a\r\nb\x1b[31m\u2028c"), "a b [31m c")
        self.assertEqual(len(audit.clean("x" * 4_000_000)), 500)
        self.assertIsNone(audit.clean(""))
        self.client.request("evil\nERROR 500 forged")
        self.assertNotIn("\n", self.last().method or "")

    def test_rows_older_than_the_settings_say_are_deleted(self):
        self.client.call("whoami")
        old = self.last()
        self.client.call("whoami")
        young = self.last()
        self.env.cr.execute(
            "UPDATE mcp_audit_log SET create_date = now() - interval '91 days' WHERE id <= %s", [old.id]
        )
        while old.seal_id == 0:
            sealing.seal_batch(self.env.cr, self.env["mcp.audit.log"].search_count([("id", "<=", old.id)]))
            old.invalidate_recordset()
        self.settings.audit_retention_days = 0
        self.env["mcp.audit.log"]._gc_old_rows()
        self.assertTrue(old.exists())
        self.settings.audit_retention_days = 90
        self.env["mcp.audit.log"]._gc_old_rows()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())

    def test_calls_are_counted_on_connection_and_tool(self):
        self.client.call("whoami")
        self.client.call("whoami")
        tool = self.env["mcp.tool"].search([("name", "=", "whoami")])
        self.assertGreaterEqual(tool.call_count, 2)
        self.assertEqual(self.connection.call_count, 2)
