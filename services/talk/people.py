"""Whom a message is for: colleagues and contacts by name, id or e-mail address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from odoo.tools.mail import email_normalize

from ..records.writing_links import Links
from ..tools.call import Call
from ..tools.errors import ToolError

MOST_PEOPLE = 50


def partners_of(call: Call, people: Sequence[Any], where: str):
    """The contacts that ``people`` mean; a colleague before a contact of the same name.

    :param people: ids of contacts, names, e-mail addresses, or logins of users
    :raises ToolError: one of them is nobody, or may be several
    """
    env = call.gate.env
    if len(people) > MOST_PEOPLE:
        raise ToolError(f"{where}: at most {MOST_PEOPLE} people at once, not {len(people)}.")
    links = Links(call.gate)
    ids = [_partner(call, one, where, links) for one in people]
    links.check()
    return env["res.partner"].browse(dict.fromkeys(ids))


def _partner(call: Call, one: Any, where: str, links: Links) -> int:
    if isinstance(one, str) and not one.strip().isdecimal():
        text = one.strip().removeprefix("@")
        address = email_normalize(text)
        if address:
            return _by_address(call, address, where)
        colleague = _colleague(call, text)
        if colleague:
            return colleague
        one = text
    return links.one("res.partner", where, one)


def _by_address(call: Call, address: str, where: str) -> int:
    partners = call.gate.model("res.partner")
    found = partners.search([("email_normalized", "=", address)], limit=2)
    if not found:
        raise ToolError(
            f"{where}: no contact has the address {address}. Create the contact first (create_record res.partner), "
            "so that the answer finds its place."
        )
    return found[0].id


def _colleague(call: Call, text: str) -> int | None:
    if not call.gate.may_read_model("res.users"):
        return None
    users = call.gate.model("res.users").search(
        ["&", ("share", "=", False), "|", ("login", "=ilike", _literal(text)), ("name", "=ilike", _literal(text))],
        limit=2,
    )
    return users.partner_id.id if len(users) == 1 else None


def user_of(call: Call, one: Any, where: str):
    """The colleague that ``one`` means: an id of a user, a name, a login.

    :raises ToolError: there is none, or several
    """
    links = Links(call.gate)
    text = str(one).strip()
    if not text.isdecimal():
        users = call.gate.model("res.users").search(
            ["|", ("login", "=ilike", _literal(text)), ("name", "=ilike", _literal(text))], limit=2
        )
        if len(users) == 1:
            return users
    user_id = links.one("res.users", where, one)
    links.check()
    return call.gate.env["res.users"].browse(user_id)


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def named(partner) -> str:
    """``Anita Oliver <anita@example.com>``."""
    return f"{partner.name} <{partner.email}>" if partner.email else partner.name or partner.display_name or ""
