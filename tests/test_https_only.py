import json
from types import SimpleNamespace

from odoo.tests import HttpCase, tagged

from ..models.settings import keys as key_settings
from .common import make_key


@tagged("post_install", "-at_install")
class TestHttpsOnly(HttpCase):
    """Keys do not travel in the clear, if the settings say so."""

    def setUp(self):
        super().setUp()
        self.settings = self.env["mcp.settings"].current()
        self.settings.write({"enabled": True, "https_only": True})
        self.user, self.connection, self.key = make_key(self.env, "mcp_anita")
        self.env.flush_all()

    def status(self, **headers):
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami", "arguments": {}}}
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            **headers,
        }
        return self.opener.post(f"{self.base_url()}/odoo/mcp", data=json.dumps(message), headers=headers, timeout=30)

    def test_plain_http_is_refused_with_what_to_do(self):
        response = self.status(Host="odoo.example.com")
        self.assertEqual(response.status_code, 403)
        self.assertIn("https://", response.json()["error"]["message"])
        row = self.env["mcp.audit.log"].search([], limit=1)
        self.assertEqual((row.outcome, row.connection_id), ("refused", self.connection))

    def test_https_told_by_the_proxy_and_localhost_are_let_through(self):
        self.assertEqual(self.status(Host="odoo.example.com", **{"X-Forwarded-Proto": "https"}).status_code, 200)
        self.assertEqual(self.status().status_code, 200)
        self.assertEqual(self.status(Host="localhost:8069").status_code, 200)
        self.assertEqual(self.status(Host="odoo.example.com", **{"X-Forwarded-Proto": "http"}).status_code, 403)

    def test_it_can_be_switched_off(self):
        self.settings.https_only = False
        self.env.flush_all()
        self.assertEqual(self.status(Host="odoo.example.com").status_code, 200)

    def test_the_settings_say_under_which_address_odoo_was_opened(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "http://localhost:8069")
        for host, foreign in {"erp.example.com": "erp.example.com", "localhost:8069": False}.items():
            request = SimpleNamespace(httprequest=SimpleNamespace(host=host))
            self.patch(key_settings, "request", request)
            self.settings.invalidate_recordset()
            self.assertEqual((self.settings.foreign_host, self.settings.base_url_warning), (foreign, True))
