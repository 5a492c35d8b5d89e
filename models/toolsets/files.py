from typing import Annotated, Any

from pydantic import Field, StringConstraints
from typing_extensions import NotRequired, TypedDict

from odoo import models

from ...services.files import files
from ...services.tools.call import Call
from ...services.tools.definition import tool
from .arguments import ModelName, RecordId, WholeNumber

CATEGORY = "Files and reports"
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^/\\\x00-\x1f]+$")]


class FileList(TypedDict):
    files: list[dict[str, Any]]


class FileText(TypedDict):
    id: int
    name: str
    text: str
    shown: NotRequired[str]
    next_offset: NotRequired[int]


class FileLink(TypedDict):
    """``until``: when the link stops working; it works once."""

    link: str
    until: str
    name: NotRequired[str]
    size: NotRequired[str]
    most_mb: NotRequired[int]


class FileTools(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @tool(title="List files", category=CATEGORY)
    def list_files(self, call: Call, model: ModelName, id: RecordId) -> FileList:
        """The files attached to a record."""
        return files.list_files(call, model, id)

    @tool(title="Read a file", category=CATEGORY)
    def read_file(
        self,
        call: Call,
        file_id: RecordId,
        offset: Annotated[WholeNumber, Field(ge=0, description="next_offset of the piece before")] = 0,
    ) -> FileText:
        """The text of a file: PDF, Word, Excel, PowerPoint, OpenDocument, HTML, CSV, e-mail and plain text."""
        return files.read_file(call, file_id, offset)

    @tool(title="Attach a file", category=CATEGORY, risk="write")
    def attach_file(
        self,
        call: Call,
        model: ModelName,
        id: RecordId,
        name: FileName,
        text: str | None = None,
        content_base64: str | None = None,
    ) -> dict[str, Any]:
        """Attach a short file to a record, as text or base64. For anything larger: get_upload_link."""
        return files.attach_file(call, model, id, name, text, content_base64)

    @tool(title="Link to a file", category=CATEGORY)
    def get_file_link(self, call: Call, file_id: RecordId) -> FileLink:
        """A link that downloads a file once, for the user to open; its content stays out of the chat."""
        return files.file_link(call, file_id)

    @tool(title="Link to upload a file", category=CATEGORY, risk="write")
    def get_upload_link(self, call: Call, model: ModelName, id: RecordId, name: FileName | None = None) -> FileLink:
        """A link that takes one file and attaches it to a record: open it, or curl -T FILE LINK."""
        return files.upload_link(call, model, id, name)
