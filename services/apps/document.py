"""One self-contained HTML document out of the small files it is written in. No Odoo import.

A host shows an app without a server behind it, so styles and scripts have to be inside. Scripts are ES modules; here
they become one: each file once, after those it imports, without its ``import`` and ``export``. All of them share one
scope, so no two files may give a name twice at their top level. Comments on lines of their own and the indentation stay
behind: they are a quarter of what every host would have to load.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]*)">')
_SCRIPT = re.compile(r'<script type="module" src="([^"]*)"></script>')
_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]*)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?(function|class|const|let)\b)", re.MULTILINE)
_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let)\s+(\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(/\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_INDENTATION = re.compile(r"^[ \t]+|^\n", re.MULTILINE)
# What is left of a module that was not understood, and what would end the element before its end.
_NOT_JOINED = re.compile(r"^(import|export)\b", re.MULTILINE)
_ENDS_ELEMENT = re.compile(r"</(script|style)|<!--", re.IGNORECASE)
_REFERENCE = re.compile(r"<(?:link|script|img|iframe)\b[^>]*\b(?:src|href)=", re.IGNORECASE)


class DocumentError(ValueError):
    """The sources do not make a document; the message names the file and what to change."""


@lru_cache(maxsize=32)
def document(page: Path) -> str:
    """The HTML file ``page`` with its style sheets and scripts in it; read once per process.

    :raises DocumentError: it refers to something that is not a file beside it, or a file cannot be taken in
    """
    html = _read(page, page)
    html = _STYLE.sub(lambda link: f"<style>\n{_style(_beside(page, link[1]))}</style>", html)
    html = _SCRIPT.sub(lambda tag: f'<script type="module">\n{_script(_beside(page, tag[1]))}</script>', html)
    if found := _REFERENCE.search(html):
        raise DocumentError(
            f'{page.name}: {found[0]!r} is not taken in: write <link rel="stylesheet" href="file.css"> '
            'or <script type="module" src="file.js"></script>.'
        )
    return html


def _style(file: Path) -> str:
    return _shortened(_checked(file, _read(file, file)))


def _script(entry: Path) -> str:
    modules: dict[Path, str] = {}
    _collect(entry, modules, ())
    declared: dict[str, Path] = {}
    for file, text in modules.items():
        for name in _DECLARED.findall(text):
            if declared.setdefault(name, file) != file:
                raise DocumentError(f"{file.name} and {declared[name].name} both declare {name}: rename one.")
    return "".join(f"// {file.name}\n{_joined(file, text)}" for file, text in modules.items())


def _collect(file: Path, modules: dict[Path, str], importers: tuple[Path, ...]) -> None:
    """Add ``file`` to ``modules``, behind everything it imports."""
    if file in importers:
        raise DocumentError(f"{file.name} imports itself by way of {importers[-1].name}.")
    if file in modules:
        return
    text = _read(file, importers[-1] if importers else file)
    for names, source in _IMPORT.findall(text):
        if " as " in names:
            raise DocumentError(f"{file.name}: import names as they are: {{{names.strip()}}} renames one.")
        _collect(_beside(file, source), modules, (*importers, file))
    modules[file] = text


def _joined(file: Path, text: str) -> str:
    text = _EXPORT.sub("", _IMPORT.sub("", text)).lstrip("\n")
    if found := _NOT_JOINED.search(text):
        line = text[found.start() :].partition("\n")[0]
        raise DocumentError(
            f'{file.name}: {line!r} is not understood: write import {{ name }} from "./file.js"; '
            "or export before a function, class, const or let."
        )
    for line in text.splitlines():
        if line.count("`") % 2:
            raise DocumentError(f"{file.name}: {line.strip()!r}: a template literal may not go over several lines.")
    return _shortened(_checked(file, text))


def _shortened(text: str) -> str:
    return _INDENTATION.sub("", _COMMENT.sub("", text))


def _checked(file: Path, text: str) -> str:
    if found := _ENDS_ELEMENT.search(text):
        raise DocumentError(f"{file.name}: {found[0]!r} would end the element it is put in.")
    return text


def _beside(file: Path, reference: str) -> Path:
    if not re.fullmatch(r"[\w.-][\w./-]*\.(css|js)", reference):
        raise DocumentError(f"{file.name}: {reference!r} is no file beside it, and a host loads nothing else.")
    return (file.parent / reference).resolve()


def _read(file: Path, wanted_by: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DocumentError(f"{wanted_by.name}: there is no file {file.name}.") from None
