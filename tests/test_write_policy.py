"""The tools that write, against the limits of a connection."""

from odoo.tests import tagged

from .common import let_write_partners
from .test_gate import GateCase

IN_GENT = "[('city', '=', 'Gent')]"
WRITE_TOOLS = {
    "create_record": {"model": "res.partner", "values": {"name": "X"}},
    "create_records": {"model": "res.partner", "records": [{"name": "X"}]},
    "import_records": {"model": "res.partner", "csv": "name\nX\n"},
}


@tagged("post_install", "-at_install")
class TestWritePolicy(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.admin)
        cls.visible, cls.hidden = cls.partners[0], cls.partners[1]  # of Gent and Brugge

    def partner_count(self):
        return self.env["res.partner"].with_context(active_test=False).search_count([])

    def test_a_reading_connection_changes_nothing_whatever_way_it_asks(self):
        self.connection.scope = "read_only"
        self.env.flush_all()
        one = {"model": "res.partner", "id": self.visible.id}
        many = {"model": "res.partner", "ids": self.visible.ids}
        calls = WRITE_TOOLS | {
            "update_record": {**one, "values": {"city": "X"}},
            "update_records": {**many, "values": {"city": "X"}},
            "copy_record": one,
            "delete_record": one,
            "delete_records": many,
            "run_batch": {"steps": [{"tool": "delete_record", "arguments": one}]},
            "undo_change": {"change_id": 1},
        }
        before = self.partner_count()
        for name, arguments in calls.items():
            for more in ({}, {"dry_run": True}):
                with self.subTest(tool=name, **more):
                    self.client.failing(name, **arguments, **more)
        self.assertEqual((self.partner_count(), self.visible.city), (before, "Gent"))
        self.assertFalse(self.env["mcp.change"].search_count([("connection_id", "=", self.connection.id)]))

    def test_a_batch_runs_only_tools_that_the_connection_may_use(self):
        tools = self.env["mcp.tool"].search([("name", "in", ["run_batch", "read_records"])])
        self.connection.write({"limit_tools": True, "tool_ids": [(6, 0, tools.ids)]})
        self.env.flush_all()
        steps = [{"tool": "delete_record", "arguments": {"model": "res.partner", "id": self.visible.id}}]
        self.client.failing("run_batch", steps=steps)
        self.assertTrue(self.visible.exists())

    def test_records_outside_the_domain_are_not_there_to_be_written(self):
        self.limit("res.partner", domain=IN_GENT)
        one = {"model": "res.partner", "id": self.hidden.id}
        for name, arguments in {
            "update_record": {**one, "values": {"ref": "x"}},
            "delete_record": one,
            "copy_record": one,
            "create_record": {
                "model": "res.partner",
                "values": {"name": "X", "city": "Gent", "parent_id": self.hidden.id},
            },
            "import_records": {"model": "res.partner", "rows": [{".id": self.hidden.id, "name": "X"}]},
        }.items():
            with self.subTest(tool=name):
                self.assertIn("no record", self.client.failing(name, **arguments))
        text = self.client.failing(
            "create_record", model="res.partner", values={"name": "X", "city": "Gent", "parent_id": "Ground 01"}
        )
        self.assertNotIn(str(self.hidden.id), text)
        self.assertTrue(self.hidden.exists())

    def test_no_write_leaves_the_domain(self):
        self.limit("res.partner", domain=IN_GENT)
        before = self.partner_count()
        self.client.failing("update_record", model="res.partner", id=self.visible.id, values={"city": "Brugge"})
        self.client.failing("create_record", model="res.partner", values={"name": "X", "city": "Brugge"})
        self.client.failing("import_records", model="res.partner", csv="name,city\nX,Brugge\n")
        self.env.invalidate_all()
        self.assertEqual((self.visible.city, self.partner_count()), ("Gent", before))
        self.client.call("create_record", model="res.partner", values={"name": "X", "city": "Gent"})

    def test_fields_outside_the_list_are_neither_written_nor_told(self):
        self.limit("res.partner", fields=["name", "city", "child_ids"])
        for name, arguments in {
            "create_record": {"model": "res.partner", "values": {"name": "X", "email": "x@x.be"}},
            "update_record": {"model": "res.partner", "id": self.visible.id, "values": {"email": "x@x.be"}},
            "copy_record": {"model": "res.partner", "id": self.visible.id, "values": {"email": "x@x.be"}},
            "import_records": {"model": "res.partner", "csv": "name,email\nX,x@x.be\n"},
            "preview_record": {"model": "res.partner", "values": {"email": "x@x.be"}},
        }.items():
            with self.subTest(tool=name):
                self.assertIn("does not exist", self.client.failing(name, **arguments))
        lines = {"child_ids": [{"name": "Line", "email": "x@x.be"}]}
        self.client.failing("create_record", model="res.partner", values={"name": "X", **lines})
        told = self.client.call("copy_record", model="res.partner", id=self.visible.id, dry_run=True)["dry_run"]
        self.assertNotIn("g0@example.com", str(told))
        change = self.client.call("copy_record", model="res.partner", id=self.visible.id)
        told = self.client.call("list_changes", change_id=change["change_id"])
        self.assertNotIn("g0@example.com", str(told))
        preview = self.client.call("preview_record", model="res.partner", values={"name": "X"})
        self.assertLessEqual(preview["filled_in"].keys(), {"name", "city", "child_ids"})

    def test_models_that_change_how_odoo_works_are_closed_to_administrators_too(self):
        for model, values in (
            ("res.users", {"name": "X", "login": "x"}),
            ("ir.cron", {"name": "X"}),
            ("ir.model.access", {"name": "X"}),
            ("mcp.connection", {"name": "X"}),
            ("mcp.change", {"tool": "x"}),
        ):
            with self.subTest(model=model):
                self.admin_client.failing("create_record", model=model, values=values)
                self.admin_client.failing(
                    "import_records", model=model, rows=[{name: str(v) for name, v in values.items()}]
                )

    def test_what_may_no_longer_be_written_is_not_undone(self):
        change = self.client.call("update_record", model="res.partner", id=self.visible.id, values={"ref": "new"})
        self.limit("res.partner", perm_write=False)
        self.client.failing("undo_change", change_id=change["change_id"])
        self.env.invalidate_all()
        self.assertEqual(self.visible.ref, "new")

    def test_what_follows_on_hidden_records_is_counted_and_not_told(self):
        hidden = self.env["res.partner"].create({"name": "Zz Hidden child", "city": "Brugge", "type": "other"})
        hidden.parent_id = self.visible
        self.env.flush_all()
        self.limit("res.partner", domain=IN_GENT)
        rename = {"model": "res.partner", "id": self.visible.id, "values": {"name": "Renamed"}}
        report = self.client.call("update_record", **rename, dry_run=True)["dry_run"]
        self.assertEqual([change["id"] for change in report["changes"]], self.visible.ids)
        self.assertEqual(report["also"], {"res.partner": 1})
        change = self.client.call("update_record", **rename)
        told = self.client.call("list_changes", change_id=change["change_id"])
        self.assertNotIn("Zz Hidden", str(told))
        lines = self.env["mcp.change"].browse(change["change_id"]).line_ids
        self.assertIn(hidden.id, lines.mapped("res_id"))
