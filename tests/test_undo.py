from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..services.governance import recording
from .common import McpCase, let_write_partners


@tagged("post_install", "-at_install")
class TestUndo(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user, cls.admin)
        cls.partner = cls.partners[0]
        cls.tags = cls.env["res.partner.category"].create([{"name": "Gold"}, {"name": "Silver"}])
        cls.colleague = cls.env["res.users"].browse(cls.admin.id)

    def call(self, tool, **arguments):
        answer = self.client.call(tool, **arguments)
        self.env.invalidate_all()
        return answer

    def update(self, record, **values):
        return self.call("update_record", model=record._name, id=record.id, values=values)["change_id"]

    def undo(self, change_id):
        return self.call("undo_change", change_id=change_id)

    # ------------------------------------------------------------------ the journal

    def test_what_has_no_row_is_left_alone(self):
        """Odoo computes links for new records, and for one whose id is False where it wants an empty one."""
        recording.begin(self.env.cr)
        try:
            journal = recording.current(self.env.cr)
            for records in (self.partner.browse([False]), self.partner.new({"name": "x"})):
                journal.before_links(records, ["category_id"])
                journal.before_write(records, ["name"])
            self.assertFalse(journal.order)
            journal.before_links(self.partner, ["category_id"])
            self.assertEqual(list(journal.order), [("res.partner", self.partner.id)])
        finally:
            recording.end(self.env.cr)

    def test_the_answer_names_the_change_and_the_journal_tells_it_field_by_field(self):
        change_id = self.update(self.partner, city="Liège", category_id=["Gold"])
        [change] = self.call("list_changes", change_id=change_id)["changes"]
        [record] = change["records"]
        self.assertEqual((change["tool"], record["kind"], record["name"]), ("update_record", "update", "Ground 00"))
        self.assertEqual(record["fields"]["city"], ["Gent", "Liège"])
        self.assertEqual(record["fields"]["category_id"], [[], [{"id": self.tags[0].id, "name": "Gold"}]])
        row = self.audit_rows(tool="update_record")[0]
        self.assertEqual(row.change_id.id, change_id)
        self.assertEqual(row.change_id.connection_id, self.connection)

    def test_what_changes_nothing_leaves_no_entry(self):
        answer = self.call("update_record", model="res.partner", id=self.partner.id, values={"city": "Gent"})
        self.assertNotIn("change_id", answer)
        answer = self.call("update_record", model="res.partner", id=self.partner.id, values={"city": "X"}, dry_run=True)
        self.assertNotIn("change_id", answer)

    def test_records_that_follow_are_recorded_too(self):
        company = self.env["res.partner"].create({"name": "Deco", "is_company": True})
        child = self.env["res.partner"].create({"name": "Child", "parent_id": company.id})
        self.env.flush_all()
        change_id = self.update(company, street="Main street 1", name="Deco 2")
        lines = self.env["mcp.change"].browse(change_id).line_ids
        self.assertIn(child.id, lines.mapped("res_id"))
        self.undo(change_id)
        self.assertEqual((child.street, child.complete_name), (False, "Deco, Child"))

    def test_the_journal_is_nobodys_to_write_and_hides_raw_values(self):
        change = self.env["mcp.change"].browse(self.update(self.partner, city="X")).with_user(self.admin)
        for act in (
            lambda: change.write({"tool": "x"}),
            change.unlink,
            lambda: change.line_ids.write({"kind": "create"}),
        ):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            change.line_ids.read(["values_before"])
        self.assertIn("does not exist", self.client.failing("search_records", model="mcp.change.line"))

    def test_others_do_not_see_my_changes(self):
        change_id = self.update(self.partner, city="X")
        stranger = type(self.client)(self.env, self.stranger_key())
        self.assertIn("no change", stranger.failing("undo_change", change_id=change_id))
        self.assertEqual(stranger.call("list_changes")["changes"], [])

    def stranger_key(self):
        from .common import make_key

        user, _connection, key = make_key(self.env, "mcp_stranger")
        let_write_partners(user)
        return key

    # ------------------------------------------------------------------ taking back

    def test_a_new_record_is_deleted_with_what_came_with_it(self):
        answer = self.call(
            "create_record", model="res.partner", values={"name": "New", "child_ids": [{"name": "Line"}]}
        )
        created = self.env["res.partner"].browse(answer["id"])
        both = created | created.child_ids
        self.undo(answer["change_id"])
        self.assertFalse(both.exists())

    def test_many_new_records_are_deleted(self):
        rows = [{"name": f"Row {number}"} for number in range(50)]
        answer = self.call("create_records", model="res.partner", records=rows)
        self.undo(answer["change_id"])
        self.assertFalse(self.env["res.partner"].browse(answer["ids"]).exists())

    def test_an_undo_is_a_change_that_can_be_undone(self):
        change_id = self.update(self.partner, city="Liège")
        undone = self.undo(change_id)
        self.assertEqual(self.partner.city, "Gent")
        self.assertIn("undone already", self.client.failing("undo_change", change_id=change_id))
        self.undo(undone["change_id"])
        self.assertEqual(self.partner.city, "Liège")
        self.assertEqual(self.env["mcp.change"].browse(change_id).state, "done")
        self.undo(change_id)
        self.assertEqual(self.partner.city, "Gent")

    def test_a_deleted_record_is_made_again_and_says_what_is_missing(self):
        bank = self.env["res.partner.bank"].create({"acc_number": "BE12", "partner_id": self.partner.id})
        self.partner.write({"category_id": [(6, 0, self.tags.ids)], "comment": "<p>Hi</p>"})
        self.partner.message_post(body="Remember me", message_type="comment")
        friend = self.env["res.partner"].create({"name": "Friend", "parent_id": self.partner.id})
        self.env.flush_all()
        answer = self.call("delete_record", model="res.partner", id=self.partner.id)
        self.assertFalse(self.partner.exists() or bank.exists())
        self.assertFalse(friend.parent_id)
        undone = self.undo(answer["change_id"])
        again = self.env["res.partner"].search([("name", "=", "Ground 00"), ("ref", "=", "MCPTEST")])
        self.assertEqual((again.city, again.category_id, again.email), ("Gent", self.tags, "g0@example.com"))
        self.assertEqual(again.bank_ids.acc_number, "BE12")
        self.assertEqual(friend.parent_id, again)
        self.assertIn(f"is back as id {again.id}", " ".join(undone["notes"]))
        self.assertIn("chatter messages", " ".join(undone["notes"]))

    def test_what_was_empty_or_switched_off_does_not_get_a_default(self):
        archived = self.env["res.partner"].create({"name": "Archived", "active": False, "tz": False, "color": 0})
        self.env.flush_all()
        answer = self.call("delete_record", model="res.partner", id=archived.id)
        self.undo(answer["change_id"])
        again = self.env["res.partner"].with_context(active_test=False).search([("name", "=", "Archived")])
        self.assertEqual((again.active, again.tz, again.color), (False, False, 0))

    def test_lines_come_back_below_what_they_belong_to(self):
        rows = [{"name": "Company", "child_ids": [{"name": "First"}, {"name": "Second"}]}]
        made = self.call("create_records", model="res.partner", records=rows)
        undone = self.undo(made["change_id"])
        self.undo(undone["change_id"])
        company = self.env["res.partner"].search([("name", "=", "Company")])
        self.assertEqual(sorted(company.child_ids.mapped("name")), ["First", "Second"])
        # and they are known under their new ids
        self.undo(made["change_id"])
        self.assertFalse(self.env["res.partner"].search([("name", "in", ["Company", "First", "Second"])]))

    def test_undoing_to_and_fro_keeps_track(self):
        change_id = self.update(self.partner, city="Liège")
        first = self.undo(change_id)["change_id"]
        second = self.undo(first)["change_id"]
        third = self.undo(second)["change_id"]
        self.assertEqual(self.partner.city, "Gent")
        states = self.env["mcp.change"].browse([change_id, first, second, third]).mapped("state")
        self.assertEqual(states, ["undone", "done", "undone", "done"])

    def test_what_somebody_deleted_before_is_said(self):
        made = self.call("create_record", model="res.partner", values={"name": "Gone"})
        self.env["res.partner"].browse(made["id"]).unlink()
        self.assertEqual(self.undo(made["change_id"])["notes"], ["Gone (Contact) was deleted before."])

    def test_files_of_fields_come_back(self):
        red = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
        blue = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
        self.partner.image_1920 = red
        self.env.flush_all()
        before = self.partner.image_1920
        change_id = self.update(self.partner, image_1920=blue.decode())
        self.assertNotEqual(self.partner.image_1920, before)
        self.undo(change_id)
        self.assertEqual(self.partner.image_1920, before)
        change_id = self.update(self.partner, image_1920=None)
        self.assertFalse(self.partner.image_1920)
        self.undo(change_id)
        self.assertEqual(self.partner.image_1920, before)
        other = self.partners[1]
        change_id = self.update(other, image_1920=blue.decode())
        self.undo(change_id)
        self.assertFalse(other.image_1920)

    # ------------------------------------------------------------------ refusing

    def test_what_a_person_changed_since_is_not_lost(self):
        change_id = self.update(self.partner, city="Liège")
        self.partner.with_user(self.admin).city = "Mons"
        self.env.flush_all()
        text = self.client.failing("undo_change", change_id=change_id)
        self.assertIn("changed since by mcp_root", text)
        self.assertIn("City", text)
        self.assertEqual(self.partner.city, "Mons")

    def test_other_fields_may_have_changed_since(self):
        change_id = self.update(self.partner, city="Liège")
        self.partner.street = "Main street"
        self.env.flush_all()
        self.undo(change_id)
        self.assertEqual((self.partner.city, self.partner.street), ("Gent", "Main street"))

    def test_a_new_record_that_somebody_works_with_is_kept(self):
        for number, work in enumerate(
            (
                lambda partner: partner.write({"street": "Somebody's work"}),
                lambda partner: self.env["res.partner"].create({"name": "Child", "parent_id": partner.id}),
                lambda partner: partner.message_post(body="Called them", message_type="comment"),
                lambda partner: partner.activity_schedule("mail.mail_activity_data_todo", summary="Call"),
                lambda partner: self.env["ir.attachment"].create(
                    {"name": "offer.txt", "raw": b"x", "res_model": "res.partner", "res_id": partner.id}
                ),
            )
        ):
            with self.subTest(number):
                answer = self.call("create_record", model="res.partner", values={"name": f"New {number}"})
                work(self.env["res.partner"].browse(answer["id"]))
                self.env.flush_all()
                text = self.client.failing("undo_change", change_id=answer["change_id"])
                self.assertIn("since", text)
                self.assertTrue(self.env["res.partner"].browse(answer["id"]).exists())

    def test_a_dry_run_of_an_undo_tells_what_it_would_do(self):
        change_id = self.update(self.partner, city="Liège")
        report = self.client.call("undo_change", change_id=change_id, dry_run=True)["dry_run"]
        self.env.invalidate_all()
        self.assertEqual(report["changes"][0]["fields"]["city"], ["Liège", "Gent"])
        self.assertEqual(self.partner.city, "Liège")
        self.undo(change_id)
        self.assertEqual(self.partner.city, "Gent")

    # ------------------------------------------------------------------ by a person

    def test_a_person_undoes_with_one_click(self):
        change = self.env["mcp.change"].browse(self.update(self.partner, city="Liège"))
        change.with_user(self.admin).action_undo()
        self.assertEqual((self.partner.city, change.state), ("Gent", "undone"))
        self.assertEqual(change.undone_user_id, self.admin)
        self.assertEqual(change.undone_by_id.undoes_id, change)

    def test_a_person_reads_labels_and_words_not_stored_values(self):
        change = self.env["mcp.change"].browse(self.update(self.partner, type="invoice", active=False))
        html = str(change.with_user(self.admin).line_ids.values_html)
        labels = dict(self.partner._fields["type"]._description_selection(self.env))
        self.assertIn(f"{labels['contact']}</span> → {labels['invoice']}", html)
        self.assertIn("yes</span> → no", html)
        self.assertNotIn("True", html)

    def test_old_changes_are_forgotten_with_their_files(self):
        self.partner.image_1920 = (
            b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
        )
        self.env.flush_all()
        change_id = self.update(self.partner, image_1920=None)
        kept = self.env["ir.attachment"].search([("res_model", "=", "mcp.change.line")])
        self.assertTrue(kept)
        self.env.cr.execute("UPDATE mcp_change SET create_date = create_date - interval '91 days'")
        self.env.invalidate_all()
        self.env["mcp.change"]._gc_changes()
        self.assertFalse(self.env["mcp.change"].browse(change_id).exists())
        self.assertFalse(kept.exists())
