import json

from odoo.tests import HttpCase, tagged

from .common import make_key


@tagged("post_install", "-at_install")
class TestRevoking(HttpCase):
    """Whatever takes the access away counts from the next call on."""

    def setUp(self):
        super().setUp()
        self.env["mcp.settings"].current().enabled = True
        self.user, self.connection, self.key = make_key(self.env, "mcp_anita")
        self.env.flush_all()

    def status(self):
        self.env.flush_all()
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        url = f"{self.base_url()}/odoo/mcp"
        return self.opener.post(url, data=json.dumps(message), headers=headers, timeout=30).status_code

    def test_the_next_call_is_refused(self):
        group = self.env.ref("odoo_mcp.group_user")
        groups = "group_ids" if "group_ids" in self.user._fields else "groups_id"
        settings = self.env["mcp.settings"].current()
        ways = {
            "the connection is revoked": lambda: self.connection.with_user(self.user).action_revoke(),
            "the key is revoked": lambda: self.connection.credential_ids.with_user(self.user).action_revoke(),
            "the user is archived": lambda: self.user.write({"active": False}),
            "the group is taken away": lambda: self.user.write({groups: [(3, group.id)]}),
            "the password is changed": lambda: self.user.write({"password": "another password"}),
        }
        settings.revoke_on_password_change = True
        for what, take_away in ways.items():
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self.status(), 200)
                take_away()
                self.assertEqual(self.status(), 401)
                savepoint.close(rollback=True)
                self.env.invalidate_all()
                self.env.registry.clear_cache()
