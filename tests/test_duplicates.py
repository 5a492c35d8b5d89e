from odoo.tests import tagged

from ..services.records import duplicates
from .common import McpCase, let_write_partners


@tagged("post_install", "-at_install")
class TestDuplicates(McpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        let_write_partners(cls.user)

    def contact(self, name, **values):
        return self.env["res.partner"].create({"name": name, **values})

    def groups(self, **arguments):
        """The ids of each group, by what they have in common."""
        found = self.client.call("find_duplicates", **arguments)["groups"]
        return [(group["same"], {record["id"] for record in group["records"]}) for group in found]

    def among(self, contacts, **arguments):
        return self.groups(domain=[["id", "in", contacts.ids]], **arguments)

    # ------------------------------------------------------------------ finding

    def test_the_same_however_it_is_written(self):
        pairs = {
            "email": ("Kim <Kim@Example.org>", "kim@example.org"),
            "phone": ("+32 (0)2 555 12 34", "02/555.12.34"),
            "vat": ("BE 0477.47.27.01", "BE0477472701"),
            "name": ("Müller & Sons GmbH", "Sons and Muller"),
        }
        for field, (one, other) in pairs.items():
            with self.subTest(field):
                names = {"name": "Kim Peeters"} if field == "phone" else {}
                first = self.contact(**{"name": "Kim Peeters", **names, field: one})
                second = self.contact(**{"name": "Peeters" if field == "phone" else "Somebody", field: other})
                [(same, ids)] = self.among(first + second)
                self.assertIn(field, same)
                self.assertEqual(ids, {first.id, second.id})

    def test_what_is_shared_by_others_joins_them_into_one_group_the_likeliest_first(self):
        a = self.contact("Ann Accord", email="ann@example.org", phone="0470 12 34 56")
        b = self.contact("Ann A.", email="ann@example.org")
        c = self.contact("A. Accord", phone="+32470123456")
        x, y = self.contact("Xavier Xylo"), self.contact("xavier  XYLO")
        [(first, people), (second, namesakes)] = self.among(a + b + c + x + y)
        self.assertEqual((set(first), people), ({"email", "phone"}, set((a + b + c).ids)))
        self.assertEqual((second, namesakes), (["name"], {x.id, y.id}))

    def test_a_company_is_not_taken_for_its_people_nor_colleagues_for_each_other(self):
        company = self.contact("Acme", is_company=True, email="info@acme.example", phone="02 555 00 00", vat="X1")
        ann = self.contact("Ann", parent_id=company.id, email="info@acme.example", phone="02 555 00 00")
        bob = self.contact("Bob", parent_id=company.id, phone="02 555 00 00")
        self.assertEqual(self.among(company + ann + bob), [])

    def test_what_everybody_has_says_nothing_and_is_noted(self):
        self.patch(duplicates, "MOST_SHARING", 3)
        people = self.env["res.partner"].create([{"name": f"P{n} Q{n}", "email": "all@x.example"} for n in range(4)])
        answer = self.client.call("find_duplicates", domain=[["id", "in", people.ids]])
        self.assertEqual(answer["groups"], [])
        self.assertIn("4 records share email all@x.example", answer["notes"][0])

    def test_fields_can_be_chosen_and_wrong_ones_are_explained(self):
        a, b = self.contact("A", city="Gent"), self.contact("B", city="GENT")
        self.assertEqual(self.among(a + b, by=["city"]), [(["city"], {a.id, b.id})])
        self.assertIn("Did you mean email", self.client.failing("find_duplicates", by=["emial"]))
        self.assertIn("cannot be compared", self.client.failing("find_duplicates", by=["country_id"]))

    def test_only_what_the_connection_may_see_is_compared_and_told(self):
        seen = self.contact("Ann Accord", email="ann@example.org", city="Gent")
        hidden = self.contact("Ann Accord", email="ann@example.org", city="Brugge")
        model = self.env["ir.model"]._get("res.partner").id
        access = {"connection_id": self.connection.id, "model_id": model, "domain": "[('city', '=', 'Gent')]"}
        self.env["mcp.connection.model.access"].create(access)
        self.assertEqual(self.among(seen + hidden), [])

    # ------------------------------------------------------------------ merging them

    def merge(self, kept, *others):
        ids = [kept.id, *(other.id for other in others)]
        wizard = [{"values": {"dst_partner_id": kept.id}}]
        return {"model": "res.partner", "ids": ids, "action": "Merge", "wizard": wizard}

    def test_a_merge_moves_what_refers_to_the_contact_and_is_undone(self):
        kept, other = self.contact("Ann", email="a@x.example"), self.contact("Ann A.", email="a@x.example", city="Gent")
        child = self.contact("Child", parent_id=other.id)
        account = self.env["res.partner.bank"].create({"acc_number": "BE71 0961 2345 6769", "partner_id": other.id})
        self.env["ir.model.data"].create(
            {"name": "ann", "module": "__import__", "model": "res.partner", "res_id": other.id}
        )
        answer = self.client.call("run_action", **self.merge(kept, other))
        self.env.invalidate_all()
        self.assertFalse(other.exists())
        self.assertEqual((child.parent_id, account.partner_id, kept.city), (kept, kept, "Gent"))
        self.assertEqual(self.env.ref("__import__.ann"), kept)

        undone = self.client.call("undo_change", change_id=answer["change_id"])
        self.env.invalidate_all()
        back = child.parent_id
        self.assertEqual((back.name, account.partner_id, kept.city), ("Ann A.", back, False))
        self.assertNotEqual(back, kept)
        self.assertTrue(any(f"is back as id {back.id}" in note for note in undone["notes"]))

    def test_a_wizard_that_is_not_filled_in_leaves_no_entry_in_the_journal(self):
        kept, other = self.contact("Ann", email="a@x.example"), self.contact("Ann A.", email="a@x.example")
        call = self.merge(kept, other) | {"wizard": []}
        self.assertNotIn("change_id", self.client.call("run_action", **call))
        self.assertTrue(other.exists())

    def test_no_merge_moves_a_users_login(self):
        trap = self.contact("Trap", email=self.admin.email)
        text = self.client.failing("run_action", **self.merge(trap, self.admin.partner_id))
        self.assertIn("res.users", text)
        self.env.invalidate_all()
        self.assertNotEqual(self.admin.partner_id, trap)
