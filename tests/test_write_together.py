from odoo.tests import tagged

from .common import McpCase, let_write_partners


@tagged("post_install", "-at_install")
class TestBatch(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user)

    def run_batch(self, *steps, **arguments):
        return self.client.call("run_batch", steps=[{"tool": tool, "arguments": a} for tool, a in steps], **arguments)

    def failing(self, *steps):
        return self.client.failing("run_batch", steps=[{"tool": tool, "arguments": a} for tool, a in steps])

    def test_steps_use_what_steps_before_answered(self):
        answer = self.run_batch(
            ("create_record", {"model": "res.partner", "values": {"name": "Deco", "is_company": True}}),
            (
                "create_records",
                {
                    "model": "res.partner",
                    "records": [
                        {"name": "Ann of ${1.name}", "parent_id": "$1.id"},
                        {"name": "Bob", "parent_id": "$1.id"},
                    ],
                },
            ),
            ("update_records", {"model": "res.partner", "ids": "$2.ids", "values": {"function": "Buyer"}}),
            ("update_record", {"model": "res.partner", "id": "$2.ids.1", "values": {"function": "Boss"}}),
            ("read_records", {"model": "res.partner", "ids": ["$2.ids.0"], "fields": ["function", "parent_id"]}),
        )
        company = self.env["res.partner"].browse(answer["results"][0]["id"])
        self.assertEqual(company.child_ids.mapped("name"), ["Ann of Deco", "Bob"])
        self.assertEqual(company.child_ids.mapped("function"), ["Buyer", "Boss"])
        self.assertEqual(answer["results"][4]["records"][0]["function"], "Buyer")
        undone = self.client.call("undo_change", change_id=answer["change_id"])
        self.assertNotIn("notes", undone)
        self.assertFalse((company | company.child_ids).exists())

    def test_a_failing_step_takes_all_back_and_is_named(self):
        before = self.env["res.partner"].search_count([])
        text = self.failing(
            ("create_record", {"model": "res.partner", "values": {"name": "Deco"}}),
            ("update_record", {"model": "res.partner", "id": 99999999, "values": {"city": "X"}}),
        )
        self.assertIn("Step 2 of 2 (update_record)", text)
        self.assertIn("Nothing of the batch was kept", text)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_a_constraint_is_the_fault_of_its_step(self):
        company, child = self.partners[0], self.partners[1]
        child.parent_id = company
        self.env.flush_all()
        text = self.failing(
            ("update_record", {"model": "res.partner", "id": company.id, "values": {"parent_id": child.id}}),
            ("create_record", {"model": "res.partner", "values": {"name": "Never"}}),
        )
        self.assertIn("Step 1 of 2", text)

    def test_what_cannot_be_in_a_batch_is_said_before_anything_is_done(self):
        create = ("create_record", {"model": "res.partner", "values": {"name": "Never"}})
        self.assertIn("no tool 'nothing'", self.failing(create, ("nothing", {})))
        self.assertIn("cannot be part", self.failing(create, ("run_batch", {"steps": []})))
        self.assertIn("as a whole", self.failing(("create_record", {**create[1], "dry_run": True})))
        self.assertIn("does not come before", self.failing(("delete_record", {"model": "res.partner", "id": "$1.id"})))
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Never")]))

    def test_a_switched_off_tool_is_off_in_batches_too(self):
        self.env["mcp.tool"].search([("name", "=", "delete_record")]).active = False
        self.env.flush_all()
        text = self.failing(("delete_record", {"model": "res.partner", "id": self.partners[0].id}))
        self.assertIn("no tool 'delete_record'", text)
        self.assertTrue(self.partners[0].exists())

    def test_a_step_that_needs_approval_lets_the_whole_batch_wait(self):
        self.connection.approver_id = self.admin
        self.connection.approval_tool_ids = self.env["mcp.tool"].search([("name", "=", "update_record")])
        self.env.flush_all()
        steps = [
            {"tool": "create_record", "arguments": {"model": "res.partner", "values": {"name": "Never"}}},
            {"tool": "update_record", "arguments": {"model": "res.partner", "id": "$1.id", "values": {"city": "X"}}},
        ]
        text = self.client.failing("run_batch", steps=steps)
        self.assertIn("Waiting for approval", text)
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Never")]))
        approval = self.env["mcp.approval"].search([("connection_id", "=", self.connection.id)], limit=1)
        approval.with_user(self.admin).action_approve()
        self.assertEqual(self.env["res.partner"].search([("name", "=", "Never")]).city, "X")

    def test_a_preview_within_a_batch_does_not_end_the_record_of_it(self):
        answer = self.run_batch(
            ("create_record", {"model": "res.partner", "values": {"name": "First"}}),
            ("preview_record", {"model": "res.partner", "values": {"name": "Second"}}),
            ("create_record", {"model": "res.partner", "values": {"name": "Third"}}),
        )
        lines = self.env["mcp.change"].browse(answer["change_id"]).line_ids
        self.assertEqual(lines.sorted("sequence").mapped("res_name"), ["First", "Third"])

    def test_a_dry_run_is_of_the_whole_batch(self):
        answer = self.run_batch(
            ("create_record", {"model": "res.partner", "values": {"name": "Deco"}}),
            ("delete_record", {"model": "res.partner", "id": self.partners[0].id}),
            dry_run=True,
        )
        self.assertEqual([change["kind"] for change in answer["dry_run"]["changes"]], ["create", "delete"])
        self.assertTrue(self.partners[0].exists())


@tagged("post_install", "-at_install")
class TestPreview(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user)

    def test_defaults_required_fields_and_duplicates_are_told_and_nothing_is_made(self):
        before = self.env["res.partner"].search_count([])
        answer = self.client.call(
            "preview_record",
            model="res.partner",
            values={"name": "ground 01", "state_id": self.env.ref("base.state_us_5").id},
        )
        self.assertEqual(answer["values"]["state_id"]["id"], self.env.ref("base.state_us_5").id)
        self.assertEqual(answer["filled_in"]["country_id"]["name"], "United States")
        self.assertEqual(answer["maybe_there_already"], [{"id": self.partners[1].id, "name": "Ground 01"}])
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        answer = self.client.call("preview_record", model="res.partner.bank")
        self.assertEqual(set(answer["required_missing"]), {"acc_number", "partner_id"})

    def test_a_user_who_may_not_create_is_told(self):
        self.assertIn("may not create", self.client.failing("preview_record", model="res.country"))


@tagged("post_install", "-at_install")
class TestImport(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user)

    def imported(self, **arguments):
        return self.client.call("import_records", model="res.partner", **arguments)

    def failing(self, **arguments):
        return self.client.failing("import_records", model="res.partner", **arguments)

    def test_csv_creates_and_updates_by_external_id(self):
        csv = 'id,name,country_id,category_id,is_company\nmcp_a,Ann,Belgium,,0\nmcp_b,"Bob, Inc",France,,1\n'
        answer = self.imported(csv=csv)
        ann, bob = self.env["res.partner"].browse(answer["ids"])
        self.assertEqual((ann.name, ann.country_id.code, bob.name, bob.is_company), ("Ann", "BE", "Bob, Inc", True))
        again = self.imported(csv="id;city\nmcp_a;Gent\n")
        self.env.invalidate_all()
        self.assertEqual((again["ids"], ann.city), (ann.ids, "Gent"))
        self.client.call("undo_change", change_id=again["change_id"])
        self.env.invalidate_all()
        self.assertFalse(ann.city)

    def test_rows_may_have_lines_and_ids(self):
        answer = self.imported(rows=[{".id": self.partners[0].id, "name": "Renamed"}])
        self.env.invalidate_all()
        self.assertEqual((answer["ids"], self.partners[0].name), (self.partners[0].ids, "Renamed"))

    def test_bad_rows_are_named_and_nothing_is_imported_or_only_the_good_ones(self):
        rows = [{"name": f"Row {number}", "country_id": "Belgium"} for number in range(40)]
        for number in (3, 17, 30):
            rows[number]["country_id"] = "Atlantis"
        text = self.failing(rows=rows)
        for number in (4, 18, 31):
            self.assertIn(f"Row {number}: ", text)
        self.assertIn("3 of 40 rows", text)
        self.assertFalse(self.env["res.partner"].search_count([("name", "=like", "Row %")]))
        answer = self.imported(rows=rows, skip_bad_rows=True)
        self.assertEqual((answer["imported"], set(answer["skipped"])), (37, {"4", "18", "31"}))

    def test_a_row_leaves_alone_what_it_does_not_give_and_ids_keep_the_order_of_the_rows(self):
        rows = [{"name": "A", "type": "invoice"}, {"name": "B"}, {"name": "C", "type": "delivery"}]
        answer = self.imported(rows=rows)
        contacts = self.env["res.partner"].browse(answer["ids"])
        self.assertEqual(contacts.mapped("name"), ["A", "B", "C"])
        self.assertEqual(contacts.mapped("type"), ["invoice", "contact", "delivery"])

    def test_mistakes_of_every_kind_are_told_of_their_own_rows_and_names_like_the_wrong_ones(self):
        rows = [{"name": "Good 1"}, {"name": ""}, {"name": "Good 2", "country_id": "Belgim"}, {"name": "Good 3"}]
        text = self.failing(rows=rows)
        self.assertIn("2 of 4 rows", text)
        self.assertIn("Row 2: Contacts require a name.", text)
        self.assertRegex(text, r"Row 3: country_id: .*Did you mean Belgium")
        self.assertNotIn("Row 1", text)
        answer = self.imported(rows=rows, skip_bad_rows=True)
        self.assertEqual((answer["imported"], set(answer["skipped"])), (2, {"2", "3"}))

    def test_further_lines_of_a_bad_record_go_with_it(self):
        rows = [
            {"name": "Good", "child_ids/name": "G1"},
            {"name": "Bad", "country_id": "Atlantis", "child_ids/name": "B1"},
            {"child_ids/name": "B2"},
            {"name": "Last", "child_ids/name": "L1"},
            {"child_ids/name": "L2"},
        ]
        answer = self.imported(rows=rows, skip_bad_rows=True)
        good, last = self.env["res.partner"].browse(answer["ids"])
        self.assertEqual(good.child_ids.mapped("name"), ["G1"])
        self.assertEqual(sorted(last.child_ids.mapped("name")), ["L1", "L2"])
        self.assertFalse(self.env["res.partner"].search_count([("name", "in", ["B1", "B2"])]))

    def test_a_dry_run_imports_nothing(self):
        answer = self.imported(rows=[{"name": "Tried"}], dry_run=True)
        self.assertEqual(answer["imported"], 1)
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Tried")]))

    def test_records_of_others_are_not_reached_through_ids(self):
        self.assertIn("no record 99999999", self.failing(rows=[{".id": 99999999, "name": "X"}]))
        self.assertIn("another model", self.failing(rows=[{"id": "base.be", "name": "X"}]))
        self.assertIn("app made it", self.failing(rows=[{"id": "base.mine", "name": "X"}]))
        self.assertIn("does not exist", self.failing(rows=[{"name": "X", "signup_token": "x"}]))
        self.assertIn("may not create", self.client.failing("import_records", model="res.country", csv="name\nX\n"))
        self.assertIn("readonly", self.failing(rows=[{"name": "X", "contact_address": "x"}]))
