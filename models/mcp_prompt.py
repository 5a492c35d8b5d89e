import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..compat import Constraint

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


class McpPrompt(models.Model):
    """A ready-made request that people start from the menu of their AI tool (MCP *prompts*)."""

    _name = "mcp.prompt"
    _inherit = "mcp.needs.app"
    _description = "MCP Prompt"
    _order = "sequence, id"
    _rec_name = "title"

    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Technical name", required=True, help="What AI tools call it by: small letters, digits, - and _."
    )
    title = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True, help="What people read before they choose it.")
    text = fields.Text(
        required=True,
        translate=True,
        help="What the AI is asked to do. {{argument}} stands for what the person filled in.",
    )
    argument_ids = fields.One2many("mcp.prompt.argument", "prompt_id", string="Arguments", copy=True)
    needs_module = fields.Char(
        string="Needs app", help="Technical name of an app, for example sale. Without it the prompt is not offered."
    )
    active = fields.Boolean(default=True)

    _name_unique = Constraint("UNIQUE(name)", "There is already a prompt of this name.")

    @api.constrains("name")
    def _check_name(self):
        for prompt in self:
            if not _NAME.fullmatch(prompt.name):
                raise ValidationError(
                    self.env._(
                        "%s cannot be a prompt's name: use small letters, digits, - and _, a letter first.", prompt.name
                    )
                )

    @api.constrains("text", "argument_ids")
    def _check_placeholders(self):
        for prompt in self:
            unknown = set(_PLACEHOLDER.findall(prompt.text or "")) - set(prompt.argument_ids.mapped("name"))
            if unknown:
                raise ValidationError(
                    self.env._(
                        "The text of %(prompt)s uses %(names)s, which is no argument of it. Add it to the arguments.",
                        prompt=prompt.title,
                        names=", ".join(sorted(unknown)),
                    )
                )

    def _render(self, values: dict[str, str]) -> str:
        """The text with each ``{{argument}}`` replaced; nothing that was filled in is looked into again."""
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), self.text)


class McpPromptArgument(models.Model):
    """Something that the person who starts a prompt fills in."""

    _name = "mcp.prompt.argument"
    _description = "MCP Prompt Argument"
    _order = "sequence, id"

    prompt_id = fields.Many2one("mcp.prompt", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="As the text names it, without the braces.")
    title = fields.Char(translate=True)
    description = fields.Char(translate=True, help="What to fill in, in a few words.")
    required = fields.Boolean()
    model = fields.Char(string="Completed from", help="Records whose names are offered, for example res.partner.")

    _name_unique = Constraint("UNIQUE(prompt_id, name)", "Each argument of a prompt has a name of its own.")

    @api.constrains("name")
    def _check_name(self):
        for argument in self:
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", argument.name):
                raise ValidationError(
                    self.env._("%s cannot be an argument's name: use letters, digits and _.", argument.name)
                )
