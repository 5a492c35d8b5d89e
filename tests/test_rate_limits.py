import json
from unittest.mock import patch

import psycopg2

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..services import own_connection
from ..services.governance import rate_counters, rate_limits, rate_postgres
from ..services.identity import keys
from .common import McpCase


class Conflict(psycopg2.errors.SerializationFailure):
    pgcode = "40001"  # what PostgreSQL would have set


def forget_counts(env):
    """The counters are no part of the test's transaction."""
    gone = "WITH gone AS (DELETE FROM mcp_rate_counter RETURNING 1) SELECT count(*) FROM gone"
    own_connection.fetch_one(env.cr.dbname, gone, [])


class RateCase(HttpCase, McpCase):
    def setUp(self):
        super().setUp()
        forget_counts(self.env)

    def post(self, message=None, key=None, **headers):
        message = message or {"jsonrpc": "2.0", "id": 7, "method": "ping"}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key or self.key}", **headers}
        return self.url_open("/odoo/mcp", data=json.dumps(message), headers=headers)

    def statuses(self, count, **arguments):
        return [self.post(**arguments).status_code for _ in range(count)]


@tagged("post_install", "-at_install")
class TestRateLimits(RateCase):
    def test_the_limit_of_a_connection_counts_its_requests(self):
        self.settings.rate_per_minute = 3
        self.assertEqual(self.statuses(5), [200, 200, 200, 429, 429])
        self.assertEqual(self.post(key=self.admin_key).status_code, 200)

    def test_every_door_counts(self):
        self.settings.rate_per_minute = 2
        ping = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "ping"})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        self.assertEqual(self.statuses(2), [200, 200])
        for path, data in (("/mcp", ping), ("/mcp/messages", ping), ("/mcp/sse", None), ("/mcp/sse", ping)):
            with self.subTest(path):
                self.assertEqual(self.url_open(path, data=data, headers=headers).status_code, 429)

    def test_a_refusal_says_which_limit_and_when_to_come_back(self):
        self.settings.rate_per_minute = 1
        granted = self.post()
        self.assertEqual(granted.headers["RateLimit-Policy"], '"connection-minute";q=1;w=60')
        self.assertRegex(granted.headers["RateLimit"], r'^"connection-minute";r=0;t=(60|59)$')
        message = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "whoami"}}
        refused = self.post(message)
        self.assertEqual(refused.status_code, 429)
        wait = int(refused.headers["Retry-After"])
        self.assertTrue(50 <= wait <= 60, wait)
        answer = refused.json()
        self.assertEqual((answer["jsonrpc"], answer["id"]), ("2.0", 7))
        self.assertEqual(answer["error"]["code"], rate_limits.RATE_LIMITED)
        expected = {"limit": "connection", "per": "minute", "allowed": 1, "retry_after": wait}
        self.assertEqual(answer["error"]["data"], expected)
        self.assertRegex(answer["error"]["message"], r"^This connection may make 1 requests per minute, .*Try again in")

    def test_a_refused_request_is_on_record_and_does_nothing(self):
        self.settings.rate_per_minute = 1
        self.post()
        self.post({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "whoami"}})
        row = self.env["mcp.audit.log"].search([("connection_id", "=", self.connection.id)], limit=1)
        self.assertEqual((row.outcome, row.http_status, row.method), ("refused", 429, "tools/call"))
        self.assertEqual((row.tool, row.user_id), ("whoami", self.user))
        self.assertIn("1 requests per minute", row.error)

    def test_a_connection_can_have_limits_of_its_own(self):
        self.settings.rate_per_minute = 1
        self.connection.write({"own_rate_limits": True, "rate_per_minute": 3})
        self.assertEqual(self.statuses(4), [200, 200, 200, 429])
        self.admin_connection.write({"own_rate_limits": True, "rate_per_minute": 0})
        self.assertEqual(set(self.statuses(6, key=self.admin_key)), {200})

    def test_a_day_is_limited_too(self):
        self.settings.write({"rate_per_minute": 100, "rate_per_day": 2})
        self.assertEqual(self.statuses(3), [200, 200, 429])
        self.assertGreater(int(self.post().headers["Retry-After"]), 86_000)

    def test_connections_of_one_user_share_the_users_limit(self):
        connection = self.env["mcp.connection"].create({"name": "Second tool", "user_id": self.user.id})
        second = keys.issue_key(connection)
        self.settings.user_rate_per_minute = 2
        self.assertEqual([self.post().status_code, self.post(key=second).status_code], [200, 200])
        self.assertEqual(self.post(key=second).json()["error"]["data"]["limit"], "user")
        self.assertEqual(self.post(key=self.admin_key).status_code, 200)

    def test_all_clients_and_all_of_one_address_have_ceilings(self):
        for field, who in (("address_rate_per_minute", "address"), ("global_rate_per_minute", "everybody")):
            forget_counts(self.env)
            with self.subTest(field):
                self.settings[field] = 2
                self.assertEqual(self.post().status_code, 200)
                self.assertEqual(self.post(key=self.admin_key).status_code, 200)
                self.assertEqual(self.post().json()["error"]["data"]["limit"], who)
                self.settings[field] = 0

    def test_a_request_that_one_limit_refuses_counts_in_none(self):
        self.settings.write({"rate_per_minute": 1, "user_rate_per_minute": 2})
        connection = self.env["mcp.connection"].create({"name": "Second tool", "user_id": self.user.id})
        second = keys.issue_key(connection)
        self.assertEqual(self.statuses(5), [200, 429, 429, 429, 429])
        self.assertEqual(self.post(key=second).status_code, 200)

    def test_each_message_of_a_batch_counts(self):
        self.settings.rate_per_minute = 5
        batch = [{"jsonrpc": "2.0", "id": number, "method": "ping"} for number in range(3)]
        version = {"MCP-Protocol-Version": "2025-03-26"}
        self.assertEqual([self.post(batch, **version).status_code, self.post(batch, **version).status_code], [200, 429])
        self.assertEqual(self.statuses(3), [200, 200, 429])
        self.assertIn("smaller batches", self.post(batch * 2, key=self.admin_key, **version).json()["error"]["message"])

    def test_wrong_keys_are_limited_by_address_and_good_ones_go_on(self):
        self.settings.failures_per_minute = 2
        self.assertEqual(self.statuses(4, key="mcp_wrong"), [401, 401, 429, 429])
        refused = self.post(key="mcp_wrong")
        self.assertIn("Retry-After", refused.headers)
        self.assertIn("Too many requests with a wrong key", refused.json()["error"]["message"])
        self.assertEqual(self.post().status_code, 200)

    def test_a_controller_that_odoo_runs_again_counts_once(self):
        self.settings.rate_per_minute = 2
        registry_class = type(self.env["mcp.tool.registry"])
        attempts = []
        original = registry_class.execute_tool

        def failing_once(model, call, name, arguments):
            attempts.append(name)
            if len(attempts) == 1:
                raise Conflict
            return original(model, call, name, arguments)

        call = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "whoami"}}
        with (
            patch.object(registry_class, "execute_tool", failing_once),
            patch("odoo.service.model.time.sleep"),
            mute_logger("odoo.service.model", "odoo.sql_db"),
        ):
            statuses = [self.post(call).status_code for _ in range(3)]
        self.assertGreater(len(attempts), 2)
        self.assertEqual(statuses, [200, 200, 429])

    def test_a_limit_that_cannot_be_counted_refuses_politely(self):
        self.settings.rate_per_minute = 2
        broken = patch.object(rate_postgres, "fetch_one", side_effect=psycopg2.OperationalError("down"))
        with broken, mute_logger("odoo.addons.odoo_mcp.services.governance.admission"):
            answer = self.post()
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "3"))
        self.assertIn("busy", answer.json()["error"]["message"])

    def test_a_negative_limit_is_refused(self):
        for field in ("rate_per_minute", "global_rate_per_day", "failures_per_minute"):
            refused = self.assertRaises(psycopg2.IntegrityError)
            with self.subTest(field), mute_logger("odoo.sql_db"), refused, self.cr.savepoint():
                self.settings[field] = -1
                self.settings.flush_recordset()


@tagged("post_install", "-at_install")
class TestRateCounters(McpCase):
    """The counters in PostgreSQL themselves."""

    def setUp(self):
        super().setUp()
        forget_counts(self.env)
        self.name = f"test-{self.env.cr.dbname}-{self.id()[-40:]}"

    def bucket(self, most=2, per="minute", suffix=""):
        return rate_limits.Bucket(f"{self.name}{suffix}:{per[0]}", "connection", per, most)

    def take(self, *buckets, cost=1):
        return rate_counters.take(self.env.cr.dbname, "", buckets, cost)

    def age(self, seconds):
        self.assertTrue(
            own_connection.fetch_one(
                self.env.cr.dbname,
                "WITH aged AS (UPDATE mcp_rate_counter SET ends_at = ends_at - %s * interval '1 second'"
                " WHERE key LIKE %s RETURNING 1) SELECT count(*) FROM aged",
                [seconds, f"{self.name}%"],
            )[0]
        )

    def test_a_window_ends_a_minute_after_it_began(self):
        self.assertEqual([self.take(self.bucket()).granted for _ in range(3)], [True, True, False])
        self.age(59)
        self.assertFalse(self.take(self.bucket()).granted)
        self.age(2)
        decision = self.take(self.bucket())
        self.assertEqual((decision.granted, decision.usages[0].used), (True, 1))
        self.assertAlmostEqual(decision.usages[0].left, 60, delta=1)

    def test_the_reason_is_the_limit_that_lasts_longest(self):
        day, minute = self.bucket(1, "day"), self.bucket(1)
        self.take(day, minute)
        decision = self.take(minute, day)
        self.assertEqual(decision.reason.bucket, day)
        self.assertGreater(decision.retry_after, 86_000)

    def test_forgotten_windows_are_deleted(self):
        self.take(self.bucket(suffix="x"))
        self.age(7200)
        self.env["mcp.rate.counter"]._gc_ended_windows()
        self.env.cr.execute("SELECT count(*) FROM mcp_rate_counter WHERE key LIKE %s", [f"{self.name}%"])
        self.assertEqual(self.env.cr.fetchone()[0], 0)
