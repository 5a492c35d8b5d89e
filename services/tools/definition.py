"""A tool is a typed method. This turns its signature into what MCP wants to know of it. No Odoo import.

    class MyTools(models.AbstractModel):
        _inherit = "mcp.tool.registry"

        @tool(title="Say hello", category="Examples")
        def say_hello(self, call: Call, name: Annotated[str, Field(description="Whom to greet")]) -> Greeting:
            \"\"\"Greet somebody.\"\"\"

The docstring is the description, the annotated parameters make the input schema, and the return annotation (a
``TypedDict`` or a pydantic model) makes the output schema; a :class:`~.result.ToolResult` has none. The parameter
annotated :class:`~.call.Call` is filled in by the registry and no part of the schema.

A tool that changes something also takes ``dry_run``, ``idempotency_key`` and ``context``; its method never sees them.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic_core import PydanticUndefined

from ..apps.metadata import tool_meta
from ..governance.arguments import FIELDS as GOVERNANCE_FIELDS
from ..governance.arguments import OF_THE_WHOLE, Governance
from ..protocol.mirrored import Mirrors, mirrors_of
from .arguments import explain
from .call import Call
from .errors import ToolError
from .result import ToolResult
from .schema import compact_schema, require_sound

Risk = Literal["read", "write", "destructive", "admin"]


@dataclass(frozen=True, slots=True)
class ToolOptions:
    """What :func:`tool` was given; kept on the method."""

    title: str
    category: str
    risk: Risk
    idempotent: bool | None
    open_world: bool
    needs_module: str | None
    icon: str | None
    name: str | None
    converses: bool = False
    app: str | None = None
    governed: bool = True


def tool(
    *,
    title: str,
    category: str,
    risk: Risk = "read",
    idempotent: bool | None = None,
    open_world: bool = False,
    needs_module: str | None = None,
    icon: str | None = None,
    name: str | None = None,
    converses: bool = False,
    app: str | None = None,
    governed: bool = True,
) -> Callable:
    """Make a method of ``mcp.tool.registry`` a tool.

    :param title: what people see, also in the client
    :param category: heading in the catalog
    :param risk: ``read`` changes nothing; ``write`` can be undone; ``destructive`` loses something; ``admin`` changes
        how Odoo itself works
    :param idempotent: calling it twice with the same arguments is the same as once (default: true for ``read``)
    :param open_world: it reaches beyond this database, for example sends mail
    :param needs_module: technical name of the Odoo app without which the tool answers ``needs_module``
    :param icon: path of an image below the server's address, for example ``/my_addon/static/icon.svg``
    :param name: the name that clients call; the method's own by default
    :param converses: it tells its progress, logs, or asks the client something while it runs; such a tool runs in a
        thread with a transaction of its own
    :param app: URI of the ``ui://`` resource that clients with MCP Apps show the result in; see :mod:`..apps`
    :param governed: a tool that changes something takes ``dry_run``, ``idempotency_key`` and ``context`` as well
    """
    options = ToolOptions(
        title, category, risk, idempotent, open_world, needs_module, icon, name, converses, app, governed
    )

    def decorate(method: Callable) -> Callable:
        method._mcp_tool = options
        return method

    return decorate


class ToolDefinition:
    """One tool of the registry: its MCP description, and the checking of its arguments."""

    def __init__(self, method_name: str, method: Callable, options: ToolOptions):
        self.method_name = method_name
        self.name = options.name or method_name
        self.title = options.title
        self.category = options.category
        self.risk = options.risk
        self.needs_module = options.needs_module
        self.icon = options.icon
        self.converses = options.converses
        self._options = options
        self._meta = tool_meta(options.app) if options.app else None
        self.description = inspect.cleandoc(method.__doc__ or "")
        if not self.description:
            raise TypeError(f"Tool {self.name} needs a docstring: it is what the client's model is told.")
        hints = typing.get_type_hints(method, include_extras=True)
        self.call_parameter, fields = parameters_of(self.name, method, hints)
        self._own_names = list(fields)
        self.governed = self.risk != "read" and options.governed
        if self.governed:
            if taken := fields.keys() & GOVERNANCE_FIELDS.keys():
                raise TypeError(f"Tool {self.name} changes something: it has {', '.join(sorted(taken))} by itself.")
            fields |= GOVERNANCE_FIELDS
        self._arguments = create_model(
            f"{self.name}_arguments", __config__=ConfigDict(extra="forbid", hide_input_in_errors=True), **fields
        )
        returned = hints.get("return")
        self._result = None if returned in (None, type(None), ToolResult) else TypeAdapter(returned)

    @cached_property
    def input_schema(self) -> dict:
        schema = {"type": "object", "additionalProperties": False} | compact_schema(self._arguments.model_json_schema())
        require_sound(self.name, schema)
        try:
            mirrors_of(schema)
        except ValueError as error:
            raise TypeError(f"Tool {self.name}: {error}.") from None
        return schema

    @cached_property
    def mirrored(self) -> Mirrors:
        """Arguments with ``x-mcp-header``, which clients of 2026-07-28 repeat in headers."""
        return mirrors_of(self.input_schema)

    @cached_property
    def output_schema(self) -> dict | None:
        if self._result is None:
            return None
        return compact_schema(self._result.json_schema(mode="serialization"))

    @cached_property
    def descriptor(self) -> dict:
        """The ``Tool`` object of MCP, without what depends on the request."""
        reads = self.risk == "read"
        idempotent = self._options.idempotent if self._options.idempotent is not None else reads
        descriptor = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": self.input_schema,
            "annotations": {
                "title": self.title,
                "readOnlyHint": reads,
                "destructiveHint": self.risk in ("destructive", "admin"),
                "idempotentHint": idempotent,
                "openWorldHint": self._options.open_world,
            },
        }
        if self.output_schema:
            descriptor["outputSchema"] = self.output_schema
        if self._meta:
            descriptor["_meta"] = self._meta
        return descriptor

    def arguments(self, arguments: dict) -> dict[str, Any]:
        """``arguments`` as the method takes them.

        :raises ToolError: they do not fit the schema; the message names each fault
        """
        return self.arguments_and_context(arguments)[0]

    def arguments_and_context(self, arguments: dict) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The same, and in which context the call is to be carried out where that is not the method's own argument.

        :raises ToolError: they do not fit the schema
        """
        checked = self._checked(arguments)
        return {name: getattr(checked, name) for name in self._own_names}, checked.context if self.governed else None

    def governance(self, arguments: dict) -> tuple[Governance, dict[str, Any]]:
        """How the call wants to be carried out, and ``arguments`` without saying so, but for the context.

        :raises ToolError: the arguments do not fit the schema
        """
        checked = self._checked(arguments)
        others = {name: value for name, value in arguments.items() if name not in OF_THE_WHOLE}
        if not self.governed:
            return Governance(), others
        return Governance(**{name: getattr(checked, name) for name in OF_THE_WHOLE}), others

    def _checked(self, arguments: dict) -> BaseModel:
        try:
            return self._arguments.model_validate(arguments)
        except ValidationError as error:
            raise ToolError(explain(error, self.name, list(self._arguments.model_fields))) from None

    def serialize(self, result: Any) -> dict | ToolResult:
        """What the method returned, as JSON-ready values."""
        if isinstance(result, (dict, ToolResult)):
            return result
        return self._result.dump_python(result, mode="json", exclude_none=True)


def parameters_of(name: str, method: Callable, hints: dict) -> tuple[str | None, dict]:
    """The parameter that takes the call, and pydantic's field definitions of the others."""
    call_parameter, fields = None, {}
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) or parameter.name not in hints:
            raise TypeError(f"Tool {name}: parameter {parameter.name} needs a type annotation.")
        if hints[parameter.name] is Call:
            call_parameter = parameter.name
            continue
        default = PydanticUndefined if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (hints[parameter.name], ... if default is PydanticUndefined else default)
    return call_parameter, fields
