from odoo.tests import new_test_user, tagged

from ..services.governance.gate import Gate
from ..services.governance.secrets import WITHHELD_MODELS, is_secret_field
from ..services.identity import bearer
from .common import McpCase, McpClient, make_key


@tagged("post_install", "-at_install")
class TestAccess(McpCase):
    """An AI never sees more than its user does in Odoo, whichever of the three kinds of users it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.foreign_partner = cls.env["res.partner"].create(
            {"name": "Ground foreign", "ref": "MCPTEST", "company_id": cls.other_company.id}
        )

    def test_a_limited_user_reads_no_model_that_odoo_does_not_let_them_read(self):
        readable = {row["model"] for row in self.client.call("list_models", query=".", limit=500)["models"]}
        for name in readable:
            self.assertTrue(self.env(user=self.user)[name].has_access("read"), name)
        for name in ("ir.cron", "ir.rule", "ir.ui.view", "mail.mail"):
            with self.subTest(model=name):
                self.assertIn("does not exist", self.client.failing("search_records", model=name))

    def test_models_with_a_search_of_their_own_keep_it(self):
        partner_class = type(self.env["res.partner"])
        search_fetch, search_count = partner_class.search_fetch, partner_class.search_count

        def search_fetch_in_gent(model, domain, *args, **kwargs):
            return search_fetch(model, [*domain, ("city", "=", "Gent")], *args, **kwargs)

        def search_count_in_gent(model, domain, *args, **kwargs):
            return search_count(model, [*domain, ("city", "=", "Gent")], *args, **kwargs)

        self.patch(partner_class, "search_fetch", search_fetch_in_gent)
        self.patch(partner_class, "search_count", search_count_in_gent)
        arguments = {"model": "res.partner", "domain": [["ref", "=", "MCPTEST"]], "fields": ["city"], "limit": 3}
        result = self.client.call("search_records", **arguments)
        self.assertEqual([record["city"] for record in result["records"]], ["Gent"] * 3)
        self.assertEqual(result["shown"], "1-3 of 10")

    def test_records_of_other_companies_are_as_if_they_were_not_there(self):
        domain = [["ref", "=", "MCPTEST"]]
        self.assertEqual(self.client.call("count_records", model="res.partner", domain=domain)["count"], 30)
        read = self.client.call("read_records", model="res.partner", ids=[self.foreign_partner.id])
        self.assertEqual((read["records"], read["missing"]), ([], [self.foreign_partner.id]))
        self.assertEqual(self.client.call("name_search", model="res.partner", text="Ground foreign")["matches"], [])

    def test_the_companies_of_the_user_are_all_there_is(self):
        self.assertEqual([row["id"] for row in self.client.call("whoami")["companies"]], self.user.company_ids.ids)
        self.user.company_ids += self.other_company
        self.env.flush_all()
        companies = [row["id"] for row in self.client.call("whoami")["companies"]]
        self.assertEqual(companies[0], self.user.company_id.id)
        self.assertEqual(set(companies), set(self.user.company_ids.ids))
        read = self.client.call("read_records", model="res.partner", ids=[self.foreign_partner.id])
        self.assertEqual(len(read["records"]), 1)

    def test_the_name_of_a_record_the_user_may_not_read_is_withheld(self):
        self.partners[0].parent_id = self.foreign_partner
        self.env.flush_all()
        record = self.client.call("read_records", model="res.partner", ids=self.partners[:1].ids, fields=["parent_id"])
        self.assertEqual(record["records"][0]["parent_id"], {"id": self.foreign_partner.id})

    def test_fields_of_groups_the_user_is_not_in_are_as_if_they_were_not_there(self):
        model = self.env(user=self.user)["res.users"]
        hidden = [name for name, field in model._fields.items() if field.groups and not is_secret_field(name)]
        hidden = [name for name in hidden if name not in model.fields_get()]
        self.assertTrue(hidden)
        for arguments in (
            {"fields": [hidden[0]]},
            {"domain": [[hidden[0], "!=", False]]},
            {"order": hidden[0]},
        ):
            with self.subTest(arguments=arguments):
                self.assertIn("does not exist", self.client.failing("search_records", model="res.users", **arguments))

    def test_an_administrator_reads_no_secrets_either(self):
        for model in sorted(WITHHELD_MODELS & set(self.env.registry)):
            with self.subTest(model=model):
                self.assertIn("does not exist", self.admin_client.failing("search_records", model=model))
        for name in ("password", "totp_secret"):
            if name in self.env["res.users"]._fields:
                with self.subTest(field=name):
                    text = self.admin_client.failing("search_records", model="res.users", fields=[name])
                    self.assertIn("does not exist", text)

    def test_words_that_only_look_like_secrets_stay_readable(self):
        for name in ("name", "passport_id", "secretary_id", "tokens_used", "pinned", "shipping_id", "totp_enabled"):
            self.assertFalse(is_secret_field(name), name)
        for name in ("password", "new_password", "api_key", "access_token", "client_secret", "smtp_pass", "pin"):
            self.assertTrue(is_secret_field(name), name)

    def test_portal_users_and_users_outside_the_group_are_refused(self):
        user, connection, key = make_key(self.env, "mcp_berta")
        user.write({"active": True})
        client = McpClient(self.env, key)
        self.assertTrue(client.call("whoami"))
        group = self.env.ref("odoo_mcp.group_user")
        group.write({self._members_field(): [(3, user.id)]})
        self.env.flush_all()
        with self.assertRaisesRegex(PermissionError, "group"):
            client.call("whoami")
        self.assertEqual(connection.state, "active")

    def test_a_user_who_becomes_a_portal_user_is_refused(self):
        user, _connection, key = make_key(self.env, "mcp_carla")
        portal = new_test_user(self.env, login="mcp_portal", groups="base.group_portal")
        self.env.flush_all()
        self.env.cr.execute("UPDATE mcp_connection SET user_id = %s WHERE user_id = %s", [portal.id, user.id])
        self.assertRegex(bearer.identify(self.env, key).refusal, "internal user")

    def test_an_archived_user_is_refused_at_the_next_call(self):
        user, _connection, key = make_key(self.env, "mcp_dora")
        self.assertTrue(McpClient(self.env, key).call("whoami"))
        user.active = False
        self.env.flush_all()
        with self.assertRaisesRegex(PermissionError, "archived"):
            McpClient(self.env, key).call("whoami")

    def test_the_gate_never_opens_for_the_superuser_or_for_somebody_else(self):
        caller = bearer.identify(self.env, self.key).caller
        with self.assertRaises(RuntimeError):
            Gate(self.env(user=self.user, su=True), caller)
        with self.assertRaises(RuntimeError):
            Gate(self.env(user=self.admin, su=False), caller)

    def test_people_see_their_own_connections_keys_and_calls_only(self):
        self.client.call("whoami")
        self.admin_client.call("whoami")
        env = self.env(user=self.user)
        self.assertEqual(env["mcp.connection"].search([]), self.connection)
        self.assertEqual(env["mcp.credential"].search([]).connection_id, self.connection)
        self.assertEqual(env["mcp.audit.log"].search([]).user_id, self.user)
        everything = self.env(user=self.admin)
        self.assertIn(self.connection, everything["mcp.connection"].search([]))

    def _members_field(self):
        return "user_ids" if "user_ids" in self.env["res.groups"]._fields else "users"
