"""What is kept of settings and policies from one request to the next is never older than the request."""

from odoo.fields import Command
from odoo.sql_db import Connection, ConnectionPool, connection_info_for
from odoo.tests import tagged

from ..services.governance import audit
from ..services.identity import bearer, standing
from .common import McpCase


@tagged("post_install", "-at_install")
class TestStanding(McpCase):
    def policy(self):
        self.env.flush_all()
        return bearer.identify(self.env, self.key).caller.policy

    def limits(self):
        self.env.flush_all()
        return bearer.identify(self.env, self.key).limits

    def test_it_is_read_once_as_long_as_nothing_changes(self):
        first = self.policy()
        self.assertIs(self.policy(), first)

    def test_each_change_of_the_list_of_models_counts_at_the_next_request(self):
        self.assertEqual(self.policy().models, {})
        partner = self.env["ir.model"]._get("res.partner")
        line = self.env["mcp.connection.model.access"].create(
            {"connection_id": self.connection.id, "model_id": partner.id}
        )
        self.assertEqual(self.policy().models["res.partner"].operations, {"read"})
        line.perm_write = True
        self.assertEqual(self.policy().models["res.partner"].operations, {"read", "write"})
        name = self.env["ir.model.fields"]._get("res.partner", "name")
        line.write({"limit_fields": True, "field_ids": [Command.set(name.ids)]})
        self.assertEqual(self.policy().models["res.partner"].fields, {"name"})
        line.field_ids = [Command.link(self.env["ir.model.fields"]._get("res.partner", "city").id)]
        self.assertEqual(self.policy().models["res.partner"].fields, {"name", "city"})
        line.domain = "[('city', '=', 'Gent')]"
        self.assertIn("Gent", self.policy().models["res.partner"].domain)
        line.unlink()
        self.assertEqual(self.policy().models, {})

    def test_each_change_of_tools_and_companies_counts_at_the_next_request(self):
        tools = self.env["mcp.tool"].search([], limit=2)
        self.connection.write({"limit_tools": True, "tool_ids": [Command.set(tools[0].ids)]})
        self.assertEqual(self.policy().tools, {tools[0].name})
        self.connection.tool_ids = [Command.link(tools[1].id)]
        self.assertEqual(self.policy().tools, set(tools.mapped("name")))
        self.connection.company_ids = self.user.company_id
        self.assertEqual(self.policy().companies, {self.user.company_id.id})
        self.connection.company_ids = False
        self.assertIsNone(self.policy().companies)

    def test_a_tool_that_is_switched_off_is_off_at_the_next_request(self):
        tool = self.env["mcp.tool"].search([], limit=1)
        self.assertNotIn(tool.name, self.limits().switched_off_tools)
        tool.active = False
        self.assertIn(tool.name, self.limits().switched_off_tools)
        tool.active = True
        self.assertNotIn(tool.name, self.limits().switched_off_tools)

    def test_settings_and_scope_count_at_the_next_request(self):
        self.settings.max_rows = 7
        self.assertEqual(self.limits().max_rows, 7)
        self.connection.scope = "read_only"
        self.assertEqual(self.policy().scope, "read_only")
        self.connection.scope = "admin"
        self.assertEqual(self.policy().scope, "admin")

    def partner_line(self, *names):
        partner = self.env["ir.model"]._get("res.partner")
        known = self.env["ir.model.fields"].search([("model_id", "=", partner.id), ("name", "in", names)])
        return self.env["mcp.connection.model.access"].create(
            {
                "connection_id": self.connection.id,
                "model_id": partner.id,
                "limit_fields": True,
                "field_ids": [Command.set(known.ids)],
            }
        )

    def own_field(self):
        partner = self.env["ir.model"]._get("res.partner")
        return self.env["ir.model.fields"].create(
            {"name": "x_mcp_grade", "field_description": "Grade", "model_id": partner.id, "ttype": "char"}
        )

    def listed_fields(self):
        return self.policy().models["res.partner"].fields

    def test_what_is_written_past_the_orm_counts_at_the_next_request(self):
        line = self.partner_line("name", "city")
        tool, other = self.env["mcp.tool"].search([], limit=2)
        self.connection.write({"limit_tools": True, "tool_ids": [Command.set((tool + other).ids)]})
        before = self.policy()
        self.assertEqual(before.models["res.partner"].fields, {"name", "city"})
        for statement, what in (
            (f"UPDATE mcp_connection_model_access SET perm_write = true WHERE id = {line.id}", "models"),
            (f"UPDATE mcp_connection_model_access SET domain = '[(1, ''='', 0)]' WHERE id = {line.id}", "models"),
            ("DELETE FROM mcp_model_access_field_rel", "models"),
            (f"DELETE FROM mcp_connection_model_access WHERE id = {line.id}", "models"),
            (f"DELETE FROM mcp_connection_tool_rel WHERE mcp_tool_id = {tool.id}", "tools"),
            (f"UPDATE mcp_tool SET name = 'renamed' WHERE id = {other.id}", "tools"),
            (
                f"INSERT INTO mcp_connection_company_rel VALUES ({self.connection.id}, {self.user.company_id.id})",
                "companies",
            ),
            ("TRUNCATE mcp_connection_company_rel", "companies"),
        ):
            with self.subTest(statement):
                self.env.cr.execute(statement)
                after = self.policy()
                self.assertNotEqual(getattr(after, what), getattr(before, what))
                before = after
        self.env.invalidate_all()

    def test_it_is_postgresql_that_notices_also_after_another_upgrade(self):
        tool = self.env["mcp.tool"].search([], limit=1)
        switch_off = f"UPDATE mcp_tool SET active = false WHERE id = {tool.id}"
        self.assertNotIn(tool.name, self.limits().switched_off_tools)
        with self.env.cr.savepoint() as savepoint:
            standing.unwatch(self.env.cr)
            self.env.cr.execute(switch_off)
            self.assertNotIn(tool.name, self.limits().switched_off_tools, "without its trigger nothing is noticed")
            savepoint.rollback()
        for _upgrade in range(2):
            standing.watch(self.env.cr, "mcp_tool")
        self.env.cr.execute(switch_off)
        self.assertIn(tool.name, self.limits().switched_off_tools)
        self.env.invalidate_all()

    def test_a_line_that_goes_with_something_else_counts_at_the_next_request(self):
        tools = self.env["mcp.tool"].search([], limit=2)
        self.connection.write({"limit_tools": True, "tool_ids": [Command.set(tools.ids)]})
        self.assertEqual(self.policy().tools, set(tools.mapped("name")))
        tools[0].unlink()
        self.assertEqual(self.policy().tools, {tools[1].name})

    def test_a_field_that_is_renamed_or_deleted_counts_at_the_next_request(self):
        field = self.own_field()
        self.partner_line("name", "x_mcp_grade")
        self.assertEqual(self.listed_fields(), {"name", "x_mcp_grade"})
        field.name = "x_mcp_mark"
        self.assertEqual(self.listed_fields(), {"name", "x_mcp_mark"})
        field.unlink()
        self.assertEqual(self.listed_fields(), {"name"})

    def test_what_was_seen_in_a_transaction_that_is_taken_back_is_not_kept(self):
        line = self.partner_line("name")
        self.assertEqual(self.policy().models["res.partner"].operations, {"read"})
        with self.env.cr.savepoint() as savepoint:
            line.perm_unlink = True
            self.assertEqual(self.policy().models["res.partner"].operations, {"read", "unlink"})
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(self.policy().models["res.partner"].operations, {"read"})

    def test_nothing_is_taken_from_before_the_database_server_was_set_back(self):
        version = ("started", "700", "(0,1)", "800", "(0,2)")
        first = standing.standing_of(self.env.cr, self.connection.id, version)
        self.assertIs(standing.standing_of(self.env.cr, self.connection.id, version), first)
        again = standing.standing_of(self.env.cr, self.connection.id, ("started again", *version[1:]))
        self.assertIsNot(again, first)
        self.env.cr.execute(f"SELECT {standing.VERSION_COLUMNS} FROM mcp_settings settings, mcp_connection connection")
        self.assertEqual(len(self.env.cr.fetchone()), standing.VERSION_LENGTH)
        self.assertIn("pg_postmaster_start_time()", standing.VERSION_COLUMNS)

    def test_one_connection_is_not_taken_for_another(self):
        self.connection.scope = "read_only"
        self.assertEqual(self.policy().scope, "read_only")
        other = bearer.identify(self.env, self.admin_key).caller
        self.assertEqual((other.policy.scope, other.connection_id), ("read_write", self.admin_connection.id))
        nobody = bearer.identify(self.env, "no such key")
        self.assertIsNone(nobody.caller)
        self.assertIsNone(standing.standing_of(self.env.cr, None, [None] * standing.VERSION_LENGTH).policy)


@tagged("post_install", "-at_install")
class TestWaitingForTheDisk(McpCase):
    """The commit of a call that changed nothing does not wait for the disk; that of any other does."""

    def setUp(self):
        super().setUp()
        # Cursors of tests have all written something before; and a database for tests may wait for no disk at all.
        name, server = connection_info_for(self.env.cr.dbname)
        pool = ConnectionPool(1)
        self.addCleanup(pool.close_all)
        self.cr = Connection(pool, name, server | {"options": "-c synchronous_commit=on"}).cursor()
        self.addCleanup(self.cr.close)
        self.addCleanup(self.cr.rollback)

    def waits(self):
        self.cr.execute("SHOW synchronous_commit")
        return self.cr.fetchone()[0] != "off"

    def test_a_transaction_with_nothing_but_its_log_row_does_not_wait(self):
        self.cr.execute("SELECT id FROM res_partner LIMIT 1")
        audit.write(self.cr, audit.AuditEntry("ok"), is_only_one=True)
        self.assertFalse(self.waits())
        self.cr.rollback()
        self.assertTrue(self.waits(), "the next transaction of the same database connection")

    def test_a_transaction_that_has_written_waits(self):
        self.cr.execute("SELECT txid_current()")  # gives it a number, as the first change does
        audit.write(self.cr, audit.AuditEntry("ok"), is_only_one=True)
        self.assertTrue(self.waits())

    def test_a_transaction_that_is_still_to_write_waits(self):
        env = self.env(cr=self.cr)
        env["res.partner"].search([], limit=1).comment = "not in the database yet"
        audit.write(self.cr, audit.AuditEntry("ok"), is_only_one=True)
        self.assertTrue(self.waits())

    def test_what_is_handled_after_the_first_message_of_a_batch_waits(self):
        audit.write(self.cr, audit.AuditEntry("ok"), is_only_one=True)
        audit.write(self.cr, audit.AuditEntry("ok"))
        self.assertTrue(self.waits())

    def test_only_the_version_with_batches_is_taken_for_one(self):
        seen = []
        self.patch(audit, "write", lambda cr, entry, is_only_one=False: seen.append(is_only_one))
        for version in ("2025-03-26", "2025-06-18", "2025-11-25"):
            self.client.version = version
            self.client.request("ping")
        self.assertEqual(seen, [False, True, True])
