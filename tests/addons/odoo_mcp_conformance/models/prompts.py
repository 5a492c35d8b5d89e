from typing import Annotated

from pydantic import Field

from odoo import models

from odoo.addons.odoo_mcp.services.protocol.questions import ELICIT
from odoo.addons.odoo_mcp.services.tools import result
from odoo.addons.odoo_mcp.services.tools.call import Call
from odoo.addons.odoo_mcp.services.tools.prompt import prompt

from ..media import PNG
from .elicitation import form


def _user(*blocks: dict) -> list[dict]:
    return [{"role": "user", "content": block} for block in blocks]


class PromptFixtures(models.AbstractModel):
    """Scenarios ``prompts-*`` and ``completion-complete``."""

    _inherit = "mcp.tool.registry"

    @prompt(title="Simple prompt")
    def test_simple_prompt(self) -> str:
        """A prompt without arguments."""
        return "This is a simple prompt for testing."

    @prompt(title="Prompt with arguments", complete={"arg1": "_complete_test_argument"})
    def test_prompt_with_arguments(
        self,
        arg1: Annotated[str, Field(description="First test argument")],
        arg2: Annotated[str, Field(description="Second test argument")],
    ) -> str:
        """A prompt with two arguments."""
        return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"

    @prompt(title="Prompt with a resource")
    def test_prompt_with_embedded_resource(
        self, resourceUri: Annotated[str, Field(description="URI of the resource to embed")]
    ) -> list:
        """A prompt that brings a resource along."""
        body = "Embedded resource content for testing."
        return _user(
            result.embedded(resourceUri, body, "text/plain"),
            result.text("Please process the embedded resource above."),
        )

    @prompt(title="Prompt with a picture")
    def test_prompt_with_image(self) -> list:
        """A prompt that brings a picture along."""
        return _user(result.image(PNG, "image/png"), result.text("Please analyze the image above."))

    @prompt(title="Prompt that asks", converses=True)
    def test_input_required_result_prompt(self, call: Call) -> str:
        """A prompt that needs to know something first."""
        question = form("What context should the prompt use?", {"context": {"type": "string"}}, ("context",))
        answer = call.ask_client("user_context", ELICIT, question)
        return f"Use this context: {(answer.get('content') or {}).get('context')}"

    def _complete_test_argument(self, _call: Call, value: str, _others: dict) -> list[str]:
        return [word for word in ("test", "testing", "tested") if word.startswith(value)]
