from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="claude_code",
    name="Claude Code",
    summary=_lt("Anthropic's assistant in the terminal"),
    icon="fa-terminal",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Run this command in a terminal."),
                _lt("Start Claude Code with “claude” and ask it something about your Odoo data."),
            ),
            snippets=(
                Snippet(
                    _lt("Terminal"),
                    "shell",
                    'claude mcp add --transport http --scope user odoo {url} --header "Authorization: Bearer {key}"',
                ),
                Snippet(
                    _lt("Or for one project: .mcp.json in its folder (do not commit it: it holds the key)"),
                    "json",
                    {
                        "mcpServers": {
                            "odoo": {
                                "type": "http",
                                "url": "{url}",
                                "headers": {"Authorization": "Bearer {key}"},
                            }
                        }
                    },
                ),
            ),
        ),
        "oauth": Guide(
            steps=(
                _lt("Run this command in a terminal."),
                _lt("Start Claude Code, type /mcp, choose “odoo” and press Authenticate."),
                _lt("Your browser opens. Log in to Odoo and allow the access."),
            ),
            snippets=(Snippet(_lt("Terminal"), "shell", "claude mcp add --transport http --scope user odoo {url}"),),
        ),
    },
)
