"""A resource is a typed method with a URI. No Odoo import.

    class MyResources(models.AbstractModel):
        _inherit = "mcp.tool.registry"

        @resource("my-addon://greeting/{name}", title="A greeting", mime_type="text/plain")
        def greeting(self, call: Call, name: str) -> str:
            \"\"\"How to greet somebody.\"\"\"
            return f"Hello {name}"

A URI without variables is one resource; with ``{variables}`` (one path segment each) and a closing
``{?query,variables}`` it is a template (RFC 6570, levels 1 and 3). The method returns text, bytes, a JSON-ready
dictionary, or a :class:`Content` that says its own MIME type.
"""

from __future__ import annotations

import base64
import inspect
import json
import re
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from pydantic import ConfigDict, ValidationError, create_model

from .definition import parameters_of

_VARIABLE = re.compile(r"\{(\??)([a-z_,]+)\}")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Content:
    """What a resource holds, with a MIME type of its own."""

    body: str | bytes
    mime_type: str
    meta: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ResourceOptions:
    """What :func:`resource` was given; kept on the method."""

    uri: str
    title: str
    mime_type: str
    name: str | None
    complete: Mapping[str, str]
    listed: str | None
    priority: float | None
    meta: Mapping[str, Any] | None
    watch: str | None = None


def resource(
    uri: str,
    *,
    title: str,
    mime_type: str = "application/json",
    name: str | None = None,
    complete: Mapping[str, str] | None = None,
    listed: str | None = None,
    priority: float | None = None,
    meta: Mapping[str, Any] | None = None,
    watch: str | None = None,
) -> Callable:
    """Make a method of ``mcp.tool.registry`` a resource, or a template of resources.

    :param complete: for each variable that can be completed, the name of a registry method
        ``(call, value, others) -> list[str]``
    :param listed: for a template, the name of a registry method ``(call) -> list[dict]`` that tells which resources
        ``resources/list`` shows: the variables, and optionally ``title``, ``description`` and ``size``
    :param priority: 0 to 1, how useful it is to a model (MCP annotations)
    :param watch: the name of a registry method ``(**variables) -> Watch`` that tells whose changes change the resource;
        without, subscribers hear of it when ``mcp.event.announce_resource`` is called
    """
    options = ResourceOptions(uri, title, mime_type, name, dict(complete or {}), listed, priority, meta, watch)

    def decorate(method: Callable) -> Callable:
        method._mcp_resource = options
        return method

    return decorate


class ResourceDefinition:
    """One resource or template of the registry: its MCP description, and the matching of URIs."""

    def __init__(self, method_name: str, method: Callable, options: ResourceOptions):
        self.method_name = method_name
        self.options = options
        self.name = options.name or method_name
        self.description = inspect.cleandoc(method.__doc__ or "")
        if not self.description:
            raise TypeError(f"Resource {self.name} needs a docstring: it is what the client's model is told.")
        hints = typing.get_type_hints(method, include_extras=True)
        self.call_parameter, fields = parameters_of(self.name, method, hints)
        self._variables = create_model(
            f"{self.name}_variables", __config__=ConfigDict(extra="forbid", hide_input_in_errors=True), **fields
        )
        self._pattern, self.query_variables = _pattern_of(options.uri)
        self.is_template = "{" in options.uri
        unknown = set(self.variables) ^ set(fields)
        if unknown:
            raise TypeError(f"Resource {self.name}: {', '.join(sorted(unknown))} must be in the URI and be parameters.")

    @property
    def variables(self) -> list[str]:
        return [*self._pattern.groupindex, *self.query_variables]

    def match(self, uri: str) -> dict[str, Any] | None:
        """The checked variables of ``uri``, None when it is none of this definition's."""
        path, _mark, query = uri.partition("?")
        found = self._pattern.fullmatch(path)
        if found is None:
            return None
        values = {name: unquote(value, errors="replace") for name, value in found.groupdict().items()}
        values |= dict(parse_qsl(query, keep_blank_values=True, max_num_fields=20))
        try:
            checked = self._variables.model_validate(values)
        except (ValidationError, ValueError):
            return None
        return {name: getattr(checked, name) for name in self._variables.model_fields}

    def uri_of(self, values: Mapping[str, Any]) -> str:
        """The URI of the resource with these path variables."""
        uri = self.options.uri
        for name in self._pattern.groupindex:
            uri = uri.replace(f"{{{name}}}", quote(str(values[name]), safe=""))
        return _VARIABLE.sub("", uri)

    def descriptor(self) -> dict[str, Any]:
        """The ``ResourceTemplate``, or the ``Resource`` when there are no variables."""
        descriptor = {
            "uriTemplate" if self.is_template else "uri": self.options.uri,
            "name": self.name,
            "title": self.options.title,
            "description": self.description,
            "mimeType": self.options.mime_type,
        }
        if self.options.priority is not None:
            descriptor["annotations"] = {"audience": ["assistant"], "priority": self.options.priority}
        if self.options.meta:
            descriptor["_meta"] = dict(self.options.meta)
        return descriptor

    def contents(self, uri: str, result: Any) -> dict[str, Any]:
        """What the method returned as one member of ``contents``."""
        if isinstance(result, dict):
            result = Content(_encode(result), "application/json")
        if not isinstance(result, Content):
            result = Content(result, self.options.mime_type)
        content: dict[str, Any] = {"uri": uri, "mimeType": result.mime_type}
        if isinstance(result.body, bytes):
            content["blob"] = base64.b64encode(result.body).decode("ascii")
        else:
            content["text"] = result.body
        meta = result.meta or self.options.meta
        return {**content, "_meta": dict(meta)} if meta else content


def _pattern_of(uri: str) -> tuple[re.Pattern, list[str]]:
    """A regular expression for the part before ``?``, and the names of the query variables."""
    pattern, query, position = "", [], 0
    for variable in _VARIABLE.finditer(uri):
        pattern += re.escape(uri[position : variable.start()])
        position = variable.end()
        if variable[1]:
            query = variable[2].split(",")
        else:
            pattern += f"(?P<{variable[2]}>[^/?#]+)"
    return re.compile(pattern + re.escape(uri[position:])), query
