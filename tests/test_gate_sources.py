"""What a field tells of records that the policy hides, and of which of them."""

from odoo.tests import tagged

from ..services.governance.field_sources import FieldSources
from .gate_common import OpenGateCase, line

IN_GENT = "[('city', '=', 'Gent')]"
CONTACTS_IN_GENT = line("res.partner", "read", domain=IN_GENT)
NONE_THERE = "[('id', '=', 0)]"


@tagged("post_install", "-at_install")
class TestGateSources(OpenGateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visible, cls.hidden = cls.partners[0], cls.partners[1]
        contact = {"city": "Gent", "type": "other"}
        cls.below_visible, cls.below_hidden, cls.alone = cls.env["res.partner"].create(
            [
                {**contact, "name": "Below a visible one", "parent_id": cls.visible.id},
                {**contact, "name": "Below a hidden one", "parent_id": cls.hidden.id},
                {**contact, "name": "Alone"},
            ]
        )

    def sources(self, gate, model, name):
        return gate.sources.of(gate.env[model], gate.env[model]._fields[name])

    def withheld(self, gate, records, name):
        records = gate.env[records._name].browse(records.ids)
        return gate.sources.withheld(records, records._fields[name])

    def test_a_policy_without_domains_hides_no_source(self):
        for lines in ((), (line("res.partner", "read", fields=["name"]), line("res.country"))):
            self.assertEqual(self.sources(self.open(*lines), "res.partner", "parent_name"), frozenset())

    def test_texts_and_related_fields_come_through_relations(self):
        gate = self.open(CONTACTS_IN_GENT)
        for model, name, expected in (
            ("res.partner", "email", set()),
            ("res.partner", "parent_id", set()),
            ("res.partner", "parent_name", {("parent_id",)}),
            ("res.partner", "commercial_partner_id", set()),  # a relation is judged by where it leads
            ("res.partner.bank", "country_code", {("partner_id",)}),
            ("res.partner.bank", "company_id", {("partner_id",)}),
            ("res.country", "display_name", set()),
        ):
            for _time in range(2):
                with self.subTest(model=model, name=name):
                    self.assertEqual(self.sources(gate, model, name), expected)
        self.assertLessEqual({("parent_id",)}, self.sources(gate, "res.partner", "complete_name"))

    def test_sources_behind_sources_are_found(self):
        gate = self.open(line("res.country", "read", domain=NONE_THERE))
        self.assertEqual(self.sources(gate, "res.partner", "country_code"), {("country_id",)})
        self.assertEqual(self.sources(gate, "res.partner.bank", "country_code"), {("partner_id", "country_id")})
        self.assertEqual(self.sources(gate, "res.partner", "parent_name"), frozenset())

    def test_names_that_begin_with_the_parents_name_come_to_an_end(self):
        gate = self.open(line("ir.ui.menu", "read", domain=NONE_THERE))
        self.assertEqual(self.sources(gate, "ir.ui.menu", "complete_name"), {("parent_id",)})

    def test_what_a_record_is_made_of_is_hidden_with_it_and_no_source(self):
        gate = self.open(CONTACTS_IN_GENT)
        self.assertEqual(self.sources(gate, "res.users", "email"), frozenset())
        self.assertEqual(self.sources(gate, "res.users", "parent_name"), {("partner_id", "parent_id")})

    def test_fields_with_hidden_sources_are_not_compared(self):
        gate = self.open(line("res.partner", "read", domain=IN_GENT, fields=["name", "parent_name"]))
        partner = gate.env["res.partner"]
        for name, compared in (("name", True), ("parent_name", False), ("email", False)):
            self.assertIs(gate.may_compare(partner, partner._fields[name]), compared, name)
        self.assertTrue(gate.limits_records("res.partner"))
        self.assertFalse(gate.limits_records("res.country"))

    def test_values_from_hidden_records_are_withheld_and_no_others(self):
        gate = self.open(CONTACTS_IN_GENT)
        records = self.below_visible | self.below_hidden | self.alone
        self.assertEqual(self.withheld(gate, records, "parent_name"), {self.below_hidden.id})
        self.assertEqual(self.withheld(gate, records, "email"), set())
        bank = self.env["res.partner.bank"].create({"acc_number": "1", "partner_id": self.hidden.id})
        self.assertEqual(self.withheld(gate, bank, "company_id"), {bank.id})

    def test_archived_records_are_no_hidden_ones(self):
        self.visible.active = False
        self.assertEqual(self.withheld(self.open(CONTACTS_IN_GENT), self.below_visible, "parent_name"), set())

    def test_a_hidden_grandparent_is_hidden_as_well(self):
        self.visible.parent_id = self.hidden
        gate = self.open(CONTACTS_IN_GENT)
        self.assertEqual(self.withheld(gate, self.below_visible, "parent_name"), {self.below_visible.id})

    def test_only_relations_to_the_same_model_have_ancestors(self):
        user = self.user
        self.assertEqual(FieldSources._with_ancestors(user, ("company_id",)), user)
        self.assertEqual(FieldSources._with_ancestors(user, ("no_field_of_users",)), user)
        below, above = self.below_visible, self.visible
        self.assertEqual(FieldSources._with_ancestors(below, ("parent_id",)), below | above)
