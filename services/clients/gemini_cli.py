from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="gemini_cli",
    name="Gemini CLI",
    summary=_lt("Google's assistant in the terminal"),
    icon="fa-diamond",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Run this command in a terminal, or put the lines below into settings.json."),
                _lt("Start Gemini CLI; /mcp lists odoo as connected."),
            ),
            snippets=(
                Snippet(
                    _lt("Terminal"),
                    "shell",
                    'gemini mcp add --scope user --transport http --header "Authorization: Bearer {key}" odoo {url}',
                ),
                Snippet(
                    "~/.gemini/settings.json",
                    "json",
                    {"mcpServers": {"odoo": {"httpUrl": "{url}", "headers": {"Authorization": "Bearer {key}"}}}},
                ),
            ),
        ),
        "oauth": Guide(
            steps=(
                _lt("Run this command in a terminal, or put the lines below into settings.json."),
                _lt("Start Gemini CLI and type /mcp auth odoo."),
                _lt("Your browser opens. Log in to Odoo and allow the access."),
            ),
            snippets=(
                Snippet(_lt("Terminal"), "shell", "gemini mcp add --scope user --transport http odoo {url}"),
                Snippet("~/.gemini/settings.json", "json", {"mcpServers": {"odoo": {"httpUrl": "{url}"}}}),
            ),
        ),
    },
)
