from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="n8n",
    name="n8n",
    summary=_lt("Workflow automation"),
    icon="fa-share-alt",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Add the node “MCP Client Tool” to your AI Agent (or “MCP Client” to run one tool)."),
                _lt("As endpoint paste the address, as server transport choose “HTTP Streamable”."),
                _lt("As authentication choose “Bearer Auth”, create a credential, and paste the key as its token."),
            ),
            snippets=(
                Snippet(_lt("Endpoint"), "text", "{url}"),
                Snippet(_lt("Bearer token"), "text", "{key}"),
                Snippet(
                    _lt("Or paste this onto the canvas: a ready-made node, to which you add the credential"),
                    "json",
                    {
                        "nodes": [
                            {
                                "parameters": {
                                    "endpointUrl": "{url}",
                                    "serverTransport": "httpStreamable",
                                    "authentication": "bearerAuth",
                                    "options": {},
                                },
                                "type": "@n8n/n8n-nodes-langchain.mcpClientTool",
                                "typeVersion": 1.2,
                                "position": [0, 0],
                                "name": "Odoo",
                            }
                        ],
                        "connections": {},
                    },
                ),
            ),
        ),
        "oauth": Guide(
            steps=(
                _lt("Add the node “MCP Client Tool” to your AI Agent (or “MCP Client” to run one tool)."),
                _lt("As endpoint paste the address, as server transport choose “HTTP Streamable”."),
                _lt("As authentication choose “MCP OAuth2”, create a credential, and press Connect."),
                _lt("Log in to Odoo and allow the access."),
            ),
            snippets=(Snippet(_lt("Endpoint"), "text", "{url}"),),
        ),
    },
)
