"""Events for tests of streams, and who is told of them."""

from library import in_session, talks, with_session
from odoo_mcp.services.protocol.errors import INVALID_PARAMS, ProtocolError
from odoo_mcp.services.protocol.streaming import Done, Notification, ServerRequest
from protocol_client import ask, modern_meta, text

RESULT = {"content": [text("done")], "isError": False}
DONE = Done(RESULT)
TOKEN = {"progressToken": "p"}
FORM = {"message": "Who?", "requestedSchema": {"type": "object", "properties": {}}, "mode": "form"}
QUESTION = ServerRequest("q-1", "elicitation/create", FORM)
REFUSAL = ProtocolError(INVALID_PARAMS, "No such record", {"id": 5}, headers={"X-A": "b"})


def progress(value, **more):
    return Notification("notifications/progress", {"progress": value, **more})


def log(level, event_id=None):
    return Notification("notifications/message", {"level": level, "data": level}, event_id)


def meta_for(send, **more):
    return modern_meta(**more) if send is ask else more


def asking(*events, capabilities=None, **options):
    """A tool call in a session whose client answers forms."""
    declared = {"elicitation": {}} if capabilities is None else capabilities
    application = with_session(options.pop("version", "2025-11-25"), declared, **options)
    return talks(*events, send=in_session, application=application)
