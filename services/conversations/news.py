"""What happens with news in one database: read the log once for all streams, decide who may know, hand it out."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry

from ..governance.gate import Gate
from ..protocol.errors import ResourceNotFound
from ..transactions import short_transaction
from . import bounds, events, sessions, watching
from .events import Row

if TYPE_CHECKING:
    from .followers import Follower

_logger = logging.getLogger(__name__)

# Seconds that a transaction may need between writing an event and its commit. Places in the log are given out when
# events are written: one that is committed late appears among those that were read already.
_LATENESS = 30.0
_OVERLAP = 200
_RENEW_EVERY = 60.0
_COLUMNS = "id, session_id, stream, kind, connection_id, res_model, res_ids, uri, payload"


class Newsroom:
    """The state between two readings of one database's log. Used by one thread."""

    def __init__(self, dbname: str):
        self.dbname = dbname
        self.failures = 0
        self._joined: set[Follower] = set()
        self._callers: dict[Any, Any] = {}  # by the key of a presence: who that is, as last checked
        self._low: int | None = None  # everything up to here was read, and nothing will be added
        self._read: set[int] = set()  # what was read above it
        self._heights: deque[tuple[float, int]] = deque()  # how long the log was, and when
        self._renewed_at = time.monotonic()

    def knows(self, members: list[Follower]) -> bool:
        return self._joined.issuperset(members)

    def serve(self, members: list[Follower], is_due: bool) -> list[Follower]:
        """One round, in a short transaction; see :meth:`round`."""
        threading.current_thread().dbname = self.dbname
        with Registry(self.dbname).check_signaling().cursor() as cr:
            # sudo: what is new is looked for once; each follower reads it as their own user
            ended = self.round(Environment(cr, SUPERUSER_ID, {}), members, is_due)
        if is_due:
            self.failures = 0
        return ended

    def round(self, env, members: list[Follower], is_due: bool) -> list[Follower]:
        """Hand out what is new to ``members``; returns those who are not to be served any more.

        :param is_due: also check who of them may still listen; who is new is always checked
        """
        cr = env.cr
        joining = [member for member in members if member not in self._joined]
        ended = self._check(env, members if is_due else joining)
        members = [member for member in members if member not in ended]
        if is_due:
            self._renew(env, members)
        delivery = _Delivery(env, members, self._callers)
        news = self._news(cr, members)
        for member in members:
            rows = news if member in self._joined else self._behind(cr, member.position, [member])
            for row in rows:
                delivery.hand_out(row, member)
        delivery.clean_up()
        self._joined = set(members)
        return list(ended)

    # ------------------------------------------------------------------ who may listen

    def _check(self, env, members: list[Follower]) -> set[Follower]:
        """Those of ``members`` who are gone, or may not listen any more; they are told of their end."""
        presences = {member.presence.key: member.presence for member in members}
        found = {key: presence.recheck(env) for key, presence in presences.items()}
        live = sessions.live(env.cr, [member.session_key for member in members if member.session_key])
        streaming = bounds.limits_of(env.cr).enabled
        ended, unusable = set(), []
        for member in members:
            identification = found[member.presence.key]
            caller = self._callers[member.presence.key] = identification.caller
            if not member.is_connected():
                reason = "gone"
            elif caller is None or caller.connection_id != member.connection_id or not identification.limits.enabled:
                reason = "revoked"
                unusable += [member.session_key] if member.session_key and caller is None else []
            elif member.is_optional and not streaming:
                reason = "switched off"
            elif member.session_key and member.session_key not in live:
                reason = "session ended"
            elif member.is_session_stream and live[member.session_key] != member.listener:
                reason = "replaced"
            else:
                continue
            member.end(reason)
            ended.add(member)
        if unusable:  # who was revoked leaves no session behind that looks as if it were in use
            with short_transaction(env) as cr:
                for session_key in unusable:
                    sessions.end(cr, session_key)
        return ended

    def _renew(self, env, members: list[Follower]) -> None:
        """Keep alive what open streams stand for, and clean up behind those that are no more."""
        if time.monotonic() - self._renewed_at < _RENEW_EVERY:
            return
        self._renewed_at = time.monotonic()
        self._callers = {member.presence.key: self._callers[member.presence.key] for member in members}
        with short_transaction(env) as cr:
            watching.renew(cr, [member.listener for member in members if member.listener and not member.session_key])
            sessions.touch(cr, [member.session_key for member in members if member.session_key])
            events.trim(cr)

    # ------------------------------------------------------------------ reading the log

    def _news(self, cr, members: list[Follower]) -> list[Row]:
        """What was not read before, also if it was committed late."""
        now, newest = time.monotonic(), events.newest(cr)
        self._heights.append((now, newest))
        if self._low is None:
            self._low = max(0, newest - _OVERLAP)
            cr.execute("SELECT id FROM mcp_event WHERE id > %s", [self._low])
            self._read = {row[0] for row in cr.fetchall()}
            return []
        rows = self._behind(cr, self._low, members, self._read)
        self._read.update(row.id for row in rows)
        while self._heights[0][0] < now - _LATENESS:
            self._low = max(self._low, self._heights.popleft()[1])
        self._read = {row_id for row_id in self._read if row_id > self._low}
        return rows

    def _behind(self, cr, position: int, members: list[Follower], known: Iterable[int] = ()) -> list[Row]:
        """The rows behind a place that concern ``members``, without those that are known."""
        keys = list({member.session_key for member in members if member.session_key})
        cr.execute(
            f"""SELECT {_COLUMNS} FROM mcp_event
                 WHERE id > %s AND (session_id IS NULL OR session_id = ANY(%s)) AND id <> ALL(%s)
              ORDER BY id""",
            [position, keys, list(known)],
        )
        return [Row(*columns[:-1], json.loads(columns[-1] or "null")) for columns in cr.fetchall()]


class _Delivery:
    """One round: events of the log on their way to those whom they concern, and who may know of them."""

    def __init__(self, env, members: list[Follower], callers: dict[Any, Any]):
        self._env = env
        self._callers = callers
        self._may_know: dict[tuple, bool] = {}
        self._used_up: list[int] = []
        self._told: set[tuple] = set()
        self._by_session: dict[int, list[str]] | None = None
        self._members = members
        self._subscriptions: dict[Any, list[watching.Subscription]] = {}

    def hand_out(self, row: Row, member: Follower) -> None:
        if row.session_key is not None:
            if row.session_key == member.session_key and member.takes(row) and member.take(row):
                self._used_up.append(row.id)
        elif row.kind == "updated":
            for uri in self._changed_uris(member, row):
                self._tell(member, row, uri)
        elif row.kind in member.lists() and row.connection_id in (None, 0, member.connection_id):
            self._tell(member, row, None)

    def _tell(self, member: Follower, row: Row, uri: str | None) -> None:
        told = (member, row.kind, uri)
        if told not in self._told:  # several changes at once are one to tell
            self._told.add(told)
            member.tell(row, uri)

    def clean_up(self) -> None:
        """Take out of the log what nobody will ask for again."""
        if self._used_up:
            with short_transaction(self._env) as cr:
                cr.execute("DELETE FROM mcp_event WHERE id = ANY(%s)", [self._used_up])

    # ------------------------------------------------------------------ who may know

    def _changed_uris(self, member: Follower, row: Row) -> list[str]:
        if row.uri:
            return [row.uri] if any(one.uri == row.uri for one in self._subscribed(member)) else []
        return [
            one.uri
            for one in self._subscribed(member)
            if one.watch is not None and one.watch.source == row.res_model and self._knows(member, one.watch, row)
        ]

    def _knows(self, member: Follower, watch: watching.Watch, row: Row) -> bool:
        if watch.record_id and row.res_ids is not None and watch.record_id not in row.res_ids:
            return False
        question = (member.presence.key, watch, row.id)
        if question not in self._may_know:
            caller = self._callers[member.presence.key]
            env = self._env(user=caller.user_id, context=caller.context(), su=False)
            with Gate(env, caller) as gate:
                self._may_know[question] = watching.may_know(gate, watch, row.res_ids)
        return self._may_know[question]

    def _subscribed(self, member: Follower) -> list[watching.Subscription]:
        if not member.is_session_stream:
            return list(member.subscriptions)
        found = self._subscriptions.get(member.session_key)
        if found is None:
            if self._by_session is None:
                keys = [one.session_key for one in self._members if one.is_session_stream]
                self._by_session = watching.subscriptions_of(self._env.cr, keys)
            found = self._subscriptions[member.session_key] = []
            for uri in self._by_session.get(member.session_key, ()):
                try:
                    found.append(watching.understood(self._env["mcp.tool.registry"], uri))
                except ResourceNotFound:
                    _logger.debug("%s is no resource any more", uri)
        return found
