"""What somebody probably meant."""

import time

import pytest
from odoo_mcp.services.text.nearest import nearest

PARTNER_FIELDS = [
    ("id", "ID"),
    ("name", "Name"),
    ("email", "Email"),
    ("phone", "Phone"),
    ("country_id", "Country"),
    ("user_id", "Salesperson"),
    ("ref", "Reference"),
    ("vat", "Tax ID"),
    ("create_date", "Created on"),
    ("title", ""),
    ("date", "Date"),
    ("invoice_date", "Invoice/Bill Date"),
]


@pytest.mark.parametrize(
    ("wanted", "best"),
    [
        ("nme", "name"),
        ("Name", "name"),
        ("e_mail", "email"),
        ("country", "country_id"),
        ("countryid", "country_id"),
        ("salesperson", "user_id"),
        ("Tax ID", "vat"),
        ("reference", "ref"),
        ("created_on", "create_date"),
        ("date_create", "create_date"),
        ("bill date", "invoice_date"),
        ("Created-On", "create_date"),
    ],
)
def test_typos_swapped_words_and_labels_find_the_field(wanted, best):
    assert nearest(wanted, PARTNER_FIELDS)[0] == best


@pytest.mark.parametrize("wanted", ["", "zzzzzz", "_", "id_"])
def test_nothing_alike_offers_nothing_misleading(wanted):
    assert [name for name in nearest(wanted, PARTNER_FIELDS) if name != "id"] == []


def test_a_name_of_a_hundred_thousand_characters_costs_no_more_than_a_long_one():
    started = time.perf_counter()
    nearest("a_" * 60_000, [(f"field_{number}", f"Field {number}") for number in range(200)])
    assert time.perf_counter() - started < 1


def test_the_best_comes_first_and_there_are_at_most_three():
    known = ["res.partner", "res.partner.bank", "res.partner.title", "res.partner.category"]
    assert nearest("res.partnr", known) == ["res.partner", "res.partner.bank", "res.partner.title"]
    assert nearest("res.partnr", known, count=1) == ["res.partner"]
