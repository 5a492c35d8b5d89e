"""Prompts: the administrators' records and those of addons, as MCP wants them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..protocol.errors import INVALID_PARAMS, ProtocolError
from ..protocol.messages import Completion
from ..resources.completion import record_names
from ..resources.service import completion_of
from ..tools.call import Call
from ..tools.errors import ToolError
from ..tools.prompt import messages_of


def list_prompts(registry) -> list[dict[str, Any]]:
    """Every prompt whose app is installed."""
    prompts = [_descriptor(record) for record in _records(registry)]
    names = {prompt["name"] for prompt in prompts}
    for definition in registry._prompt_definitions().values():
        if definition.name not in names and _is_installed(registry, definition.needs_module):
            prompts.append(definition.descriptor())
    return prompts


def get(registry, call: Call, name: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    """A GetPromptResult.

    :raises ProtocolError: -32602, there is no such prompt, or its arguments do not fit
    """
    record = _record(registry, name)
    if record:
        _check(record, arguments)
        values = {argument.name: str(arguments.get(argument.name, "")) for argument in record.argument_ids}
        return {"description": record.description or record.title, "messages": messages_of(record._render(values))}
    definition = _definition(registry, name)
    try:
        values = definition.arguments(arguments)
    except ToolError as error:
        raise ProtocolError(INVALID_PARAMS, str(error)) from None
    if definition.call_parameter:
        values[definition.call_parameter] = call
    result = getattr(registry, definition.method_name)(**values)
    return {"description": definition.description, "messages": messages_of(result)}


def converses(registry, name: str) -> bool:
    """Whether the prompt ``name`` may ask the client something; those of records never do."""
    definition = registry._prompt_definitions().get(name)
    return definition is not None and definition.converses and not _record(registry, name)


def complete(registry, call: Call, name: str, argument: str, value: str, others: Mapping[str, str]) -> Completion:
    """Values for an argument of a prompt.

    :raises ProtocolError: -32602, there is no such prompt or argument
    """
    record = _record(registry, name)
    if record:
        found = record.argument_ids.filtered(lambda row: row.name == argument)
        if not found:
            raise ProtocolError(INVALID_PARAMS, f"Prompt {name} has no argument {argument!r:.100}")
        values = record_names(call, found.model, value) if found.model else []
        return Completion(values, total=len(values))
    definition = _definition(registry, name)
    if argument not in {row["name"] for row in definition.descriptor()["arguments"]}:
        raise ProtocolError(INVALID_PARAMS, f"Prompt {name} has no argument {argument!r:.100}")
    return completion_of(registry, call, definition.options.complete.get(argument), value, others)


def _records(registry, domain=()):
    # sudo: prompts are for everybody who may call; what they make an AI do happens with the user's own rights
    prompts = registry.env["mcp.prompt"].sudo().search(list(domain))
    return prompts.filtered(lambda prompt: _is_installed(registry, prompt.needs_module))


def _record(registry, name: str):
    return _records(registry, [("name", "=", name)])


def _definition(registry, name: str):
    definition = registry._prompt_definitions().get(name)
    if definition is None or not _is_installed(registry, definition.needs_module):
        raise ProtocolError(INVALID_PARAMS, f"There is no prompt {name!r:.100}. prompts/list tells which there are")
    return definition


def _is_installed(registry, module: str | None | bool) -> bool:
    return not module or module in registry.env.registry._init_modules


def _descriptor(record) -> dict[str, Any]:
    return {
        "name": record.name,
        "title": record.title,
        "description": record.description or record.title,
        "arguments": [
            {
                "name": argument.name,
                "title": argument.title or argument.name,
                "description": argument.description or argument.title or argument.name,
                "required": argument.required,
            }
            for argument in record.argument_ids
        ],
    }


def _check(record, arguments: Mapping[str, str]) -> None:
    known = record.argument_ids.mapped("name")
    missing = [row.name for row in record.argument_ids if row.required and not arguments.get(row.name)]
    unknown = [name for name in arguments if name not in known]
    if missing:
        raise ProtocolError(INVALID_PARAMS, f"Prompt {record.name} needs {', '.join(missing)}")
    if unknown:
        raise ProtocolError(
            INVALID_PARAMS,
            f"Prompt {record.name} has no argument {unknown[0]!r:.100}; it takes: {', '.join(known) or 'none'}",
        )
