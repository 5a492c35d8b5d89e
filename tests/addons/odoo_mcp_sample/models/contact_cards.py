from typing import Annotated

from pydantic import Field
from typing_extensions import NotRequired, TypedDict

from odoo import models
from odoo.tools import file_open

from odoo.addons.odoo_mcp.services.records import reading
from odoo.addons.odoo_mcp.services.resources import completion
from odoo.addons.odoo_mcp.services.tools.call import Call
from odoo.addons.odoo_mcp.services.tools.definition import tool
from odoo.addons.odoo_mcp.services.tools.errors import ToolError
from odoo.addons.odoo_mcp.services.tools.prompt import prompt
from odoo.addons.odoo_mcp.services.tools.resource import resource

_MODEL = "res.partner"
_FIELDS = ["name", "parent_id", "email", "phone", "city"]
_VIEWER = "ui://odoo_mcp_sample/card.html"

ContactId = Annotated[int, Field(ge=1, le=2**31 - 1, description="Id of a contact (res.partner)")]


class ContactCard(TypedDict):
    """Keys without a value are left out."""

    id: int
    name: str
    company: NotRequired[str]
    email: NotRequired[str]
    phone: NotRequired[str]
    city: NotRequired[str]


class ContactCards(models.AbstractModel):
    """One of each kind; README.md goes through them."""

    _inherit = "mcp.tool.registry"

    @tool(title="Contact card", category="Sample", app=_VIEWER)
    def sample_contact_card(self, call: Call, contact_id: ContactId) -> ContactCard:
        """The business card of one contact: name, company, e-mail, phone and city."""
        card = _card(call, contact_id)
        if card is None:
            raise ToolError(f"There is no contact {contact_id} that you may read. name_search finds contacts by name.")
        return card

    @resource("sample://cards/rules", title="How cards are written", mime_type="text/markdown", priority=0.5)
    def sample_card_rules(self) -> str:
        """The rules of this company for contact cards. Read them before you correct one."""
        return "- Companies with their legal form.\n- Phone numbers with the country code.\n- No titles before names.\n"

    @resource(
        "sample://cards/{contact_id}.vcf",
        title="Contact as vCard",
        mime_type="text/vcard",
        complete={"contact_id": "_complete_contact_id"},
    )
    def sample_vcard(self, call: Call, contact_id: ContactId) -> str | None:
        """A contact in the format of address books (vCard 4.0)."""
        card = _card(call, contact_id)
        return card and _vcard(card)

    @prompt(title="Introduce two contacts", complete={"who": "_complete_contact", "to_whom": "_complete_contact"})
    def sample_introduce(
        self,
        who: Annotated[str, Field(description="The contact to introduce")],
        to_whom: Annotated[str, Field(description="The contact who gets to know them")],
    ) -> str:
        """Write a message that introduces one contact to another."""
        return (
            f"Find the contacts {who} and {to_whom} with name_search, and read sample_contact_card of both. "
            f"Then write a short, warm message to {to_whom} that introduces {who}, and show it to me before it is sent."
        )

    @resource(
        _VIEWER,
        title="Card viewer",
        mime_type="text/html;profile=mcp-app",
        meta={"ui": {"csp": {}, "prefersBorder": True}},
    )
    def sample_card_viewer(self) -> str:
        """Shows the result of sample_contact_card as a card, in clients that show apps."""
        with file_open("odoo_mcp_sample/static/app/card.html") as file:
            return file.read()

    def _complete_contact_id(self, call: Call, value: str, _others: dict) -> list[str]:
        return completion.record_ids(call, _MODEL, value)

    def _complete_contact(self, call: Call, value: str, _others: dict) -> list[str]:
        return completion.record_names(call, _MODEL, value)


def _card(call: Call, contact_id: int) -> ContactCard | None:
    """What the connection's user may see of a contact; None when that is nothing."""
    records = reading.read(call, _MODEL, [contact_id], _FIELDS)["records"]
    if not records:
        return None
    card = {name: records[0].get(name) for name in ("id", "name", "email", "phone", "city")}
    card["company"] = (records[0].get("parent_id") or {}).get("name")
    return {name: value for name, value in card.items() if value}


def _vcard(card: ContactCard) -> str:
    lines = {
        "VERSION": "4.0",
        "FN": _escaped(card["name"]),
        "ORG": _escaped(card.get("company", "")),
        "EMAIL": _escaped(card.get("email", "")),
        "TEL": _escaped(card.get("phone", "")),
        # RFC 6350, ADR: the city is the fourth of seven components
        "ADR": f";;;{_escaped(card['city'])};;;" if "city" in card else "",
    }
    body = "".join(f"{name}:{value}\r\n" for name, value in lines.items() if value)
    return f"BEGIN:VCARD\r\n{body}END:VCARD\r\n"


def _escaped(value: str) -> str:
    """RFC 6350 section 3.4."""
    for character in ("\\", ",", ";"):
        value = value.replace(character, f"\\{character}")
    return value.replace("\r\n", "\\n").replace("\n", "\\n")
