"""What a write does to lines and links, asked of the gate before it happens."""

from types import SimpleNamespace

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..services.governance.value_check import DEEPEST_NESTING, MOST_COMMANDS, check_values
from ..services.tools.errors import NoRecordError, RefusedError, ToolError, UnknownNameError
from .gate_common import EVERYTHING, OpenGateCase, line, without


@tagged("post_install", "-at_install")
class TestGateLines(OpenGateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner, cls.hidden = cls.partners[0], cls.partners[1]
        cls.bank = cls.env["res.partner.bank"].create({"acc_number": "SEEN", "partner_id": cls.partner.id})
        cls.other_bank = cls.env["res.partner.bank"].create({"acc_number": "HIDDEN", "partner_id": cls.hidden.id})
        cls.tag, cls.other_tag = cls.env["res.partner.category"].create([{"name": "Seen"}, {"name": "Hidden"}])

    def check(self, gate, values, model="res.partner"):
        gate.check_values(gate.env[model], values, "write")

    def commands(self, record_id):
        """Every command, with what it takes of lines that a contact does not share: bank accounts."""
        return {
            "create": (Command.create({}), {"create"}),
            "update": (Command.update(record_id, {}), {"write"}),
            "delete": (Command.delete(record_id), {"unlink"}),
            "take out": (Command.unlink(record_id), {"write", "unlink"}),
            "take over": (Command.link(record_id), {"write"}),
            "clear": (Command.clear(), {"write", "unlink"}),
            "set": (Command.set([record_id]), {"write", "unlink"}),
        }

    def test_each_command_on_lines_takes_the_rights_to_what_it_does_to_them(self):
        for name, (command, needed) in self.commands(self.bank.id).items():
            for operation in ("create", "write", "unlink"):
                with self.subTest(command=name, without=operation):
                    gate = self.open(line("res.partner.bank", *without(operation)))
                    if operation in needed:
                        with self.assertRaises(RefusedError):
                            self.check(gate, {"bank_ids": [command]})
                    else:
                        self.check(gate, {"bank_ids": [command]})

    def test_a_list_of_ids_and_nothing_at_all_replace_the_lines(self):
        gate = self.open(line("res.partner.bank", *without("unlink")))
        for value in ([self.bank.id], (self.bank.id,), [], None, False):
            with self.subTest(value), self.assertRaisesRegex(RefusedError, "delete"):
                self.check(gate, {"bank_ids": value})
        gate = self.open(line("res.partner.bank", *EVERYTHING, domain="[('acc_number', '=', 'SEEN')]"))
        self.check(gate, {"bank_ids": [self.bank.id]})
        with self.assertRaises(NoRecordError):
            self.check(gate, {"bank_ids": [self.bank.id, self.other_bank.id]})

    def test_lines_that_stay_when_they_are_taken_out_need_no_right_to_delete(self):
        child = self.env["res.partner"].create({"name": "Child", "parent_id": self.partner.id})
        gate = self.open(line("res.partner", *without("unlink")))
        for command in (Command.unlink(child.id), Command.clear(), Command.set([])):
            self.check(gate, {"child_ids": [command]})
        with self.assertRaises(RefusedError):
            self.check(gate, {"child_ids": [Command.delete(child.id)]})
        gate = self.open(line("mail.activity", *without("unlink")))
        self.check(gate, {"activity_ids": [Command.clear()]})  # its inverse field is a number, not a relation

    def test_lines_outside_the_domain_are_reached_by_no_command(self):
        gate = self.open(line("res.partner.bank", *EVERYTHING, domain="[('acc_number', '=', 'SEEN')]"))
        for name, (command, _needed) in self.commands(self.bank.id).items():
            with self.subTest(seen=name):
                self.check(gate, {"bank_ids": [command]})
        for name, (command, _needed) in self.commands(self.other_bank.id).items():
            if name in ("create", "clear"):
                continue
            with self.subTest(hidden=name), self.assertRaises(NoRecordError):
                self.check(gate, {"bank_ids": [Command.create({}), command]})

    def test_pointing_to_shared_records_takes_reading_them_only(self):
        gate = self.open(line("res.partner.category", "read", domain="[('name', '=', 'Seen')]"))
        linking = ("take out", "take over", "clear", "set")
        for name, (command, _needed) in self.commands(self.tag.id).items():
            with self.subTest(seen=name):
                if name in linking:
                    self.check(gate, {"category_id": [command]})
                else:
                    with self.assertRaises(RefusedError):
                        self.check(gate, {"category_id": [command]})
        for name, (command, _needed) in self.commands(self.other_tag.id).items():
            if name in linking and name != "clear":
                with self.subTest(hidden=name), self.assertRaises(NoRecordError):
                    self.check(gate, {"category_id": [command]})
        gate = self.open(line("res.partner.category"))
        for name, (command, _needed) in self.commands(self.tag.id).items():
            with self.subTest(closed=name), self.assertRaises(UnknownNameError):
                self.check(gate, {"category_id": [command]})

    def test_the_values_of_lines_are_checked_as_those_of_the_record(self):
        gate = self.open(line("res.partner.bank", *EVERYTHING, fields=["acc_number"]))
        for command in (Command.create, lambda values: Command.update(self.bank.id, values)):
            self.check(gate, {"bank_ids": [command({"acc_number": "1"})]})
            with self.assertRaises(UnknownNameError):
                self.check(gate, {"bank_ids": [command({"acc_number": "1", "sequence": 1})]})
            with self.assertRaisesRegex(ToolError, "object of field names"):
                self.check(gate, {"bank_ids": [command(["acc_number"])]})

    def nested(self, levels, wrap):
        values = {"name": "x"}
        for _level in range(levels):
            values = {"child_ids": [wrap(values)]}
        return values

    def test_lines_within_lines_go_so_deep_and_no_deeper(self):
        gate = self.open()
        for wrap in (Command.create, lambda values: Command.update(self.partner.id, values)):
            self.check(gate, self.nested(DEEPEST_NESTING - 1, wrap))
            with self.assertRaisesRegex(ToolError, "levels deep"):
                self.check(gate, self.nested(DEEPEST_NESTING, wrap))

    def test_the_lines_of_one_call_are_counted_together(self):
        gate = self.open()
        half = [Command.clear()] * (MOST_COMMANDS // 2)
        self.check(gate, {"child_ids": half, "bank_ids": half})
        self.check(gate, {"child_ids": half})  # each call anew
        with self.assertRaisesRegex(ToolError, "in one call"):
            self.check(gate, {"child_ids": half, "bank_ids": [*half, Command.clear()]})

    def test_what_is_no_command_is_refused_in_a_sentence(self):
        gate = self.open()
        for value in ("1", b"1", {}, {"id": 1}, 5, True):
            with self.subTest(value=value), self.assertRaisesRegex(ToolError, "list of commands"):
                self.check(gate, {"child_ids": value})
        for command in ((), "0", {3: 0, 0: 3}, (7, 0, 0), (-1, 0, 0), ("0", 0, {}), None):
            with self.subTest(command=command), self.assertRaisesRegex(ToolError, "no command on lines"):
                self.check(gate, {"child_ids": [command]})
        for third in (None, 5, "5", {}):
            with self.subTest(third=third), self.assertRaisesRegex(ToolError, "takes a list of ids"):
                self.check(gate, {"child_ids": [(Command.SET, 0, third)]})
        self.check(gate, {"child_ids": [[3, self.partner.id]]})  # shorter, as JSON brings it
        for values in ("x", ["name"], None):
            with self.assertRaisesRegex(ToolError, "object of field names"):
                self.check(gate, values)

    def test_only_numbers_that_can_be_ids_are_ids(self):
        gate = self.open()
        for value in (True, 0, -1, 2**31, "1", 1.0, [1]):
            for values in (
                {"parent_id": value},
                {"child_ids": [(Command.LINK, value)]},
                {"child_ids": [Command.delete(value)]},
                {"category_id": [Command.set([value])]},
            ):
                with self.subTest(values), self.assertRaisesRegex(RefusedError, "takes the ids of records"):
                    self.check(gate, values)
        for values in ({"child_ids": [True]}, {"category_id": [False]}):
            with self.subTest(values), self.assertRaisesRegex(RefusedError, "takes the ids of records"):
                self.check(gate, values)
        with self.assertRaises(NoRecordError):
            self.check(gate, {"parent_id": 2**31 - 1})
        asked = []
        self.patch(type(gate), "check_links", lambda _gate, _model, ids: asked.extend(ids))
        for value in (1, 2**31 - 1):
            self.check(gate, {"parent_id": value})
        self.assertEqual(asked, [1, 2**31 - 1])

    def test_a_link_is_checked_unless_it_is_taken_away(self):
        gate = self.open(line("res.partner", *EVERYTHING, domain="[('city', '=', 'Gent')]"))
        for value in (None, False, self.partner.id):
            self.check(gate, {"parent_id": value})
        with self.assertRaises(NoRecordError):
            self.check(gate, {"parent_id": self.hidden.id})

    def pointer(self, gate):
        """A model with fields that point to records of any model, as apps have them."""
        about = fields.Reference(selection=[("res.partner", "Contact")])
        res_id = fields.Many2oneReference(model_field="res_model")
        res_id.model_field = "res_model"
        known = {"about": about, "res_id": res_id, "res_model": fields.Char()}
        for name, field in known.items():
            field.name = name
        self.patch(type(gate), "writable_field", lambda _gate, _model, name: known[name])
        return SimpleNamespace(_name="pointer", env=gate.env, _fields=known)

    def test_references_are_links_like_any_other(self):
        gate = self.open(line("res.partner", *EVERYTHING, domain="[('city', '=', 'Gent')]"))
        pointer = self.pointer(gate)
        for values in (
            {"about": False},
            {"about": ""},
            {"about": f"res.partner,{self.partner.id}"},
            {"res_model": "res.partner", "res_id": self.partner.id},
            {"res_model": "res.partner", "res_id": 0},
            {"res_model": "res.partner", "res_id": False},
            {"res_model": False, "res_id": self.hidden.id},
            {"res_model": "res.partner"},
        ):
            with self.subTest(values):
                check_values(gate, pointer, values)
        for values in (
            {"about": f"res.partner,{self.hidden.id}"},
            {"res_model": "res.partner", "res_id": self.hidden.id},
        ):
            with self.subTest(values), self.assertRaises(NoRecordError):
                check_values(gate, pointer, values)
        for values in (
            {"about": "res.partner,"},
            {"about": "res.partner,x"},
            {"about": "res.partner,²"},
            {"about": "res.partner,0"},
            {"about": "res.partner"},
            {"res_model": "res.partner", "res_id": True},
        ):
            with self.subTest(values), self.assertRaisesRegex(RefusedError, "takes the ids of records"):
                check_values(gate, pointer, values)
