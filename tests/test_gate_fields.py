"""Which fields the gate shows and lets write, above all those that show what is kept elsewhere."""

from odoo.tests import tagged

from ..services.governance import gate as gate_module
from ..services.tools.errors import RefusedError, UnknownNameError
from .gate_common import EVERYTHING, OpenGateCase, line, without

BANK = "res.partner.bank"  # its bank_name shows the name of a res.bank, and writes it


@tagged("post_install", "-at_install")
class TestGateFields(OpenGateCase):
    def reads(self, gate, model, name):
        return gate.may_read_field(gate.env[model], gate.env[model]._fields[name])

    def assertReads(self, expected, model, name, *lines, **limits):
        gate = self.open(*lines, **limits)
        with self.subTest(model=model, name=name, lines=lines, **limits):
            self.assertIs(self.reads(gate, model, name), expected)
            self.assertIs(self.reads(gate, model, name), expected)  # from what was worked out before

    def test_a_field_is_read_when_nothing_speaks_against_it(self):
        for expected, lines in ((True, ()), (True, (line("res.partner", "read"),))):
            self.assertReads(expected, "res.partner", "email", *lines)
        self.assertReads(False, "res.partner", "email", line("res.partner", "read", fields=["name"]))
        self.assertReads(False, "res.users", "password", user=self.admin)
        self.patch(self.env["res.partner"]._fields["email"], "groups", "base.group_system")
        self.assertReads(False, "res.partner", "email")
        self.assertReads(True, "res.partner", "email", user=self.admin)

    def test_a_record_goes_by_its_name_where_the_field_it_is_made_of_may_be_read(self):
        self.assertReads(True, "res.country", "display_name", line("res.country", "read", fields=["name"]))
        self.assertReads(False, "res.country", "display_name", line("res.country", "read", fields=["code"]))
        self.assertReads(True, "res.country", "display_name", line("res.country", "read", fields=["display_name"]))
        self.assertReads(False, "res.country", "phone_code", line("res.country", "read", fields=["name"]))

    def test_a_field_that_shows_another_record_needs_that_record_to_be_open(self):
        named = line("res.bank", "read", fields=["name"])
        for expected, lines, others in (
            (True, (), True),
            (True, (line(BANK, "read"),), True),
            (False, (line(BANK, "read"),), False),
            (True, (line(BANK, "read", fields=["bank_name"]),), False),  # this very field was chosen
            (False, (line(BANK, "read"), line("res.bank")), True),
            (False, (line(BANK, "read", fields=["bank_name"]), line("res.bank")), True),
            (True, (line(BANK, "read"), named), False),
            (False, (line(BANK, "read"), line("res.bank", "read", fields=["bic"])), True),
            (True, (line(BANK, "read", fields=["bank_name"]), named), False),
        ):
            self.assertReads(expected, BANK, "bank_name", *lines, other_models=others)

    def test_a_field_that_shows_what_another_one_shows_goes_all_the_way(self):
        # the account's country_code is its contact's, which is the country's
        self.assertReads(True, BANK, "country_code")
        self.assertReads(False, BANK, "country_code", line("res.country"))
        self.assertReads(False, BANK, "country_code", line("res.partner"))
        chosen = line(BANK, "read", fields=["country_code"])
        self.assertReads(True, BANK, "country_code", chosen, other_models=False)
        self.assertReads(False, BANK, "country_code", chosen, line("res.country"), other_models=False)

    def test_what_a_record_is_made_of_is_shown_with_it(self):
        users = line("res.users", "read")
        self.assertReads(True, "res.users", "email", users, other_models=False)
        self.assertReads(True, "res.users", "country_code", users, other_models=False)
        self.assertReads(False, "res.users", "email", users, line("res.partner"), other_models=False)
        self.assertReads(False, "res.users", "email", line("res.partner", "read", fields=["name"]))

    def test_no_path_leads_through_what_is_withheld_from_everybody(self):
        self.patch(self.env[BANK]._fields["bank_bic"], "related", "create_uid.password")
        self.assertReads(False, BANK, "bank_bic", user=self.admin)
        self.patch(gate_module, "WITHHELD_MODELS", frozenset({"res.bank"}))
        self.assertReads(False, BANK, "bank_name", user=self.admin)

    def test_unknown_fields_are_answered_with_those_there_are(self):
        gate = self.open(line("res.country", "read", fields=["name", "phone_code"]))
        country = gate.env["res.country"]
        self.assertIs(gate.field(country, "phone_code"), country._fields["phone_code"])
        for name in ("phone_cod", "code"):
            with self.assertRaisesRegex(UnknownNameError, "describe_model"):
                gate.field(country, name)
        with self.assertRaises(UnknownNameError) as caught:
            gate.field(country, "phone_cod")
        self.assertIn("phone_code", str(caught.exception))
        self.assertLessEqual(set(gate.readable_fields(country)), {"id", "name", "phone_code", "display_name"})

    def test_what_odoo_keeps_itself_is_read_and_never_written(self):
        gate = self.open()
        partner = gate.env["res.partner"]
        for name in ("id", "create_uid", "write_date", "display_name"):
            with self.subTest(name), self.assertRaisesRegex(RefusedError, "kept by Odoo"):
                gate.writable_field(partner, name)
        self.assertIs(gate.writable_field(partner, "email"), partner._fields["email"])
        self.patch(gate_module, "field_is_accessible", lambda _model, _field, operation="read": operation == "read")
        with self.assertRaisesRegex(RefusedError, "not write it"):
            gate.writable_field(partner, "email")

    def writes(self, gate, model, name):
        return gate.writable_field(gate.env[model], name)

    def test_writing_through_a_field_takes_the_rights_to_where_it_is_written(self):
        admin = {"user": self.admin}
        self.assertTrue(self.writes(self.open(**admin), BANK, "bank_name"))
        with self.assertRaisesRegex(RefusedError, "You may not change records of res.bank"):
            self.writes(self.open(line("res.bank", *without("write")), **admin), BANK, "bank_name")
        self.patch(self.env[BANK]._fields["bank_name"], "readonly", True)
        self.assertTrue(self.writes(self.open(line("res.bank", *without("write")), **admin), BANK, "bank_name"))

    def test_writing_through_a_field_takes_the_field_it_is_written_to(self):
        self.assertTrue(self.writes(self.open(user=self.admin), BANK, "bank_bic"))
        self.patch(self.env["res.bank"]._fields["bic"], "groups", "base.group_no_one")
        self.patch(type(self.admin), "has_group", lambda _user, _group: False)
        self.patch(type(self.admin), "has_groups", lambda _user, _groups: False)
        with self.assertRaises(UnknownNameError):
            self.writes(self.open(user=self.admin), BANK, "bank_bic")

    def test_writing_what_a_record_is_made_of_takes_no_line_of_its_own(self):
        users = line("res.users", *EVERYTHING)
        self.assertTrue(self.writes(self.open(users, user=self.admin, other_models=False), "res.users", "email"))
        with self.assertRaisesRegex(RefusedError, "'email' is written to res.partner: this connection is read only"):
            self.writes(self.open(users, user=self.admin, scope="read_only"), "res.users", "email")
        closed = line("res.partner", *without("write"))
        with self.assertRaisesRegex(RefusedError, "You may not change records of res.partner"):
            self.writes(self.open(users, closed, user=self.admin), "res.users", "email")
        opened = line("res.partner", *EVERYTHING)
        self.assertTrue(self.writes(self.open(users, opened, user=self.admin), "res.users", "email"))
