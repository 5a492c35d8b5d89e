"""Server-sent events on the wire."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from library import parsed
from odoo_mcp.services.protocol import sse
from odoo_mcp.services.protocol.messages import HttpAnswer


class Chunks:
    """A stream of given chunks that notes whether it was closed."""

    def __init__(self, *chunks):
        self.chunks = iter(chunks)
        self.closed = False

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.chunks)

    def close(self):
        self.closed = True


def test_a_message_is_one_event():
    assert sse.message_event(b'{"a":1}') == b'event: message\ndata: {"a":1}\n\n'
    assert sse.message_event(b"{}", "s-1") == b"event: message\nid: s-1\ndata: {}\n\n"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives_and_stays_on_one_line_for_every_reader(text):
    message = json.dumps({"text": text}, ensure_ascii=False).encode()
    event = sse.message_event(message)
    assert len(event.decode().splitlines()) == 3
    assert parsed(event) == [{"event": "message", "data": {"text": text}}]


def test_a_priming_event_has_an_id_and_no_data():
    assert sse.priming_event("s-0") == b"id: s-0\ndata: \n\n"
    assert parsed(sse.priming_event("s-0")) == [{"id": "s-0", "data": ""}]


def test_a_retry_is_a_priming_event_only_with_an_id():
    assert sse.retry_event(500) == b"retry: 500\n\n"
    assert sse.retry_event(500, "s-3") == b"id: s-3\nretry: 500\ndata: \n\n"


def test_a_comment_is_no_event():
    assert sse.comment() == b":\r\n"
    assert parsed(sse.comment() + sse.message_event(b"1")) == [
        {"comment": ""},
        {"event": "message", "data": 1},
    ]


def test_the_endpoint_is_named_as_it_is():
    event = sse.endpoint_event("/mcp/messages?session_id=a%20b")
    assert event == b"event: endpoint\ndata: /mcp/messages?session_id=a%20b\n\n"


@pytest.mark.parametrize("event_id", ["", "a\nb", "a\rb", "a\0b", "\n"])
def test_what_would_break_out_of_an_id_is_refused(event_id):
    for write in (sse.priming_event, lambda it: sse.message_event(b"{}", it), lambda it: sse.retry_event(1, it)):
        with pytest.raises(ValueError):
            write(event_id)


@pytest.mark.parametrize("uri", ["/a\nb", "/a\rb"])
def test_what_would_break_out_of_an_endpoint_is_refused(uri):
    with pytest.raises(ValueError):
        sse.endpoint_event(uri)


def test_the_message_of_a_plain_answer_is_its_body():
    assert list(sse.messages_of(HttpAnswer(200, {}, b"{}"))) == [b"{}"]
    assert list(sse.messages_of(HttpAnswer(202))) == []


def test_the_messages_of_a_stream_are_taken_out_one_by_one():
    stream = Chunks(
        sse.priming_event("s-0"),
        sse.comment(),
        sse.message_event(b'{"a":"data: x"}', "s-1"),
        sse.retry_event(5, "s-2"),
        sse.message_event(b'{"b":2}'),
    )
    assert list(sse.messages_of(HttpAnswer(200, {}, stream=stream))) == [b'{"a":"data: x"}', b'{"b":2}']
    assert stream.closed


def test_leaving_the_messages_closes_the_stream():
    stream = Chunks(sse.message_event(b"1"), sse.message_event(b"2"))
    messages = sse.messages_of(HttpAnswer(200, {}, stream=stream))
    assert next(messages) == b"1"
    assert not stream.closed
    messages.close()
    assert stream.closed
