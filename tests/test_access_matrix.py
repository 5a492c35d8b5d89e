"""The access matrix: every operation on every kind of model, for every kind of user, under every kind of policy.

What a call shows or does is compared with what Odoo itself lets the same user do, and with the policy as it is written
down here, without asking the code that enforces it: never wider than either.
"""

import logging
from dataclasses import dataclass, field

import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..services.governance.gate import Gate
from ..services.governance.secrets import is_secret_field
from ..services.identity import bearer
from ..services.identity.keys import issue_key
from ..services.tools.call import Call
from ..services.tools.errors import ToolError
from .common import make_key
from .test_gate import GateCase

MODELS = (
    "res.partner",
    "res.partner.category",
    "res.partner.bank",
    "res.users",
    "res.company",
    "res.country",
    "res.currency",
    "res.groups",
    "ir.attachment",
    "mail.message",
    "mail.activity",
    "mail.template",
    "ir.cron",
    "ir.rule",
    "ir.config_parameter",
    "mcp.connection",
)
READ_ONLY_FOR_EVERYBODY = {"res.users", "res.groups", "mail.message", "ir.cron", "ir.rule", "mcp.connection"}
NEVER_SEEN = {"ir.config_parameter"}


@dataclass(frozen=True)
class Policy:
    scope: str = "read_write"
    only_listed: bool = False
    lines: dict = field(default_factory=dict)  # model → (operations, domain, fields)

    def operations(self, model):
        if model in NEVER_SEEN or (self.only_listed and model not in self.lines):
            return set()
        allowed = set(self.lines[model][0]) if model in self.lines else set("rcwd")
        if self.scope == "read_only" or model in READ_ONLY_FOR_EVERYBODY:
            allowed &= {"r"}
        if model in ("mail.template", "res.company") and not (self.scope == "admin" and model in self.lines):
            allowed &= {"r"}
        return allowed

    def domain(self, model):
        return self.lines[model][1] if model in self.lines else []

    def fields(self, model):
        return self.lines[model][2] if model in self.lines else None


_logger = logging.getLogger(__name__)

IN_GENT = [("city", "=", "Gent")]
POLICIES = {
    "none": Policy(),
    "read only": Policy(scope="read_only"),
    "administration": Policy(scope="admin", lines={"mail.template": ("rcwd", [], None)}),
    "some contacts": Policy(lines={"res.partner": ("rcwd", IN_GENT, None)}),
    "some fields": Policy(lines={"res.partner": ("rw", [], {"name", "city"}), "res.country": ("r", [], {"code"})}),
    "few models": Policy(
        only_listed=True,
        lines={"res.partner": ("rcw", IN_GENT, {"name", "ref", "city"}), "res.partner.category": ("rd", [], None)},
    ),
    "elsewhere": Policy(only_listed=True, lines={"res.currency": ("r", [("name", "=", "EUR")], None)}),
    "closed": Policy(lines={name: ("", [], None) for name in ("res.partner", "res.country", "ir.attachment")}),
}


def _rows(answer):
    return {row["id"] for row in answer["records"]}, {key for row in answer["records"] for key in row}


def _nothing(_answer):
    return set(), set()


LETTERS = {"r": "read", "c": "create", "w": "write", "d": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessMatrix(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.partners[:3].child_ids = [
            Command.create({"name": "Ground child", "type": "other", "city": "Namur", "ref": "MCPTEST"})
        ]
        env["res.partner.bank"].create({"acc_number": "BE71096123456769", "partner_id": cls.partners[1].id})
        env["res.partner.category"].create({"name": "Tagged", "partner_ids": [Command.set(cls.partners.ids)]})
        env["ir.attachment"].create(
            [
                {"name": f"File {partner.id}", "raw": b"x", "res_model": "res.partner", "res_id": partner.id}
                for partner in cls.partners[:2]
            ]
        )
        for partner in cls.partners[:2]:
            partner.message_post(body="A message")
            partner.activity_schedule("mail.mail_activity_data_todo", user_id=cls.user.id)
        manager, _connection, _key = make_key(
            env, "mcp_manager", groups="base.group_user,odoo_mcp.group_user,base.group_partner_manager"
        )
        plain, _connection, _key = make_key(env, "mcp_plain")
        cls.users = {"plain": plain, "manager": manager, "administrator": cls.admin}
        env.flush_all()
        # of each model, some records that anybody's policy would show, and some that would not
        cls.samples = {name: cls._sample(name) for name in MODELS}

    @classmethod
    def _sample(cls, name):
        records = cls.env[name].with_context(active_test=False)
        if name == "res.partner":
            return records.browse(cls.partners[:2].ids)
        if name in ("ir.attachment", "mail.message", "mail.activity"):
            model_field = "model" if name == "mail.message" else "res_model"
            return records.search([(model_field, "=", "res.partner"), ("res_id", "in", cls.partners[:2].ids)], limit=4)
        return records.search([], limit=2)

    def _gate(self, user, policy):
        connection = self.env["mcp.connection"].create(
            {
                "name": "Matrix",
                "user_id": user.id,
                "scope": policy.scope,
                "model_limit": "listed" if policy.only_listed else "all",
                "model_access_ids": [Command.create(self._line(name, *line)) for name, line in policy.lines.items()],
            }
        )
        token = issue_key(connection)
        self.env.flush_all()
        identification = bearer.identify(self.env, token)
        caller = identification.caller
        return Gate(self.env(user=caller.user_id, context=caller.context(), su=False), caller), identification

    def _line(self, name, letters, domain, names):
        fields = self.env["ir.model.fields"].search([("model", "=", name), ("name", "in", list(names or ()))])
        return {
            "model_id": self.env["ir.model"]._get(name).id,
            **{f"perm_{operation}": letter in letters for letter, operation in LETTERS.items()},
            "domain": repr(domain),
            "limit_fields": names is not None,
            "field_ids": [Command.set(fields.ids)],
        }

    # ------------------------------------------------------------------ what is expected, without asking the gate

    def _visible(self, user, policy, name):
        """Ids that the user sees in Odoo and the policy leaves."""
        model = self.env[name].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        if "r" not in policy.operations(name) or not model.has_access("read"):
            return set()
        return set(model.search(policy.domain(name)).ids) & self._documents_visible(policy, name)

    def _documents_visible(self, policy, name):
        """Of files, messages, activities and users: those whose contact is visible; of others: all."""
        everything = self.env[name].with_context(active_test=False, skip_res_field_check=True).search([])
        contacts = self.env["res.partner"].with_context(active_test=False).search(policy.domain("res.partner"))
        contacts = set(contacts.ids)
        if name == "res.users":
            return {row.id for row in everything if row.partner_id.id in contacts}
        if name not in ("ir.attachment", "mail.message", "mail.activity"):
            return set(everything.ids)
        return {row.id for row in everything if self._is_on_visible_document(policy, row, contacts)}

    def _is_on_visible_document(self, policy, row, contacts):
        document = row["model" if row._name == "mail.message" else "res_model"]
        if not document:
            return True
        if document in policy.lines and "r" not in policy.lines[document][0]:
            return False
        if policy.only_listed and document not in policy.lines:
            return False
        return document != "res.partner" or not policy.domain(document) or row.res_id in contacts

    def _may(self, user, policy, name, letter, record_id=None):
        model = self.env[name].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        if letter not in policy.operations(name) or not model.has_access(LETTERS[letter]):
            return False
        if record_id is None:
            return True
        allowed = model.browse(record_id).has_access(LETTERS[letter])
        return allowed and record_id in self._visible_by_id(user, policy, name)

    def _visible_by_id(self, user, policy, name):
        """The same where a call names records: archived ones too, and files behind fields."""
        model = self.env[name].with_user(user).with_context(allowed_company_ids=user.company_ids.ids, active_test=False)
        if "r" not in policy.operations(name) or not model.has_access("read"):
            return set()
        found = model.with_context(skip_res_field_check=True).search(policy.domain(name))
        return set(found.ids) & self._documents_visible(policy, name)

    # ------------------------------------------------------------------ the operations

    @staticmethod
    def _reads(name, sample):
        """Tool, arguments, and how to get ids and fields out of the answer."""
        first = sample[:1].ids or [1]
        ids = list(sample.ids) or [1]
        return {
            "search": ("search_records", {"model": name, "limit": 200}, _rows),
            "search by id": ("search_records", {"model": name, "domain": [["id", "in", ids]]}, _rows),
            "search not": ("search_records", {"model": name, "domain": ["!", ["id", "in", ids]], "limit": 100}, _rows),
            "read": ("read_records", {"model": name, "ids": ids}, _rows),
            "read name": ("read_records", {"model": name, "ids": ids, "fields": ["display_name"]}, _rows),
            "count": ("count_records", {"model": name, "domain": [["id", "in", ids]]}, _nothing),
            "name search": (
                "name_search",
                {"model": name, "text": ""},
                lambda answer: ({row["id"] for row in answer["matches"]}, set()),
            ),
            "describe": (
                "describe_model",
                {"model": name, "all_fields": True},
                lambda answer: (set(), set(answer["fields"])),
            ),
            "children": ("search_records", {"model": name, "domain": [["id", "child_of", first]]}, _rows),
        }

    def _writes(self, name, sample):
        ids = sample.ids or [1]
        label = self.env[name]._rec_name or "id"
        text = self.env[name]._fields[label].type in ("char", "text")
        value = {label: "Matrix"} if text else {"note": "x"}
        cells = {"create": ("c", None, "create_record", {"model": name, "values": value})}
        for number, record_id in enumerate(ids[:2]):
            cells[f"update {number}"] = (
                "w",
                record_id,
                "update_record",
                {"model": name, "id": record_id, "values": value},
            )
            cells[f"delete {number}"] = ("d", record_id, "delete_record", {"model": name, "id": record_id})
        cells["copy"] = ("c", ids[-1], "copy_record", {"model": name, "id": ids[-1]})
        return cells

    @mute_logger("odoo.sql_db")  # deletes that the database refuses
    def test_no_call_is_wider_than_its_user_or_its_policy(self):
        self.maxDiff = None
        self.cells = self.answered = 0
        self.wrong = []
        for kind, user in self.users.items():
            for what, policy in POLICIES.items():
                gate, identification = self._gate(user, policy)
                gate.close()
                for name in MODELS:
                    with self.subTest(user=kind, policy=what, model=name):
                        self._check_reads(user, policy, name, gate, identification)
                        self._check_writes(user, policy, name, gate, identification)
        _logger.info("Access matrix: %s cells, %s answered, %s exceptions", self.cells, self.answered, len(self.wrong))
        self.assertEqual(self.wrong, [])
        self.assertGreaterEqual(self.cells, 2000)
        self.assertGreater(self.answered, self.cells // 4, "where everything is refused, nothing is shown")

    def _check_reads(self, user, policy, name, gate, identification):
        visible, by_id = self._visible(user, policy, name), self._visible_by_id(user, policy, name)
        fields = self._fields(user, policy, name) | {"id"}
        sample = set(self.samples[name].ids)
        for operation, (tool, arguments, result_of) in self._reads(name, self.samples[name]).items():
            answer = self._call(gate, identification, tool, arguments)
            if answer is None:
                continue
            ids, names = result_of(answer)
            where = (user.login, self._name_of(policy), name, operation)
            if "r" not in policy.operations(name):
                self.wrong.append((*where, "model"))
            if not ids <= by_id or (operation in ("search", "name search") and not ids <= visible):
                self.wrong.append((*where, sorted(ids - visible)[:5]))
            if not names <= fields:
                self.wrong.append((*where, sorted(names - fields)))
            if operation == "count" and answer["count"] > len(by_id & sample):
                self.wrong.append((*where, answer["count"]))
            if operation == "search" and len(visible) <= 200 and ids != visible:
                self.wrong.append((*where, "narrower", sorted(visible - ids)[:5]))

    def _check_writes(self, user, policy, name, gate, identification):
        by_id = self._visible_by_id(user, policy, name)
        allowed = policy.fields(name)
        for operation, (letter, record_id, tool, arguments) in self._writes(name, self.samples[name]).items():
            if self._call(gate, identification, tool, arguments, writes=True) is None:
                continue
            where = (user.login, self._name_of(policy), name, operation)
            if not self._may(user, policy, name, letter, None if letter == "c" else record_id):
                self.wrong.append((*where, "right"))
            if record_id is not None and record_id not in by_id:
                self.wrong.append((*where, "record"))
            written = set(arguments.get("values", ())) if operation != "copy" else set()
            if allowed is not None and not written <= allowed:
                self.wrong.append((*where, "field"))

    @staticmethod
    def _name_of(policy):
        return next(name for name, known in POLICIES.items() if known is policy)

    def _fields(self, user, policy, name):
        model = self.env[name].with_user(user)
        if not model.has_access("read"):
            return set()
        names = {field for field in model.fields_get(attributes=["type"]) if not is_secret_field(field)}
        allowed = policy.fields(name)
        if allowed is None:
            return names
        return names & (allowed | ({"display_name"} if model._rec_name in allowed else set()))

    def _call(self, closed_gate, identification, tool, arguments, writes=False):
        """The answer of a tool, None when it is refused; nothing of it stays."""
        self.cells += 1
        savepoint = self.env.cr.savepoint(flush=writes)
        gate = Gate(closed_gate.env, identification.caller)
        try:
            call = Call(identification.caller, identification.limits, gate, None)
            answer = gate.env["mcp.tool.registry"].execute_tool(call, tool, dict(arguments))
            if writes:
                self.env.flush_all()
            self.answered += 1
            return answer
        except (ToolError, UserError, psycopg2.Error):
            return None
        finally:
            gate.close()
            savepoint.close(rollback=True)
