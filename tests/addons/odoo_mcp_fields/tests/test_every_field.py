import base64

from odoo.tests import tagged

from odoo.addons.odoo_mcp.tests.common import McpCase

RED = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
BLUE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestEveryField(McpCase):
    """Each type of field is written, tried, recorded and set back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.tags = cls.env["res.partner.category"].create([{"name": "Gold"}, {"name": "Silver"}])
        cls.parent = cls.env["every.field.parent"].create(
            {"name": "P", "definitions": [{"name": "aaaa000011112222", "type": "char", "string": "Colour"}]}
        )
        cls.old = {
            "boolean": False,
            "integer": 1,
            "float": 1.5,
            "precise": 1.2345,
            "monetary": 9.99,
            "char": "old",
            "title": "Old title",
            "text": "old\nlines",
            "html": "<p>Old <b>words</b></p>",
            "terms": "<p>Old terms</p>",
            "selection": "a",
            "date": "2026-01-31",
            "datetime": "2026-01-31 09:00:00",
            "partner_id": cls.partners[0].id,
            "tag_ids": [(6, 0, cls.tags[0].ids)],
            "reference": f"res.partner,{cls.partners[0].id}",
            "res_model": "res.partner",
            "res_id": cls.partners[0].id,
            "json": {"a": [1, 2]},
            "properties": {"aaaa000011112222": "red"},
            "per_company": "old of company",
            "file": base64.b64encode(b"old file"),
            "picture": RED,
            "suggested": 42,
        }
        cls.new = {
            "boolean": True,
            "integer": 2,
            "float": 2.5,
            "precise": 5.4321,
            "monetary": 1.11,
            "char": "new",
            "title": "New title",
            "text": "new\nlines",
            "html": "<p>New <i>words</i></p>",
            "terms": "<p>New terms</p>",
            "selection": "Option B",
            "date": "2026-02-28",
            "datetime": "2026-02-28T09:00:00Z",
            "partner_id": "Ground 01",
            "tag_ids": ["Silver"],
            "reference": {"model": "res.country", "id": cls.env.ref("base.be").id},
            "res_model": "res.country",
            "res_id": cls.env.ref("base.be").id,
            "json": {"b": None},
            "properties": {"aaaa000011112222": "blue"},
            "per_company": "new of company",
            "file": base64.b64encode(b"new file").decode(),
            "picture": BLUE,
            "suggested": 43,
        }

    def make(self):
        currency = self.env.ref("base.EUR")
        record = self.env["every.field"].create(
            {
                "name": "Everything",
                "parent_id": self.parent.id,
                "currency_id": currency.id,
                "line_ids": [(0, 0, {"name": "One", "quantity": 1}), (0, 0, {"name": "Two", "quantity": 2})],
                **self.old,
            }
        )
        record.with_context(lang="fr_FR").title = "Vieux titre"
        self.env.flush_all()
        self.env.invalidate_all()
        return record

    def values(self, record):
        self.env.invalidate_all()
        [values] = record.read([*self.old, "double"], load=None)
        files = {name: record[name] for name in ("file", "picture")}
        lines = [(line.name, line.quantity) for line in record.line_ids.sorted("name")]
        titles = {lang: record.with_context(lang=lang).title for lang in ("en_US", "fr_FR")}
        return {**values, **files, "lines": lines, "titles": titles}

    def call(self, tool, **arguments):
        answer = self.client.call(tool, **arguments)
        self.env.invalidate_all()
        return answer

    def test_times_without_an_offset_are_those_of_the_zone_of_the_call(self):
        record = self.make()
        values = {"model": "every.field", "id": record.id, "values": {"datetime": "2026-02-28 09:00"}}
        for context, stored in (
            ({"context": {"tz": "Asia/Tokyo"}}, "2026-02-28 00:00:00"),
            ({"context": {"tz": "America/New_York"}}, "2026-02-28 14:00:00"),
        ):
            tried = self.client.call("update_record", **values, **context, dry_run=True)
            self.assertIn("2026-02-28T09:00:00", str(tried["dry_run"]["changes"]))
            self.call("update_record", **values, **context)
            self.assertEqual(str(record.datetime), stored)

    def test_each_type_alone_is_written_and_set_back(self):
        record = self.make()
        before = self.values(record)
        self.assertGreaterEqual(len(self.old), 20)
        for name, value in self.new.items():
            with self.subTest(field=name):
                values = {name: value} if name not in ("res_model", "res_id") else {
                    "res_model": self.new["res_model"], "res_id": self.new["res_id"]
                }  # fmt: skip
                answer = self.call("update_record", model="every.field", id=record.id, values=values)
                self.assertNotEqual(self.values(record), before)
                undone = self.call("undo_change", change_id=answer["change_id"])
                self.assertNotIn("notes", undone)
                self.assertEqual(self.values(record), before)

    def test_all_types_together_are_written_and_set_back(self):
        record = self.make()
        before = self.values(record)
        one, two = record.line_ids.sorted("name")
        lines = {"add": [{"name": "Three"}], "update": [{"id": one.id, "quantity": 10}], "remove": [two.id]}
        answer = self.call("update_record", model="every.field", id=record.id, values={**self.new, "line_ids": lines})
        after = self.values(record)
        self.assertEqual(after["lines"], [("One", 10), ("Three", 0)])
        self.assertEqual([name for name in self.new if after[name] == before[name]], [])
        self.assertEqual((after["double"], after["suggested"]), (4, 43))
        undone = self.call("undo_change", change_id=answer["change_id"])
        self.assertEqual(self.values(record), before)
        self.assertRegex(" ".join(undone["notes"]), "^Two .* is back as id [0-9]+, was [0-9]+.$")

    def test_each_type_is_emptied_and_filled_again(self):
        record = self.make()
        before = self.values(record)
        empty = {name: None for name in self.new if name not in ("boolean", "suggested", "integer")}
        answer = self.call("update_record", model="every.field", id=record.id, values=empty)
        emptied = self.values(record)
        self.assertFalse(any(value.get("value") for value in emptied.pop("properties")))
        self.assertEqual([name for name in empty if emptied.get(name)], [])
        self.call("undo_change", change_id=answer["change_id"])
        self.assertEqual(self.values(record), before)

    def test_a_deleted_record_is_back_with_all_it_had(self):
        record = self.make()
        before = self.values(record)
        answer = self.call("delete_record", model="every.field", id=record.id)
        undone = self.call("undo_change", change_id=answer["change_id"])
        again = self.env["every.field"].search([("name", "=", "Everything")])
        self.assertNotEqual(again, record)
        after = self.values(again)
        self.assertEqual({**after, "id": None}, {**before, "id": None})
        self.assertIn(f"is back as id {again.id}, was {record.id}", " ".join(undone["notes"]))

    def test_a_created_record_goes_with_its_files_and_lines(self):
        values = {"name": "New", "line_ids": [{"name": "L"}], **self.new, "properties": None}
        answer = self.call("create_record", model="every.field", values=values)
        record = self.env["every.field"].browse(answer["id"])
        files = self.env["ir.attachment"].search([("res_model", "=", "every.field"), ("res_field", "!=", False)])
        self.assertTrue(files)
        self.call("undo_change", change_id=answer["change_id"])
        self.assertFalse(record.exists() or files.exists())

    def test_a_dry_run_tells_each_type_and_keeps_each(self):
        record = self.make()
        before = self.values(record)
        report = self.call("update_record", model="every.field", id=record.id, values=self.new, dry_run=True)["dry_run"]
        [change] = [change for change in report["changes"] if change["model"] == "every.field"]
        told = change["fields"]
        self.assertEqual(set(self.new) - told.keys(), {"file", "picture"})
        self.assertEqual(told["double"], [2, 4])
        self.assertEqual(told["partner_id"][1]["name"], "Ground 01")
        self.assertEqual(told["html"][1], "New words")
        self.assertEqual(self.values(record), before)
