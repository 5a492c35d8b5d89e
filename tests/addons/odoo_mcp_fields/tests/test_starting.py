from odoo.tests import tagged

from odoo.addons.odoo_mcp.tests.common import McpCase

MODEL = "every.field"


@tagged("post_install", "-at_install")
class TestStarting(McpCase):
    """A readonly field that Odoo's menus set on new records: the invoice or the bill, the receipt or the delivery."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        top = cls.env["ir.ui.menu"].create({"name": "Movements"})
        for name, kind in (("Arrivals", "in"), ("Departures", "out")):
            context = (
                f"{{'default_kind': '{kind}', 'default_name': 'x', 'search_default_a': uid, 'default_res_id': uid}}"
            )
            window = cls.env["ir.actions.act_window"].create({"name": name, "res_model": MODEL, "context": context})
            action = f"ir.actions.act_window,{window.id}"
            cls.env["ir.ui.menu"].create({"name": name, "parent_id": top.id, "action": action})

    def create(self, **values):
        return self.client.call("create_record", model=MODEL, values={"name": "New", **values})

    def failing(self, **values):
        return self.client.failing("create_record", model=MODEL, values={"name": "New", **values})

    def test_a_new_record_begins_as_one_of_the_menus_makes_it(self):
        for value in ("in", "Incoming"):
            record = self.env[MODEL].browse(self.create(kind=value)["id"])
            self.assertEqual(record.kind, "in")
        text = self.client.failing("update_record", model=MODEL, id=record.id, values={"kind": "out"})
        self.assertIn("kind of every.field is readonly", text)
        self.assertEqual(record.kind, "in")

    def test_no_other_value_and_no_other_readonly_field_can_be_given(self):
        self.assertIn("kind: a new record may begin as in, out, not as 'none'", self.failing(kind="none"))
        self.env["ir.actions.act_window"].search([("res_model", "=", MODEL)]).unlink()
        self.assertIn("kind of every.field is readonly", self.failing(kind="in"))

    def test_the_description_and_the_list_of_models_say_what_it_may_be(self):
        described = self.client.call("describe_model", model=MODEL, fields=["kind", "name"])["fields"]
        self.assertIn("only when created", described["kind"])
        self.assertNotIn("only when created", described["name"])
        (found,) = self.client.call("list_models", query="departure")["models"]
        self.assertEqual((found["menu"], found["new_records"]), ("Movements / Departures", {"kind": "out"}))
