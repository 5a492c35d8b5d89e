"""Which files, messages and activities the policy leaves, by the documents they belong to."""

from odoo.tests import tagged

from ..services.governance import call_rules
from .gate_common import EVERYTHING, OpenGateCase, line, without

PARTNER, COUNTRY = "res.partner", "res.country"


@tagged("post_install", "-at_install")
class TestGateDocuments(OpenGateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.country = cls.env[COUNTRY].search([], limit=1)
        cls.documents = {PARTNER: cls.partners[0].id, COUNTRY: cls.country.id, "res.bank": 1, False: False}

    def rules(self, *lines, **limits):
        return call_rules.CallRules(self.env.registry, self.caller(*lines, **limits))

    def left(self, records, *lines, **limits):
        """Those of ``records`` that the domain of the policy leaves."""
        domain = self.rules(*lines, **limits).domain(records._name)
        self.env.flush_all()
        return self.env[records._name].sudo().search([("id", "in", records.ids), *domain])

    def linked(self):
        """Records of each kind that belong to documents: by kind, the names of the models and the records."""
        activity_type = self.env.ref("mail.mail_activity_data_todo")
        files = self.env["ir.attachment"].create(
            [{"name": "x", "res_model": model, "res_id": res_id} for model, res_id in self.documents.items()]
        )
        messages = self.env["mail.message"].create(
            [{"body": "x", "model": model, "res_id": res_id} for model, res_id in self.documents.items()]
        )
        activities = self.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get(PARTNER).id,
                    "res_id": self.partners[0].id,
                    "activity_type_id": activity_type.id,
                }
            ]
        )
        return ((files, "res_model"), (messages, "model"), (activities, "res_model"))

    def test_what_belongs_to_closed_models_is_closed(self):
        for records, named in self.linked():
            models = set(records.mapped(named))
            for lines, limits, hidden in (
                ((), {}, set()),
                ((line(PARTNER, *EVERYTHING),), {}, set()),
                ((line(PARTNER),), {}, {PARTNER}),
                ((line(PARTNER, *without("read")),), {}, {PARTNER}),
                ((line(PARTNER), line(COUNTRY)), {}, {PARTNER, COUNTRY}),
                ((line(PARTNER, "read"), line(COUNTRY)), {}, {COUNTRY}),
                ((line(PARTNER, "read"),), {"other_models": False}, {COUNTRY, "res.bank"}),
                ((line(COUNTRY, "read"), line(PARTNER)), {"other_models": False}, {PARTNER, "res.bank"}),
                ((), {"other_models": False}, {PARTNER, COUNTRY, "res.bank"}),
            ):
                with self.subTest(kind=records._name, lines=lines, **limits):
                    left = self.left(records, *lines, **limits)
                    self.assertEqual(set(left.mapped(named)), models - hidden)

    def test_what_odoo_leaves_at_closed_documents_in_a_write_is_not_limited(self):
        rules = self.rules(line(PARTNER), companies=frozenset({1}))
        for model in ("ir.attachment", "mail.message", "res.company"):
            for operation in ("create", "write", "unlink"):
                self.assertEqual(rules.domain(model, operation), [])
            self.assertNotEqual(rules.domain(model, "read"), [])
            self.assertEqual(rules.domain(model), rules.domain(model, "read"))

    def test_fields_that_cannot_say_which_document_they_mean_limit_nothing(self):
        rules = self.rules(line(PARTNER))
        # the document of a mail is not stored with it, but with its message
        self.assertEqual([leaf[0] for leaf in rules.domain("mail.mail")], ["mail_message_id"])
        self.patch(self.env["ir.attachment"]._fields["res_id"], "model_field", None)
        self.assertEqual(self.rules(line(PARTNER)).domain("ir.attachment"), [])

    def test_files_behind_fields_are_as_open_as_the_fields(self):
        files = self.env["ir.attachment"].create(
            [
                {"name": f"{model} {field}", "res_model": model, "res_field": field, "res_id": self.documents[model]}
                for model, field in (
                    (PARTNER, False),
                    (PARTNER, "image_1920"),
                    (PARTNER, "image_128"),
                    (COUNTRY, "image_128"),
                )
            ]
        )
        for lines, hidden in (
            ((line(PARTNER, "read"),), set()),
            ((line(PARTNER, "read", fields=["name", "image_1920"]),), {"res.partner image_128"}),
            ((line(PARTNER, "read", fields=[]),), {"res.partner image_128", "res.partner image_1920"}),
            (
                (line(PARTNER, "read", fields=["image_128"]), line(COUNTRY, "read", fields=["code"])),
                {"res.partner image_1920", "res.country image_128"},
            ),
        ):
            with self.subTest(lines):
                left = self.left(files, *lines, line("res.bank", "read", domain="[('id', '=', 1)]"))
                self.assertEqual(set(files.mapped("name")) - set(left.mapped("name")), hidden)

    def test_public_files_of_limited_documents_are_not_shown_on_their_own(self):
        files = self.env["ir.attachment"].create(
            [
                {"name": f"{model} {public}", "res_model": model, "res_id": self.documents[model], "public": public}
                for model in (PARTNER, COUNTRY)
                for public in (True, False)
            ]
        )
        for lines, hidden in (
            ((line(PARTNER, "read"), line(COUNTRY, "read")), set()),
            ((line(PARTNER, "read", domain="[('id', '=', 1)]"),), {"res.partner True"}),
        ):
            left = self.left(files, *lines)
            self.assertEqual(set(files.mapped("name")) - set(left.mapped("name")), hidden)

    def test_companies_are_those_of_the_connection(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        both = self.env.company | other
        self.assertEqual(self.left(both, companies=frozenset(other.ids)), other)
        self.assertEqual(self.left(both), both)
        self.assertEqual(self.rules(companies=frozenset(other.ids)).domain(PARTNER), [])

    def test_records_are_limited_with_those_they_are_made_of(self):
        self.user.partner_id.city, self.admin.partner_id.city = "Gent", "Brugge"
        in_gent = line(PARTNER, "read", domain="[('city', '=', 'Gent')]")
        self.assertEqual(self.left(self.user | self.admin, in_gent), self.user)
        for operation in EVERYTHING:
            self.assertNotEqual(self.rules(in_gent).domain("res.users", operation), [])
        self.patch(self.env["res.users"]._fields["partner_id"], "store", False)
        self.assertEqual(self.rules(in_gent).domain("res.users"), [])

    def test_a_domain_holds_for_every_operation_and_its_own_model(self):
        rules = self.rules(line(PARTNER, *EVERYTHING, domain="[('city', '=', 'Gent')]"), line(COUNTRY, *EVERYTHING))
        for operation in EVERYTHING:
            self.assertEqual(rules.domain(PARTNER, operation), [("city", "=", "Gent")])
            self.assertEqual(rules.domain(COUNTRY, operation), [])
            self.assertEqual(rules.domain("no.model", operation), [])

    def test_a_domain_that_cannot_be_evaluated_shows_nothing(self):
        rules = self.rules(line(PARTNER, "read", domain="[('city', '=', nobody)]"))
        with self.assertLogs(call_rules.__name__, "ERROR"):
            self.assertEqual(rules.domain(PARTNER), call_rules.NOTHING)
