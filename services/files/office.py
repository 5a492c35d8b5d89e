"""The text of Word, Excel, PowerPoint and OpenDocument files, as paragraphs and tab-separated rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from lxml import etree

from ..tools.errors import ToolError

# What one part of a file may unpack to, and how many cells are read.
LARGEST_PART = 64 * 1024 * 1024
MOST_CELLS = 200_000
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def docx(content: bytes) -> str:
    root = _part(_archive(content), "word/document.xml")
    return "\n".join(_paragraphs(root, f"{_WORD}p", {f"{_WORD}t": None, f"{_WORD}tab": "\t", f"{_WORD}br": "\n"}))


def pptx(content: bytes) -> str:
    archive = _archive(content)
    slides = sorted((int(found[1]), found[0]) for found in map(_SLIDE.fullmatch, archive.namelist()) if found)
    texts = []
    for number, name in slides:
        lines = _paragraphs(_part(archive, name), f"{_DRAWING}p", {f"{_DRAWING}t": None, f"{_DRAWING}br": "\n"})
        texts.append("\n".join([f"[slide {number}]", *lines]))
    return "\n\n".join(texts)


def opendocument(content: bytes) -> str:
    """Paragraphs in their order; the cells of a row side by side."""
    root = _part(_archive(content), "content.xml")
    lines = []
    for node in root.iter(f"{_TABLE}table", f"{_TABLE}table-row", f"{_TEXT}p", f"{_TEXT}h"):
        if node.tag == f"{_TABLE}table":
            lines.append(f"[{node.get(f'{_TABLE}name') or 'table'}]")
        elif node.tag == f"{_TABLE}table-row":
            cells = ["".join(cell.itertext()).strip() for cell in node.iter(f"{_TABLE}table-cell")]
            lines.append("\t".join(cells).rstrip())
        elif not any(parent.tag == f"{_TABLE}table-row" for parent in node.iterancestors()):
            lines.append("".join(node.itertext()))
    return "\n".join(line for line in lines if line)


def xlsx(content: bytes) -> str:
    try:
        import openpyxl
    except ImportError:
        raise ToolError(
            "Excel files cannot be read on this server: the Python package openpyxl is missing (pip install openpyxl). "
            "get_file_link gives a link to the file itself."
        ) from None
    _archive(content)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        return _sheets((sheet.title, sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    finally:
        book.close()


def xls(content: bytes) -> str:
    import xlrd

    book = xlrd.open_workbook(file_contents=content)

    def cell(one):
        if one.ctype == xlrd.XL_CELL_DATE:
            return xlrd.xldate_as_datetime(one.value, book.datemode)
        return one.value

    return _sheets((sheet.name, ([cell(one) for one in row] for row in sheet.get_rows())) for sheet in book.sheets())


def _sheets(sheets: Iterable[tuple[str, Iterable[Iterable]]]) -> str:
    lines, cells = [], 0
    for name, rows in sheets:
        lines.append(f"[sheet {name}]")
        for row in rows:
            texts = [_cell(value) for value in row]
            cells += len(texts)
            if cells > MOST_CELLS:
                return "\n".join([*lines, f"[cut after {MOST_CELLS:,} cells]"])
            if any(texts):
                lines.append("\t".join(texts).rstrip())
    return "\n".join(lines)


def _cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _archive(content: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(content))
    if sum(entry.file_size for entry in archive.infolist()) > 4 * LARGEST_PART:
        raise ToolError("The file unpacks to more than this server reads.")
    return archive


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    with archive.open(name) as part:
        data = part.read(LARGEST_PART + 1)  # the size in the archive's directory may be a lie
    if len(data) > LARGEST_PART:
        raise ToolError("The file unpacks to more than this server reads.")
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _paragraphs(root: etree._Element, tag: str, pieces: dict[str, str | None]) -> Iterator[str]:
    """The text of each element ``tag``: of the elements in ``pieces`` their own, or what they stand for."""
    for paragraph in root.iter(tag):
        text = "".join(pieces[node.tag] or node.text or "" for node in paragraph.iter(*pieces))
        if text.strip():
            yield text
