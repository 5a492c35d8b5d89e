from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..services.conversations import changes, events, followers, sessions, watching
from ..services.conversations.events import Place
from ..services.conversations.news import Newsroom
from ..services.conversations.presence import Presence
from ..services.governance.gate import Gate
from ..services.identity import bearer
from ..services.protocol.errors import ProtocolError, ResourceNotFound
from ..services.resources.sealing import sealing_key
from .common import McpCase

JSON = "application/json"
BOTH = f"{JSON}, text/event-stream"
URI = "odoo://record/res.partner/{}"


class Ear(followers.Follower):
    """A stream of a session that only remembers what it was told."""

    is_session_stream = True

    def __init__(self, *args):
        super().__init__(*args)
        self.told = []
        self.taken = []
        self.end_reason = None

    def takes(self, row):
        return row.kind == "said"

    def take(self, row):
        self.taken.append(row.payload)
        return False

    def lists(self):
        return ("tools", "prompts", "resources")

    def tell(self, row, uri):
        self.told.append(uri or row.kind)

    def end(self, reason):
        self.end_reason = reason


class StreamCase(McpCase):
    """A session of Anita's, and what would be delivered to it."""

    def setUp(self):
        super().setUp()
        self.caller = bearer.identify(self.env, self.key).caller
        self.gate = Gate(self.env(user=self.user.id, context=self.caller.context(), su=False), self.caller)
        self.addCleanup(self.gate.close)
        self.room = Newsroom(self.env.cr.dbname)
        self.session_key = self.open_session()
        self.events()  # what was made for the test is no news

    def open_session(self, caller=None):
        return sessions.open_session(self.env.cr, caller or self.caller, "2025-11-25", {"name": "x"}, {}, None)[0]

    def ear(self, session_key=None, key=None, connection=None):
        """A stream that was just opened, and has joined the room."""
        key, session_key = key or self.key, session_key or self.session_key
        owner = sessions.claim_stream(self.env.cr, session_key)
        ear = Ear(
            self.env.cr.dbname,
            Presence(key, lambda env: bearer.identify(env, key, "127.0.0.1")),
            (connection or self.connection).id,
            session_key,
            events.newest(self.env.cr),
            owner,
        )
        self.serve(ear)
        return ear

    def serve(self, *ears, is_due=True):
        self.env.flush_all()
        self.env.cr.flush()  # runs what runs before a commit
        return self.room.round(self.env, list(ears), is_due)

    def subscribe(self, uri, session_key=None):
        subscription = watching.subscription_to(self.env["mcp.tool.registry"], self.gate, uri)
        watching.subscribe(self.env.cr, session_key or self.session_key, subscription)

    def events(self):
        self.env.flush_all()
        self.env.cr.flush()
        self.env.cr.execute("SELECT kind, res_model, res_ids FROM mcp_event ORDER BY id")
        return self.env.cr.fetchall()


@tagged("post_install", "-at_install")
class TestChanges(StreamCase):
    """From a change in Odoo to the event log."""

    def test_nothing_is_written_when_nobody_subscribed(self):
        before = self.events()
        self.partners[0].city = "Aalst"
        self.assertEqual(self.events(), before)

    def test_a_change_is_written_once_a_transaction_whoever_makes_it(self):
        self.subscribe(URI.format(self.partners[0].id))
        before = len(self.events())
        self.partners[0].city = "Aalst"
        self.env.flush_all()
        self.partners[0].with_user(self.env.ref("base.user_admin")).city = "Genk"
        self.assertEqual(self.events()[before:], [("updated", "res.partner", [self.partners[0].id])])

    def test_a_change_that_is_undone_is_not_written(self):
        self.subscribe(URI.format(self.partners[0].id))
        before = self.events()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.partners[0].city = "Aalst"
            self.env.flush_all()
            raise ValidationError("no")  # pylint: disable=translation-required
        self.assertEqual(self.events(), before)

    def test_recomputed_fields_count_as_changes(self):
        parent = self.env["res.partner"].create({"name": "Parent", "is_company": True})
        child = self.env["res.partner"].create({"name": "Child", "parent_id": parent.id})
        self.events()
        self.subscribe(URI.format(child.id))
        before = len(self.events())
        parent.name = "Other parent"  # the child's complete name is computed from it
        self.assertIn(child.id, [one for row in self.events()[before:] for one in row[2]])

    def test_very_many_changes_are_one_row_without_ids(self):
        self.subscribe("odoo://search/res.partner")
        before = len(self.events())
        with patch.object(changes, "MOST_IDS", 10):
            self.partners.write({"city": "Aalst"})
            self.assertEqual(self.events()[before:], [("updated", "res.partner", None)])

    def test_lists_are_announced_when_an_administrator_changes_them(self):
        before = len(self.events())
        self.env["mcp.tool"].search([], limit=1).active = False
        self.env["mcp.prompt"].search([], limit=1).title = "Another title"
        self.assertEqual({row[0] for row in self.events()[before:]}, {"tools", "prompts"})

    def test_a_field_that_is_added_changes_the_description_of_models(self):
        self.subscribe("odoo://model/res.partner")
        ear = self.ear()
        changes.note(self.env["ir.model.fields"].search([("model", "=", "res.partner")], limit=1))
        self.serve(ear)
        self.assertEqual(ear.told, ["odoo://model/res.partner"])


@tagged("post_install", "-at_install")
class TestDelivery(StreamCase):
    """From the event log to those who may know."""

    def test_a_subscriber_hears_of_its_record_and_of_no_other(self):
        self.subscribe(URI.format(self.partners[0].id))
        ear = self.ear()
        self.partners[1].city = "Genk"
        self.serve(ear)
        self.assertEqual(ear.told, [])
        self.partners[0].city = "Genk"
        self.serve(ear, is_due=False)
        self.serve(ear, is_due=False)
        self.assertEqual(ear.told, [URI.format(self.partners[0].id)])

    def test_who_may_not_read_the_record_any_more_hears_nothing(self):
        self.subscribe(URI.format(self.partners[0].id))
        self.subscribe("odoo://search/res.partner")
        ear = self.ear()
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.partners[0].id})]",
            }
        )
        self.partners[0].city = "Genk"
        self.serve(ear)
        self.assertEqual(ear.told, [])

    def test_what_may_not_be_read_cannot_be_subscribed_to(self):
        for uri in (
            URI.format(2**31 - 1),
            "odoo://record/ir.config_parameter/1",
            "odoo://x",
        ):
            with self.subTest(uri), self.assertRaises(ResourceNotFound):
                self.subscribe(uri)

    def test_a_record_that_is_deleted_is_told_of(self):
        self.subscribe(URI.format(self.partners[0].id))
        ear = self.ear()
        self.partners[0].unlink()
        self.serve(ear)
        self.assertEqual(len(ear.told), 1)

    def test_an_archived_record_is_told_of(self):
        self.subscribe(URI.format(self.partners[0].id))
        ear = self.ear()
        self.partners[0].active = False
        self.serve(ear)
        self.assertEqual(len(ear.told), 1)

    def test_a_resource_of_another_addon_is_announced_by_its_uri(self):
        self.env.cr.execute(
            "INSERT INTO mcp_subscription (session_id, uri) VALUES (%s, %s)", [self.session_key, "ui://records"]
        )
        ear = self.ear()
        with patch.object(watching, "understood", lambda _registry, uri: watching.Subscription(uri, None)):
            self.env["mcp.event"].announce_resource("ui://other")
            self.env["mcp.event"].announce_resource("ui://records")
            self.serve(ear)
        self.assertEqual(ear.told, ["ui://records"])

    def test_what_concerns_one_connection_is_told_to_no_other(self):
        mine = self.ear()
        other_key = self.admin_key
        other_session = self.open_session(bearer.identify(self.env, other_key).caller)
        other = self.ear(other_session, other_key, self.admin_connection)
        self.connection.note = "Changed"
        self.serve(mine, other)
        self.assertEqual((set(mine.told), other.told), ({"tools", "prompts", "resources"}, []))

    def test_events_of_a_session_are_told_to_no_other(self):
        mine, other = self.ear(), self.ear(self.open_session())
        events.store(self.env.cr, self.session_key, "", "said", {"notification": "x", "params": {}})
        self.serve(mine, other)
        self.assertEqual((len(mine.taken), other.taken), (1, []))

    def test_an_event_that_is_committed_late_is_told_all_the_same(self):
        ear = self.ear()
        early = events.store(self.env.cr, self.session_key, "", "said", {"number": 1})
        self.env.cr.execute("UPDATE mcp_event SET session_id = NULL, kind = 'answer' WHERE id = %s", [early])
        events.store(self.env.cr, self.session_key, "", "said", {"number": 2})
        self.serve(ear)
        late = "UPDATE mcp_event SET session_id = %s, kind = 'said' WHERE id = %s"
        self.env.cr.execute(late, [self.session_key, early])
        self.room._read.discard(early)  # as if it had not been visible yet
        self.serve(ear)
        self.assertEqual(ear.taken, [{"number": 2}, {"number": 1}])

    def test_who_may_not_listen_any_more_is_told_the_end(self):
        ends = {
            "revoked": lambda: self.connection.action_revoke(),
            "session ended": lambda: sessions.end(self.env.cr, self.session_key),
            "switched off": lambda: self.settings.write({"event_streaming": False}),
            "replaced": lambda: sessions.claim_stream(self.env.cr, self.session_key),
        }
        for reason, change in ends.items():
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                self.room = Newsroom(self.env.cr.dbname)
                ear = self.ear()
                self.assertIsNone(ear.end_reason)
                change()
                self.assertEqual(self.serve(ear), [ear])
                self.assertEqual(ear.end_reason, reason)
                savepoint.rollback()
        self.room = Newsroom(self.env.cr.dbname)
        ear = self.ear()
        self.user.active = False
        self.serve(ear)
        self.assertEqual(ear.end_reason, "revoked")


@tagged("post_install", "-at_install")
class TestEventLog(StreamCase):
    """Event ids, and what is forgotten."""

    def test_an_event_id_leads_back_to_its_place_in_its_own_session_only(self):
        key = sealing_key(self.env)
        place = Place("abc", 17)
        event_id = events.event_id(key, 1, place)
        self.assertEqual(events.place_of(key, 1, event_id, 0), place)
        attempts = {
            "another session": (2, event_id),
            "another place": (1, event_id.replace(".17.", ".18.")),
            "another stream": (1, event_id.replace("abc", "abd")),
            "another seal": (1, event_id[:-1] + ("0" if event_id[-1] != "0" else "1")),
            "garbage": (1, "x"),
            "not ASCII": (1, "é.é.é.é"),
        }
        for what, (session_key, wrong) in attempts.items():
            with self.subTest(what), self.assertRaisesRegex(ProtocolError, "not sent on a stream of this session"):
                events.place_of(key, session_key, wrong, 0)

    def test_an_event_id_expires(self):
        key = sealing_key(self.env)
        event_id = events.event_id(key, 1, Place("", 17))
        now = events.time.time()
        with (
            patch.object(events.time, "time", lambda: now + events.EVENT_AGE + 2),
            self.assertRaisesRegex(ProtocolError, "too old"),
        ):
            events.place_of(key, 1, event_id, 0)
        with self.assertRaisesRegex(ProtocolError, "too old"):
            events.place_of(key, 1, event_id, lost_until=18)

    def test_the_log_is_bounded_and_a_session_learns_that_it_lost_events(self):
        with patch.object(events, "MOST_EVENTS_OF_A_SESSION", 5):
            stored = [events.store(self.env.cr, self.session_key, "", "said", {}) for _ in range(8)]
            events.trim(self.env.cr)
        self.env.cr.execute("SELECT id FROM mcp_event WHERE session_id = %s ORDER BY id", [self.session_key])
        self.assertEqual([row[0] for row in self.env.cr.fetchall()], stored[3:])
        self.env.cr.execute("SELECT events_lost_until FROM mcp_session WHERE id = %s", [self.session_key])
        self.assertEqual(self.env.cr.fetchone()[0], stored[2])

    def test_old_events_are_forgotten(self):
        position = events.store(self.env.cr, self.session_key, "", "said", {})
        self.env.cr.execute("UPDATE mcp_event SET create_date = create_date - interval '61 minutes'")
        events.trim(self.env.cr)
        self.env.cr.execute("SELECT id FROM mcp_event WHERE id = %s", [position])
        self.assertFalse(self.env.cr.fetchall())

    def test_a_session_without_use_ends_and_is_forgotten_after_the_retention(self):
        def age(days, column="last_seen_at"):
            self.env.cr.execute(f"UPDATE mcp_session SET {column} = {column} - %s * interval '1 day'", [days])

        self.subscribe(URI.format(self.partners[0].id))
        age(2)
        self.env["mcp.session"]._gc_sessions()
        self.env.invalidate_all()
        session = self.env["mcp.session"].browse(self.session_key)
        self.assertEqual((session.state, bool(session.ended_at)), ("ended", True))
        self.assertFalse(self.env["mcp.subscription"].sudo().search_count([("session_id", "=", session.id)]))
        age(91, "ended_at")
        self.env["mcp.session"]._gc_sessions()
        self.env.invalidate_all()
        self.assertFalse(session.exists())

    def test_what_a_client_says_of_itself_may_hold_what_the_database_cannot(self):
        key, _id = sessions.open_session(
            self.env.cr, self.caller, "2025-11-25", {"name": "a\0b\ud800", "x": [{"\0": "\0"}]}, {}, None
        )
        self.assertEqual(self.env["mcp.session"].browse(key).client_info["name"], "ab?")
