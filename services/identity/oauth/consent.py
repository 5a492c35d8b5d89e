"""What a person is asked, and what comes of their answer."""

from __future__ import annotations

from dataclasses import dataclass

from odoo import fields

from . import address, people, redirects, scopes
from .authorization import AuthorizationRequest
from .clients import Client
from .grants import Permission


@dataclass(frozen=True, slots=True)
class Question:
    """Plain values for the consent page."""

    client_name: str
    client_website: str
    redirect_host: str
    is_loopback: bool
    is_self_made: bool
    can_write: bool
    user_name: str
    user_login: str
    database: str
    companies: tuple[tuple[int, str], ...]  # id and name; empty when there is nothing to choose
    connected_before: bool
    days: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person ticked."""

    write: bool
    company_ids: tuple[int, ...]


def question(user, asked: AuthorizationRequest, client: Client) -> Question:
    companies = user.company_ids if len(user.company_ids) > 1 else user.company_ids.browse()
    record = user.env["mcp.oauth.client"].sudo().browse(client.id)  # sudo: people see who asks them
    seconds = user.env["mcp.settings"].current().oauth_refresh_seconds
    return Question(
        client_name=client.name,
        client_website=record.client_uri or "",
        redirect_host=redirects.host(asked.redirect_uri),
        is_loopback=redirects.is_loopback(asked.redirect_uri),
        is_self_made=not client.is_trusted,
        can_write=scopes.may_write(asked.scope),
        user_name=user.name,
        user_login=user.login,
        database=address.issuer(user.env).partition("://")[2],
        companies=tuple((company.id, company.name) for company in companies),
        connected_before=bool(people.connection_of(user, client)),
        days=max(1, round(seconds / 86400)),
    )


def permission(user, asked: AuthorizationRequest, client: Client, choice: Choice) -> Permission | None:
    """The permission that ``choice`` amounts to, with a connection to carry it; None when no company is left.

    Never more than was asked, than the client may ask for, and than the person has.
    """
    companies = None
    if len(user.company_ids) > 1:
        chosen = [company_id for company_id in sorted(user.company_ids.ids) if company_id in choice.company_ids]
        if not chosen:
            return None
        companies = ",".join(map(str, chosen)) if len(chosen) < len(user.company_ids) else None
    scope = scopes.requested(asked.scope, client.scope)
    if not choice.write:
        scope = [name for name in scope if name != scopes.WRITE]
    # first, so that two answers at once come one after the other
    # sudo: the time is noted for the administrators, whoever consents
    user.env["mcp.oauth.client"].sudo().browse(client.id).last_used_at = fields.Datetime.now()
    user.env.flush_all()
    connection = people.connect(user, client)
    return Permission(
        connection_id=connection.id,
        client_id=client.id,
        user_id=user.id,
        scope=scopes.join(scope),
        audience=address.audience(user.env),
        companies=companies,
        may_step_up=not scopes.may_write(asked.scope) and scopes.may_write(client.scope),
    )
