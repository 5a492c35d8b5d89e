"""What an AI tool needs to be told to use this server: plain descriptions, filled in with the real address and key.

One file per tool describes it as a :class:`Client`. In every text and structure ``{url}`` stands for the endpoint,
``{sse}`` for its alias for old clients and ``{key}`` for the key; they are put in by plain replacement, so that braces
of JSON and code stay as they are.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from odoo.tools.translate import LazyGettext

Text = str | LazyGettext
Translate = Callable[[LazyGettext], str]

# Ways in that carry the key in a header; all others log in with the browser.
KEY_WAYS = ("api_key", "pat")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to paste.

    :param title: where it goes, such as the name of a file
    :param language: json, yaml, toml, shell, python or typescript
    :param content: the text, or for JSON the structure
    """

    title: Text
    language: str
    content: Any


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens the tool and installs the server there.

    :param prefix: everything in front of the configuration
    :param config: the structure that is put into the link
    :param encoding: ``base64`` or ``url``
    """

    title: Text
    prefix: str
    config: Any
    encoding: str


@dataclass(frozen=True, slots=True)
class Guide:
    """How one tool is connected by one way in."""

    steps: tuple[Text, ...]
    snippets: tuple[Snippet, ...] = ()
    links: tuple[Link, ...] = ()
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Client:
    """An AI tool.

    :param guides: by way in; the first one is what we recommend. ``api_key`` also serves personal access tokens.
    :param runs_in_cloud: the calls come from the maker's servers, so the address must be reachable from the internet
        by HTTPS
    """

    code: str
    name: str
    summary: Text
    icon: str
    guides: Mapping[str, Guide]
    runs_in_cloud: bool = False

    def guide(self, way_in: str) -> Guide | None:
        return self.guides.get("api_key" if way_in in KEY_WAYS else way_in)


def render(guide: Guide, facts: Mapping[str, str], translate: Translate) -> dict[str, Any]:
    """The guide with the real address and key in it, as plain values for the browser.

    :param facts: ``url``, ``sse`` and, for ways in with a key, ``key``
    """

    def text(value: Text) -> str:
        return fill(translate(value) if isinstance(value, LazyGettext) else value, facts)

    return {
        "steps": [text(step) for step in guide.steps],
        "snippets": [
            {
                "title": text(snippet.title),
                "language": snippet.language,
                "text": snippet_text(snippet, facts),
            }
            for snippet in guide.snippets
        ],
        "links": [{"title": text(link.title), "href": link_target(link, facts)} for link in guide.links],
        "note": text(guide.note),
    }


def fill(content: Any, facts: Mapping[str, str]) -> Any:
    """``content``, a text or a structure of texts, with the facts in the place of their names."""
    if isinstance(content, str):
        for name, value in facts.items():
            content = content.replace(f"{{{name}}}", value)
        return content
    if isinstance(content, Mapping):
        return {name: fill(value, facts) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [fill(value, facts) for value in content]
    return content


def snippet_text(snippet: Snippet, facts: Mapping[str, str]) -> str:
    filled = fill(snippet.content, facts)
    return filled if isinstance(filled, str) else json.dumps(filled, indent=2, ensure_ascii=False)


def link_target(link: Link, facts: Mapping[str, str]) -> str:
    config = json.dumps(fill(link.config, facts), separators=(",", ":"))
    encoded = base64.b64encode(config.encode()).decode() if link.encoding == "base64" else config
    return link.prefix + quote(encoded, safe="")
