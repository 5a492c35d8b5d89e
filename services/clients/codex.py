from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="codex",
    name="Codex",
    summary=_lt("OpenAI's assistant for code"),
    icon="fa-cube",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Put these lines into config.toml in the folder .codex of your home folder."),
                _lt("Start Codex; /mcp lists the tools of odoo."),
            ),
            snippets=(
                Snippet(
                    "~/.codex/config.toml",
                    "toml",
                    '[mcp_servers.odoo]\nurl = "{url}"\nhttp_headers = { "Authorization" = "Bearer {key}" }\n',
                ),
            ),
        ),
        "oauth": Guide(
            steps=(
                _lt("Run these commands in a terminal."),
                _lt("Your browser opens. Log in to Odoo and allow the access."),
            ),
            snippets=(Snippet(_lt("Terminal"), "shell", "codex mcp add odoo --url {url}\ncodex mcp login odoo"),),
        ),
    },
)
