from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Link, Snippet

_lt = LazyTranslate(__name__)

_INSTALL = "cursor://anysphere.cursor-deeplink/mcp/install?name=odoo&config="
_WITH_KEY = {"url": "{url}", "headers": {"Authorization": "Bearer {key}"}}
_WITHOUT_KEY = {"url": "{url}"}

CLIENT = Client(
    code="cursor",
    name="Cursor",
    summary=_lt("Code editor with AI"),
    icon="fa-i-cursor",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Press “Add to Cursor” on the computer that Cursor runs on, and confirm in Cursor."),
                _lt("Or open Cursor Settings → MCP → Add new MCP server, and paste this into mcp.json."),
                _lt("The list shows “odoo” with a green dot."),
            ),
            snippets=(Snippet("~/.cursor/mcp.json", "json", {"mcpServers": {"odoo": _WITH_KEY}}),),
            links=(Link(_lt("Add to Cursor"), _INSTALL, _WITH_KEY, "base64"),),
        ),
        "oauth": Guide(
            steps=(
                _lt("Press “Add to Cursor” on the computer that Cursor runs on, and confirm in Cursor."),
                _lt("Or open Cursor Settings → MCP → Add new MCP server, and paste this into mcp.json."),
                _lt("Press “Needs login” beside odoo. Log in to Odoo and allow the access."),
            ),
            snippets=(Snippet("~/.cursor/mcp.json", "json", {"mcpServers": {"odoo": _WITHOUT_KEY}}),),
            links=(Link(_lt("Add to Cursor"), _INSTALL, _WITHOUT_KEY, "base64"),),
        ),
    },
)
