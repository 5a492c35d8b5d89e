import json

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..services.doctor.finding import Finding, Remedy
from .common import MCP_GROUPS, McpClient, let_write_partners, make_key

# Opens each of SCREENS ([action, view, record]) as a person does; whatever lands in the console as an error fails the
# test. What sticks out to the right on a phone does so, too.
_OPEN_ALL = """
(async () => {
    const {action} = odoo.__WOWL_DEBUG__.root.env.services;
    for (const [id, viewType, resId] of %s) {
        await action.doAction(id, {viewType, props: resId ? {resId} : {}, clearBreadcrumbs: true});
        const view = `.o_action_manager .o_${viewType}_view`;
        for (let left = 100; !document.querySelector(view); left--) {
            if (!left) {
                throw new Error(`Action ${id} shows no ${viewType}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        await new Promise((resolve) => setTimeout(resolve, 300));
        if (document.documentElement.scrollWidth > window.innerWidth) {
            throw new Error(`Action ${id}, ${viewType}, is wider than the screen`);
        }
    }
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install", "mcp_screens")
class TestScreens(HttpCase):
    """What an administrator does in the backend, in a real browser."""

    def test_an_administrator_switches_the_server_on_and_connects_an_ai_tool(self):
        self.env["mcp.settings"].current().enabled = False
        self.start_tour("/odoo/action-odoo_mcp.mcp_settings_action", "odoo_mcp_connect", login="admin")
        self.assertTrue(self.env["mcp.settings"].current().enabled)
        connection = self.env["mcp.connection"].search([("name", "=", "Tour tool")])
        self.assertEqual((connection.state, connection.live_key_count), ("revoked", 0))
        self.assertEqual(len(connection.credential_ids), 2)

    def test_a_user_makes_and_revokes_a_token_in_their_profile(self):
        user = new_test_user(self.env, login="mcp_anita", groups=MCP_GROUPS)
        self.start_tour("/odoo", "odoo_mcp_profile", login="mcp_anita")
        connection = self.env["mcp.connection"].search([("user_id", "=", user.id)])
        self.assertEqual((connection.name, connection.way_in, connection.state), ("My script", "pat", "revoked"))

    def test_the_doctor_shows_what_was_seen_and_what_to_change(self):
        remedies = (Remedy("Nginx", "nginx text"), Remedy("Odoo.sh", "odoo.sh text"))
        findings = [
            Finding("fine", "Group", "Fine", "ok", "All is well."),
            Finding("broken", "Group", "Broken", "problem", "It is broken.", "Repair it.", remedies),
        ]
        run = self.env["mcp.doctor"].create({"state": "done", "findings": [one.as_json() for one in findings]})
        # the thread of a real run starts after a commit, which a test never does: see test_doctor.py
        self.patch(type(self.env["mcp.doctor"]), "start", lambda _self, _origin, _connection_id=False: run.id)
        self.start_tour("/odoo/action-odoo_mcp.mcp_settings_action", "odoo_mcp_doctor", login="admin")

    def test_a_person_approves_a_request_sees_what_changed_and_takes_it_back(self):
        company, _client = self.content()
        self.start_tour("/odoo/action-odoo_mcp.mcp_approval_action", "odoo_mcp_approval", login="admin")
        company.invalidate_recordset()
        self.assertEqual(company.city, "Gent")

    def test_every_screen_opens_on_a_desktop(self):
        self.open_every_screen("list", "kanban", "form", "graph", "pivot")

    def test_every_screen_opens_on_a_phone(self):
        self.browser_size, self.touch_enabled = "390x844", True
        self.open_every_screen("kanban", "form")  # Odoo shows cards for lists

    # ------------------------------------------------------------------ what the tests share

    def content(self):
        """A bit of everything that the screens show, most of it by real calls; a company, and who asks to change it."""
        self.env["mcp.settings"].current().write({"enabled": True, "log_payloads": True})
        user, connection, key = make_key(self.env, "mcp_anita", name="Claude of Anita")
        let_write_partners(user)
        company = self.env["res.partner"].create({"name": "Deco", "is_company": True, "city": "Gent"})
        self.env["res.partner"].create([{"name": name, "parent_id": company.id} for name in ("Ann", "Bob", "Cid")])
        client = McpClient(self.env, key)
        client.call("create_record", model="res.partner", values={"name": "New", "city": "Gent"})
        client.failing("search_records", model="res.nothing")
        tools = self.env["mcp.tool"].search([("name", "=", "update_record")])
        connection.approval_tool_ids = [Command.set(tools.ids)]
        arguments = {"model": "res.partner", "id": company.id, "values": {"city": "Aalst"}}
        client.request("tools/call", {"name": "update_record", "arguments": arguments})
        self.env["mcp.oauth.client"].create({"name": "ChatGPT", "redirect_uris": "https://chatgpt.com/callback"})
        self.env["mcp.audit.seal"]._seal_all()
        return company, client

    def open_every_screen(self, *kinds):
        self.content()
        menus = self.env["ir.ui.menu"].search([("id", "child_of", self.env.ref("odoo_mcp.menu_root").id)])
        actions = [menu.action for menu in menus if menu.action]
        screens = []
        for action in actions:
            views = [view for view in action.view_mode.split(",") if view in kinds]
            record = self.env[action.res_model].search([], limit=1)
            # there is nothing to open where nothing was made: a session needs HTTP
            views = [view for view in views if view != "form" or record]
            screens += [[action.id, view, record.id if view == "form" else False] for view in views]
        self.assertGreater(len(screens), 15)
        self.assertGreaterEqual(len(actions), 10)
        self.browser_js("/odoo", _OPEN_ALL % json.dumps(screens), "odoo.isReady === true", login="admin", timeout=180)
