from odoo import models

from odoo.addons.odoo_mcp.services.protocol.questions import ELICIT, LIST_ROOTS, SAMPLE, missing_capabilities
from odoo.addons.odoo_mcp.services.tools import result
from odoo.addons.odoo_mcp.services.tools.call import Call
from odoo.addons.odoo_mcp.services.tools.definition import tool
from odoo.addons.odoo_mcp.services.tools.result import ToolResult

from .content import CATEGORY
from .elicitation import answered, form, sampled, sampling

_NAME = form("What is your name?", {"name": {"type": "string"}}, ("name",))
_CONFIRM = form("Please confirm", {"ok": {"type": "boolean"}}, ("ok",))


class InputRequiredFixtures(models.AbstractModel):
    """Scenarios ``input-required-result-*``; the tools ask, the protocol decides how."""

    _inherit = "mcp.tool.registry"

    @tool(title="Asks for a name", category=CATEGORY, converses=True)
    def test_input_required_result_elicitation(self, call: Call) -> ToolResult:
        """Greet the user by the name they give."""
        answer = call.ask_client("user_name", ELICIT, _NAME)
        return ToolResult([result.text(f"Hello, {(answer.get('content') or {}).get('name')}!")])

    @tool(title="Asks the model", category=CATEGORY, converses=True)
    def test_input_required_result_sampling(self, call: Call) -> ToolResult:
        """Let the client's model name a capital."""
        question = sampling("What is the capital of France?", 100)
        return ToolResult([result.text(sampled(call.ask_client("capital_question", SAMPLE, question)))])

    @tool(title="Asks for roots", category=CATEGORY, converses=True)
    def test_input_required_result_list_roots(self, call: Call) -> ToolResult:
        """Name the client's roots."""
        roots = call.ask_client("client_roots", LIST_ROOTS, {})["roots"]
        return ToolResult([result.text(", ".join(root["uri"] for root in roots))])

    @tool(title="Carries a state", category=CATEGORY, converses=True)
    def test_input_required_result_request_state(self, call: Call) -> ToolResult:
        """Confirm; a state that was changed on the way is refused before this is reached again."""
        answer = call.ask_client("confirm", ELICIT, _CONFIRM)
        return ToolResult([result.text(f"state-ok: {answered(answer)}")])

    @tool(title="Seals its state", category=CATEGORY, converses=True)
    def test_input_required_result_tampered_state(self, call: Call) -> ToolResult:
        """Confirm, as above; the suite sends this one a changed state."""
        answer = call.ask_client("confirm", ELICIT, _CONFIRM)
        return ToolResult([result.text(answered(answer))])

    @tool(title="Asks three things at once", category=CATEGORY, converses=True)
    def test_input_required_result_multiple_inputs(self, call: Call) -> ToolResult:
        """Ask the user, the model, and for the roots."""
        answers = call.ask_client_all(
            {
                "user_name": (ELICIT, _NAME),
                "greeting": (SAMPLE, sampling("Generate a greeting", 50)),
                "client_roots": (LIST_ROOTS, {}),
            }
        )
        roots = len(answers["client_roots"]["roots"])
        greeting = f"{sampled(answers['greeting'])} ({answered(answers['user_name'])}; {roots} roots)"
        return ToolResult([result.text(greeting)])

    @tool(title="Asks twice", category=CATEGORY, converses=True)
    def test_input_required_result_multi_round(self, call: Call) -> ToolResult:
        """Ask for a name, and then for a colour."""
        name = call.ask_client(
            "step1", ELICIT, form("Step 1: What is your name?", {"name": {"type": "string"}}, ("name",))
        )
        colour = call.ask_client(
            "step2", ELICIT, form("Step 2: What is your favorite color?", {"color": {"type": "string"}}, ("color",))
        )
        return ToolResult([result.text(f"{answered(name)}; {answered(colour)}")])

    @tool(title="Asks what the client can answer", category=CATEGORY, converses=True)
    def test_input_required_result_capabilities(self, call: Call) -> ToolResult:
        """Ask only what the client declared that it can answer."""
        questions = {
            "user_name": (ELICIT, _NAME),
            "greeting": (SAMPLE, sampling("Generate a greeting", 50)),
        }
        declared = call.context.client_capabilities
        possible = {
            key: question for key, question in questions.items() if not missing_capabilities(*question, declared)
        }
        answers = call.ask_client_all(possible)
        return ToolResult([result.text(f"Answered: {', '.join(answers) or 'nothing'}")])
