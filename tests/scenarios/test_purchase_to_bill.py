"""Five cabinets are bought: request for quotation, order, receipt, bill."""

from datetime import date, timedelta

import pytest
from assistant import holders, listed, meant, misspelled, nearest_id

VENDOR, PRODUCT, QUANTITY, PRICE = "Wood Corner", "Large Cabinet", 5, 210
LINE = {"product_id": PRODUCT, "product_qty": QUANTITY, "price_unit": PRICE}
YESTERDAY = (date.today() - timedelta(days=1)).isoformat()


@pytest.fixture
def buyer(person):
    return person("purchase.group_purchase_user", "stock.group_stock_user", name="Bea Buyer")


@pytest.fixture
def accountant(person):
    return person("account.group_account_invoice", name="Ada Accountant")


def ordered(buyer):
    """A confirmed order; its id."""
    values = {"partner_id": VENDOR, "order_line": [LINE]}
    order = buyer.call("create_record", model="purchase.order", values=values)["id"]
    buyer.call("run_action", model="purchase.order", ids=[order], action="Confirm Order")
    return order


def receive(buyer, order):
    (picking,) = buyer.call("search_records", model="stock.picking", domain=[["purchase_id", "=", order]])["records"]
    (received,) = buyer.call("run_action", model="stock.picking", ids=[picking["id"]], action="Validate")["records"]
    assert received["state"] == "done"


def bill_action(buyer, order):
    """What making the bill is called: a button of the form on 18.0, of the list on 19.0."""
    offered = buyer.call("list_actions", model="purchase.order", id=order)
    (label,) = (one for one in (*offered["buttons"], *offered["menu"]) if one.startswith("Create Bill"))
    return label


def create_bill(buyer, order):
    answer = buyer.call("run_action", model="purchase.order", ids=[order], action=bill_action(buyer, order))
    (bill,) = answer["opened"]["records"]
    assert (answer["opened"]["model"], bill["state"]) == ("account.move", "draft")
    return bill["id"]


def check_billed(backend, order_id, bill_id, billed_on=YESTERDAY):
    order = backend.row("purchase.order", order_id, "state", "invoice_status", "invoice_ids", "amount_total")
    # 19.0 has no state of its own for an order that is done
    assert order["state"] in ("purchase", "done") and order["invoice_status"] == "invoiced"
    assert order["invoice_ids"] == [bill_id]
    (line,) = backend.rows("purchase.order.line", [("order_id", "=", order_id)], "qty_received", "qty_invoiced")
    assert (line["qty_received"], line["qty_invoiced"]) == (QUANTITY, QUANTITY)
    fields = ("move_type", "state", "invoice_date", "partner_id", "amount_untaxed", "amount_total")
    bill = backend.row("account.move", bill_id, *fields)
    assert (bill["move_type"], bill["state"], bill["invoice_date"]) == ("in_invoice", "posted", billed_on)
    assert bill["partner_id"][1] == VENDOR
    assert (bill["amount_untaxed"], bill["amount_total"]) == (QUANTITY * PRICE, order["amount_total"])


def test_a_purchase_is_ordered_received_and_billed(buyer, accountant, backend):
    (model, *_others) = buyer.call("list_models", query="request for quotation")["models"]
    fields = buyer.call("describe_model", model=model["model"])["fields"]
    vendor = next(name for name, told in fields.items() if told.endswith(": Vendor"))
    (lines,) = (name for name, told in fields.items() if told.startswith("one2many purchase.order.line"))
    values = {vendor: VENDOR, lines: [LINE]}
    preview = buyer.call("preview_record", model=model["model"], values=values)
    assert "required_missing" not in preview
    order = buyer.call("create_record", model=model["model"], values=values)["id"]
    assert "Confirm Order" in buyer.call("list_actions", model="purchase.order", id=order)["buttons"]
    buyer.call("run_action", model="purchase.order", ids=[order], action="Confirm Order")
    receive(buyer, order)
    bill = create_bill(buyer, order)

    (model, *_others) = accountant.call("list_models", query="vendor bill")["models"]
    assert model["model"] == "account.move"
    accountant.call("update_record", model="account.move", id=bill, values={"invoice_date": YESTERDAY, "ref": "R-7"})
    (posted,) = accountant.call("run_action", model="account.move", ids=[bill], action="Confirm")["records"]
    assert posted["state"] == "posted"
    check_billed(backend, order, bill)


def test_wrong_names_are_put_right_by_what_the_errors_say(buyer, accountant, backend):
    values = {"supplyer": VENDOR, "order_lines": [LINE]}
    create = {"model": "purchase.ordr", "values": values}
    create["model"] = meant(buyer.fails("create_record", **create))
    error = buyer.fails("create_record", **create)
    assert "describe_model('purchase.order') lists them" in error
    described = buyer.call("describe_model", model="purchase.order")["fields"]
    vendor = next(name for name, told in described.items() if told.endswith(": Vendor"))
    values = {vendor: misspelled(VENDOR), "order_lines": [{**LINE, "product_id": misspelled(PRODUCT)}]}
    error = buyer.fails("create_record", model="purchase.order", values=values)
    lines = meant(error, "order_lines")
    values = {vendor: nearest_id(error, misspelled(VENDOR)), lines: values["order_lines"]}
    error = buyer.fails("create_record", model="purchase.order", values=values)
    values[lines] = [{**LINE, "product_id": nearest_id(error)}]
    order = buyer.call("create_record", model="purchase.order", values=values)["id"]

    run = {"model": "purchase.order", "ids": [order]}
    buyer.call("run_action", **run, action=meant(buyer.fails("run_action", **run, action="Order")))
    receive(buyer, order)
    bill = create_bill(buyer, order)
    error = accountant.fails("update_record", model="account.move", id=bill, values={"bill date": YESTERDAY})
    dated = meant(error)
    error = accountant.fails("update_record", model="account.move", id=bill, values={dated: "yesterday"})
    assert "a date such as '2026-01-31'" in error
    accountant.call("update_record", model="account.move", id=bill, values={dated: YESTERDAY})
    accountant.call("run_action", model="account.move", ids=[bill], action="Confirm")
    check_billed(backend, order, bill)


def test_whoever_may_not_confirm_a_bill_is_told_who_may(buyer, person, backend):
    order = ordered(buyer)
    receive(buyer, order)
    bill = create_bill(buyer, order)
    buyer.call("update_record", model="account.move", id=bill, values={"invoice_date": YESTERDAY})
    error = buyer.fails("run_action", model="account.move", ids=[bill], action="Confirm")
    assert "Bea Buyer lacks the right in Odoo" in error
    assert backend.row("account.move", bill, "state")["state"] == "draft"
    colleague = person(holders(error)[0], name="Cleo Colleague")
    colleague.call("run_action", model="account.move", ids=[bill], action="Confirm")
    check_billed(backend, order, bill)


def test_a_step_too_early_is_answered_with_the_step_before_it(buyer, accountant, backend):
    values = {"partner_id": VENDOR, "order_line": [LINE]}
    order = buyer.call("create_record", model="purchase.order", values=values)["id"]
    run = {"model": "purchase.order", "ids": [order]}
    is_18 = buyer.call("server_info")["odoo_version"] == "18.0"
    goods = "Receive Products" if is_18 else "Receive"
    error = buyer.fails("run_action", **run, action=goods)
    assert "present state" in error
    buyer.call("run_action", **run, action=next(one for one in listed(error, "now:") if one.startswith("Confirm")))
    (shipment,) = buyer.call("run_action", **run, action=goods)["opened"]["records"]
    assert shipment["state"] == "assigned"
    if is_18:  # 19.0 lets a bill come before the goods
        error = buyer.fails("run_action", **run, action="Create Bill")
        assert "received" in error, "it says what has to happen first"
    receive(buyer, order)
    bill = create_bill(buyer, order)

    run = {"model": "account.move", "ids": [bill], "action": "Confirm"}
    error = accountant.fails("run_action", **run)
    assert "date is required" in error
    described = accountant.call("describe_model", model="account.move")["fields"]
    (dated,) = (name for name, told in described.items() if told.startswith("date") and "Bill" in told)
    accountant.call("update_record", model="account.move", id=bill, values={dated: YESTERDAY})
    accountant.call("run_action", **run)
    error = accountant.fails("update_record", model="account.move", id=bill, values={dated: date.today().isoformat()})
    assert dated in error and "posted" in error
    check_billed(backend, order, bill)
