"""Subscriptions: which change in Odoo is a change of which resource, and who wants to hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from odoo.exceptions import AccessError

from ..governance.gate import Gate
from ..protocol.errors import INVALID_PARAMS, ProtocolError, ResourceNotFound
from ..tools.errors import ToolError

MOST_SUBSCRIPTIONS = 500
# Seconds; a stream without session that is open renews its subscriptions well before.
LEASE = 180
_ANY = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """What a resource depends on.

    :param source: the model whose changes count
    :param record_id: the one record that counts; 0 for any
    :param model: what the user must be allowed to read, by default ``source``
    """

    source: str
    record_id: int = _ANY
    model: str = ""

    @property
    def readable(self) -> str:
        return self.model or self.source


@dataclass(frozen=True, slots=True)
class Subscription:
    """One URI that somebody wants to hear of; ``watch`` is None for a resource that says itself when it changes."""

    uri: str
    watch: Watch | None


def subscription_to(registry, gate: Gate, uri: str) -> Subscription:
    """What it means to subscribe to ``uri``.

    :raises ResourceNotFound: there is no such resource, or not for this user
    """
    subscription = understood(registry, uri)
    watch = subscription.watch
    if watch and not may_read(gate, watch, [watch.record_id] if watch.record_id else []):
        raise ResourceNotFound(uri)
    return subscription


def understood(registry, uri: str) -> Subscription:
    """What ``uri`` depends on, whoever asks.

    :raises ResourceNotFound: there is no such resource
    """
    for definition in registry._resource_definitions().values():
        values = definition.match(uri)
        if values is not None:
            watch = definition.options.watch
            return Subscription(uri, getattr(registry, watch)(**values) if watch else None)
    raise ResourceNotFound(uri)


def may_read(gate: Gate, watch: Watch, record_ids: Iterable[int]) -> bool:
    """Whether the user may read the model, and one of these records if there are any."""
    try:
        model = gate.model(watch.readable)
        ids = list(record_ids)
        return not ids or bool(model.with_context(active_test=False).search([("id", "in", ids)], limit=1))
    except (ToolError, AccessError):
        return False


def may_know(gate: Gate, watch: Watch, changed: list[int] | None) -> bool:
    """Whether a change may be told: the user may still read what changed, or it is gone.

    :param changed: the records that changed, None when they are too many to tell
    """
    if watch.model:
        return may_read(gate, watch, [])
    if watch.record_id:
        if changed is not None and watch.record_id not in changed:
            return False
        changed = [watch.record_id]
    if not may_read(gate, watch, []):
        return False
    if changed is None or may_read(gate, watch, changed):
        return True
    # sudo: only whether they are gone, which whoever could read the list finds out by reading it again
    return not gate.env[watch.source].sudo().with_context(active_test=False).search_count([("id", "in", changed)])


# ---------------------------------------------------------------------- rows


def subscribe(cr, session_key: int, subscription: Subscription) -> None:
    """Remember it for as long as the session lives.

    :raises ProtocolError: -32602, the session has too many
    """
    others = "SELECT count(*) FROM mcp_subscription WHERE session_id = %s AND uri != %s"
    cr.execute(others, [session_key, subscription.uri])
    if cr.fetchone()[0] >= MOST_SUBSCRIPTIONS:
        text = f"This session has {MOST_SUBSCRIPTIONS} subscriptions, which is the most: unsubscribe from others first"
        raise ProtocolError(INVALID_PARAMS, text)
    cr.execute(
        """INSERT INTO mcp_subscription (session_id, uri, res_model, res_id) VALUES (%s, %s, %s, %s)
           ON CONFLICT (session_id, uri) WHERE session_id IS NOT NULL DO NOTHING""",
        [session_key, *_columns(subscription)],
    )


def unsubscribe(cr, session_key: int, uri: str) -> None:
    cr.execute("DELETE FROM mcp_subscription WHERE session_id = %s AND uri = %s", [session_key, uri])


def listen(cr, listener: str, subscriptions: Iterable[Subscription]) -> None:
    """Remember them for a stream without session, until its lease ends."""
    for subscription in subscriptions:
        cr.execute(
            """INSERT INTO mcp_subscription (listener, uri, res_model, res_id, until)
               VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC' + %s * interval '1 second')""",
            [listener, *_columns(subscription), LEASE],
        )


def renew(cr, listeners: list[str]) -> None:
    cr.execute(
        """UPDATE mcp_subscription SET until = now() AT TIME ZONE 'UTC' + %s * interval '1 second'
            WHERE listener = ANY(%s)""",
        [LEASE, listeners],
    )


def stop_listening(cr, listeners: list[str]) -> None:
    cr.execute("DELETE FROM mcp_subscription WHERE listener = ANY(%s)", [listeners])


def subscriptions_of(cr, session_keys: list[int]) -> dict[int, list[str]]:
    """The URIs that sessions subscribed to."""
    cr.execute(
        "SELECT session_id, array_agg(uri) FROM mcp_subscription WHERE session_id = ANY(%s) GROUP BY session_id",
        [session_keys],
    )
    return dict(cr.fetchall())


def _columns(subscription: Subscription) -> list[Any]:
    watch = subscription.watch
    return [subscription.uri, watch and watch.source, watch.record_id if watch else None]
