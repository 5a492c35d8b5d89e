from unittest import SkipTest

from odoo.tests import tagged

from .common import McpCase


@tagged("post_install", "-at_install", "mcp_business")
class TestUndoOfSales(McpCase):
    """What people care about most: orders. Runs where Sales is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sale.order" not in cls.env:
            raise SkipTest("needs the app Sales (sale_management)")
        group = cls.env.ref("sales_team.group_sale_manager")
        name = "group_ids" if "group_ids" in cls.user._fields else "groups_id"
        cls.user.write({name: [(4, group.id), (4, cls.env.ref("base.group_partner_manager").id)]})
        cls.customer = cls.env["res.partner"].create({"name": "Deco Addict of the test", "is_company": True})
        cls.desk, cls.chair = cls.env["product.product"].create(
            [{"name": "MCP Desk", "list_price": 100}, {"name": "MCP Chair", "list_price": 50}]
        )
        cls.env.flush_all()

    def call(self, tool, **arguments):
        answer = self.client.call(tool, **arguments)
        self.env.invalidate_all()
        return answer

    def five_steps(self):
        return self.call(
            "run_batch",
            steps=[
                {
                    "tool": "create_record",
                    "arguments": {
                        "model": "sale.order",
                        "values": {
                            "partner": "Deco Addict of the test",
                            "order_line": [{"product": "MCP Desk", "product_uom_qty": 3}],
                        },
                    },
                },
                {
                    "tool": "update_record",
                    "arguments": {
                        "model": "sale.order",
                        "id": "$1.id",
                        "values": {"order_line": {"add": [{"product": "MCP Chair"}]}, "client_order_ref": "PO 7"},
                    },
                },
                {
                    "tool": "create_record",
                    "arguments": {
                        "model": "res.partner",
                        "values": {"name": "Buyer of ${1.name}", "parent_id": self.customer.id},
                    },
                },
                {
                    "tool": "update_record",
                    "arguments": {"model": "res.partner", "id": self.customer.id, "values": {"comment": "Buys desks"}},
                },
                {
                    "tool": "update_record",
                    "arguments": {"model": "sale.order", "id": "$1.id", "values": {"note": "Hi"}},
                },
            ],
        )

    def test_a_call_of_five_steps_is_taken_back_whole(self):
        answer = self.five_steps()
        order = self.env["sale.order"].browse(answer["results"][0]["id"])
        self.assertEqual(order.amount_untaxed, 350)
        self.assertEqual(order.order_line.mapped("product_id"), self.desk | self.chair)
        lines, buyer = order.order_line, self.customer.child_ids
        self.call("undo_change", change_id=answer["change_id"])
        self.assertFalse(order.exists() or lines.exists() or buyer.exists())
        self.assertFalse(self.customer.comment)

    def test_it_is_refused_when_a_person_works_with_the_order_meanwhile(self):
        answer = self.five_steps()
        order = self.env["sale.order"].browse(answer["results"][0]["id"])
        order.order_line[0].price_unit = 90  # a person grants a discount
        self.env.flush_all()
        text = self.client.failing("undo_change", change_id=answer["change_id"])
        self.assertIn("changed since", text)
        self.assertIn("Unit Price", text)
        self.env.invalidate_all()
        self.assertTrue(order.exists())
        self.assertEqual(order.order_line[0].price_unit, 90)

    def test_a_changed_line_gets_its_old_values_and_the_order_its_old_total(self):
        answer = self.five_steps()
        order = self.env["sale.order"].browse(answer["results"][0]["id"])
        line = order.order_line[0]
        changes = {"update": [{"id": line.id, "product_uom_qty": 10, "discount": 5}]}
        change = self.call("update_record", model="sale.order", id=order.id, values={"order_line": changes})
        self.assertEqual(order.amount_untaxed, 1000)
        self.call("undo_change", change_id=change["change_id"])
        self.assertEqual((order.amount_untaxed, line.product_uom_qty, line.discount), (350, 3, 0))

    def test_a_deleted_order_is_back_with_its_lines_and_total(self):
        answer = self.five_steps()
        order_id = answer["results"][0]["id"]
        name = answer["results"][0]["name"]
        deleted = self.call("delete_record", model="sale.order", id=order_id)
        self.assertFalse(self.env["sale.order"].browse(order_id).exists())
        self.call("undo_change", change_id=deleted["change_id"])
        order = self.env["sale.order"].search([("name", "=", name), ("client_order_ref", "=", "PO 7")])
        self.assertEqual((order.amount_untaxed, len(order.order_line)), (350, 2))
        self.assertEqual(order.partner_id, self.customer)
