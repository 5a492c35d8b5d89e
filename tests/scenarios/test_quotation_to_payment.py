"""Quotation, order, invoice, payment."""

import pytest

SELLER = ("sales_team.group_sale_salesman",)


@pytest.fixture
def seller(person):
    return person(*SELLER, name="Sam Seller")


def test_first(seller, backend):
    order = seller.call(
        "create_record",
        model="sale.order",
        values={"partner_id": "Deco Addict", "order_line": {"add": [{"product_id": "[FURN_7777] Office Chair"}]}},
    )
    assert backend.row("sale.order", order["id"], "state")["state"] == "draft"
