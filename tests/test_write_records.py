from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..services.records.writing_scalars import scalar
from ..services.tools.errors import ToolError
from .common import McpCase, let_write_partners, make_key


@tagged("post_install", "-at_install")
class TestWriteRecords(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user.write({"tz": "Europe/Brussels"})
        let_write_partners(cls.user, cls.admin)
        cls.company = cls.env["res.partner"].create({"name": "Deco Addict", "is_company": True, "ref": "MCPW"})
        cls.tags = cls.env["res.partner.category"].create([{"name": "Gold"}, {"name": "Silver"}])

    def create(self, **values):  # pylint: disable=method-required-super
        return self.client.call("create_record", model="res.partner", values=values)

    def failing(self, **values):
        return self.client.failing("create_record", model="res.partner", values=values)

    # ------------------------------------------------------------------ creating

    def test_a_record_is_created_with_defaults_and_told_by_name(self):
        answer = self.create(name="Jane", email="jane@example.com")
        partner = self.env["res.partner"].browse(answer["id"])
        self.assertEqual((answer["model"], answer["name"]), ("res.partner", "Jane"))
        self.assertEqual((partner.email, partner.create_uid, partner.type), ("jane@example.com", self.user, "contact"))

    def test_relations_are_found_by_name_and_fields_by_label(self):
        answer = self.create(**{"name": "Jane", "parent": "deco addict", "Country": "Belgium", "category": ["Gold"]})
        partner = self.env["res.partner"].browse(answer["id"])
        self.assertEqual(partner.parent_id, self.company)
        self.assertEqual(partner.country_id.code, "BE")
        self.assertEqual(partner.category_id, self.tags[0])

    def test_an_unclear_name_is_answered_with_candidates_and_nothing_is_created(self):
        self.env["res.partner"].create({"name": "Deco Addict", "is_company": True})
        before = self.env["res.partner"].search_count([])
        text = self.failing(name="Jane", parent_id="Deco Addict")
        self.assertIn("several records are named", text)
        self.assertIn(f"id {self.company.id}", text)
        text = self.failing(name="Jane", country_id="Belgum")
        self.assertIn("no res.country is named 'Belgum'", text)
        self.assertIn(f"Nearest: Belgium (id {self.env.ref('base.be').id})", text)
        self.assertIn("name_search('res.country'", self.failing(name="Jane", country_id="Xqzwv"))
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_all_mistakes_of_a_record_and_its_lines_are_told_at_once(self):
        before = self.env["res.partner"].search_count([])
        line = {"nme": "Jim", "country_id": "Belgum"}
        text = self.failing(nam="Jane", country_id="Belgum", type="nonsense", child_ids=[line])
        for words in ("partner 'nam' does not exist", "Nearest: Belgium", "contact (Contact)", "partner 'nme' does"):
            self.assertIn(words, text)
        self.assertEqual(text.count("Belgium"), 2)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        many = {f"nothing_{number}": "x" for number in range(50)}
        self.assertEqual(self.failing(**many).count("does not exist"), 10)

    def test_wrong_names_types_and_values_are_explained(self):
        for values, words in (
            ({"nam": "x"}, "Did you mean"),
            ({"name": "x", "parent_id": 99999999}, "there is no record 99999999"),
            ({"name": "x", "type": "nonsense"}, "contact (Contact)"),
            ({"name": "x", "partner_latitude": "north"}, "number"),
            ({"name": "x", "create_date": "2020-01-01"}, "kept by Odoo"),
            ({"name": "x", "commercial_partner_id": 1}, "is computed"),
            ({"name": "x", "child_ids": {"append": []}}, '"add"'),
            ({"name": "x", "name_id": 3}, "does not exist"),
            ({"name": "x", "active": "perhaps"}, "true or false"),
            ({"name": "x", "image_1920": "no base64!"}, "base64"),
        ):
            with self.subTest(values=values):
                self.assertIn(words, self.failing(**values))

    def test_all_missing_required_fields_are_named_at_once(self):
        text = self.client.failing("create_record", model="res.partner.bank", values={})
        self.assertIn("acc_number", text)
        self.assertIn("partner_id", text)

    def test_lines_are_given_in_plain_form_and_as_commands(self):
        answer = self.create(
            name="Parent",
            is_company=True,
            child_ids=[{"name": "Line 1", "category_id": ["Gold", "Silver"]}, {"name": "Line 2"}],
        )
        partner = self.env["res.partner"].browse(answer["id"])
        first, second = partner.child_ids.sorted("name")
        self.assertEqual(first.category_id, self.tags)
        changes = {"add": [{"name": "Line 3"}], "update": [{"id": first.id, "email": "l1@x.be"}], "remove": [second.id]}
        self.client.call("update_record", model="res.partner", id=partner.id, values={"child_ids": changes})
        self.assertEqual(partner.child_ids.sorted("name").mapped("name"), ["Line 1", "Line 3"])
        self.assertEqual((first.email, second.exists()), ("l1@x.be", self.env["res.partner"]))
        self.client.call(
            "update_record", model="res.partner", id=first.id, values={"category_id": [[6, 0, [self.tags[1].id]]]}
        )
        self.assertEqual(first.category_id, self.tags[1])
        self.client.call(
            "update_record", model="res.partner", id=first.id, values={"category_id": {"remove": ["Silver"]}}
        )
        self.assertFalse(first.category_id)

    def test_only_lines_of_the_record_can_be_changed_through_it(self):
        stranger = self.partners[0]
        changes = {"update": [{"id": stranger.id, "name": "Hijacked"}]}
        text = self.client.failing(
            "update_record", model="res.partner", id=self.company.id, values={"child_ids": changes}
        )
        self.assertIn("no line of the record", text)
        self.assertEqual(stranger.name, "Ground 00")

    def test_many_records_are_created_or_none(self):
        rows = [{"name": f"Row {number}", "country": "Belgium"} for number in range(30)]
        answer = self.client.call("create_records", model="res.partner", records=rows)
        self.assertEqual(self.env["res.partner"].browse(answer["ids"]).mapped("name"), [row["name"] for row in rows])
        rows[17]["country"] = "Atlantis"
        before = self.env["res.partner"].search_count([])
        text = self.client.failing("create_records", model="res.partner", records=rows)
        self.assertIn("Record 18 of 30", text)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    # ------------------------------------------------------------------ changing, deleting, copying

    def test_records_are_changed_together(self):
        ids = self.partners[:3].ids
        self.client.call("update_records", model="res.partner", ids=ids, values={"city": "Gent", "active": False})
        self.assertEqual(set(self.partners[:3].mapped("city")), {"Gent"})
        self.assertFalse(any(self.partners[:3].mapped("active")))

    def test_a_missing_record_stops_the_whole_update(self):
        text = self.client.failing(
            "update_records", model="res.partner", ids=[self.partners[0].id, 99999999], values={"city": "Gone"}
        )
        self.assertIn("no record 99999999", text)
        self.assertEqual(self.partners[0].city, "Gent")

    def test_times_are_of_the_users_zone(self):
        env = self.env(user=self.user, context={"tz": "Europe/Brussels"})
        field = self.env["ir.cron"]._fields["nextcall"]
        for given, stored in (
            ("2026-07-01T09:30", "2026-07-01 07:30:00"),
            ("2026-07-01 09:30:00", "2026-07-01 07:30:00"),
            ("2026-07-01T09:30:00Z", "2026-07-01 09:30:00"),
            ("2026-01-01", "2025-12-31 23:00:00"),
        ):
            self.assertEqual(scalar(env, field, "nextcall", given), stored)
        with self.assertRaisesRegex(ToolError, "a date such as"):
            scalar(env, field, "nextcall", "tomorrow")

    def test_a_failed_call_leaves_nothing_queued_for_the_commit(self):
        def write(partners, vals):
            partners.env.cr.postcommit.add(lambda: None)
            original(partners, vals)
            raise UserError("No")  # pylint: disable=translation-required

        original = type(self.env["res.partner"]).write
        queued = list(self.env.cr.postcommit._funcs)
        with patch.object(self.env.registry["res.partner"], "write", write):
            text = self.client.failing(
                "update_record", model="res.partner", id=self.partners[0].id, values={"city": "Half done"}
            )
        self.env.invalidate_all()
        self.assertEqual((text, self.partners[0].city), ("No", "Gent"))
        self.assertEqual(list(self.env.cr.postcommit._funcs), queued)

    def test_records_are_deleted_all_or_none(self):
        ids = self.partners[:2].ids
        answer = self.client.call("delete_records", model="res.partner", ids=ids)
        self.assertEqual(answer["names"], ["Ground 00", "Ground 01"])
        self.assertFalse(self.partners[:2].exists())
        text = self.client.failing("delete_records", model="res.partner", ids=[self.partners[2].id, ids[0]])
        self.assertIn("Nothing was changed", text)
        self.assertTrue(self.partners[2].exists())

    def test_what_others_refer_to_is_kept_with_advice(self):
        with mute_logger("odoo.sql_db"):  # Odoo logs what PostgreSQL refuses
            text = self.admin_client.failing("delete_record", model="res.partner", id=self.env.company.partner_id.id)
        self.assertRegex(text, "(?i)archiv|cannot be deleted|linked|required")

    def test_a_copy_gets_the_values_that_differ(self):
        answer = self.client.call("copy_record", model="res.partner", id=self.company.id, values={"name": "Twin"})
        twin = self.env["res.partner"].browse(answer["id"])
        self.assertEqual((twin.name, twin.is_company), ("Twin", True))

    def test_a_user_without_the_right_is_refused(self):
        _user, _connection, key = make_key(self.env, "mcp_reader")
        client = type(self.client)(self.env, key)
        self.assertIn("may not create", client.failing("create_record", model="res.country", values={"name": "X"}))
        self.assertIn(
            "may not change", client.failing("update_record", model="res.country", id=1, values={"name": "X"})
        )
        self.assertIn("may not delete", client.failing("delete_record", model="res.country", id=1))

    def test_a_refusal_that_shows_people_where_to_go_is_told_in_its_words(self):
        def write(partners, vals):
            told = partners.env._("Archive them instead.")
            raise RedirectWarning(told, {"type": "ir.actions.act_window"}, "Go to contact")

        arguments = {"model": "res.partner", "id": self.partners[0].id, "values": {"city": "X"}}
        with patch.object(self.env.registry["res.partner"], "write", write):
            self.assertEqual(self.client.failing("update_record", **arguments), "Archive them instead.")
            steps = [{"tool": "update_record", "arguments": arguments}]
            self.assertIn("Archive them instead. Nothing", self.client.failing("run_batch", steps=steps))


@tagged("post_install", "-at_install")
class TestIdempotency(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.admin)

    def create(self, key=None, client=None, **values):  # pylint: disable=method-required-super
        arguments = {"model": "res.partner", "values": values}
        return (client or self.admin_client).call(
            "create_record", **arguments, **({"idempotency_key": key} if key else {})
        )

    def test_the_same_key_has_one_effect_and_the_same_answer(self):
        first = self.create("k1", name="Once")
        again = self.create("k1", name="Once")
        self.assertEqual(again, {**first, "replayed": True})
        self.assertEqual(self.env["res.partner"].search_count([("name", "=", "Once")]), 1)

    def test_the_same_key_for_something_else_is_a_conflict(self):
        self.create("k1", name="Once")
        text = self.admin_client.failing(
            "create_record", model="res.partner", values={"name": "Other"}, idempotency_key="k1"
        )
        self.assertIn("used before", text)
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Other")]))

    def test_keys_of_other_connections_are_no_concern(self):
        self.create("k1", name="Mine")
        answer = self.create("k1", client=type(self.client)(self.env, self.other_key()), name="Theirs")
        self.assertNotIn("replayed", answer)

    def other_key(self):
        from ..services.identity import keys

        connection = self.env["mcp.connection"].create({"name": "Second", "user_id": self.admin.id})
        return keys.issue_key(connection)

    def test_a_failed_call_leaves_its_key_free(self):
        self.admin_client.failing("create_record", model="res.partner", values={"nam": "x"}, idempotency_key="k2")
        self.admin_client.failing(
            "create_record", model="res.partner", values={"name": "x", "parent_id": 99999999}, idempotency_key="k2"
        )
        self.assertNotIn("replayed", self.create("k2", name="Now"))

    def test_the_key_may_come_in_meta(self):
        params = {
            "name": "create_record",
            "arguments": {"model": "res.partner", "values": {"name": "Meta"}},
            "_meta": {"example.com/idempotency_key": "k3"},
        }
        first = self.admin_client.request("tools/call", params)["result"]["structuredContent"]
        again = self.admin_client.request("tools/call", params)["result"]["structuredContent"]
        self.assertEqual(again, {**first, "replayed": True})

    def test_a_dry_run_neither_takes_nor_uses_a_key(self):
        arguments = {"model": "res.partner", "values": {"name": "Tried"}, "idempotency_key": "k4"}
        self.assertIn("dry_run", self.admin_client.call("create_record", **arguments, dry_run=True))
        self.assertNotIn("replayed", self.admin_client.call("create_record", **arguments))

    def test_old_answers_are_forgotten(self):
        self.create("k5", name="Old")
        self.env.cr.execute("UPDATE mcp_idempotency SET create_date = create_date - interval '8 days'")
        self.env["mcp.idempotency"].sudo()._gc_answers()
        self.assertNotIn("replayed", self.create("k5", name="Old"))
