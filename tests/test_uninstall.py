from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    def left(self):
        """What PostgreSQL has of ours that belongs to no model."""
        self.env.cr.execute(
            """SELECT proname FROM pg_proc WHERE proname ~ '^mcp_'
               UNION ALL
               SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^mcp_' AND relname <> ALL(%s)""",
            [[model._table for model in self.env.registry.values()] + self.relations()],
        )
        return sorted(name for (name,) in self.env.cr.fetchall())

    def relations(self):
        return [
            field.relation
            for model in self.env.registry.values()
            for field in model._fields.values()
            if field.type == "many2many" and field.store
        ]

    def test_nothing_stays_in_the_database(self):
        self.assertIn("mcp_renew_standing", self.left())
        uninstall_hook(self.env)
        self.assertEqual(self.left(), [])
