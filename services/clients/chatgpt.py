from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

_ADDRESS = Snippet(_lt("MCP server URL"), "text", "{url}")
_DEVELOPER_MODE = _lt(
    "In ChatGPT, open Settings → Apps (or Connectors) → Advanced settings and switch on Developer mode."
)
_NAMES = _lt("ChatGPT calls this “apps” or “connectors”, depending on your plan.")

CLIENT = Client(
    code="chatgpt",
    name="ChatGPT",
    summary=_lt("OpenAI's assistant in the browser and apps"),
    icon="fa-comments",
    runs_in_cloud=True,
    guides={
        "oauth": Guide(
            steps=(
                _DEVELOPER_MODE,
                _lt("Press Create, name it Odoo, paste the URL below and choose OAuth as authentication."),
                _lt("Press Create. Log in to Odoo and allow the access."),
                _lt("In a chat, press + and choose Odoo."),
            ),
            snippets=(_ADDRESS,),
            note=_NAMES,
        ),
        "custom": Guide(
            steps=(
                _DEVELOPER_MODE,
                _lt("Press Create, name it Odoo, paste the URL below and choose OAuth as authentication."),
                _lt("Under Advanced settings choose a user-defined OAuth client; enter the client ID and secret."),
                _lt(
                    "Copy the callback URL that ChatGPT shows there, and add it to the redirect URIs of the client "
                    "in Odoo."
                ),
                _lt("Press Create. Log in to Odoo and allow the access."),
            ),
            snippets=(_ADDRESS,),
            note=_NAMES,
        ),
        "shared": Guide(
            steps=(
                _lt("Give the client ID and the client secret to the members of the team."),
                _lt("Each of them switches on Developer mode and creates an app with the URL, as for their own."),
                _lt("Under Advanced settings they choose a user-defined OAuth client; enter the client ID and secret."),
                _lt("Everybody logs in to Odoo as themselves, and ChatGPT works with their own rights."),
            ),
            snippets=(_ADDRESS,),
            note=_NAMES,
        ),
    },
)
