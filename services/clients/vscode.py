from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Link, Snippet

_lt = LazyTranslate(__name__)

_INSTALL = "vscode:mcp/install?"
_SERVER = {"type": "http", "url": "{url}"}
_WITH_KEY = {**_SERVER, "headers": {"Authorization": "Bearer {key}"}}

CLIENT = Client(
    code="vscode",
    name="VS Code",
    summary=_lt("Editor with GitHub Copilot"),
    icon="fa-code",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Press “Add to VS Code” on the computer that VS Code runs on, and confirm there."),
                _lt("Or run the command “MCP: Open User Configuration” in VS Code and paste this into mcp.json."),
                _lt("Press Start above the entry, and use the tools in the Copilot chat, in agent mode."),
            ),
            snippets=(Snippet("mcp.json", "json", {"servers": {"odoo": _WITH_KEY}}),),
            links=(Link(_lt("Add to VS Code"), _INSTALL, {"name": "odoo", **_WITH_KEY}, "url"),),
        ),
        "oauth": Guide(
            steps=(
                _lt("Press “Add to VS Code” on the computer that VS Code runs on, and confirm there."),
                _lt("Or run the command “MCP: Open User Configuration” in VS Code and paste this into mcp.json."),
                _lt("Press Start above the entry. Your browser opens: log in to Odoo and allow the access."),
            ),
            snippets=(Snippet("mcp.json", "json", {"servers": {"odoo": _SERVER}}),),
            links=(Link(_lt("Add to VS Code"), _INSTALL, {"name": "odoo", **_SERVER}, "url"),),
        ),
    },
)
