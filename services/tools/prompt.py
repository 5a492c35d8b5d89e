"""A prompt is a typed method that returns text or messages. No Odoo import.

    class MyPrompts(models.AbstractModel):
        _inherit = "mcp.tool.registry"

        @prompt(title="Greet a customer")
        def greet_customer(self, call: Call, customer: Annotated[str, Field(description="Whom")]) -> str:
            \"\"\"Write a greeting.\"\"\"
            return f"Write a warm greeting for {customer}."

Prompts that administrators edit are records of ``mcp.prompt``; these are for addons.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, ValidationError, create_model

from .arguments import explain
from .definition import parameters_of
from .errors import ToolError
from .schema import compact_schema


@dataclass(frozen=True, slots=True)
class PromptOptions:
    """What :func:`prompt` was given; kept on the method."""

    title: str
    name: str | None
    needs_module: str | None
    complete: Mapping[str, str]
    converses: bool = False


def prompt(
    *,
    title: str,
    name: str | None = None,
    needs_module: str | None = None,
    complete: Mapping[str, str] | None = None,
    converses: bool = False,
) -> Callable:
    """Make a method of ``mcp.tool.registry`` a prompt.

    :param needs_module: technical name of the Odoo app without which the prompt is not shown
    :param complete: for each argument that can be completed, the name of a registry method
        ``(call, value, others) -> list[str]``
    :param converses: it asks the client something before it answers; see ``converses`` of a tool
    """
    options = PromptOptions(title, name, needs_module, dict(complete or {}), converses)

    def decorate(method: Callable) -> Callable:
        method._mcp_prompt = options
        return method

    return decorate


class PromptDefinition:
    """One prompt of the registry: its MCP description, and the checking of its arguments."""

    def __init__(self, method_name: str, method: Callable, options: PromptOptions):
        self.method_name = method_name
        self.options = options
        self.name = options.name or method_name
        self.needs_module = options.needs_module
        self.converses = options.converses
        self.description = inspect.cleandoc(method.__doc__ or "")
        hints = typing.get_type_hints(method, include_extras=True)
        self.call_parameter, fields = parameters_of(self.name, method, hints)
        self._arguments = create_model(
            f"{self.name}_arguments", __config__=ConfigDict(extra="forbid", hide_input_in_errors=True), **fields
        )

    def descriptor(self) -> dict[str, Any]:
        """The ``Prompt`` object of MCP."""
        schema = compact_schema(self._arguments.model_json_schema())
        required = schema.get("required", [])
        arguments = [
            {"name": name, "description": described.get("description", ""), "required": name in required}
            for name, described in schema.get("properties", {}).items()
        ]
        return {
            "name": self.name,
            "title": self.options.title,
            "description": self.description,
            "arguments": arguments,
        }

    def arguments(self, arguments: Mapping[str, str]) -> dict[str, Any]:
        """
        :raises ToolError: one is missing, unknown, or not of its type
        """
        try:
            checked = self._arguments.model_validate(dict(arguments))
        except ValidationError as error:
            raise ToolError(explain(error, self.name, list(self._arguments.model_fields))) from None
        return {name: getattr(checked, name) for name in self._arguments.model_fields}


def messages_of(result: Any) -> list[dict[str, Any]]:
    """What a prompt method returned as ``PromptMessage`` objects: text becomes one message of the user."""
    if isinstance(result, str):
        return [{"role": "user", "content": {"type": "text", "text": result}}]
    return list(result)
