from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

_ADDRESS = Snippet(_lt("Address of the connector"), "text", "{url}")
_TEAM = _lt("On a Team or Enterprise plan an owner adds the connector once, under Organization settings → Connectors.")

CLIENT = Client(
    code="claude_ai",
    name="claude.ai",
    summary=_lt("Claude in the browser and on the phone"),
    icon="fa-globe",
    runs_in_cloud=True,
    guides={
        "oauth": Guide(
            steps=(
                _lt("On claude.ai, open Settings → Connectors and press “Add custom connector”."),
                _lt("Paste the address below, name it Odoo, and press Add."),
                _lt("Press Connect, log in to Odoo and allow the access."),
                _lt("In a chat, open the tools menu and switch Odoo on. On the phone it is there, too."),
            ),
            snippets=(_ADDRESS,),
            note=_TEAM,
        ),
        "custom": Guide(
            steps=(
                _lt("On claude.ai, open Settings → Connectors and press “Add custom connector”."),
                _lt("Paste the address below. Under Advanced settings enter the client ID and the client secret."),
                _lt("Press Add, then Connect, log in to Odoo and allow the access."),
            ),
            snippets=(_ADDRESS,),
            note=_TEAM,
        ),
        "shared": Guide(
            steps=(
                _lt("Give the client ID and the client secret to the members of the team."),
                _lt("Each of them opens Settings → Connectors on claude.ai and presses “Add custom connector”."),
                _lt("Each pastes the address, and under Advanced settings the client ID and secret, and connects."),
                _lt("Everybody logs in to Odoo as themselves, and Claude works with their own rights."),
            ),
            snippets=(_ADDRESS,),
            note=_TEAM,
        ),
    },
)
