import random
import secrets
import statistics
import time
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..services.identity import bearer, keys
from .common import McpCase


@tagged("post_install", "-at_install")
class TestClocks(McpCase):
    """The database's clock decides, whatever that of a server says (check 30)."""

    SKEWS = (timedelta(0), timedelta(seconds=120), timedelta(seconds=-120))

    def refusal(self, key):
        self.env.flush_all()
        return bearer.identify(self.env, key).refusal

    def database_now(self):
        self.env.cr.execute("SELECT now() AT TIME ZONE 'UTC'")
        return self.env.cr.fetchone()[0]

    def set_clock(self, skew):
        """From now on this server's clock is ``skew`` ahead of the database's."""
        self.patch(fields.Datetime, "now", staticmethod(lambda: (self.database_now() + skew).replace(microsecond=0)))

    def rotate(self, hours):
        """Replace the key; the credential of the old one, and the new key."""
        old = self.connection.credential_ids.sorted("id")[-1]
        values = {"connection_id": self.connection.id, "grace_hours": hours}
        shown = self.env["mcp.key.wizard"].with_user(self.user).create(values).action_create_key()
        return old, shown["params"]["credentials"][0]["value"]

    def let_pass(self, credential, seconds):
        """As if ``seconds`` had passed since."""
        self.env.flush_all()
        statement = "UPDATE mcp_credential SET expires_at = expires_at - %s * interval '1 second' WHERE id = %s"
        self.env.cr.execute(statement, [seconds, credential.id])
        self.env.invalidate_all()

    def test_an_old_key_works_to_the_end_of_its_grace_period_and_no_longer(self):
        for skew in self.SKEWS:
            for kind in ("api_key", "pat"):
                with self.subTest(skew=skew, kind=kind):
                    key = keys.issue_key(self.connection, kind=kind)
                    self.set_clock(skew)
                    old, new = self.rotate(hours=2)
                    self.assertAlmostEqual(
                        old.expires_at, self.database_now() + timedelta(hours=2), delta=timedelta(seconds=1)
                    )
                    self.let_pass(old, 2 * 3600 - 2)
                    self.assertEqual((self.refusal(key), self.refusal(new)), ("", ""))
                    self.let_pass(old, 2)
                    self.assertEqual((self.refusal(key), self.refusal(new)), ("key expired", ""))

    def test_a_key_that_ends_sooner_is_not_prolonged(self):
        self.connection.credential_ids.expires_at = self.database_now() + timedelta(minutes=5)
        old, _new = self.rotate(hours=2)
        self.let_pass(old, 5 * 60 + 1)
        self.assertEqual(self.refusal(self.key), "key expired")


@tagged("post_install", "-at_install", "slow")
class TestTiming(McpCase):
    """How long a refusal takes tells nothing about how much of a token is right (check 28)."""

    CALLS = 5000
    MOST = 0.0001  # seconds between the medians, unless it is less than two per cent

    def test_a_wrong_ending_costs_the_same_as_an_unknown_token(self):
        def unknown():
            return keys.KEY_PREFIX + secrets.token_urlsafe(32)

        def wrong_tail():
            return self.key[:-1] + random.choice([c for c in "abcdefgh" if c != self.key[-1]])

        kinds = {"unknown": unknown, "wrong tail": wrong_tail}
        times = {kind: [] for kind in kinds}
        for _turn in range(self.CALLS // 2):
            for kind in random.sample(list(kinds), 2):
                token = kinds[kind]()
                started = time.perf_counter()
                refusal = bearer.identify(self.env, token).refusal
                times[kind].append(time.perf_counter() - started)
                self.assertEqual(refusal, "unknown key")
        first, second = (statistics.median(seconds) for seconds in times.values())
        self.assertLess(abs(first - second), max(self.MOST, 0.02 * max(first, second)))
