from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from typing_extensions import NotRequired, TypedDict

from odoo import models

from ...services.talk import activities, emails, threads
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .arguments import Domain, ModelName, OtherContext, RecordId, WholeNumber

CATEGORY = "Talk"
Text = Annotated[str, StringConstraints(max_length=50_000)]
Line = Annotated[str, StringConstraints(max_length=500)]
Day = Annotated[str, StringConstraints(max_length=30), Field(description="YYYY-MM-DD")]
Person = int | Annotated[str, StringConstraints(max_length=200)]
People = Annotated[
    list[Person],
    BeforeValidator(lambda value: value if isinstance(value, list | tuple) else [value]),
    Field(description="Names, e-mail addresses or partner ids"),
]
FileIds = Annotated[list[RecordId], Field(max_length=20)]


class Thread(TypedDict):
    """``next_before``: there are older ones."""

    messages: list[dict[str, Any]]
    followers: NotRequired[list[str]]
    next_before: NotRequired[int]


class TalkTools(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="Read the chatter", category=CATEGORY)
    def read_messages(
        self,
        call: Call,
        model: ModelName,
        id: RecordId,
        limit: Annotated[WholeNumber, Field(ge=1, le=100)] = 20,
        before: Annotated[RecordId | None, Field(description="next_before of the page before")] = None,
        context: OtherContext | None = None,
    ) -> Thread:
        """Messages, notes, e-mails and tracked changes of a record, newest first, and its followers."""
        call.use_context(context)
        return threads.read_messages(call, model, id, limit, before)

    @tool(title="Post a message", category=CATEGORY, risk="write", open_world=True)
    def post_message(
        self,
        call: Call,
        model: ModelName,
        id: RecordId,
        body: Text,
        kind: Annotated[
            Literal["note", "message"], Field(description="note: colleagues only; message: e-mailed to all followers")
        ] = "note",
        mention: People = (),
        file_ids: FileIds = (),
    ) -> dict[str, Any]:
        """Write plain text in a record's chatter. Those mentioned are notified."""
        return threads.post_message(call, model, id, body, kind, mention, file_ids)

    @tool(title="Change followers", category=CATEGORY, risk="write")
    def change_followers(
        self, call: Call, model: ModelName, id: RecordId, add: People = (), remove: People = ()
    ) -> dict[str, Any]:
        """Add or remove followers of a record."""
        return threads.change_followers(call, model, id, add, remove)

    @tool(title="Send an e-mail", category=CATEGORY, risk="write", open_world=True)
    def send_email(
        self,
        call: Call,
        model: ModelName,
        id: RecordId,
        template: Annotated[Line | None, Field(description="Name or id of a mail.template")] = None,
        subject: Line | None = None,
        body: Text | None = None,
        to: People = (),
        file_ids: FileIds = (),
        send: Annotated[bool, Field(description="false: only a preview")] = False,
    ) -> dict[str, Any]:
        """E-mail from a record, with a template or your own subject and plain text. Preview first."""
        return emails.send_email(call, model, id, template, subject, body, to, file_ids, send)

    @tool(title="Send a test e-mail", category=CATEGORY, risk="write", open_world=True)
    def send_test_email_template(self, call: Call, template: Line, id: RecordId) -> dict[str, Any]:
        """Send a mail.template, filled in for a record, to your own user's address only."""
        return emails.send_test(call, template, id)

    @tool(title="Stage a mass mailing", category=CATEGORY, risk="write", needs_module="mass_mailing")
    def stage_mass_mailing_from_template(
        self,
        call: Call,
        template: Line,
        lists: Annotated[list[Person], Field(description="Mailing lists")] = (),
        model: ModelName | None = None,
        domain: Domain = (),
        subject: Line | None = None,
        name: Line | None = None,
    ) -> dict[str, Any]:
        """Draft a mass mailing from a mail.template, to lists or to the records of a domain. A person sends it."""
        return emails.stage_mailing(call, template, name, subject, lists, model, domain)

    @tool(title="Schedule an activity", category=CATEGORY, risk="write")
    def schedule_activity(
        self,
        call: Call,
        model: ModelName,
        id: RecordId,
        summary: Line | None = None,
        type: Annotated[Line | None, Field(description="To-Do (default), Call, Meeting, Email, …")] = None,
        due: Day | None = None,
        user: Annotated[Person | None, Field(description="Default: yourself")] = None,
        note: Text | None = None,
    ) -> dict[str, Any]:
        """Plan something to do on a record, for yourself or a colleague."""
        return activities.schedule(call, model, id, type, summary, note, due, user)

    @tool(title="List activities", category=CATEGORY)
    def list_activities(
        self,
        call: Call,
        user: Annotated[Person | None, Field(description="Default: yourself")] = None,
        model: ModelName | None = None,
        id: RecordId | None = None,
        due_until: Day | None = None,
        context: OtherContext | None = None,
    ) -> dict[str, Any]:
        """Open activities of a user or a record, the most urgent first."""
        call.use_context(context)
        return activities.list_activities(call, user, model, id, due_until)

    @tool(title="Complete an activity", category=CATEGORY, risk="write")
    def complete_activity(self, call: Call, activity_id: RecordId, feedback: Text | None = None) -> dict[str, Any]:
        """Mark an activity as done; the feedback goes to the record's chatter."""
        return activities.complete(call, activity_id, feedback)
