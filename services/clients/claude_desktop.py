from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="claude_desktop",
    name="Claude Desktop",
    summary=_lt("Anthropic's app for Mac and Windows"),
    icon="fa-desktop",
    guides={
        "oauth": Guide(
            steps=(
                _lt("In Claude Desktop, open Settings → Connectors and press “Add custom connector”."),
                _lt("Paste the address below, name it Odoo, and press Add."),
                _lt("Press Connect. Your browser opens: log in to Odoo and allow the access."),
            ),
            snippets=(Snippet(_lt("Address of the connector"), "text", "{url}"),),
            note=_lt(
                "Claude calls from Anthropic's servers, so Odoo must be reachable from the internet by HTTPS. "
                "If yours is not, choose the API key instead: it runs on your own computer."
            ),
        ),
        "api_key": Guide(
            steps=(
                _lt("Install Node.js (nodejs.org), version 20 or newer."),
                _lt("In Claude Desktop, open Settings → Developer and press “Edit Config”."),
                _lt("Put this into claude_desktop_config.json; if there is an “mcpServers” already, add “odoo” to it."),
                _lt("Quit Claude Desktop completely and start it again."),
            ),
            snippets=(
                Snippet(
                    "claude_desktop_config.json",
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
        ),
    },
)
