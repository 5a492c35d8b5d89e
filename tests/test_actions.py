from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..compat import press
from .http_common import McpHttpCase

FORM = """
<form>
    <header>
        <button name="action_archive" type="object" string="Put away" invisible="not active" confirm="Really?"/>
        <button name="action_unarchive" type="object" string="Bring back" invisible="active"/>
        <button name="action_archive" type="object" string="For administrators"
                groups="base.group_system"/>
        <button name="%(action)d" type="action" string="Rename" invisible="city == 'Namur'"/>
        <field name="type" widget="statusbar" options="{'clickable': '1'}"/>
    </header>
    <div class="oe_button_box">
        <button name="%(window)d" type="action" class="oe_stat_button">
            <span class="o_stat_text">Same city</span>
        </button>
    </div>
    <group invisible="not is_company">
        <button name="open_commercial_entity" type="object" string="Show company"/>
    </group>
    <field name="active" invisible="1"/><field name="is_company" invisible="1"/><field name="city"/>
    <field name="child_ids">
        <list><field name="name"/><button name="action_archive" type="object" string="Inner"/></list>
    </field>
</form>"""


@tagged("post_install", "-at_install")
class TestActions(McpHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user.write({"lang": "en_US"})
        groups = "group_ids" if "group_ids" in cls.user._fields else "groups_id"
        cls.user.write({groups: [(4, cls.env.ref("base.group_partner_manager").id)]})
        model = cls.env["ir.model"]._get("res.partner")
        values = {"model_id": model.id, "binding_model_id": model.id, "binding_view_types": "form", "state": "code"}
        cls.rename = cls.env["ir.actions.server"].create(
            {**values, "name": "Rename", "binding_model_id": False, "code": "records.write({'name': 'Renamed'})"}
        )
        cls.notify = cls.env["ir.actions.server"].create(
            {
                **values,
                "name": "Tell me",
                "code": "action = {'type': 'ir.actions.client', 'tag': 'display_notification', "
                "'params': {'title': 'Told', 'message': record.name}}",
            }
        )
        cls.window = cls.env["ir.actions.act_window"].create(
            {"name": "Same city", "res_model": "res.partner", "domain": "[('id', 'in', active_ids)]"}
        )
        cls.env["ir.ui.view"].create(
            {
                "name": "test form",
                "model": "res.partner",
                "type": "form",
                "priority": 0,
                "arch": FORM % {"action": cls.rename.id, "window": cls.window.id},
            }
        )
        ticked = cls.notify.copy({"binding_model_id": False})
        arch = f'''<list><header>
            <button name="{cls.rename.id}" type="action" string="Rename ticked ones"/>
            <button name="{ticked.id}" type="action" string="%s"/>
            <button name="action_unarchive" type="object" string="Bring ticked ones back"/>
            <button name="create_company" type="object" string="For administrators' lists" groups="base.group_system"/>
        </header><field name="name"/><button name="open_commercial_entity" type="object" string="In a row"/></list>'''
        view = {"model": "res.partner", "type": "list"}
        views = cls.env["ir.ui.view"].create(
            [
                {**view, "name": "usual list", "priority": 0, "arch": "<list><field name='name'/></list>"},
                {**view, "name": "list of a menu", "priority": 99, "arch": arch % "Tell me of ticked ones"},
                {**view, "name": "list of nobody", "priority": 99, "arch": arch % "Told nobody"},
            ]
        )
        opened = cls.window.copy({"name": "Ticked", "view_id": views[1].id, "domain": False})
        cls.env["ir.ui.menu"].create({"name": "Ticked", "action": f"ir.actions.act_window,{opened.id}"})
        cls.partner = cls.partners[0]

    def list(self, record=None, client=None):
        return (client or self.client).call("list_actions", model="res.partner", id=(record or self.partner).id)

    def run_(self, action, record=None, **more):
        ids = (record or self.partner).ids
        return self.client.call("run_action", model="res.partner", ids=ids, action=action, **more)

    def refused(self, action, record=None, **more):
        ids = (record or self.partner).ids
        return self.client.failing("run_action", model="res.partner", ids=ids, action=action, **more)

    # ------------------------------------------------------------------ what is offered

    def test_what_the_form_shows_this_user_for_this_record_is_offered(self):
        told = self.list()
        self.assertEqual(told["buttons"], ["Put away – asks: Really?", "Rename"])
        self.assertEqual(told["views"], ["Same city"])
        self.assertIn("Tell me", told["menu"])
        self.assertEqual(told["state"], {"type": "Contact"})
        self.assertTrue(any("Invoice" in stage for stage in told["stages"]))
        self.assertIn("For administrators", self.list(client=self.admin_client)["buttons"])

    def test_it_follows_the_state_of_the_record_and_of_what_is_around_a_button(self):
        namur = self.partners[2]
        self.assertNotIn("Rename", self.list(namur)["buttons"])
        namur.write({"active": False, "is_company": True})
        self.assertEqual(self.list(namur)["buttons"], ["Bring back", "Show company"])

    def test_a_button_for_others_is_answered_with_the_groups_that_have_it(self):
        text = self.refused("For administrators")
        self.assertIn(f"{self.user.name} lacks the right in Odoo", text)
        self.assertIn(self.env.ref("base.group_system").full_name, text)
        self.assertIn("does not exist", self.refused("For nobody"))

    def test_buttons_of_the_lists_that_menus_open_are_offered_and_clicked(self):
        told = self.list()["menu"]
        self.assertIn("Tell me of ticked ones", told)
        for label in ("Told nobody", "In a row", "For administrators' lists"):
            self.assertNotIn(label, told)
            self.assertIn("does not exist", self.refused(label))
        self.assertIn("For administrators' lists", self.list(client=self.admin_client)["menu"])
        answer = self.run_("Tell me of ticked ones")
        self.assertEqual(answer["message"], "Told: Ground 00")

    def test_what_the_form_decides_by_the_state_is_not_had_through_a_list(self):
        namur = self.partners[2]
        for record in (self.partner, namur):
            self.assertFalse({"Rename ticked ones", "Bring ticked ones back"} & set(self.list(record)["menu"]))
        self.assertIn("does not exist", self.refused("Rename ticked ones", namur))

    def test_a_click_without_an_effect_says_so(self):
        self.assertNotIn("note", self.run_("Rename"))
        self.assertEqual(self.partner.name, "Renamed")
        self.assertIn("Odoo changed nothing", self.run_("Rename")["note"])

    def test_a_window_is_offered_whatever_its_domain_says_of_what_it_shows(self):
        self.env["ir.actions.act_window"].create(
            {
                "name": "Relatives",
                "res_model": "res.partner",
                "domain": "[('parent_id', '=', active_id)]",
                "binding_model_id": self.env["ir.model"]._get("res.partner").id,
            }
        )
        self.assertIn("Relatives", self.list()["menu"])

    def test_a_button_for_one_record_says_so_for_several(self):
        self.partners[:2].is_company = True
        ids = self.partners[:2].ids
        text = self.client.failing("run_action", model="res.partner", ids=ids, action="Show company")
        self.assertIn("one record at a time", text)

    def test_a_menu_entry_is_offered_to_its_groups(self):
        groups = "group_ids" if "group_ids" in self.notify._fields else "groups_id"
        self.notify[groups] = self.env.ref("base.group_system")
        self.assertNotIn("Tell me", self.list()["menu"])
        self.assertIn("does not exist", self.refused("Tell me"))

    def test_nothing_is_told_of_records_that_may_not_be_seen(self):
        self.partner.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        text = self.client.failing("list_actions", model="res.partner", id=self.partner.id)
        self.assertIn("There is no record", text)
        self.assertIn("There is no record", self.refused("Put away"))

    # ------------------------------------------------------------------ running

    def test_a_button_is_clicked_by_label_or_name_and_the_new_state_comes_back(self):
        done = self.run_("put away")
        self.assertEqual(done["records"], [{"id": self.partner.id, "name": "Ground 00", "active": False}])
        self.assertFalse(self.partner.active)
        self.run_("action_unarchive")
        self.assertTrue(self.partner.active)

    def test_a_server_action_runs_on_all_records_of_the_call(self):
        self.run_("Rename", self.partners[:2])
        self.assertEqual(self.partners[:2].mapped("name"), ["Renamed", "Renamed"])
        text = self.refused("Rename", self.partners[1:3])
        self.assertIn("cannot be clicked on Ground 02 in its present state", text)

    def test_a_stage_is_clicked(self):
        stage = next(stage for stage in self.list()["stages"] if "Invoice" in stage)
        self.run_(stage)
        self.assertEqual(self.partner.type, "invoice")

    def test_notifications_and_records_come_back(self):
        self.assertEqual(self.run_("Tell me")["message"], "Told: Ground 00")
        opened = self.run_("Same city")["opened"]
        self.assertEqual((opened["model"], [row["id"] for row in opened["records"]]), ("res.partner", self.partner.ids))

    def test_only_what_can_be_clicked_now_can_be_run(self):
        for action in ("Inner", "For administrators", "unlink", "write", "message_post", "_compute_display_name"):
            with self.subTest(action=action):
                self.assertTrue(self.refused(action))
        self.assertTrue(self.partner.exists().active)
        with self.assertRaises(AccessError):
            press(self.partner, "_compute_display_name")
        self.assertIn("Put away", self.refused("Put awy"))
        self.assertIn("cannot be clicked", self.refused("Bring back"))

    def test_nobody_clicks_on_what_they_may_not_change(self):
        country = self.env.ref("base.be")
        text = self.client.failing("run_action", model="res.country", ids=country.ids, action="x")
        self.assertIn("may not change", text)
        self.connection.scope = "read_only"
        self.assertTrue(self.refused("Put away"))
        self.assertTrue(self.partner.active)

    def test_an_action_that_gives_rights_is_refused_and_taken_back(self):
        self.rename.sudo().code = (
            "records.write({'name': 'Renamed'})\n"
            "env['res.users'].sudo().create({'name': 'Intruder', 'login': 'intruder'})"
        )
        self.assertIn("res.users, which no AI changes", self.refused("Rename"))
        self.assertEqual(self.partner.name, "Ground 00")
        self.assertFalse(self.env["res.users"].search([("login", "=", "intruder")]))

    # ------------------------------------------------------------------ wizards

    def test_a_wizard_comes_back_with_its_fields_and_nothing_is_done(self):
        messages = self.partner.message_ids
        answer = self.run_("Send email")
        self.assertIn("Nothing is done yet", answer["hint"])
        fields = answer["wizard"]["fields"]
        self.assertTrue({"subject", "body"} <= set(fields))
        self.assertEqual(fields["subject"]["type"], "char")
        self.assertTrue(answer["wizard"]["buttons"])
        self.assertEqual(self.partner.message_ids, messages)
        self.assertFalse(self.env["mail.compose.message"].search([("create_uid", "=", self.user.id)]))

    def test_a_second_call_fills_it_in_and_finishes(self):
        self.run_("Send email", wizard=[self.mail("Hello")])
        message = self.env["mail.message"].search([("subject", "=", "Hello")], limit=1)
        self.assertIn("How are you?", message.body)
        self.assertEqual(message.author_id, self.user.partner_id)

    def mail(self, subject):
        """How the wizard behind "Send email" is filled in: where it wants to know where answers go, it is told."""
        values = {"subject": subject, "body": "How are you?"}
        if self.run_("Send email")["wizard"]["fields"].get("reply_to", {}).get("required"):
            values["reply_to"] = "anita@example.com"
        return {"values": values, "button": "Send"}

    def test_wrong_values_buttons_and_numbers_of_wizards_are_explained_and_nothing_is_done(self):
        before = self.env["mail.message"].search_count([])
        for steps, words in (
            ([{"values": {"subjct": "x"}}], "subject"),
            ([{"values": {"template_id": "None at all"}}], "None at all"),
            ([{"button": "Explode"}], "It has:"),
            ([self.mail("a"), {}], "Nothing was done"),
        ):
            with self.subTest(steps=steps):
                self.assertIn(words, self.refused("Send email", wizard=steps))
        self.assertIn("opened 0 wizards", self.refused("Rename", wizard=[{}]))
        self.assertEqual(self.partner.name, "Ground 00")
        self.assertEqual(self.env["mail.message"].search_count([]), before)
