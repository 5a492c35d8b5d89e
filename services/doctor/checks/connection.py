"""One connection: why its AI tool would be refused, whatever the server does."""

# There is no self here: the language is that of the request.
# pylint: disable=prefer-env-translation
from __future__ import annotations

from collections import Counter
from datetime import timedelta

from odoo import fields

from ...identity.keys import why_not_connectable
from ..finding import ATTENTION, NOT_APPLICABLE, OK, PROBLEM, Finding


def check(connection, translate) -> list[Finding]:
    """:param connection: a record of mcp.connection, with the rights of the person at the screen"""
    checks = (_state, _user, _key, _calls, _refused)
    return [one(connection, translate("This connection"), translate) for one in checks]


def _state(connection, group, _) -> Finding:
    title = _("State")
    if connection.state == "active":
        return Finding("connection_state", group, title, OK, _("The connection is active."))
    return Finding("connection_state", group, title, PROBLEM, _("The connection is revoked."), _("Reactivate it."))


def _user(connection, group, _) -> Finding:
    title = _("User")
    reason = why_not_connectable(connection.user_id)
    if reason:
        return Finding("connection_user", group, title, PROBLEM, reason)
    return Finding("connection_user", group, title, OK, _("%s may use AI tools.", connection.user_id.name))


def _key(connection, group, _) -> Finding:
    title = _("Key")
    if not connection.holds_keys:
        return Finding("connection_key", group, title, NOT_APPLICABLE, _("This tool logs in with the browser."))
    if not connection.live_key_count:
        seen = _("There is no working key: all are expired or revoked.")
        return Finding(
            "connection_key", group, title, PROBLEM, seen, _("Press New Key, and paste it into the AI tool.")
        )
    end = connection.next_key_end
    if end and end - fields.Datetime.now() < timedelta(days=7):
        seen = _("The key ends on %s.", fields.Date.to_string(end.date()))
        return Finding("connection_key", group, title, ATTENTION, seen, _("Press Rotate Key, and paste the new one."))
    return Finding("connection_key", group, title, OK, _("Working keys: %s.", connection.live_key_count))


def _calls(connection, group, _) -> Finding:
    title = _("Calls")
    if not connection.last_used_at:
        seen = _("No call has come in yet.")
        advice = _("Press “How to Connect”, and follow the steps in the AI tool; then ask it “who am I in Odoo?”.")
        return Finding("connection_calls", group, title, ATTENTION, seen, advice)
    seen = _(
        "Last call %(when)s UTC, by %(client)s.",
        when=fields.Datetime.to_string(connection.last_used_at),
        client=connection.last_client or _("an unnamed tool"),
    )
    return Finding("connection_calls", group, title, OK, seen)


def _refused(connection, group, _) -> Finding:
    title = _("Refused calls of the last 24 hours")
    day_ago = fields.Datetime.now() - timedelta(days=1)
    rows = connection.env["mcp.audit.log"].search(
        [("connection_id", "=", connection.id), ("outcome", "=", "refused"), ("create_date", ">=", day_ago)],
        order="id desc",
        limit=500,
    )
    if not rows:
        return Finding("connection_refused", group, title, OK, _("None."))
    reasons = Counter(row.error or "" for row in rows).most_common(3)
    seen = "; ".join(f"{count} × {reason}" for reason, count in reasons)
    return Finding("connection_refused", group, title, ATTENTION, seen, _("The audit log tells each of them."))
