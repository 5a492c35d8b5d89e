from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

_ADDRESS = Snippet(_lt("Address"), "text", "{url}")

CLIENT = Client(
    code="other",
    name="Another tool",
    summary=_lt("Everything else that speaks MCP"),
    icon="fa-plug",
    guides={
        "api_key": Guide(
            steps=(
                _lt("In the tool, add an MCP server of the type “Streamable HTTP” (or “HTTP”)."),
                _lt("Give it the address, and the header with the key."),
            ),
            snippets=(
                _ADDRESS,
                Snippet(_lt("Header"), "text", "Authorization: Bearer {key}"),
                Snippet(
                    _lt("Most tools with a configuration file take this"),
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
            note=_lt("A tool that speaks only the old HTTP+SSE transport uses the address {sse}."),
        ),
        "oauth": Guide(
            steps=(
                _lt("In the tool, add an MCP server (or connector) with this address, without a key."),
                _lt("Your browser opens. Log in to Odoo and allow the access."),
            ),
            snippets=(_ADDRESS,),
        ),
        "custom": Guide(
            steps=(
                _lt("In the tool, add an MCP server with this address."),
                _lt("Enter the client ID and the client secret where the tool asks for OAuth credentials."),
                _lt("Log in to Odoo and allow the access."),
            ),
            snippets=(_ADDRESS,),
        ),
    },
)
