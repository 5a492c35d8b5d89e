"""The wizards of Odoo's apps, from the button to what the backend shows; each where its app is installed."""

from odoo.tests import tagged

from .common import McpCase


@tagged("post_install", "-at_install", "mcp_business")
class TestBusinessActions(McpCase):
    def need(self, *modules):
        missing = [name for name in modules if name not in self.env.registry._init_modules]
        if missing:
            self.skipTest(f"Needs {', '.join(missing)}.")
        groups = {
            "crm": ["sales_team.group_sale_manager"],
            "sale": ["sales_team.group_sale_manager"],
            "account": ["account.group_account_manager"],
            "stock": ["stock.group_stock_manager"],
        }
        field = "group_ids" if "group_ids" in self.user._fields else "groups_id"
        refs = [self.env.ref(ref).id for module in modules for ref in groups.get(module, ())]
        self.user.write({field: [(4, group_id) for group_id in refs]})

    def act(self, record, action, *wizard):
        return self.client.call("run_action", model=record._name, ids=record.ids, action=action, wizard=list(wizard))

    def test_a_lead_is_lost_for_a_reason(self):
        self.need("crm")
        reason = self.env["crm.lost.reason"].create({"name": "Too far away"})
        lead = self.env["crm.lead"].create({"name": "Deal", "type": "opportunity", "user_id": self.user.id})
        asked = self.act(lead, "Lost")["wizard"]
        self.assertEqual(asked["fields"]["lost_reason_id"]["type"], "many2one crm.lost.reason")
        self.assertTrue(lead.active)
        self.act(lead, "Lost", {"values": {"lost_reason_id": "Too far away"}})
        self.assertEqual((lead.active, lead.lost_reason_id), (False, reason))

    def test_a_quotation_becomes_an_order_an_invoice_and_a_payment(self):
        self.need("sale", "account")
        product = self.env["product.product"].create(
            {"name": "Advice", "type": "service", "invoice_policy": "order", "list_price": 100, "taxes_id": False}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partners[0].id,
                "user_id": self.user.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 2})],
            }
        )
        self.assertEqual(self.act(order, "Confirm")["records"][0]["state"], "sale")
        text = self.client.failing("run_action", model="sale.order", ids=order.ids, action="Confirm")
        self.assertIn("cannot be clicked", text)
        opened = self.act(order, "Create Invoice", {"values": {"advance_payment_method": "delivered"}})["opened"]
        invoice = order.invoice_ids
        self.assertEqual([row["id"] for row in opened["records"]], invoice.ids)
        self.act(invoice, "Confirm")
        asked = self.act(invoice, "Pay")["wizard"]["fields"]
        self.assertEqual(asked["amount"]["value"], 200)
        self.assertEqual(invoice.payment_state, "not_paid")
        paid = self.act(invoice, "Pay", {"values": {"amount": 50}, "button": "Create Payment"})
        self.assertEqual(paid["records"][0]["payment_state"], "partial")
        self.assertEqual(invoice.payment_state, "partial")

    def test_a_delivery_of_less_asks_for_a_backorder(self):
        self.need("stock")
        product = self.env["product.product"].create({"name": "Box", "type": "consu"})
        kind = self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", self.env.company.id)], limit=1
        )
        customers = self.env.ref("stock.stock_location_customers")
        places = {"location_id": kind.default_location_src_id.id, "location_dest_id": customers.id}
        move = {"product_id": product.id, "product_uom_qty": 5, **places}
        if "name" in self.env["stock.move"]._fields:
            move["name"] = "Box"
        picking = self.env["stock.picking"].create({"picking_type_id": kind.id, "move_ids": [(0, 0, move)], **places})
        picking.action_confirm()
        picking.move_ids.quantity = 2
        asked = self.act(picking, "Validate")["wizard"]
        self.assertIn("Create Backorder", asked["buttons"])
        self.assertIn("backorder", asked["text"].lower())
        self.act(picking, "Validate", {"button": "Create Backorder"})
        self.assertEqual(picking.state, "done")
        backorder = self.env["stock.picking"].search([("backorder_id", "=", picking.id)])
        self.assertEqual(backorder.move_ids.product_uom_qty, 3)
