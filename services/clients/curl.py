from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="curl",
    name="curl",
    summary=_lt("To try it out from a terminal"),
    icon="fa-chevron-right",
    guides={
        "api_key": Guide(
            steps=(_lt("Run this in a terminal. The answer says who the key acts as."),),
            snippets=(
                Snippet(
                    _lt("Terminal"),
                    "shell",
                    "curl {url} \\\n"
                    '  -H "Authorization: Bearer {key}" \\\n'
                    '  -H "Content-Type: application/json" \\\n'
                    '  -H "Accept: application/json, text/event-stream" \\\n'
                    "  -d '"
                    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{}}}'
                    "'",
                ),
            ),
        ),
    },
)
