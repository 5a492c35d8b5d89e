from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="windsurf",
    name="Windsurf",
    summary=_lt("Code editor with AI"),
    icon="fa-flag",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Open Settings → Cascade → MCP servers → Edit configuration."),
                _lt("Paste this; if there is an “mcpServers” already, add “odoo” to it."),
                _lt("Save, and press Refresh in the list of servers."),
            ),
            snippets=(
                Snippet(
                    "~/.codeium/windsurf/mcp_config.json",
                    "json",
                    {"mcpServers": {"odoo": {"serverUrl": "{url}", "headers": {"Authorization": "Bearer {key}"}}}},
                ),
            ),
            note=_lt("An old version that speaks SSE only uses {sse} as serverUrl."),
        ),
        "oauth": Guide(
            steps=(
                _lt("Open Settings → Cascade → MCP servers → Edit configuration."),
                _lt("Paste this; if there is an “mcpServers” already, add “odoo” to it."),
                _lt("Save, and press Refresh. Your browser opens: log in to Odoo and allow the access."),
            ),
            snippets=(
                Snippet(
                    "~/.codeium/windsurf/mcp_config.json", "json", {"mcpServers": {"odoo": {"serverUrl": "{url}"}}}
                ),
            ),
        ),
    },
)
