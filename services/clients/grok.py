from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="grok",
    name="Grok",
    summary=_lt("xAI's assistant and API"),
    icon="fa-bolt",
    runs_in_cloud=True,
    guides={
        "oauth": Guide(
            steps=(
                _lt("Open grok.com/connectors, press “New Connector” and choose Custom."),
                _lt("Paste the address below."),
                _lt("Log in to Odoo and allow the access."),
            ),
            snippets=(Snippet(_lt("Address of the connector"), "text", "{url}"),),
            note=_lt("On a Business or Enterprise plan an administrator adds the connector in the xAI console first."),
        ),
        "api_key": Guide(
            steps=(
                _lt("With the xAI API, add this to the “tools” of your request."),
                _lt("Or run the command, to use Odoo in Grok's own command line."),
            ),
            snippets=(
                Snippet(
                    _lt("Tool of an xAI API request"),
                    "json",
                    {"type": "mcp", "server_url": "{url}", "server_label": "odoo", "authorization": "{key}"},
                ),
                Snippet(
                    _lt("Terminal (Grok Build)"),
                    "shell",
                    'grok mcp add --transport http odoo {url} --header "Authorization: Bearer {key}"',
                ),
            ),
        ),
    },
)
