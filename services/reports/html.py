"""Reports as HTML that can be opened anywhere: no script, and nothing loaded from places that a record names."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from ..text.markup import parsed

_ADDRESSES = ("src", "href", "data", "poster", "background", "srcset", "xlink:href", "action", "formaction")
_STYLE_ADDRESS = re.compile(r"url\(\s*['\"]?(?!data:)[^)]*\)|@import[^;]*;?", re.IGNORECASE)


def self_contained(document: str | bytes, base_url: str) -> str:
    """``document`` without scripts and frames, addresses absolute, none that loads by itself from elsewhere."""
    root = parsed(document)
    for node in list(root.iter("script", "iframe", "object", "embed", "frame", "base", "form", "noscript")):
        node.drop_tree()
    for node in root.iter(etree.Element):
        for name in [name for name in node.attrib if name.startswith("on")]:
            del node.attrib[name]
    without_foreign_addresses(root, base_url)
    return etree.tostring(root, encoding="unicode", method="html", doctype="<!DOCTYPE html>")


def without_foreign_addresses(root: html.HtmlElement, base_url: str) -> None:
    """Leave out every address that a browser would load by itself and that is not below ``base_url``.

    HTML fields of records are written by people, and what makes the PDF runs inside the company's network.
    """
    for node in root.iter(etree.Element):
        for name in list(node.attrib):
            value = node.attrib[name]
            if name == "style" or (name.startswith("data-") and "url(" in value):
                node.attrib[name] = _STYLE_ADDRESS.sub("none", value)
            elif name in _ADDRESSES or name.endswith("}href"):
                node.attrib[name] = _address(node, name, value, base_url)
        if node.tag == "style" and node.text:
            node.text = _STYLE_ADDRESS.sub("", node.text)


def _address(node: html.HtmlElement, name: str, value: str, base_url: str) -> str:
    value = value.strip()
    if value.startswith(("data:image/", "#")):
        return value
    absolute = urljoin(f"{base_url}/", value)
    parts, own = urlsplit(absolute), urlsplit(base_url)
    if node.tag == "a" and name == "href":  # opened by a person, not by itself
        return absolute if parts.scheme in ("http", "https", "mailto", "tel") else ""
    return absolute if (parts.scheme, parts.netloc) == (own.scheme, own.netloc) and name != "srcset" else ""


def without_pictures(document: str) -> str:
    """``document`` without the pictures in it, which are most of its length and nothing to read."""
    root = parsed(document)
    for node in list(root.iter("img", "svg")):
        node.drop_tree()
    return etree.tostring(root, encoding="unicode", method="html", doctype="<!DOCTYPE html>")


def guarded(document: str | bytes, base_url: str) -> str:
    """``document`` as it was, but for foreign addresses; for the program that makes the PDF."""
    root = parsed(document)
    without_foreign_addresses(root, base_url)
    return etree.tostring(root, encoding="unicode", method="html", doctype="<!DOCTYPE html>")
