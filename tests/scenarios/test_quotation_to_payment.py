"""A customer orders three boxes: quotation, order, invoice, payment."""

import pytest
from assistant import holders, listed, meant, misspelled, nearest_id

PRODUCT, QUANTITY = "Cable Management Box", 3
LINE = {"product_id": PRODUCT, "product_uom_qty": QUANTITY}
FULL_INVOICE = [{"values": {"advance_payment_method": "Regular invoice"}}]


@pytest.fixture
def seller(person):
    return person("sales_team.group_sale_salesman", name="Sam Seller")


@pytest.fixture
def accountant(person):
    return person("account.group_account_invoice", name="Ada Accountant")


def the_invoice(answer):
    """The id of the invoice that an action opened."""
    (opened,) = answer["opened"]["records"]
    assert answer["opened"]["model"] == "account.move"
    return opened["id"]


def check_paid(backend, order_id, invoice_id, customer):
    order = backend.row("sale.order", order_id, "state", "invoice_status", "invoice_ids", "amount_total", "partner_id")
    assert (order["state"], order["invoice_status"], order["invoice_ids"]) == ("sale", "invoiced", [invoice_id])
    assert order["partner_id"][1] == customer
    (line,) = backend.rows("sale.order.line", [("order_id", "=", order_id)], "product_id", "qty_invoiced")
    assert PRODUCT in line["product_id"][1] and line["qty_invoiced"] == QUANTITY
    invoice = backend.row("account.move", invoice_id, "state", "payment_state", "amount_total", "amount_residual")
    assert invoice["state"] == "posted" and invoice["payment_state"] in ("paid", "in_payment")
    assert (invoice["amount_total"], invoice["amount_residual"]) == (order["amount_total"], 0)
    (payment,) = backend.rows("account.payment", [("memo", "=", invoice_name(backend, invoice_id))], "amount")
    assert payment["amount"] == order["amount_total"] > 0


def invoice_name(backend, invoice_id):
    return backend.row("account.move", invoice_id, "name")["name"]


def test_a_quotation_becomes_an_order_an_invoice_and_money(seller, accountant, customer, backend):
    (model, *_others) = seller.call("list_models", query="quotation")["models"]
    fields = seller.call("describe_model", model=model["model"])["fields"]
    buyer = next(name for name, told in fields.items() if told.endswith(": Customer"))
    (lines,) = (name for name, told in fields.items() if told.startswith("one2many sale.order.line"))
    columns = seller.call("describe_model", model="sale.order.line")["fields"]
    quantity = next(name for name, told in columns.items() if told.endswith(": Quantity"))

    values = {buyer: customer, lines: [{"product_id": PRODUCT, quantity: QUANTITY}]}
    tried = seller.call("create_record", model="sale.order", values=values, dry_run=True)
    assert tried["dry_run"] and not backend.rows("sale.order", [("name", "=", tried["name"])])
    order = seller.call("create_record", model="sale.order", values=values)["id"]
    assert "Confirm" in seller.call("list_actions", model="sale.order", id=order)["buttons"]
    (confirmed,) = seller.call("run_action", model="sale.order", ids=[order], action="Confirm")["records"]
    assert (confirmed["state"], confirmed["invoice_status"]) == ("sale", "to invoice")

    asked = seller.call("run_action", model="sale.order", ids=[order], action="Create Invoice")["wizard"]
    (kind,) = (name for name, told in asked["fields"].items() if told["type"] == "selection")
    assert "Regular invoice" in asked["fields"][kind]["choices"].values()
    assert not backend.row("sale.order", order, "invoice_ids")["invoice_ids"], "nothing is done before it is answered"
    wizard = [{"values": {kind: "Regular invoice"}}]
    invoice = the_invoice(
        seller.call("run_action", model="sale.order", ids=[order], action="Create Invoice", wizard=wizard)
    )

    (posted,) = accountant.call("run_action", model="account.move", ids=[invoice], action="Confirm")["records"]
    assert (posted["state"], posted["payment_state"]) == ("posted", "not_paid")
    asked = accountant.call("run_action", model="account.move", ids=[invoice], action="Pay")["wizard"]
    assert asked["fields"]["amount"]["value"] == backend.row("account.move", invoice, "amount_total")["amount_total"]
    accountant.call("run_action", model="account.move", ids=[invoice], action="Pay", wizard=[{}])
    check_paid(backend, order, invoice, customer)


def test_wrong_names_are_put_right_by_what_the_errors_say(seller, accountant, customer, backend):
    line = {"produkt": "Cable Mangement Boxes", "quantty": QUANTITY}
    values = {"customer": misspelled(customer), "lines": [line]}
    error = seller.fails("create_record", model="sale.order", values=values)
    lines = meant(error, "lines")
    values = {"customer": nearest_id(error, misspelled(customer)), lines: [line]}
    error = seller.fails("create_record", model="sale.order", values=values)
    product, quantity = meant(error, "produkt"), meant(error, "quantty")
    values[lines] = [{product: "Cable Mangement Boxes", quantity: QUANTITY}]
    values[lines][0][product] = nearest_id(seller.fails("create_record", model="sale.order", values=values))
    order = seller.call("create_record", model="sale.order", values=values)["id"]

    error = seller.fails("run_action", model="sale.order", ids=[order], action="Confrim")
    seller.call("run_action", model="sale.order", ids=[order], action=meant(error))
    run = {"model": "sale.order", "ids": [order], "action": "Create Invoice"}
    error = seller.fails("run_action", **run, wizard=[{"values": {"method": "Regular invoice"}}])
    field = listed(error, "It has:")[0]
    error = seller.fails("run_action", **run, wizard=[{"values": {field: "Regular"}}])
    choice = meant(error)
    invoice = the_invoice(seller.call("run_action", **run, wizard=[{"values": {field: choice}}]))

    accountant.call("run_action", model="account.move", ids=[invoice], action="Confirm")
    run = {"model": "account.move", "ids": [invoice]}
    action = next(
        label
        for label in listed(accountant.fails("run_action", **run, action="Register Payment"), "now:")
        if label == "Pay"
    )
    error = accountant.fails("run_action", **run, action=action, wizard=[{"values": {"jurnal": "Bank"}}])
    accountant.call("run_action", **run, action=action, wizard=[{"values": {meant(error): "Bank"}}])
    check_paid(backend, order, invoice, customer)


def test_whoever_may_not_invoice_is_told_who_may(seller, person, customer, backend):
    order = seller.call("create_record", model="sale.order", values={"partner_id": customer, "order_line": [LINE]})[
        "id"
    ]
    seller.call("run_action", model="sale.order", ids=[order], action="Confirm")
    invoice = the_invoice(
        seller.call("run_action", model="sale.order", ids=[order], action="Create Invoice", wizard=FULL_INVOICE)
    )
    error = seller.fails("run_action", model="account.move", ids=[invoice], action="Confirm")
    assert "Sam Seller lacks the right in Odoo" in error
    assert backend.row("account.move", invoice, "state")["state"] == "draft"
    colleague = person(holders(error)[0], name="Cleo Colleague")
    colleague.call("run_action", model="account.move", ids=[invoice], action="Confirm")
    colleague.call("run_action", model="account.move", ids=[invoice], action="Pay", wizard=[{}])
    check_paid(backend, order, invoice, customer)


def test_a_step_too_early_is_answered_with_the_step_before_it(seller, accountant, customer, backend):
    order = seller.call("create_record", model="sale.order", values={"partner_id": customer, "order_line": [LINE]})[
        "id"
    ]
    run = {"model": "sale.order", "ids": [order]}
    error = seller.fails("run_action", **run, action="Create Invoice", wizard=FULL_INVOICE)
    assert "present state" in error
    seller.call("run_action", **run, action=next(one for one in listed(error, "now:") if one == "Confirm"))
    invoice = the_invoice(seller.call("run_action", **run, action="Create Invoice", wizard=FULL_INVOICE))
    error = seller.fails("run_action", **run, action="Create Invoice", wizard=FULL_INVOICE)
    assert len(backend.row("sale.order", order, "invoice_ids")["invoice_ids"]) == 1, error
    accountant.call("run_action", model="account.move", ids=[invoice], action="Confirm")
    accountant.call("run_action", model="account.move", ids=[invoice], action="Pay", wizard=[{}])
    error = accountant.fails("run_action", model="account.move", ids=[invoice], action="Pay", wizard=[{}])
    assert "Credit Note" in error or "nothing left to pay" in error.lower(), error
    check_paid(backend, order, invoice, customer)
