import json
from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import McpCase


@tagged("post_install", "-at_install")
class TestAuditPayloads(McpCase):
    def last(self):
        return self.env["mcp.audit.log"].search([], limit=1)

    def search(self, **arguments):
        self.client.call("search_records", model="res.partner", domain=[["ref", "=", "MCPTEST"]], limit=1, **arguments)
        return self.last()

    def test_payloads_are_not_kept_unless_somebody_switches_that_on(self):
        row = self.search()
        self.assertFalse(row.request_payload or row.response_payload)

    def test_payloads_tell_what_was_asked_and_answered(self):
        self.settings.log_payloads = True
        self.env.flush_all()
        row = self.search(fields=["name"])
        self.assertEqual(json.loads(row.request_payload)["arguments"]["fields"], ["name"])
        answer = json.loads(row.response_payload)
        self.assertNotIn("content", answer)
        self.assertIn("Ground", json.dumps(answer["structuredContent"]))
        self.client.failing("search_records", model="res.partner", fields=["nme"])
        self.assertIn("nme", self.last().response_payload)
        self.client.request("no/such/method", {"x": 1})
        self.assertEqual(json.loads(self.last().request_payload), {"x": 1})
        self.assertEqual(json.loads(self.last().response_payload)["code"], -32601)

    def test_a_connection_can_differ(self):
        self.connection.payload_logging = "on"
        self.env.flush_all()
        self.assertTrue(self.search().request_payload)
        self.settings.log_payloads = True
        self.env.flush_all()
        self.connection.payload_logging = "off"
        self.env.flush_all()
        self.assertFalse(self.search().request_payload)

    def test_secrets_never_get_into_the_log_and_personal_numbers_only_if_wanted(self):
        self.settings.log_payloads = True
        self.env.flush_all()
        self.partners[0].write({"comment": "paid with 4111 1111 1111 1111, password: hunter22", "name": "Anita"})
        domain = [["id", "=", self.partners[0].id], ["name", "!=", "Bearer abcdef123456"]]
        for redact in (True, False):
            self.settings.redact_payloads = redact
            self.env.flush_all()
            self.client.call("search_records", model="res.partner", domain=domain, fields=["name", "comment"])
            kept = self.last().request_payload + self.last().response_payload
            self.assertNotIn("hunter22", kept)
            self.assertNotIn("abcdef123456", kept)
            self.assertEqual("4111 1111 1111 1111" in kept, not redact)
            self.assertIn("Anita", kept)

    def test_what_cannot_be_redacted_is_not_kept_and_fails_no_call(self):
        self.settings.log_payloads = True
        self.env.flush_all()
        broken = patch("odoo.addons.odoo_mcp.services.governance.redaction._walk", side_effect=ZeroDivisionError)
        with broken, mute_logger("odoo.addons.odoo_mcp.services.governance.payloads"):
            row = self.search()
        self.assertEqual((row.outcome, row.request_payload), ("ok", '"[not kept: it could not be redacted]"'))

    def test_error_texts_are_without_secrets_even_when_payloads_are_off(self):
        self.client.failing("search_records", model="res.partner", fields=["Bearer abcdef123456"])
        self.assertNotIn("abcdef123456", self.last().error)
        self.assertIn("[secret]", self.last().error)


@tagged("post_install", "-at_install")
class TestRolledBackRequests(HttpCase, McpCase):
    """A row for what was rolled back after everything: by Odoo's retry, or an exception in the controller."""

    def post(self):
        call = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "whoami"}}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        return self.url_open("/odoo/mcp", data=json.dumps(call), headers=headers)

    def rows(self):
        return self.env["mcp.audit.log"].search([("connection_id", "=", self.connection.id)])

    def test_a_controller_that_breaks_leaves_a_row(self):
        broken = patch("odoo.addons.odoo_mcp.controllers.mcp.handle", side_effect=ZeroDivisionError)
        with broken, mute_logger("odoo.http"):
            self.assertEqual(self.post().status_code, 500)
        row = self.rows()
        self.assertEqual((len(row), row.outcome, row.http_status), (1, "error", 500))
        self.assertEqual(
            (row.user_id, row.method, row.error), (self.user, "HTTP POST", "Rolled back: ZeroDivisionError")
        )

    def test_what_breaks_after_the_call_leaves_the_row_of_the_call(self):
        class Conflict(errors.SerializationFailure):
            pgcode = "40001"

        touch = patch("odoo.addons.odoo_mcp.controllers.mcp.bearer.touch", side_effect=Conflict)
        with touch, patch("odoo.service.model.time.sleep"), mute_logger("odoo.http", "odoo.service.model"):
            self.assertEqual(self.post().status_code, 500)
        row = self.rows()
        self.assertEqual((len(row), row.outcome, row.http_status), (1, "error", 500))
        self.assertEqual((row.tool, row.error), ("whoami", "Rolled back: Conflict"))

    def test_a_request_that_went_well_at_the_second_try_leaves_one_row(self):
        class Conflict(errors.SerializationFailure):
            pgcode = "40001"

        touch = patch("odoo.addons.odoo_mcp.controllers.mcp.bearer.touch", side_effect=[Conflict, None])
        with touch, patch("odoo.service.model.time.sleep"), mute_logger("odoo.http", "odoo.service.model"):
            self.assertEqual(self.post().status_code, 200)
        self.assertEqual((len(self.rows()), self.rows().outcome), (1, "ok"))
