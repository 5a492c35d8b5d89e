"""Three boxes were invoiced, one came back broken: invoice, credit note, what is left to pay."""

import pytest
from assistant import holders, listed, meant, misspelled, nearest_id

PRODUCT, PRICE, BOUGHT, BROKEN = "Cable Management Box", 100, 3, 1
LINE = {"product_id": PRODUCT, "quantity": BOUGHT, "price_unit": PRICE}
MODEL = {"model": "account.move"}
FIELDS = ("state", "move_type", "amount_untaxed", "amount_total", "amount_residual", "payment_state", "partner_id")


@pytest.fixture
def accountant(person):
    return person("account.group_account_invoice", name="Ada Accountant")


@pytest.fixture
def invoice_values(customer):
    return {"move_type": "Customer Invoice", "partner_id": customer, "invoice_line_ids": [LINE]}


def invoiced(accountant, values):
    """A posted invoice; its id."""
    invoice = accountant.call("create_record", **MODEL, values=values)["id"]
    accountant.call("run_action", **MODEL, ids=[invoice], action="Confirm")
    return invoice


def reverse(accountant, invoice):
    """A draft credit note over all of the invoice; its id."""
    wizard = [{"values": {"reason": "One is broken"}, "button": "Reverse"}]
    answer = accountant.call("run_action", **MODEL, ids=[invoice], action="Credit Note", wizard=wizard)
    (note,) = answer["opened"]["records"]
    assert note["state"] == "draft"
    return note["id"]


def only_line(accountant, note):
    (record,) = accountant.call("read_records", **MODEL, ids=[note], fields=["invoice_line_ids"])["records"]
    (line,) = record["invoice_line_ids"]
    return line


def credit_one(accountant, note):
    lines = {"update": [{"id": only_line(accountant, note), "quantity": BROKEN}]}
    accountant.call("update_record", **MODEL, id=note, values={"invoice_line_ids": lines})
    accountant.call("run_action", **MODEL, ids=[note], action="Confirm")


def check_credited(backend, invoice_id, note_id, quantity=BROKEN):
    """The note is posted, is this much of the invoice, and is taken off what is left to pay."""
    note = backend.row("account.move", note_id, *FIELDS, "reversed_entry_id")
    assert (note["state"], note["move_type"], note["reversed_entry_id"][0]) == ("posted", "out_refund", invoice_id)
    assert (note["amount_untaxed"], note["amount_residual"]) == (quantity * PRICE, 0)
    invoice = backend.row("account.move", invoice_id, *FIELDS)
    assert (invoice["state"], invoice["move_type"]) == ("posted", "out_invoice")
    assert invoice["amount_untaxed"] == BOUGHT * PRICE
    assert invoice["amount_residual"] == pytest.approx(invoice["amount_total"] - note["amount_total"])
    assert invoice["payment_state"] == ("reversed" if quantity == BOUGHT else "partial")
    assert invoice["partner_id"] == note["partner_id"]


def test_one_of_three_is_credited_and_the_rest_is_still_to_pay(accountant, customer, backend):
    (model, *_others) = accountant.call("list_models", query="customer invoice")["models"]
    assert (model["model"], model["new_records"]) == ("account.move", {"move_type": "out_invoice"})
    fields = accountant.call("describe_model", model="account.move")["fields"]
    (lines,) = (name for name, told in fields.items() if told.endswith(": Invoice lines"))
    values = {**model["new_records"], "partner_id": customer, lines: [LINE]}
    tried = accountant.call("create_record", **MODEL, values=values, dry_run=True)["dry_run"]
    assert any(change["fields"].get("amount_untaxed") == BOUGHT * PRICE for change in tried["changes"])
    invoice = accountant.call("create_record", **MODEL, values=values)["id"]
    accountant.call("run_action", **MODEL, ids=[invoice], action="Confirm")

    assert "Credit Note" in accountant.call("list_actions", **MODEL, id=invoice)["buttons"]
    asked = accountant.call("run_action", **MODEL, ids=[invoice], action="Credit Note")["wizard"]
    assert asked["fields"]["reason"]["label"].startswith("Reason") and "Reverse" in asked["buttons"]
    assert not backend.rows("account.move", [("reversed_entry_id", "=", invoice)], "name")
    note = reverse(accountant, invoice)
    credit_one(accountant, note)
    check_credited(backend, invoice, note)
    assert "One is broken" in backend.row("account.move", note, "ref")["ref"]


def test_wrong_names_are_put_right_by_what_the_errors_say(accountant, customer, backend):
    values = {"move_type": "Customer Invoise", "partner_id": misspelled(customer), "invoice_lines": [LINE]}
    error = accountant.fails("create_record", **MODEL, values=values)
    lines = meant(error, "invoice_lines")
    values = {
        "move_type": meant(error, "Customer Invoise"),
        "partner_id": nearest_id(error, misspelled(customer)),
        lines: [LINE],
    }
    invoice = accountant.call("create_record", **MODEL, values=values)["id"]
    run = {**MODEL, "ids": [invoice]}
    accountant.call("run_action", **run, action="Confirm")

    run["action"] = meant(accountant.fails("run_action", **run, action="Creditnote"))
    wizard = {"values": {"reson": "One is broken"}, "button": "Revers"}
    wizard["values"] = {meant(accountant.fails("run_action", **run, wizard=[wizard])): "One is broken"}
    wizard["button"] = meant(accountant.fails("run_action", **run, wizard=[wizard]))
    (note,) = accountant.call("run_action", **run, wizard=[wizard])["opened"]["records"]

    line = only_line(accountant, note["id"])
    change = {**MODEL, "id": note["id"]}
    error = accountant.fails("update_record", **change, values={"invoice_line_ids": [{"id": line, "qty": BROKEN}]})
    assert '"update": [{"id": …}]' in error
    lines = {"update": [{"id": line, "quantitiy": BROKEN}]}
    quantity = meant(accountant.fails("update_record", **change, values={"invoice_line_ids": lines}))
    lines = {"update": [{"id": line, quantity: BROKEN}]}
    accountant.call("update_record", **change, values={"invoice_line_ids": lines})
    accountant.call("run_action", **MODEL, ids=[note["id"]], action="Confirm")
    check_credited(backend, invoice, note["id"])


def test_whoever_may_not_credit_is_told_who_may(accountant, person, invoice_values, backend):
    seller = person("sales_team.group_sale_manager", name="Sam Seller")
    invoice = invoiced(accountant, invoice_values)
    error = seller.fails("run_action", **MODEL, ids=[invoice], action="Credit Note")
    assert "Sam Seller lacks the right in Odoo" in error
    assert not backend.rows("account.move", [("reversed_entry_id", "=", invoice)], "name")
    colleague = person(holders(error)[0], name="Cleo Colleague")
    note = reverse(colleague, invoice)
    credit_one(colleague, note)
    check_credited(backend, invoice, note)


def test_an_invoice_in_the_wrong_state_is_answered_with_what_to_do(accountant, invoice_values, backend):
    invoice = accountant.call("create_record", **MODEL, values=invoice_values)["id"]
    run = {**MODEL, "ids": [invoice]}
    error = accountant.fails("run_action", **run, action="Credit Note")
    assert "present state" in error
    first, *_others = listed(error, "now:")
    accountant.call("run_action", **run, action=first)
    error = accountant.fails("update_record", **MODEL, id=invoice, values={"partner_id": "Wood Corner"})
    assert "partner_id" in error or "Customer" in error or "posted" in error
    assert backend.row("account.move", invoice, "partner_id")["partner_id"][1] == invoice_values["partner_id"]
    note = reverse(accountant, invoice)
    accountant.call("run_action", **MODEL, ids=[note], action="Confirm")
    check_credited(backend, invoice, note, quantity=BOUGHT)
    error = accountant.fails("run_action", **run, action="Pay", wizard=[{}])
    assert "nothing left to pay" in error.lower() or "present state" in error
    error = accountant.fails("delete_record", **MODEL, id=note)
    assert "reconciled" in error or "posted" in error
    check_credited(backend, invoice, note, quantity=BOUGHT)
