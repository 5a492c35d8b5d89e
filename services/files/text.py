"""The text of a file, whatever program wrote it. Pictures have none: nothing here reads scanned pages."""

from __future__ import annotations

import email
import email.policy
import io
import logging
from collections.abc import Callable
from email.message import EmailMessage

from ..text.markup import plain_text
from ..tools.errors import ToolError
from . import office

# Characters after which reading stops: a file may unpack to far more than it weighs.
LONGEST_TEXT = 2_000_000
# fmt: off
_PLAIN_ENDINGS = (
    ".txt", ".md", ".csv", ".tsv", ".json", ".xml", ".log", ".ini", ".yml", ".yaml", ".toml", ".po", ".sql", ".py",
    ".js", ".css", ".ics", ".vcf", ".rst", ".svg",
)
# fmt: on
_PLAIN_TYPES = ("text/", "application/json", "application/xml", "application/javascript", "image/svg+xml")


def text_of(name: str, mimetype: str, content: bytes) -> str:
    """The text of the file ``name``.

    :raises ToolError: it has none that can be read here, or is broken; the message says what else to do
    """
    reader = _reader(name.lower(), mimetype)
    if reader is None:
        raise ToolError(
            f"{name} ({mimetype}) has no text that can be read here. get_file_link gives a link to the file itself."
        )
    try:
        text = reader(content)
    except ToolError:
        raise
    except Exception as error:  # the readers' libraries fail in their own ways on broken files
        raise ToolError(f"{name} cannot be read: it is broken or protected ({type(error).__name__}).") from error
    return text.replace("\x00", "")[:LONGEST_TEXT].strip()


def _reader(name: str, mimetype: str) -> Callable[[bytes], str] | None:
    for endings, types, reader in _READERS:
        if name.endswith(endings) or mimetype in types:
            return reader
    if name.endswith(_PLAIN_ENDINGS) or mimetype.startswith(_PLAIN_TYPES):
        return _plain
    return None


def _plain(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _html(content: bytes) -> str:
    return plain_text(_plain(content))


def _pdf(content: bytes) -> str:
    try:
        import pypdf
    except ImportError:
        raise ToolError(
            "PDF files cannot be read on this server: the Python package pypdf is missing (pip install pypdf). "
            "get_file_link gives a link to the file itself."
        ) from None
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # its warnings are about the file, which is nobody's fault here
    pages, length = [], 0
    reader = pypdf.PdfReader(io.BytesIO(content))
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text().strip()
        if text:
            pages.append(f"[page {number}]\n{text}")
            length += len(text)
        if length > LONGEST_TEXT:
            break
    if not pages:
        raise ToolError(
            f"None of the {len(reader.pages)} pages has text: the PDF is probably a scan. "
            "get_file_link gives a link to the file itself."
        )
    return "\n\n".join(pages)


def _mail(content: bytes) -> str:
    message: EmailMessage = email.message_from_bytes(content, policy=email.policy.default)
    lines = [f"{name}: {message[name]}" for name in ("From", "To", "Cc", "Date", "Subject") if message[name]]
    body = message.get_body(("plain", "html"))
    text = body.get_content() if body is not None else ""
    if body is not None and body.get_content_subtype() == "html":
        text = plain_text(text)
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    if names:
        lines.append(f"Attachments: {', '.join(names)}")
    return "\n".join(lines) + f"\n\n{text}"


_READERS: tuple[tuple[tuple[str, ...], tuple[str, ...], Callable[[bytes], str]], ...] = (
    ((".pdf",), ("application/pdf", "application/x-pdf"), _pdf),
    ((".docx",), ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",), office.docx),
    ((".xlsx", ".xlsm"), ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",), office.xlsx),
    ((".pptx",), ("application/vnd.openxmlformats-officedocument.presentationml.presentation",), office.pptx),
    ((".xls",), ("application/vnd.ms-excel",), office.xls),
    (
        (".odt", ".ods", ".odp"),
        tuple(f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")),
        office.opendocument,
    ),
    ((".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _html),
    ((".eml",), ("message/rfc822",), _mail),
)
