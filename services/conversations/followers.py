"""Who follows the event log in this process: open streams, and calls that run."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterable
from typing import Any

from ..protocol.streaming import Cancelled, Done, Event, Failed, Idle, Notification, Reconnect
from . import bounds, events
from .events import Place, Row
from .hub import HUB
from .presence import Presence
from .watching import Subscription

KEEP_ALIVE = 15.0
# A client that does not take what it is sent is cut off; it may come back for the rest.
_MOST_WAITING = 1000
_LIST_CHANGED = {kind: f"notifications/{kind}/list_changed" for kind in ("tools", "prompts", "resources")}
_LIST_WANTED = {kind: f"{kind}ListChanged" for kind in _LIST_CHANGED}


class Follower:
    """What the hub tells of news, and of the end.

    :param connection_id: whose stream it is
    :param session_key: whose addressed events it takes; None without session
    :param position: the place in the log behind which its news begin
    :param listener: under which name its subscriptions are kept, when they are not a session's
    """

    # Whether the session's subscriptions are delivered here.
    is_session_stream = False
    # Whether it ends when an administrator switches event streaming off.
    is_optional = True
    subscriptions: tuple[Subscription, ...] = ()

    def __init__(
        self,
        dbname: str,
        presence: Presence,
        connection_id: int,
        session_key: int | None,
        position: int,
        listener: str = "",
    ):
        self.dbname = dbname
        self.presence = presence
        self.connection_id = connection_id
        self.session_key = session_key
        self.position = position
        self.listener = listener

    def takes(self, row: Row) -> bool:
        """Whether an event addressed to the session is for this follower."""
        raise NotImplementedError

    def take(self, row: Row) -> bool:
        """Take an addressed event; True when it is used up by this."""
        raise NotImplementedError

    def lists(self) -> Iterable[str]:
        """The lists whose changes are wanted: ``tools``, ``prompts``, ``resources``."""
        return ()

    def tell(self, row: Row, uri: str | None) -> None:
        """Take a change that may be told: of a list, or of the resource ``uri``."""

    def is_connected(self) -> bool:
        return self.presence.is_connected()

    def end(self, reason: str) -> None:
        """Nothing more may be sent, or nobody is there any more. Called by the hub, in its thread."""
        raise NotImplementedError


class OpenStream(Follower):
    """A stream that stays open, as an iterator of protocol events.

    The first event is taken while the request's transaction is still open, the second one after its commit: only from
    then on the hub is told, for which the session and its subscriptions must be there.

    :param lasts: seconds
    :param on_end: gives its seat back
    """

    _follows = False
    _on_end: Callable[[], None] | None = None

    def __init__(self, *args, lasts: float, on_end: Callable[[], None], **kwargs):
        super().__init__(*args, **kwargs)
        self._waiting: queue.Queue[Event | None] = queue.Queue()
        self._ends_at = time.monotonic() + lasts
        self._on_end = on_end
        self._first = True
        self._over = False

    def __del__(self):
        """A request that was tried again, or failed, never read its stream to the end."""
        self._release()

    def __iter__(self) -> OpenStream:
        return self

    def __next__(self) -> Event:
        if self._over:
            raise StopIteration
        if self._first:
            self._first = False
            return self.first()
        if not self._follows:
            self._follows = True
            HUB.add(self)
        remaining = self._ends_at - time.monotonic()
        if remaining <= 0:
            return self._last(self.goodbye())
        try:
            event = self._waiting.get(timeout=min(KEEP_ALIVE, remaining))
        except queue.Empty:
            return Idle() if self._ends_at - time.monotonic() > 0 else self._last(self.goodbye())
        if event is None or isinstance(event, Done | Failed | Cancelled):
            return self._last(event)
        return event

    def _last(self, event: Event | None) -> Event:
        self.close()
        if event is None:
            raise StopIteration
        return event

    def first(self) -> Event:
        """What is sent at once, so that the client sees that it is connected."""
        return Idle()

    def goodbye(self) -> Event | None:
        """What is sent when the time is over."""
        return None

    def say(self, event: Event) -> None:
        if self._waiting.qsize() >= _MOST_WAITING:
            self.end("too slow")
        else:
            self._waiting.put(event)

    def close(self) -> None:
        """The client is gone, or everything was said."""
        self._over = True
        self._release()

    def end(self, reason: str) -> None:  # noqa: ARG002
        self._waiting.put(None)
        self._release()  # also when nobody ever reads this stream

    def _release(self) -> None:
        if self._follows:
            HUB.remove(self)
        on_end, self._on_end = self._on_end, None
        if on_end:
            on_end()


class SessionStream(OpenStream):
    """What a session's client holds open with GET: changes, and nothing of its running calls."""

    is_session_stream = True

    def __init__(self, *args, key: bytes, **kwargs):
        super().__init__(*args, **kwargs)
        self._key = key
        self._seen = self.position

    def lists(self) -> Iterable[str]:
        return _LIST_CHANGED

    def takes(self, row: Row) -> bool:
        return not row.stream and row.kind == "said"

    def take(self, row: Row) -> bool:
        self._seen = max(self._seen, row.id)
        self.say(events.unpack(row.payload, self._event_id(row.id)))
        return False

    def tell(self, row: Row, uri: str | None) -> None:
        self._seen = max(self._seen, row.id)
        self.say(_change(row, uri, self._event_id(row.id)))

    def first(self) -> Event:
        return Idle(self._event_id(self._seen))

    def goodbye(self) -> Event:
        absence = bounds.SHORT_ABSENCE if bounds.takes_up_a_worker() else bounds.SOON
        return Reconnect(int(absence * 1000), self._event_id(self._seen))

    def _event_id(self, position: int) -> str:
        return events.event_id(self._key, self.session_key, Place("", position))


class LostStream(OpenStream):
    """What a client that lost the answer of a call still has to hear of it."""

    def __init__(self, *args, key: bytes, stream: str, **kwargs):
        super().__init__(*args, **kwargs)
        self._key = key
        self._stream = stream
        self._seen = self.position

    def takes(self, row: Row) -> bool:
        return row.stream == self._stream and row.kind == "said"

    def take(self, row: Row) -> bool:
        self._seen = max(self._seen, row.id)
        self.say(events.unpack(row.payload, self._event_id()))
        return False

    def first(self) -> Event:
        return Idle(self._event_id())

    def goodbye(self) -> Event:
        return Reconnect(int(bounds.SOON * 1000), self._event_id())

    def _event_id(self) -> str:
        return events.event_id(self._key, self.session_key, Place(self._stream, self._seen))


class ListenStream(OpenStream):
    """``subscriptions/listen`` of 2026-07-28: what one request asked for, as long as it is open."""

    def __init__(self, *args, wanted: dict[str, Any], subscriptions: Iterable[Subscription], **kwargs):
        super().__init__(*args, **kwargs)
        self._wanted = wanted
        self.subscriptions = tuple(subscriptions)

    def lists(self) -> Iterable[str]:
        return [kind for kind, name in _LIST_WANTED.items() if self._wanted.get(name)]

    def takes(self, row: Row) -> bool:  # noqa: ARG002
        return False

    def tell(self, row: Row, uri: str | None) -> None:
        self.say(_change(row, uri, None))

    def first(self) -> Event:
        return Notification("notifications/subscriptions/acknowledged", {"notifications": self._wanted})

    def goodbye(self) -> Event:
        return Done({})

    def end(self, reason: str) -> None:
        if reason == "stopping":
            self.say(Done({}))
        super().end(reason)


def _change(row: Row, uri: str | None, event_id: str | None) -> Notification:
    if uri is not None:
        return Notification("notifications/resources/updated", {"uri": uri}, event_id)
    return Notification(_LIST_CHANGED[row.kind], {}, event_id)
