from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="continue_dev",
    name="Continue.dev",
    summary=_lt("AI extension for VS Code and JetBrains"),
    icon="fa-forward",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Put these lines into config.yaml in the folder .continue of your home folder."),
                _lt("Switch Continue to agent mode; the tools of Odoo are listed there."),
            ),
            snippets=(
                Snippet(
                    "~/.continue/config.yaml",
                    "yaml",
                    "mcpServers:\n"
                    "  - name: Odoo\n"
                    "    type: streamable-http\n"
                    '    url: "{url}"\n'
                    "    requestOptions:\n"
                    "      headers:\n"
                    '        Authorization: "Bearer {key}"\n',
                ),
            ),
            note=_lt("An old version that knows “sse” only uses the address {sse} with “type: sse”."),
        ),
    },
)
