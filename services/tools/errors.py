"""What a tool raises when it cannot do what it was asked, in words that bring the model back on track.

    ToolError
    ├── UnknownNameError    a model, field, operator, value … that does not exist; names the nearest ones
    ├── NoRecordError       records that are not there, or not for this caller: the same answer
    ├── RefusedError        a right, a limit or the policy of the connection says no
    └── NeedsModuleError    the Odoo app that the tool works with is not installed

A ToolError becomes a result with ``isError`` (MCP, *tools*: business errors are results, not protocol errors).
"""

from __future__ import annotations

from collections.abc import Iterable

from ..text.nearest import nearest


class ToolError(Exception):
    """A refusal or failure that the client's model is told in full."""


class UnknownNameError(ToolError):
    """``name`` is none of ``known``; the message offers the nearest ones.

    :param what: what was looked for, as the sentence says it: "Model", "Field of res.partner"
    :param known: names, or pairs of a name and the label people know it by
    """

    def __init__(self, what: str, name: object, known: Iterable[str | tuple[str, str]], advice: str = ""):
        suggestions = nearest(str(name), known)
        sentence = f"{what} {str(name)[:100]!r} does not exist."
        if suggestions:
            sentence += f" Did you mean {_either(suggestions)}?"
        super().__init__(f"{sentence} {advice}".strip())
        self.suggestions = suggestions


class NoRecordError(ToolError):
    """No such record, or none that the caller may see."""

    def __init__(self, model: str, ids: Iterable[int] = ()):
        numbers = ", ".join(map(str, list(ids)[:20]))
        super().__init__(
            f"There is no record {numbers} of {model}, or none that you may see. search_records finds those there are."
        )


class RefusedError(ToolError):
    """Not allowed; the message says by what, and who can change it, unless saying so would leak."""


class NeedsModuleError(ToolError):
    """The tool works with an Odoo app that this database does not have."""

    def __init__(self, tool: str, module: str, title: str):
        super().__init__(
            f"needs_module: {tool} works with the Odoo app {title!r} ({module}), which is not installed here. "
            "An administrator can install it from Apps."
        )
        self.module = module


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
