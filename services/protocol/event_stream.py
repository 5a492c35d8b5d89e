"""A conversation as the body of an answer: one event after the other, and an end."""

from __future__ import annotations

from .channels import Channel
from .errors import INTERNAL_ERROR, INVALID_REQUEST, REQUEST_CANCELLED, ProtocolError
from .messages import Outcome
from .streaming import (
    Cancelled,
    Conversation,
    Done,
    Event,
    Failed,
    Reconnect,
    ServerRequest,
)

_END = (Done, Failed, Cancelled)


class EventStream:
    """Bytes of server-sent events; the request is observed when they end, once, however they end.

    Pulls the application's events as fast as they are taken: nothing is sent that nobody reads.
    """

    def __init__(self, events: Conversation, channel: Channel) -> None:
        self._events = events
        self._channel = channel
        self._waiting: bytes | Done | Failed | Cancelled | None = None  # pulled, not yet sent
        self._last = False  # nothing is to be pulled any more
        self._comes_back = False  # the client, by GET
        self._observed = False
        self._accident: Exception | None = None

    def open(self) -> Done | Failed | Cancelled | None:
        """Pull up to the first event that is worth a stream.

        :return: the answer, when it comes first: then no stream is needed
        :raises ProtocolError: as the application did, or -32021
        :raises Exception: as the application did
        """
        self._waiting = self._pull()
        if self._waiting is None:
            self._channel.exhausted()
        return self._waiting if isinstance(self._waiting, _END) else None

    def __iter__(self) -> EventStream:
        return self

    def __next__(self) -> bytes:
        if self._observed:
            accident, self._accident = self._accident, None
            raise accident or StopIteration
        try:
            waiting, self._waiting = self._waiting, None
            step = self._pull() if waiting is None else waiting
            if isinstance(step, bytes):
                return step
            chunk, outcome = self._end_of(step)
        except ProtocolError as error:
            chunk, outcome = self._channel.failed(Failed(error))
        except Exception as error:
            chunk, outcome = self._channel.failed(Failed(self._refusal_of(error)))
        self._observe(outcome)
        return chunk or next(self)

    def close(self) -> None:
        """The client is gone, or never came."""
        if self._observed:
            return
        try:
            if not self._last:
                self._last = True
                self._events.close()
        finally:
            self._observe(self._channel.abandoned())

    def _pull(self) -> bytes | Done | Failed | Cancelled | None:
        """The next event as it is sent, or the answer; None at the end."""
        while not self._last:
            event = next(self._events, None)
            if event is None or isinstance(event, _END):
                self._last = True
                return event
            chunk = self._chunk_of(event)
            if chunk:
                return chunk
        return None

    def _chunk_of(self, event: Event) -> bytes | None:
        try:
            self._last = self._comes_back = isinstance(event, Reconnect)
            return self._channel.chunk(event)
        except Exception:
            self._last = True
            self._events.close()
            raise

    def _end_of(self, step: Done | Failed | Cancelled | None) -> tuple[bytes, Outcome]:
        """The last bytes, and how the request ended."""
        if isinstance(step, Done):
            return self._channel.done(step)
        if isinstance(step, Failed):
            return self._channel.failed(step)
        if isinstance(step, Cancelled):
            return b"", Outcome("cancelled", 200)
        return b"", Outcome("stream", 200) if self._comes_back else self._channel.exhausted()

    def _observe(self, outcome: Outcome) -> None:
        self._observed = True
        self._channel.application.observe(self._channel.context, self._channel.params, outcome)

    def _refusal_of(self, error: Exception) -> ProtocolError:
        """What the client is told. Nobody can run the request again: some of it was sent."""
        refusal = self._channel.application.convert_exception(error)
        if refusal is None:
            self._accident = error  # leaves the stream behind the refusal, for the host to see
            refusal = ProtocolError(INTERNAL_ERROR, "The call was interrupted: try it again")
        return refusal


def without_stream(events: Conversation) -> Done | Failed | Cancelled:
    """The answer of a conversation whose client takes no event stream; the rest is dropped.

    :raises ProtocolError: HTTP 406, there is no answer without a stream
    """
    for event in events:
        if isinstance(event, _END):
            return event
        if isinstance(event, (ServerRequest, Reconnect)):
            events.close()
            raise needs_stream()
    raise TypeError("The conversation ended without Done or Failed")


def done_or_raise(end: Done | Failed | Cancelled) -> Done:
    """The answer of a conversation that needs no stream.

    :raises ProtocolError: there is none but this
    """
    if isinstance(end, Failed):
        raise end.error
    if isinstance(end, Cancelled):
        raise ProtocolError(REQUEST_CANCELLED, "The request was cancelled, as you asked")
    return end


def needs_stream() -> ProtocolError:
    """406: ``Accept`` must admit event streams here."""
    return ProtocolError(
        INVALID_REQUEST,
        "This can only be answered by an event stream: send Accept: text/event-stream as well",
        http_status=406,
    )
