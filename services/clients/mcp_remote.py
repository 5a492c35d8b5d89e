from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="mcp_remote",
    name="Jan, Msty & Co.",
    summary=_lt("Tools that start local servers only, by mcp-remote"),
    icon="fa-exchange",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Install Node.js (nodejs.org), version 20 or newer."),
                _lt("Paste this into the tool's list of MCP servers."),
                _lt("Restart the tool, if it does not list odoo by itself."),
            ),
            snippets=(
                Snippet(
                    _lt("List of MCP servers"),
                    "json",
                    {
                        "mcpServers": {
                            "odoo": {
                                "command": "npx",
                                # no space in the argument: on Windows, spaces in arguments are not passed on whole
                                "args": ["-y", "mcp-remote", "{url}", "--header", "Authorization:${ODOO_AUTH}"],
                                "env": {"ODOO_AUTH": "Bearer {key}"},
                            }
                        }
                    },
                ),
            ),
            note=_lt("For an address that begins with http:// add “--allow-http” to the arguments."),
        ),
        "oauth": Guide(
            steps=(
                _lt("Install Node.js (nodejs.org), version 20 or newer."),
                _lt("Paste this into the tool's list of MCP servers."),
                _lt("At the first start your browser opens. Log in to Odoo and allow the access."),
            ),
            snippets=(
                Snippet(
                    _lt("List of MCP servers"),
                    "json",
                    {"mcpServers": {"odoo": {"command": "npx", "args": ["-y", "mcp-remote", "{url}"]}}},
                ),
            ),
            note=_lt("For an address that begins with http:// add “--allow-http” to the arguments."),
        ),
    },
)
