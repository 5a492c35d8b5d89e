from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="python_sdk",
    name="Python",
    summary=_lt("Own scripts, without any library"),
    icon="fa-file-code-o",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Put the key into the environment variable ODOO_MCP_KEY, rather than into the code."),
                _lt("Run the script: it lists the tools and asks Odoo who it acts as."),
            ),
            snippets=(
                Snippet(_lt("Terminal"), "shell", "export ODOO_MCP_KEY='{key}'"),
                Snippet(
                    "Python",
                    "python",
                    """\
import json
import os
import urllib.request


def ask(method, **params):
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    request = urllib.request.Request(
        "{url}",
        data=json.dumps(message).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['ODOO_MCP_KEY']}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-11-25",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["result"]


print([tool["name"] for tool in ask("tools/list")["tools"]])
print(ask("tools/call", name="whoami", arguments={})["structuredContent"])
""",
                ),
            ),
        ),
    },
)
