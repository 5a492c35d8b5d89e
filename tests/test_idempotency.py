"""The kept answers of calls with a key, asked directly: whose key it is, what comes back, and what is still running."""

from types import SimpleNamespace

from odoo.sql_db import db_connect
from odoo.tests import tagged

from ..services.governance import idempotency
from ..services.tools.errors import ToolError
from ..services.tools.result import ToolResult, text
from .common import McpCase

ARGUMENTS = {"model": "res.partner", "values": {"name": "Jürgen", "ref": "1"}}


@tagged("post_install", "-at_install")
class TestIdempotencyKeys(McpCase):
    def call(self, connection=None):
        caller = SimpleNamespace(connection_id=(connection or self.connection).id)
        self.env.flush_all()
        return SimpleNamespace(gate=SimpleNamespace(env=self.env), caller=caller)

    def claim(self, key="k", tool="create_record", arguments=None, connection=None):
        arguments = ARGUMENTS if arguments is None else arguments
        return idempotency.claim(self.call(connection), key, tool, arguments)

    def answered(self, result):
        """What a second call gets when the first was answered with ``result``."""
        idempotency.keep(self.call(), self.claim(), result)
        return self.claim().answer

    def test_a_new_key_belongs_to_the_call(self):
        taken = self.claim()
        self.assertIsNone(taken.answer)
        row = self.env["mcp.idempotency"].sudo().browse(taken.row_id)
        self.assertEqual((row.connection_id, row.key, row.tool), (self.connection, "k", "create_record"))
        self.assertNotIn("Jürgen", str(row.read()))  # arguments are compared, not kept

    def test_data_comes_back_as_it_was_and_says_so(self):
        self.assertEqual(self.answered({"id": 7, "name": "Jürgen"}), {"id": 7, "name": "Jürgen", "replayed": True})

    def test_blocks_come_back_as_they_were_and_say_so_in_the_data(self):
        blocks = [text("Done"), {"type": "image", "data": "AA==", "mimeType": "image/png"}]
        for structured in ({"id": 7}, None):
            for is_error in (True, False):
                with self.subTest(structured=structured, is_error=is_error):
                    self.env["mcp.idempotency"].sudo().search([]).unlink()
                    answer = self.answered(ToolResult(blocks, structured, is_error))
                    expected = structured and {**structured, "replayed": True}
                    self.assertEqual(answer, ToolResult(blocks, expected, is_error))

    def test_an_answer_that_came_later_replaces_the_first_one(self):
        idempotency.keep(self.call(), self.claim(), {"waiting": True})
        other = self.env["mcp.connection"].create({"name": "Second", "user_id": self.user.id})
        idempotency.keep(self.call(other), self.claim(connection=other), {"waiting": True})
        idempotency.keep(self.call(), self.claim("other key"), {"waiting": True})
        idempotency.keep_later(self.env.cr, self.connection.id, "k", {"id": 7})
        self.assertEqual(self.claim().answer, {"id": 7, "replayed": True})
        for answer in (self.claim("other key").answer, self.claim(connection=other).answer):
            self.assertEqual(answer, {"waiting": True, "replayed": True})

    def test_only_the_very_same_call_repeats(self):
        idempotency.keep(self.call(), self.claim(), {"id": 7})
        turned_round = {key: ARGUMENTS[key] for key in reversed(ARGUMENTS)}
        self.assertEqual(self.claim(arguments=turned_round).answer, {"id": 7, "replayed": True})
        other = {**ARGUMENTS, "model": "res.country"}
        for what in ({"tool": "update_record"}, {"arguments": {}}, {"arguments": other}):
            with self.subTest(what), self.assertRaisesRegex(ToolError, "before, for another call of create_record"):
                self.claim(**what)

    def test_a_key_whose_call_is_still_running_is_waited_for_and_then_explained(self):
        self.patch(idempotency, "LONGEST_WAIT", "20ms")
        call = self.call()
        self.env.cr.execute("SET LOCAL statement_timeout = '5s'")  # should it wait for ever, the test does not
        with db_connect(self.env.cr.dbname).cursor() as running:
            running.execute("LOCK TABLE mcp_idempotency IN ACCESS EXCLUSIVE MODE")
            with self.assertNoLogs("odoo.sql_db"), self.assertRaisesRegex(ToolError, "still running"):
                idempotency.claim(call, "k", "create_record", ARGUMENTS)
            running.rollback()
        self.assertIsNone(idempotency.claim(call, "k", "create_record", ARGUMENTS).answer)  # the transaction goes on

    def test_nothing_else_of_the_call_is_hurried(self):
        self.claim()
        self.env.cr.execute("SHOW lock_timeout")
        self.assertEqual(self.env.cr.fetchone(), ("0",))
