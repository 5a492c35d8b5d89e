import base64
import json
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..services.governance import audit, chain, sealing
from .common import McpCase


class ChainCase(McpCase):
    """A log of its own: what other tests left in the database is put aside."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute("DELETE FROM mcp_audit_log; DELETE FROM mcp_audit_seal")

    def calls(self, count):
        """So many calls on record; the ids of their rows."""
        for number in range(count):
            audit.write(
                self.env.cr,
                audit.AuditEntry(
                    "ok",
                    user_id=self.user.id,
                    method="tools/call",
                    tool="search_records",
                    client="naïve “client” \U0001f600",
                    rows=number,
                    duration_ms=number / 7,
                ),
            )
        self.env.cr.execute("SELECT id FROM mcp_audit_log ORDER BY id DESC LIMIT %s", [count])
        return sorted(row[0] for row in self.env.cr.fetchall())

    def seal(self, size=10):
        while sealing.seal_batch(self.env.cr, size):
            pass

    def sql(self, statement, *values):
        self.env.cr.execute(statement, values)

    def verify(self, **arguments):
        return sealing.verify(self.env.cr, **arguments)

    def assert_problem(self, kind, row_id, seal=None):
        problem = self.verify().problem
        self.assertTrue(problem, "the log is said to be whole")
        self.assertEqual((problem.kind, problem.row_id), (kind, row_id), problem.text)
        if seal:
            self.assertEqual(problem.seal, seal)
        return problem


@tagged("post_install", "-at_install")
class TestAuditChain(ChainCase):
    def test_a_log_that_nobody_touched_is_whole(self):
        self.assertIsNone(self.verify().problem)
        self.calls(25)
        self.assertEqual(self.verify().unsealed, 25)
        self.seal()
        found = self.verify()
        self.assertIsNone(found.problem)
        self.assertEqual((found.rows, found.seals, found.unsealed, found.number), (25, 3, 0, 3))
        self.assertEqual(len(found.head), 64)
        self.client.call("whoami")
        self.seal()
        self.assertEqual(self.verify().rows, 26)
        self.assertIsNone(self.verify().problem)

    def test_any_column_that_is_altered_is_found(self):
        ids = self.calls(25)
        self.seal()
        changes = {
            "outcome": "refused",
            "user_id": 1,
            "tool": "delete_records",
            "res_ids": "1",
            "rows": 5000,
            "error": "x",
            "duration_ms": 0.001,
            "create_date": "2020-01-01",
            "client": None,
            "response_payload": "{}",
            "ip_address": "10.0.0.1",
        }
        for column, value in changes.items():
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                self.sql(f"UPDATE mcp_audit_log SET {column} = %s WHERE id = %s", value, ids[13])
                self.assert_problem("altered", ids[13], seal=2)
                savepoint.rollback()
        self.assertIsNone(self.verify().problem)

    def test_the_first_of_several_is_named(self):
        ids = self.calls(25)
        self.seal()
        self.sql("UPDATE mcp_audit_log SET rows = 1000 WHERE id = ANY(%s)", [ids[22], ids[14], ids[16]])
        self.assert_problem("altered", ids[14])
        self.sql("DELETE FROM mcp_audit_log WHERE id = %s", ids[12])
        self.assert_problem("missing", ids[12])

    def test_rows_that_are_gone_are_named(self):
        ids = self.calls(25)
        self.seal()
        for gone in (ids[0], ids[9], ids[10], ids[24]):
            with self.subTest(gone - ids[0]), self.env.cr.savepoint() as savepoint:
                self.sql("DELETE FROM mcp_audit_log WHERE id = %s", gone)
                self.assert_problem("missing", gone)
                savepoint.rollback()

    def test_swapped_rows_are_named(self):
        ids = self.calls(25)
        self.seal()
        for first, second in ((3, 7), (8, 21)):
            with self.subTest((first, second)), self.env.cr.savepoint() as savepoint:
                swap = [-1, ids[first], ids[first], ids[second], ids[second], -1]
                for new, old in zip(swap[::2], swap[1::2], strict=True):
                    self.sql("UPDATE mcp_audit_log SET id = %s WHERE id = %s", new, old)
                self.assert_problem("altered", ids[first], seal=1)
                savepoint.rollback()

    def test_rows_that_were_put_in_are_named(self):
        self.calls(5)
        self.sql("SELECT nextval('mcp_audit_log_id_seq')")
        gap = self.env.cr.fetchone()[0]
        self.calls(20)
        self.seal()
        insert = "INSERT INTO mcp_audit_log (id, create_date, outcome, seal_id) VALUES (%s, {}, 'ok', %s)"
        now, old = "clock_timestamp() AT TIME ZONE 'UTC'", "now() AT TIME ZONE 'UTC' - interval '3 days'"
        for name, moment, seal in (
            ("into a seal", now, 1),
            ("into a seal that there is not", now, 99),
            ("unsealed, with a time of the past", old, None),
        ):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.sql(insert.format(moment), gap, seal)
                self.assert_problem("inserted", gap)
                if seal is None:
                    self.seal()
                    self.assert_problem("inserted", gap)
                savepoint.rollback()

    def test_seals_that_were_altered_removed_or_made_up_are_named(self):
        self.calls(25)
        self.seal()
        for change in (
            "UPDATE mcp_audit_seal SET row_count = 9 WHERE number = 2",
            "UPDATE mcp_audit_seal SET last_at = now() WHERE number = 2",
            "UPDATE mcp_audit_seal SET hash = repeat('a', 64) WHERE number = 2",
            "UPDATE mcp_audit_seal SET row_hashes = 'AAAA' WHERE number = 2",
            "UPDATE mcp_audit_seal SET row_ids = '1,2,3' WHERE number = 2",
            "DELETE FROM mcp_audit_seal WHERE number = 2",
            "UPDATE mcp_audit_seal SET removed_at = now(), row_ids = NULL, row_hashes = NULL WHERE number = 2",
        ):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                self.sql(change)
                self.assertEqual(self.verify().problem.seal, 2)
                savepoint.rollback()

    def test_a_row_and_its_seal_altered_together_break_the_next_seal(self):
        ids = self.calls(25)
        self.seal()
        self.sql("UPDATE mcp_audit_log SET rows = 7777 WHERE id = %s", ids[3])
        names = list(sealing._HASHED)
        self.sql(f"SELECT {', '.join(names)} FROM mcp_audit_log WHERE seal_id = 1 ORDER BY id")
        rows = self.env.cr.fetchall()
        self.sql("SELECT sealed_at FROM mcp_audit_seal WHERE number = 1")
        forged = chain.make_seal(1, chain.GENESIS, self.env.cr.fetchone()[0], names, rows)
        self.sql(
            "UPDATE mcp_audit_seal SET hash = %s, digest = %s, row_hashes = %s WHERE number = 1",
            forged.hash,
            forged.digest,
            chain.pack_hashes(forged.row_hashes),
        )
        problem = self.verify().problem
        self.assertEqual((problem.kind, problem.seal), ("seal", 2))

    def test_a_kept_head_proves_that_the_end_was_not_cut_off_or_written_anew(self):
        self.calls(25)
        self.seal()
        head = self.verify().head
        self.calls(10)
        self.seal()
        self.assertIsNone(self.verify(kept_head=f" {head.upper()}\n").problem)
        self.sql("DELETE FROM mcp_audit_log WHERE seal_id >= 3")
        self.sql("DELETE FROM mcp_audit_seal WHERE number >= 3")
        self.assertIsNone(self.verify().problem, "without the head nobody can tell")
        self.assertEqual(self.verify(kept_head=head).problem.kind, "head")

    def test_rows_committed_late_are_in_a_later_seal(self):
        ids = self.calls(20)
        late = ids[:3]
        self.sql("UPDATE mcp_audit_log SET seal_id = 0 WHERE id = ANY(%s)", late)  # stands for: not visible yet
        self.seal()
        self.sql("UPDATE mcp_audit_log SET seal_id = NULL WHERE id = ANY(%s)", late)
        self.assertIsNone(self.verify().problem)
        self.seal()
        found = self.verify()
        self.assertIsNone(found.problem)
        self.assertEqual((found.rows, found.unsealed), (20, 0))

    def test_retention_removes_whole_seals_and_the_rest_stays_provable(self):
        ids = self.calls(30)
        self.sql("UPDATE mcp_audit_log SET create_date = create_date - interval '91 days' WHERE id <= %s", ids[9])
        self.seal()
        head = self.verify().head
        self.settings.audit_retention_days = 90
        self.env["mcp.audit.log"]._gc_old_rows()
        self.assertEqual(self.env["mcp.audit.log"].search_count([("id", "in", ids)]), 20)
        found = self.verify(kept_head=head)
        self.assertIsNone(found.problem)
        self.assertEqual((found.removed, found.rows), (10, 20))
        record = self.env["mcp.audit.log"].search([], limit=1)
        self.assertEqual((record.method, record.res_ids), ("audit/retention", "1"))
        self.seal()
        self.assertIsNone(self.verify().problem)
        self.sql("DELETE FROM mcp_audit_log WHERE seal_id = 2")
        self.sql("UPDATE mcp_audit_seal SET removed_at = now(), row_ids = NULL, row_hashes = NULL WHERE number = 2")
        self.assertEqual(self.assert_problem("missing", None).seal, 2)

    def test_retention_never_splits_a_seal(self):
        ids = self.calls(10)
        self.sql("UPDATE mcp_audit_log SET create_date = create_date - interval '91 days' WHERE id < %s", ids[9])
        self.seal()
        self.assertEqual(sealing.remove_old(self.env.cr, 90), 0)
        self.assertEqual(self.env["mcp.audit.log"].search_count([("id", "in", ids)]), 10)

    def test_a_client_cannot_pretend_that_rows_were_removed_by_retention(self):
        self.calls(20)
        self.seal()
        self.client.request("audit/retention", {"res_ids": "99"})
        self.sql("UPDATE mcp_audit_log SET res_ids = '99' WHERE method = 'audit/retention'")
        self.sql("DELETE FROM mcp_audit_log WHERE seal_id = 1")
        self.sql("UPDATE mcp_audit_seal SET removed_at = now(), row_ids = NULL, row_hashes = NULL WHERE number = 1")
        self.assert_problem("missing", None)

    def test_nobody_changes_seals_through_odoo(self):
        self.calls(3)
        self.seal()
        seal = self.env["mcp.audit.seal"].search([], limit=1)
        for env in (self.env(user=self.admin), self.env(su=True)):
            for attempt in (
                lambda env=env: seal.with_env(env).write({"hash": "x"}),
                lambda env=env: seal.with_env(env).unlink(),
                lambda env=env: seal.with_env(env).create({"number": 1}),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        with self.assertRaises(AccessError):
            seal.with_user(self.user).read(["hash"])


@tagged("post_install", "-at_install")
class TestAuditCheck(ChainCase):
    def check(self, **values):
        action = self.env["mcp.audit.check"].with_user(self.admin).action_open()
        check = self.env["mcp.audit.check"].with_user(self.admin).browse(action["res_id"])
        if values:
            check.write(values)
            check.action_verify()
        return check

    def test_the_button_says_that_the_log_is_whole_and_gives_the_head(self):
        self.calls(12)
        check = self.check()
        self.assertEqual((check.result, check.checked, check.unsealed), ("whole", 12, 0))
        document = json.loads(base64.b64decode(check.head_file))
        self.assertEqual((document["head"], document["seal"]), (check.head, check.seal_number))
        self.assertIn("/web/content/mcp.audit.check/", check.action_download_head()["url"])
        self.assertEqual(self.check(kept_head=check.head).result, "whole")
        self.assertEqual(self.check(kept_head="f" * 64).result, "broken")

    def test_the_button_names_the_altered_row(self):
        ids = self.calls(12)
        self.check()
        self.sql("UPDATE mcp_audit_log SET rows = 77 WHERE id = %s", ids[5])
        check = self.check()
        self.assertEqual((check.result, check.log_id.id), ("broken", ids[5]))
        self.assertIn(str(ids[5]), check.problem)

    def test_only_administrators_verify(self):
        with self.assertRaises(AccessError):
            self.env["mcp.audit.check"].with_user(self.user).action_open()

    def test_the_list_has_the_button_whatever_is_selected(self):
        self.calls(2)
        for rows in (self.env["mcp.audit.log"], self.env["mcp.audit.log"].search([])):
            self.assertEqual(rows.with_user(self.admin).action_verify()["res_model"], "mcp.audit.check")

    def test_the_settings_say_when_it_was_sealed(self):
        self.calls(2)
        self.assertEqual(self.settings.with_user(self.admin).action_verify_audit_log()["res_model"], "mcp.audit.check")
        self.settings.invalidate_recordset()
        self.assertEqual(self.settings.seal_count, 1)
        self.assertLess(self.settings.last_sealed_at - self.env.cr.now(), timedelta(minutes=5))
