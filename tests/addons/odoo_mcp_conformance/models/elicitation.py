import json
from typing import Any

from odoo import models

from odoo.addons.odoo_mcp.services.protocol.questions import ELICIT, SAMPLE
from odoo.addons.odoo_mcp.services.tools import result
from odoo.addons.odoo_mcp.services.tools.call import Call
from odoo.addons.odoo_mcp.services.tools.definition import tool
from odoo.addons.odoo_mcp.services.tools.result import ToolResult

from .content import CATEGORY

_DEFAULTS = {
    "name": {"type": "string", "description": "Name", "default": "John Doe"},
    "age": {"type": "integer", "description": "Age", "default": 30},
    "score": {"type": "number", "description": "Score", "default": 95.5},
    "status": {
        "type": "string",
        "description": "Status",
        "enum": ["active", "inactive", "pending"],
        "default": "active",
    },
    "verified": {"type": "boolean", "description": "Verified", "default": True},
}
_OPTIONS = ["option1", "option2", "option3"]
_TITLED = [{"const": f"value{number}", "title": f"{word} Option"} for number, word in enumerate(("First", "Second"), 1)]
_ENUMS = {
    "untitledSingle": {"type": "string", "enum": _OPTIONS},
    "titledSingle": {"type": "string", "oneOf": _TITLED},
    "legacyEnum": {"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]},
    "untitledMulti": {"type": "array", "items": {"type": "string", "enum": _OPTIONS}},
    "titledMulti": {"type": "array", "items": {"anyOf": _TITLED}},
}


def form(message: str, properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The params of an elicitation."""
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"message": message, "requestedSchema": schema}


def sampling(prompt: str, most_tokens: int) -> dict[str, Any]:
    """The params of a request to the client's model."""
    return {"messages": [{"role": "user", "content": {"type": "text", "text": prompt}}], "maxTokens": most_tokens}


def sampled(answer: dict[str, Any]) -> str:
    """The text of what the client's model said."""
    content = answer["content"]
    blocks = content if isinstance(content, list) else [content]
    return "".join(block.get("text", "") for block in blocks)


def answered(answer: dict[str, Any]) -> str:
    """What the user did, and wrote."""
    return f"action={answer.get('action')}, content={json.dumps(answer.get('content') or {})}"


class ElicitationFixtures(models.AbstractModel):
    """Scenarios that ask the client something while a tool runs."""

    _inherit = "mcp.tool.registry"

    @tool(title="Sampling", category=CATEGORY, converses=True)
    def test_sampling(self, call: Call, prompt: str) -> ToolResult:
        """Let the client's model answer a prompt."""
        answer = call.ask_client("answer", SAMPLE, sampling(prompt, 100))
        return ToolResult([result.text(f"LLM response: {sampled(answer)}")])

    @tool(title="Elicitation", category=CATEGORY, converses=True)
    def test_elicitation(self, call: Call, message: str) -> ToolResult:
        """Ask the user for a name and an address."""
        properties = {
            "username": {"type": "string", "description": "User's response"},
            "email": {"type": "string", "description": "User's email address"},
        }
        answer = call.ask_client("user", ELICIT, form(message, properties, ("username", "email")))
        return ToolResult([result.text(f"User response: {answered(answer)}")])

    @tool(title="Defaults of every type", category=CATEGORY, converses=True)
    def test_elicitation_sep1034_defaults(self, call: Call) -> ToolResult:
        """Ask with a default for each primitive type."""
        answer = call.ask_client("defaults", ELICIT, form("Please review and update the form fields", _DEFAULTS))
        return ToolResult([result.text(f"Elicitation completed: {answered(answer)}")])

    @tool(title="Choices of every kind", category=CATEGORY, converses=True)
    def test_elicitation_sep1330_enums(self, call: Call) -> ToolResult:
        """Ask with the five kinds of choices."""
        answer = call.ask_client("enums", ELICIT, form("Please choose", _ENUMS))
        return ToolResult([result.text(f"Elicitation completed: {answered(answer)}")])

    @tool(title="Needs sampling", category=CATEGORY, converses=True)
    def test_missing_capability(self, call: Call) -> ToolResult:
        """Ask the client's model, whether or not the client can do that."""
        answer = call.ask_client("answer", SAMPLE, sampling("Say hello", 10))
        return ToolResult([result.text(sampled(answer))])

    @tool(title="Asks on a stream", category=CATEGORY, converses=True)
    def test_streaming_elicitation(self, call: Call) -> ToolResult:
        """Ask the user to go on; on a 2026-07-28 stream no request may be seen."""
        answer = call.ask_client("confirm", ELICIT, form("Go on?", {"ok": {"type": "boolean"}}, ("ok",)))
        return ToolResult([result.text(answered(answer))])
