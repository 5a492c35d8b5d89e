"""Several tools in one call and one transaction, each able to use what the ones before answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from odoo.exceptions import AccessError, MissingError, RedirectWarning, UserError

from ..governance.arguments import OF_THE_WHOLE
from ..tools.call import Call
from ..tools.definition import ToolDefinition
from ..tools.errors import RefusedError, ToolError, UnknownNameError
from ..tools.result import ToolResult

MOST_STEPS = 50
# "$1.id", "$2.ids.0", "$3.records.0.name"; the whole of a text, or a part of it as ${1.name}
_REFERENCE = re.compile(r"\$([0-9]{1,2})((?:\.[A-Za-z0-9_]+)*)")
_WITHIN_TEXT = re.compile(r"\$\{([0-9]{1,2})((?:\.[A-Za-z0-9_]+)*)\}")
_NOT_IN_A_BATCH = frozenset({"run_batch", "undo_change"})

Step = Mapping[str, Any]


def run(call: Call, steps: Sequence[Step], definition_of: Callable, execute: Callable) -> dict:
    """Run ``steps`` one after the other; a failing one takes all back.

    :param definition_of: the :class:`ToolDefinition` of a name for this call, None when there is none
    :param execute: runs a tool: takes its name and arguments
    """
    definitions = [_definition(number, step, definition_of) for number, step in enumerate(steps, 1)]
    results: list[dict] = []
    for number, (step, definition) in enumerate(zip(steps, definitions, strict=True), 1):
        try:
            arguments = _resolved(step.get("arguments") or {}, results)
            with call.own_context():
                result = execute(definition.name, arguments)
            call.gate.env.cr.flush()  # so that what a step leaves to be checked later is its own fault
        except (ToolError, UserError, RedirectWarning) as error:
            raise _failed(number, len(steps), definition.name, error) from error
        results.append({"text": result.text} if isinstance(result, ToolResult) else result)
        call.facts.of_steps |= call.facts.records()
    call.facts.rows = len(results)
    return {"results": results}


def _definition(number: int, step: Step, definition_of: Callable) -> ToolDefinition:
    name = step["tool"]
    definition = definition_of(name)
    if definition is None:
        raise ToolError(f"Step {number}: there is no tool {name[:100]!r}. Nothing was done.")
    if name in _NOT_IN_A_BATCH or definition.converses:
        raise ToolError(f"Step {number}: {name} cannot be part of a batch. Call it by itself.")
    if governed := sorted(OF_THE_WHOLE & (step.get("arguments") or {}).keys()):
        raise ToolError(f"Step {number}: {governed[0]} is given to run_batch as a whole, not to a step.")
    return definition


def _failed(number: int, count: int, tool: str, error: Exception) -> ToolError:
    kind = RefusedError if isinstance(error, RefusedError | AccessError) else ToolError
    words = "a record does not exist (any more)." if isinstance(error, MissingError) else str(error.args[0])
    return kind(f"Step {number} of {count} ({tool}): {words} Nothing of the batch was kept.")


def _resolved(value: Any, results: Sequence[dict]) -> Any:
    """``value`` with what it refers to in the results of the steps before."""
    if isinstance(value, Mapping):
        return {key: _resolved(inner, results) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, results) for inner in value]
    if not isinstance(value, str) or "$" not in value:
        return value
    if whole := _REFERENCE.fullmatch(value):
        return _looked_up(whole, results)
    return _WITHIN_TEXT.sub(lambda found: str(_looked_up(found, results)), value)


def _looked_up(reference: re.Match, results: Sequence[dict]) -> Any:
    number = int(reference[1])
    if not 1 <= number <= len(results):
        raise ToolError(f"{reference[0]} refers to step {number}, which does not come before this one.")
    value: Any = results[number - 1]
    for part in reference[2].split(".")[1:]:
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise UnknownNameError(f"{reference[0]}: the part", part, [], f"There is: {_parts(value)}.")
    return value


def _parts(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(value)
    return f"a list of {len(value)}" if isinstance(value, list) else "a single value"
