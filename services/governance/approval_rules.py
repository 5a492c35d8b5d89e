"""Which calls a person must agree to first.

Some are known by their name: a tool on the connection's list, or any that deletes. Others show only while they run: a
model on the list is changed, more records than allowed, or, after private data was read, something leaves the company.
Those are seen under the ORM as it happens (:mod:`.recording`), taken back, and asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL
from odoo.tools.mail import email_normalize_all

from . import rows
from .recording import StoppedError, current

LISTED, DESTRUCTIVE, EVERYTHING = "listed", "destructive", "everything"

# Reading before sending counts for this long: what an AI read an hour ago may still be in its context.
READING_COUNTS_FOR = "1 hour"
# Taking a request back needs nobody's consent.
_NEVER = frozenset({"cancel_approval"})
# Their state is written when they are sent, scheduled, sent again or called back.
_MAILINGS, _UNDER_WAY = "mailing.mailing", ("in_queue", "sending")
# Writing True to one of these shows a record to the public.
PUBLISHING_FIELDS = frozenset({"is_published", "website_published"})

_RULES = """
    SELECT settings.approval_most_records, settings.approval_before_sending, connection.approval_level,
           ARRAY(SELECT tool.name FROM mcp_connection_approval_tool_rel listed
                   JOIN mcp_tool tool ON tool.id = listed.mcp_tool_id
                  WHERE listed.mcp_connection_id = connection.id),
           ARRAY(SELECT model.model FROM mcp_connection_approval_model_rel listed
                   JOIN ir_model model ON model.id = listed.ir_model_id
                  WHERE listed.mcp_connection_id = connection.id)
      FROM mcp_connection connection, mcp_settings settings
     WHERE connection.id = %s
"""
_HAS_READ = f"""
    SELECT EXISTS (
        SELECT FROM mcp_audit_log
         WHERE connection_id = %s AND outcome = 'ok' AND rows > 0
           AND create_date > (now() AT TIME ZONE 'UTC') - interval '{READING_COUNTS_FOR}')
"""


class ApprovalNeeded(StoppedError):
    """A running call came to a point that somebody must agree to; all of it is taken back.

    ``str()`` of it says why, as a part of a sentence: "it changes Contact".
    """


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """What of a connection's calls needs approval."""

    tools: frozenset[str]
    models: frozenset[str]
    level: str  # LISTED, DESTRUCTIVE or EVERYTHING
    most_records: int  # existing records that one call may change or delete; 0: any number
    before_sending: bool

    def why_before(self, name: str, risk: str) -> str:
        """Why the tool needs approval whatever it would do; empty when it does not."""
        if name in _NEVER:
            return ""
        if name in self.tools:
            return f"the tool {name} is on this connection's list of tools that need approval"
        if self.level == EVERYTHING:
            return "every change through this connection needs approval"
        if self.level == DESTRUCTIVE and risk in ("destructive", "admin"):
            return "this connection needs approval for whatever deletes or changes how Odoo works"
        return ""


def rules_of(env, connection_id: int) -> ApprovalRules:
    """The rules as they are now."""
    env.cr.execute(SQL(_RULES, connection_id))
    most_records, before_sending, level, tools, models = env.cr.fetchone()
    return ApprovalRules(frozenset(tools), frozenset(models), level, most_records or 0, bool(before_sending))


def ask_first(call, reason: str) -> None:
    """End a running call that is about to run a tool for which somebody must agree, unless somebody did.

    :param reason: why, see :meth:`ApprovalRules.why_before`; empty when nobody must
    :raises ApprovalNeeded: the call is asked about as a whole
    """
    record = current(call.gate.env.cr)
    if reason and record is not None and isinstance(record.watch, Watch):
        raise ApprovalNeeded(reason)


def note_reading(call) -> None:
    """A running call reads: for what it does after that, private data was read."""
    record = current(call.gate.env.cr)
    if record is not None and isinstance(record.watch, Watch):
        record.watch.has_read = True


class Watch:
    """Looks on while a call runs; raises :class:`ApprovalNeeded` at the first thing somebody must agree to.

    It is called just after records were created, and just before rows are changed or deleted.
    """

    def __init__(self, env, connection_id: int, rules: ApprovalRules):
        self.env = env
        self.connection_id = connection_id
        self.rules = rules
        self._counted: set[tuple[str, int]] = set()
        self.has_read: bool | None = None  # by this call or an earlier one; None: not looked up yet

    def __call__(self, kind: str, records, names: Sequence[str] = (), existing: Sequence[int] = ()) -> None:
        """
        :param kind: ``create``, ``update`` or ``delete``
        :param names: of the fields that are about to be written
        :param existing: ids of those records that were there before the call began
        """
        if records._name in self.rules.models:
            verb = {"create": "creates", "update": "changes", "delete": "deletes"}[kind]
            raise ApprovalNeeded(f"it {verb} records of {records._description} ({records._name})")
        if self.rules.most_records and kind != "create":
            self._counted.update((records._name, record_id) for record_id in existing)
            if len(self._counted) > self.rules.most_records:
                raise ApprovalNeeded(
                    f"it changes or deletes more than {self.rules.most_records} records that are already there"
                )
        if self.rules.before_sending:
            self._check_leaving(kind, records, names)

    def _check_leaving(self, kind: str, records, names: Sequence[str]) -> None:
        if kind == "create" and records._name == "mail.mail":
            outsiders = _outsiders(records)
            if outsiders and self._connection_has_read():
                raise ApprovalNeeded(
                    f"it sends a message out of the company ({', '.join(outsiders[:3])}) after private data was read"
                )
            return
        if kind == "delete":
            return
        # a mass mailing leaves later, when nobody looks on: what puts it into the queue sends it
        sent = records._name == _MAILINGS and _becoming(kind, records, names, "state", _UNDER_WAY)
        if sent and self._connection_has_read():
            raise ApprovalNeeded(f"it sends the mass mailing {sent[0].display_name!r} after private data was read")
        for name in PUBLISHING_FIELDS:
            if _becoming(kind, records, names, name, (True,)) and self._connection_has_read():
                raise ApprovalNeeded(f"it publishes records of {records._description} after private data was read")

    def _connection_has_read(self) -> bool:
        if self.has_read is None:
            self.env.cr.execute(SQL(_HAS_READ, self.connection_id))
            self.has_read = self.env.cr.fetchone()[0]
        return self.has_read


def _becoming(kind: str, records, names: Sequence[str], name: str, values: Collection[Any]):
    """Those of ``records`` whose field ``name`` gets one of ``values`` now, and had another before."""
    # sudo: whether something is public or on its way is no secret
    records = records.sudo()
    if name not in records._fields or kind == "update" and name not in names:
        return records.browse()
    # what is about to be written is in the cache already
    new = records.filtered(lambda record: record[name] in values)
    if kind == "create" or not new or not rows.is_column(records, name):
        return new
    before = rows.read(records, new.ids, [name])
    return new.filtered(lambda record: before.get(record.id, {}).get(name) not in values)


def _outsiders(mails) -> list[str]:
    """Whom ``mails`` would reach that is no internal user: names of partners, and bare addresses."""
    # sudo: outgoing mail belongs to the system
    mails = mails.sudo()
    partners = mails.recipient_ids.filtered(lambda partner: not partner.user_ids.filtered(lambda user: not user.share))
    addresses = {
        address
        for mail in mails
        for text in (mail.email_to, mail.email_cc)
        for address in email_normalize_all(text or "")
    }
    if addresses:
        users = mails.env["res.users"].search([("share", "=", False), ("email_normalized", "in", list(addresses))])
        addresses -= set(users.mapped("email_normalized"))
    return [*partners.mapped("display_name"), *sorted(addresses)]
