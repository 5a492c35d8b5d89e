from unittest.mock import patch

from odoo.tests import tagged

from ..services import redis_client, schema_cache
from .common import McpCase


@tagged("post_install", "-at_install")
class TestSchemaCache(McpCase):
    def setUp(self):
        super().setUp()
        self.settings.action_clear_schema_cache()
        self.calls = []
        original = type(self.env["res.partner"]).fields_get

        def counted(model, allfields=None, attributes=None):
            if model._name == "res.partner" and attributes == ["string", "help"]:  # others are for views
                self.calls.append(allfields)
            return original(model, allfields, attributes)

        self.patch(type(self.env["res.partner"]), "fields_get", counted)

    def describe(self, client=None, **arguments):
        return (client or self.client).call("describe_model", model="res.partner", **arguments)

    def test_a_model_is_worked_out_once_and_told_the_same_again(self):
        first = self.describe()
        self.assertEqual(self.describe(), first)
        self.describe(fields=["email"])
        self.assertEqual(len(self.calls), 1)

    def test_it_can_be_switched_off(self):
        first = self.describe()
        self.settings.schema_cache = False
        self.env.flush_all()
        self.assertEqual(self.describe(), first)
        self.describe()
        self.assertEqual(len(self.calls), 3)

    def test_the_button_forgets_it(self):
        self.describe()
        self.assertIn("templates", self.settings.action_clear_schema_cache() and self.registry.cache_invalidated)
        self.describe()
        self.assertEqual(len(self.calls), 2)

    def test_it_is_forgotten_after_its_time(self):
        self.describe()
        with patch.object(schema_cache.time, "monotonic", return_value=schema_cache.time.monotonic() + 3601):
            self.describe()
        self.assertEqual(len(self.calls), 2)

    def test_changes_of_fields_views_and_languages_count_at_once(self):
        field = self.env["ir.model.fields"]._get("res.partner", "ref")
        self.assertNotIn("Zebra", self.describe(fields=["ref"])["fields"]["ref"])
        field.field_description = "Zebra"
        self.env.flush_all()
        self.assertIn("Zebra", self.describe(fields=["ref"])["fields"]["ref"])
        self.env["res.lang"]._activate_lang("fr_FR")
        field.with_context(lang="fr_FR").field_description = "Zèbre"
        self.user.lang = "fr_FR"
        self.env.flush_all()
        self.assertIn("Zèbre", self.describe(fields=["ref"])["fields"]["ref"])
        self.assertNotIn("barcode", self.describe()["fields"])
        view = self.env.ref("base.view_partner_tree")
        arch = "<xpath expr='//field[@name=\"email\"]' position='after'><field name='barcode'/></xpath>"
        self.env["ir.ui.view"].create(
            {"name": "t", "model": "res.partner", "inherit_id": view.id, "mode": "extension", "arch": arch}
        )
        self.assertIn("barcode", self.describe()["fields"])

    def test_rights_are_never_remembered(self):
        before = self.describe()
        self.assertIn("phone", before["fields"])
        self.patch(self.env["res.partner"]._fields["phone"], "groups", "base.group_system")
        after = self.describe()
        self.assertNotIn("phone", after["fields"])
        self.assertIn("phone", self.describe(self.admin_client)["fields"])
        self.env["ir.model.access"].search([("model_id.model", "=", "res.partner")]).write({"perm_create": False})
        self.assertNotIn("create", self.describe()["may"])

    def test_users_of_other_groups_have_their_own(self):
        self.describe()
        self.describe(self.admin_client)
        self.assertEqual(len(self.calls), 2)

    def test_with_redis_another_worker_finds_it_and_a_lost_redis_costs_nothing(self):
        class Fake(dict):
            def set(self, name, value, ex):
                self[name] = value

        fake = Fake()
        self.settings.write({"use_redis": True, "redis_url": "redis://fake"})
        self.env.flush_all()
        with patch.object(redis_client, "client_of", return_value=fake):
            first = self.describe()
            self.assertTrue(fake)
            # as another worker would begin: nothing in memory, and the same count of cleared caches
            with patch.object(self.registry, "cache_sequences", dict(self.registry.cache_sequences)):
                for name in ("templates.cached_values",):
                    self.registry._Registry__caches[name].clear()
                self.assertEqual(self.describe(), first)
            self.assertEqual(len(self.calls), 1)
        lost = patch.object(redis_client, "client_of", side_effect=redis_client.RedisLost("gone"))
        self.registry._Registry__caches["templates.cached_values"].clear()
        with lost, patch.object(schema_cache, "_rests_until", 0.0):
            self.assertEqual(self.describe(), first)
