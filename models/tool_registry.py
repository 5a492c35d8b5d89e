from odoo import api, models

from ..services.approvals import filing
from ..services.governance.approval_rules import rules_of
from ..services.protocol.mirrored import Mirrors, mirrors_of
from ..services.tools.call import Call
from ..services.tools.definition import ToolDefinition
from ..services.tools.errors import NeedsModuleError
from ..services.tools.prompt import PromptDefinition
from ..services.tools.resource import ResourceDefinition
from ..services.tools.result import ToolResult


class McpToolRegistry(models.AbstractModel):
    """Where tools live. Other addons inherit this model and add typed methods decorated with ``@tool``.

    An addon that has its schemas as dictionaries may override :meth:`get_tools` and :meth:`execute_tool` instead.
    """

    _name = "mcp.tool.registry"
    _description = "MCP Tool Registry"

    @api.model
    def _definitions(self) -> dict[str, ToolDefinition]:
        """The tools by name, collected from the decorated methods of every addon that inherits this model."""
        return self._collected("_mcp_tool", ToolDefinition)

    @api.model
    def _resource_definitions(self) -> dict[str, ResourceDefinition]:
        """The resources and templates by name."""
        return self._collected("_mcp_resource", ResourceDefinition)

    @api.model
    def _prompt_definitions(self) -> dict[str, PromptDefinition]:
        """The prompts by name that addons bring as methods; see ``mcp.prompt`` for the records."""
        return self._collected("_mcp_prompt", PromptDefinition)

    def _collected(self, mark: str, make) -> dict:
        """What the methods marked with ``mark`` define.

        Built once per set of classes that make up the model; installing an addon changes that set.
        """
        registry_class = type(self)
        kept = f"_collected{mark}"
        built_for, definitions = registry_class.__dict__.get(kept, (None, None))
        if built_for != registry_class.__mro__:
            definitions = {}
            for method_name in dir(registry_class):
                method = _decorated(registry_class, method_name, mark)
                if method is not None:
                    definition = make(method_name, method, getattr(method, mark))
                    if definition.name in definitions:
                        raise TypeError(f"There are two MCP definitions named {definition.name}.")
                    definitions[definition.name] = definition
            setattr(registry_class, kept, (registry_class.__mro__, definitions))
        return definitions

    @api.private
    @api.model
    def get_tools(self) -> list[dict]:
        """The MCP ``Tool`` objects of the whole registry."""
        base_url = None
        tools = []
        for definition in self._definitions().values():
            descriptor = definition.descriptor
            if definition.icon:
                base_url = base_url or self.get_base_url()
                mimetype = "image/svg+xml" if definition.icon.endswith(".svg") else "image/png"
                icon = {"src": base_url + definition.icon, "mimeType": mimetype}
                descriptor = {**descriptor, "icons": [icon]}
            tools.append(descriptor)
        return tools

    @api.private
    @api.model
    def only_reads(self, name: str) -> bool:
        """Whether the tool ``name`` changes nothing; not known of tools that came as dictionaries."""
        definition = self._definitions().get(name)
        return definition is not None and definition.risk == "read"

    @api.private
    @api.model
    def mirrored_arguments(self, name: str) -> Mirrors:
        """The arguments of the tool ``name`` that clients repeat in headers; see ``services/protocol/mirrored``."""
        definition = self._definitions().get(name)
        if definition is not None:
            return definition.mirrored
        schemas = [tool["inputSchema"] for tool in self.get_tools() if tool["name"] == name]
        return mirrors_of(schemas[0]) if schemas else {}

    @api.private
    def execute_tool(self, call: Call, name: str, arguments: dict) -> dict | ToolResult | None:
        """Run the tool ``name`` and return its result, or None when there is no such tool.

        :raises ToolError: the arguments are wrong, the connection may not call it, or the tool says no
        """
        definition = self._definitions().get(name)
        if definition is None:
            return None
        call.gate.check_tool(definition)
        self._check_needed_module(definition)
        values, context = definition.arguments_and_context(arguments)
        call.use_context(context)
        if definition.call_parameter:
            values[definition.call_parameter] = call
        return definition.serialize(getattr(self, definition.method_name)(**values))

    @api.model
    def _approval_reason(self, call: Call, definition: ToolDefinition | None, name: str) -> str:
        """Why somebody must agree to a call before it is carried out, as a part of a sentence; empty: nobody must.

        What shows only while a call runs is the matter of :mod:`..services.governance.approval_rules`.

        :param definition: None for a tool that came as a dictionary
        """
        risk = definition.risk if definition else "write"
        return rules_of(self.env, call.caller.connection_id).why_before(name, risk)

    @api.model
    def _request_approval(self, call: Call, name: str, arguments: dict, reason: str, key: str | None) -> ToolResult:
        """Ask a person to agree to a call, and what the client is answered meanwhile."""
        return filing.request(call, self, name, arguments, reason, key)

    def _check_needed_module(self, definition):
        module = definition.needs_module
        if module and module not in self.env.registry._init_modules:
            # sudo: which apps exist is no secret, but ordinary users cannot read the list
            row = self.env["ir.module.module"].sudo().search([("name", "=", module)], limit=1)
            raise NeedsModuleError(definition.name, module, row.shortdesc or module)


def _decorated(registry_class, method_name, mark):
    """The decorated method behind ``method_name``; an override need not repeat the decorator."""
    for cls in registry_class.__mro__:
        method = cls.__dict__.get(method_name)
        if hasattr(method, mark):
            return method
    return None
