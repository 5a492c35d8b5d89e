from datetime import datetime

from odoo.tests import tagged

from .common import McpCase

OURS = ["ref", "=", "MCPTEST"]


@tagged("post_install", "-at_install")
class TestDomains(McpCase):
    def count(self, domain, model="res.partner"):
        return self.client.call("count_records", model=model, domain=domain)["count"]

    def refusal(self, domain, model="res.partner"):
        return self.client.failing("count_records", model=model, domain=domain)

    def test_conditions_that_follow_each_other_are_joined_by_and(self):
        self.assertEqual(self.count([OURS, ["city", "=", "Gent"]]), 10)
        self.assertEqual(self.count([OURS, "|", ["city", "=", "Gent"], ["city", "=", "Namur"]]), 20)
        self.assertEqual(self.count([OURS, "!", ["city", "=", "Gent"]]), 20)
        self.assertEqual(self.count(["&", OURS, "|", ["city", "=", "Gent"], ["city", "=", "Namur"]]), 20)

    def test_spellings_that_are_clear_are_understood(self):
        self.assertEqual(self.count(OURS), 30)
        self.assertEqual(self.count([OURS, ["city", "==", "Gent"]]), 10)
        self.assertEqual(self.count([OURS, ["city", "<>", "Gent"]]), 20)
        self.assertEqual(self.count([OURS, ["city", "ILIKE", "gent"]]), 10)
        self.assertEqual(self.count([OURS, ["street", "is", None]]), 30)
        self.assertEqual(self.count([OURS, ["id", "in", [str(self.partners[0].id)]]]), 1)

    def test_paths_are_followed_through_relations(self):
        self.partners[:4].country_id = self.env.ref("base.be")
        self.env.flush_all()
        self.assertEqual(self.count([OURS, ["country_id.code", "=", "BE"]]), 4)
        self.assertEqual(self.count([OURS, ["country_id", "any", [["code", "=", "BE"]]]]), 4)

    def test_each_wrong_condition_is_answered_with_what_is_right(self):
        cases = {
            "unknown field": ([["citi", "=", "x"]], "city"),
            "unknown field behind a dot": ([["country_id.cod", "=", "x"]], "code"),
            "a dot behind text": ([["city.name", "=", "x"]], "nothing behind the dot"),
            "unknown operator": ([["city", "likes", "x"]], "like"),
            "not searchable": ([["contact_address_inline", "=", "x"]], "cannot be searched"),
            "unknown selection value": ([["type", "=", "invoce"]], "invoice"),
            "one value after in": ([["city", "in", "Gent"]], "takes a list"),
            "a list after =": ([["city", "=", ["Gent"]]], "use 'in'"),
            "a name for an id": ([["country_id", "=", "Belgium"]], "name_search"),
            "text for a number": ([["color", ">", "blue"]], "whole number"),
            "text for a boolean": ([["active", "=", "perhaps"]], "true or false"),
            "no date": ([["create_date", ">", "last week"]], "2026-01-31"),
            "a huge id": ([["id", "=", 2**40]], "id"),
            "a leaf of two": ([["city", "="]], "is no condition"),
            "an operator too many": (["|", OURS], "ends too early"),
            "a stray word": (["or not", OURS], "is no condition"),
            "no list": ({"city": "Gent"}, "valid list"),
            "a file": ([["image_1920", "=", "x"]], "is a file"),
            "child_of without a relation": ([["city", "child_of", 3]], "does not take 'child_of'"),
            "any without a relation": ([["city", "any", [["name", "=", "x"]]]], "does not take 'any'"),
            "child_of without a hierarchy": ([["create_uid", "child_of", 1]], "has no hierarchy"),
            "an order of relations": ([["category_id", "<", 3]], "does not take '<'"),
            "text compared with a number": ([["color", "ilike", "3"]], "does not take 'ilike'"),
            "a file compared with text": ([["image_1920", "ilike", "x"]], "is a file"),
            "nothing compared by size": ([["color", ">", None]], "takes a value"),
            "a digit that is no number": ([["id", "=", "²"]], "whole number"),
            "thousands of digits": ([["country_id", "=", "9" * 900]], "id of a record"),
            "a pattern that ends in its escape": ([["name", "=like", "50%\\"]], "backslash"),
            "a path through what cannot be searched": ([["same_vat_partner_id.name", "=", "x"]], "cannot be searched"),
            "no id": ([["id", "=", False]], "takes a value"),
            "nothing among the ids": ([["child_ids", "in", [None]]], "takes a value"),
            "a list within a list": ([["type", "in", [["invoice"]]]], "single values"),
            "an object": ([["city", "=", {"a": 1}]], "single values"),
            "too many hops": ([["parent_id.parent_id.parent_id.parent_id.name", "=", "x"]], "relations"),
        }
        for what, (domain, hint) in cases.items():
            with self.subTest(what):
                self.assertIn(hint, self.refusal(domain))

    def test_a_field_that_cannot_be_searched_is_refused_rather_than_taken_as_true(self):
        total = self.env["res.users"].search_count([])
        self.assertGreater(total, 1)
        self.assertIn("does not exist", self.admin_client.failing(
            "count_records", model="res.users", domain=[["password", "=", "nonsense"]]
        ))  # fmt: skip
        model = self.env["res.partner"]
        unsearchable = [
            name for name, field in model._fields.items() if not field._description_searchable and not field.groups
        ]
        self.assertGreater(len(unsearchable), 5)
        for name in unsearchable:
            with self.subTest(field=name):
                self.assertIn("cannot be searched", self.refusal([[name, "=", "x"]]))

    def test_a_search_method_that_gives_up_is_the_clients_error_not_ours(self):
        field = self.env["res.partner"]._fields["phone_sanitized_blacklisted" if "phone_sanitized_blacklisted" in
                                                self.env["res.partner"]._fields else "is_blacklisted"]  # fmt: skip

        def giving_up(model, operator, value):
            raise NotImplementedError("this cannot be")

        self.patch(field, "search", giving_up)
        text = self.refusal([[field.name, "=", True]])
        self.assertIn(field.name, text)
        self.assertNotIn("this cannot be", text)

    def test_records_without_a_name_are_not_searched_by_one(self):
        self.assertIn("no name", self.admin_client.failing("name_search", model="mcp.settings", text="x"))
        self.assertIn("no name", self.admin_client.failing(
            "count_records", model="mcp.settings", domain=[["display_name", "ilike", "x"]]
        ))  # fmt: skip

    def test_a_relation_to_records_without_a_name_is_not_compared_with_text(self):
        self.patch(self.env["res.partner"]._fields["category_id"], "comodel_name", "mcp.settings")
        domain = [["category_id", "ilike", "x"]]
        self.assertIn("have no name", self.admin_client.failing("count_records", model="res.partner", domain=domain))

    def test_a_domain_in_json_text_is_read_as_strictly_as_the_message(self):
        for text in ('[["name","=","\\u0000"]]', '[["name","=","\\ud800"]]', "[" * 100_000, '[["color","=",NaN]]'):
            with self.subTest(text=text[:40]):
                self.assertIn("no valid JSON", self.refusal(text))

    def test_a_related_field_is_searched_only_if_each_hop_can_be(self):
        field = self.env["res.partner"]._fields["country_code"]
        self.assertEqual(self.count([OURS, ["country_code", "=", "BE"]]), 0)
        self.patch(field, "related", "contact_address_inline")
        self.assertIn("cannot be searched", self.refusal([["country_code", "=", "BE"]]))

    def test_size_and_depth_are_bounded(self):
        self.assertIn("200 conditions", self.refusal(["!"] * 5000 + [OURS]))
        self.assertIn("200 conditions", self.refusal(["|"] * 250 + [OURS] * 251))
        nested = [["name", "=", "x"]]
        for _level in range(9):
            nested = [["parent_id", "any", nested]]
        self.assertIn("levels deep", self.refusal(nested))
        self.assertIn("1,000 values", self.refusal([["id", "in", list(range(1, 1500))]]))
        self.assertIn("1,000 characters", self.refusal([["name", "ilike", "x" * 2000]]))

    def test_dates_without_offset_are_in_the_users_time_zone(self):
        self.user.tz = "Asia/Tokyo"
        partner = self.partners[0]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s", [datetime(2026, 3, 10, 15, 30), partner.id]
        )  # half past midnight of the 11th in Tokyo
        self.env.invalidate_all()
        only = ["id", "=", partner.id]
        self.assertEqual(self.count([only, ["create_date", ">=", "2026-03-11"]]), 1)
        self.assertEqual(self.count([only, ["create_date", "<=", "2026-03-10"]]), 0)
        self.assertEqual(self.count([only, ["create_date", "<=", "2026-03-11"]]), 1)
        self.assertEqual(self.count([only, ["create_date", ">", "2026-03-11"]]), 0)
        self.assertEqual(self.count([only, ["create_date", "<", "2026-03-10T16:00:00Z"]]), 1)
        self.assertEqual(self.count([only, ["create_date", "<", "2026-03-11T00:15:00"]]), 0)
