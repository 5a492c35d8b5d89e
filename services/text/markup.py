"""What an HTML document says, without what serves its looks. No Odoo import."""

from __future__ import annotations

import re

from lxml import html


def plain_text(document: str | bytes) -> str:
    """A line for each paragraph and each row of a table; no pictures, scripts and styles."""
    root = parsed(document)
    for node in list(root.iter("img", "style", "script", "head", "svg", "template")):
        node.drop_tree()
    for row in root.iter("tr"):
        cells = (" ".join(cell.text_content().split()) for cell in row.iter("td", "th"))
        line = " | ".join(cell for cell in cells if cell)
        row.clear()
        row.text = f"{line}\n"
    for node in root.iter("p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "pre", "blockquote"):
        node.tail = f"\n{node.tail or ''}"
    lines = (" ".join(line.split()) for line in root.text_content().replace("\u200b", "").splitlines())
    return "\n".join(line for line in lines if line)


def parsed(document: str | bytes) -> html.HtmlElement:
    """The tree of ``document``; an empty one of an empty text."""
    text = document.decode("utf-8", "replace") if isinstance(document, bytes) else str(document)
    # lxml takes no text with a declaration of its own encoding
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    return html.document_fromstring(text if text.strip() else "<html></html>")
