"""Five cabinets are ordered, two go out today: delivery, backorder, the rest."""

import re

import pytest
from assistant import holders, listed, meant

ORDERED, NOW = 5, 2
SPLIT = {"Create Backorder?": {"button": "Create Backorder"}, "SMS": {"button": "Disable SMS"}}


@pytest.fixture
def seller(person):
    return person("sales_team.group_sale_salesman", name="Sam Seller")


@pytest.fixture
def worker(person):
    return person("stock.group_stock_user", name="Wim Warehouse")


@pytest.fixture
def order(seller, customer):
    """Sells something; name of the order."""

    def sell(product="Large Cabinet"):
        lines = [{"product_id": product, "product_uom_qty": ORDERED}]
        values = {"partner_id": customer, "order_line": lines}
        created = seller.call("create_record", model="sale.order", values=values)
        seller.call("run_action", model="sale.order", ids=[created["id"]], action="Confirm")
        return created["name"]

    return sell


def find_delivery(worker, order, **state):
    domain = [["origin", "=", order], *([name, "=", value] for name, value in state.items())]
    (picking,) = worker.call("search_records", model="stock.picking", domain=domain)["records"]
    return picking["id"]


def set_quantity(worker, picking, quantity):
    domain = [["picking_id", "=", picking]]
    (move,) = worker.call("search_records", model="stock.move", domain=domain, fields=["product_uom_qty"])["records"]
    values = {"move_ids": {"update": [{"id": move["id"], "quantity": quantity}]}}
    worker.call("update_record", model="stock.picking", id=picking, values=values)


def validate(worker, picking, answers=SPLIT):
    """Press Validate, and answer what Odoo asks by the title of the question: what was asked, and the state after."""
    asked, steps = [], []
    while True:
        arguments = {"model": "stock.picking", "ids": [picking], "action": "Validate", "wizard": steps}
        answer = worker.call("run_action", **arguments)
        if "wizard" not in answer:
            (picking,) = answer["records"]
            return asked, picking["state"]
        asked.append(answer["wizard"]["title"])
        assert answers[asked[-1]]["button"] in answer["wizard"]["buttons"]
        steps.append(answers[asked[-1]])


def check_split(backend, order, first):
    """Two of the five are at the customer, a backorder waits for the other three, and the order says so."""
    (delivered,) = backend.rows("stock.move", [("picking_id", "=", first)], "quantity", "state")
    assert (delivered["quantity"], delivered["state"]) == (NOW, "done")
    (backorder,) = backend.rows("stock.picking", [("backorder_id", "=", first)], "state", "move_ids", "sale_id")
    assert backorder["sale_id"][1] == order and backorder["state"] not in ("done", "cancel")
    (left,) = backorder["move_ids"]
    assert backend.row("stock.move", left, "product_uom_qty")["product_uom_qty"] == ORDERED - NOW
    (line,) = backend.rows("sale.order.line", [("order_id.name", "=", order)], "qty_delivered")
    assert line["qty_delivered"] == NOW
    return backorder["id"]


def test_what_is_not_there_yet_becomes_a_backorder_and_goes_out_later(worker, order, backend):
    name = order()
    (model, *_others) = worker.call("list_models", query="delivery")["models"]
    fields = worker.call("describe_model", model=model["model"])["fields"]
    assert {"origin", "state", "backorder_id"} <= set(fields)
    first = find_delivery(worker, name, state="assigned")
    assert "Validate" in worker.call("list_actions", model="stock.picking", id=first)["buttons"]
    set_quantity(worker, first, NOW)
    asked, state = validate(worker, first)
    assert (asked[0], state) == ("Create Backorder?", "done")
    backorder = check_split(backend, name, first)

    assert find_delivery(worker, name, backorder_id=first) == backorder
    asked, state = validate(worker, backorder)
    assert (asked, state) == ([], "done"), "all of it goes out, so nothing is asked"
    (line,) = backend.rows("sale.order.line", [("order_id.name", "=", name)], "qty_delivered")
    assert line["qty_delivered"] == ORDERED
    (sold,) = backend.rows("sale.order", [("name", "=", name)], "delivery_status")
    assert sold["delivery_status"] == "full"


def test_wrong_names_are_put_right_by_what_the_errors_say(worker, order, backend):
    name = order()
    search = {"model": "stock.picking", "domain": [["orign", "=", name], ["state", "=", "Ready"]]}
    search["domain"][0][0] = meant(worker.fails("search_records", **search))
    search["domain"][1][2] = meant(worker.fails("search_records", **search))
    (found,) = worker.call("search_records", **search)["records"]
    first = found["id"]

    domain = [["picking_id", "=", first]]
    (move,) = worker.call("search_records", model="stock.move", domain=domain)["records"]
    line = {"id": move["id"], "quantity_done": NOW}
    change = {"model": "stock.picking", "id": first}
    error = worker.fails("update_record", **change, values={"move_ids": [line]})
    assert '"update": [{"id": …}]' in error
    error = worker.fails("update_record", **change, values={"move_ids": {"update": [line]}})
    line = {"id": move["id"], meant(error): NOW}
    worker.call("update_record", **change, values={"move_ids": {"update": [line]}})

    run = {"model": "stock.picking", "ids": [first]}
    action = meant(worker.fails("run_action", **run, action="Validte"))
    error = worker.fails("run_action", **run, action=action, wizard=[{"button": "Make a backorder"}])
    button = next(one for one in listed(error, "It has:") if one.startswith("Create"))
    assert validate(worker, first, {**SPLIT, "Create Backorder?": {"button": button}})[1] == "done"
    check_split(backend, name, first)


def test_whoever_may_not_deliver_is_told_who_may(seller, worker, order, person, backend):
    name = order()
    first = find_delivery(worker, name)
    set_quantity(worker, first, NOW)
    (sold,) = backend.rows("sale.order", [("name", "=", name)], "picking_ids")
    for refused in (
        seller.fails("run_action", model="sale.order", ids=[sold["id"]], action="Delivery"),
        seller.fails("run_action", model="stock.picking", ids=[first], action="Validate"),
    ):
        assert "Sam Seller lacks the right in Odoo" in refused
        assert holders(refused) == ["Inventory / User"]
    assert backend.row("stock.picking", first, "state")["state"] == "assigned"
    colleague = person(holders(refused)[0], name="Cleo Colleague")
    assert validate(colleague, first)[1] == "done"
    check_split(backend, name, first)


def test_a_delivery_in_the_wrong_state_is_answered_with_what_to_do(worker, order, backend):
    name = order("[FURN_7777] Office Chair")
    first = find_delivery(worker, name, state="confirmed")
    error = worker.fails("run_action", model="stock.picking", ids=[first], action="Validate")
    # 18.0: "encode quantities", 19.0: "set some quantities"
    assert re.search("(encode|set some) quantities", error, re.IGNORECASE)
    set_quantity(worker, first, NOW)
    run = {"model": "stock.picking", "ids": [first], "action": "Validate"}
    error = worker.fails("run_action", **run, wizard=[SPLIT["Create Backorder?"]] * 3)
    assert "Nothing was done" in error or "call again" in error
    assert validate(worker, first)[1] == "done"
    backorder = check_split(backend, name, first)

    again = worker.call("run_action", **run)
    assert (again["note"], again["records"][0]["state"]) == ("Odoo changed nothing.", "done")
    error = worker.fails("run_action", model="stock.picking", ids=[first], action="Cancel")
    assert "Return" in listed(error, "now:")
    worker.call("run_action", model="stock.picking", ids=[backorder], action="Cancel")
    assert backend.row("stock.picking", backorder, "state")["state"] == "cancel"
