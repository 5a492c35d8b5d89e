from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..services.records import querying, reading
from .common import McpCase

OURS = [["ref", "=", "MCPTEST"]]


@tagged("post_install", "-at_install")
class TestReadRecords(McpCase):
    def search(self, **arguments):
        return self.client.call("search_records", **{"model": "res.partner", "domain": OURS, **arguments})

    def test_a_search_reads_the_asked_fields_in_the_asked_order(self):
        result = self.search(fields=["name", "city"], order="name desc", limit=2)
        self.assertEqual(
            result["records"],
            [
                {"id": self.partners[29].id, "name": "Ground 29", "city": "Namur"},
                {"id": self.partners[28].id, "name": "Ground 28", "city": "Brugge"},
            ],
        )
        self.assertEqual(result["shown"], "1-2 of 30")

    def test_a_field_that_odoo_refuses_to_work_out_does_not_take_the_others_with_it(self):
        def compute(partners):
            raise AccessError(partners.env._("It is made of a field that groups hide."))

        with patch.object(self.env.registry["res.partner"], "_compute_contact_address", compute):
            result = self.search(fields=["name", "contact_address", "city"], limit=1, order="name")
        self.assertEqual(result["records"], [{"id": self.partners[0].id, "name": "Ground 00", "city": "Gent"}])
        self.assertIn("of fields you may not read: contact_address.", result["notes"][0])

    def test_pages_follow_each_other_until_all_were_seen_once(self):
        seen, cursor = [], None
        for _page in range(10):
            result = self.search(fields=["name"], order="name", limit=7, **({"cursor": cursor} if cursor else {}))
            seen += [record["name"] for record in result["records"]]
            cursor = result.get("next_cursor")
            if not cursor:
                break
        self.assertEqual(seen, [f"Ground {number:02}" for number in range(30)])

    def test_a_cursor_of_another_search_is_refused(self):
        cursor = self.search(limit=7)["next_cursor"]
        text = self.client.failing("search_records", model="res.partner", domain=[], cursor=cursor)
        self.assertIn("another search", text)
        self.assertIn("not valid", self.client.failing("search_records", model="res.partner", cursor="!!!"))

    def test_without_fields_those_of_the_list_view_are_read(self):
        record = self.search(limit=1)["records"][0]
        self.assertIn("email", record)
        self.assertTrue({"name", "complete_name"} & set(record))
        self.assertFalse({"image_1920", "message_ids", "comment"} & set(record))

    def test_values_are_compact_and_json_ready(self):
        country = self.env.ref("base.be")
        partner = self.partners[0]
        partner.write({"country_id": country.id, "comment": "<p>Hello <b>you</b></p>", "active": True})
        record = self.client.call(
            "read_records",
            model="res.partner",
            ids=[partner.id],
            fields=[
                "country_id",
                "comment",
                "active",
                "street",
                "child_ids",
                "partner_latitude",
                "create_date",
                "color",
            ],
        )["records"][0]
        self.assertEqual(record["country_id"], {"id": country.id, "name": "Belgium"})
        self.assertEqual(record["comment"], "Hello *you*")
        self.assertIs(record["active"], True)
        self.assertNotIn("street", record)
        self.assertEqual(record["partner_latitude"], 0)
        self.assertRegex(record["create_date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")

    def test_datetimes_are_in_the_users_time_zone(self):
        self.user.tz = "America/New_York"
        self.env.flush_all()
        record = self.client.call(
            "read_records", model="res.partner", ids=[self.partners[0].id], fields=["create_date"]
        )
        self.assertRegex(record["records"][0]["create_date"], r"-0[45]:00$")

    def test_a_binary_is_told_by_its_size(self):
        pixel = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        self.partners[0].image_1920 = pixel
        record = self.client.call("read_records", model="res.partner", ids=self.partners[:1].ids, fields=["image_1920"])
        self.assertRegex(record["records"][0]["image_1920"], r"^\(binary, .+\)$")

    def test_relations_to_records_the_user_may_not_read_are_left_out_and_named(self):
        field = self.env["res.partner"]._fields["category_id"]
        self.patch(field, "comodel_name", "ir.cron")
        result = self.client.call(
            "read_records", model="res.partner", ids=self.partners[:1].ids, fields=["name", "category_id"]
        )
        self.assertEqual(set(result["records"][0]), {"id", "name"})
        self.assertIn("category_id", result["notes"][0])

    def test_fields_computed_from_files_are_read_with_the_files(self):
        attachment = self.env["ir.attachment"].create({"name": "x.txt", "raw": b"hello", "public": True})
        fields = list(self.client.call("describe_model", model="ir.attachment", all_fields=True)["fields"])
        for start in range(0, len(fields), 50):
            record = self.client.call(
                "read_records", model="ir.attachment", ids=attachment.ids, fields=fields[start : start + 50]
            )["records"][0]
            self.assertNotIn("hello", str(record.get("raw")))

    def test_html_and_numbers_that_are_none_do_not_break_the_answer(self):
        partner = self.partners[0]
        for html, text in {"<!-- a -->": "", "<?xml version='1.0' encoding='utf-8'?><p>a</p>": "a"}.items():
            self.env.cr.execute("UPDATE res_partner SET comment = %s WHERE id = %s", [html, partner.id])
            self.env.invalidate_all()
            record = self.client.call("read_records", model="res.partner", ids=[partner.id], fields=["comment"])
            self.assertEqual(record["records"][0].get("comment", ""), text)
        self.env.cr.execute("UPDATE res_partner SET partner_latitude = 'NaN' WHERE id = %s", [partner.id])
        self.env.invalidate_all()
        record = self.client.call("read_records", model="res.partner", ids=[partner.id], fields=["partner_latitude"])
        self.assertEqual(record["records"][0]["partner_latitude"], "nan")

    def test_long_texts_are_cut_in_lists_and_whole_when_read(self):
        self.partners[0].comment = "x" * 5000
        self.env.flush_all()
        listed = self.search(fields=["comment"], order="name", limit=1)
        self.assertIn("cut, 5000 characters", listed["records"][0]["comment"])
        self.assertIn("comment", listed["notes"][0])
        whole = self.client.call("read_records", model="res.partner", ids=[self.partners[0].id], fields=["comment"])
        self.assertEqual(whole["records"][0]["comment"], "x" * 5000)

    def test_an_answer_that_grows_too_large_is_cut_with_advice_and_goes_on(self):
        self.patch(reading, "LONGEST_ANSWER", 600)
        result = self.search(fields=["name", "email", "city"], order="name")
        self.assertLess(len(result["records"]), 20)
        self.assertIn("Narrow it", result["notes"][0])
        following = self.search(fields=["name"], order="name", cursor=result["next_cursor"])
        self.assertEqual(following["records"][0]["name"], f"Ground {len(result['records']):02}")

    def test_no_call_returns_more_rows_than_the_settings_allow(self):
        self.settings.max_rows = 5
        self.env.flush_all()
        self.assertEqual(len(self.search(limit=1000)["records"]), 5)
        self.assertEqual(
            len(self.client.call("read_records", model="res.partner", ids=self.partners.ids)["records"]), 5
        )

    def test_the_total_is_exact_up_to_the_cap_and_then_said_to_be_more(self):
        self.patch(querying, "COUNT_CAP", 10)
        self.assertEqual(self.search(limit=3)["shown"], "1-3 of more than 10")
        self.assertEqual(self.client.call("count_records", model="res.partner", domain=OURS)["count"], 30)

    def test_records_that_do_not_exist_are_named_as_missing(self):
        gone = self.partners[3]
        gone.unlink()
        result = self.client.call(
            "read_records", model="res.partner", ids=[self.partners[0].id, gone.id], fields=["name"]
        )
        self.assertEqual([record["name"] for record in result["records"]], ["Ground 00"])
        self.assertEqual(result["missing"], [gone.id])

    def test_a_wrong_field_name_is_answered_with_the_right_one(self):
        self.assertIn("Did you mean name", self.client.failing("search_records", model="res.partner", fields=["nme"]))
        self.assertIn("country_id", self.client.failing("search_records", model="res.partner", fields=["country"]))
        self.assertIn("path", self.client.failing("search_records", model="res.partner", fields=["country_id.code"]))

    def test_a_wrong_order_is_answered_with_what_is_right(self):
        self.assertIn("name", self.client.failing("search_records", model="res.partner", order="nam desc"))
        self.assertIn("desc", self.client.failing("search_records", model="res.partner", order="name descending"))
        self.assertIn("computed", self.client.failing("search_records", model="res.partner", order="contact_address"))
        self.assertIn("computed", self.client.failing("search_records", model="res.users", order="image_1920"))
        self.assertIn("comma", self.client.failing("search_records", model="res.partner", order="name, ,id"))
        self.assertTrue(self.client.call("search_records", model="res.users", order="email desc")["records"])

    def test_names_are_found_as_the_search_boxes_find_them(self):
        found = self.client.call("name_search", model="res.partner", text="Ground 07")
        self.assertEqual(found["matches"], [{"id": self.partners[7].id, "name": "Ground 07"}])

    def test_ids_out_of_range_and_of_wrong_type_are_refused_before_the_database(self):
        for ids in ([0], [-1], [2**40], ["x"], [1.5], [], [True]):
            with self.subTest(ids=ids):
                self.assertIn("ids", self.client.failing("read_records", model="res.partner", ids=ids))
