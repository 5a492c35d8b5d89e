"""Models that hold the keys of Odoo itself. No Odoo import.

Whoever writes them gains rights, runs code, sends mail in other people's names or sees other people's secrets; an
AI that has been talked into something must not be able to, whichever user it acts as.
"""

from __future__ import annotations

import re

from .secrets import WITHHELD_MODELS

# What no connection writes, whatever its administrator would like to allow.
_NEVER_WRITTEN = re.compile(
    r"ir\.(?!attachment$|filters$|sequence$|sequence\.date_range$).*"
    r"|mcp\..*"
    r"|res\.(users|groups|device)(\..*)?"
    r"|(auth_totp|auth\.oauth|api\.key|base\.automation|base_import|bus|certificate|fetchmail|iap|privacy|theme)(\..*)?"
    r"|payment\.(provider|token|method)|report\.paperformat|spreadsheet\..*|website\.(rewrite|route)"
    # messages have authors and recipients: they are posted on documents, never made up
    r"|mail\.(mail|message|scheduled\.message|tracking\.value|notification|followers|guest|push.*|ice\.server)"
    r"|mail\.(alias\.domain|gateway\.allowed|message\.subtype|canned\.response)"
    r"|sms\.sms|snailmail\.letter"
)
# What is written only by a connection of the scope "admin" whose list of models names it.
_PROTECTED = frozenset(
    {
        "ir.filters",
        "ir.sequence",
        "ir.sequence.date_range",
        "mail.alias",
        "mail.template",
        "sms.template",
        "res.company",
        "res.lang",
        "website",
        "website.menu",
        "website.page",
    }
)
# What opens a file to everybody, and what makes Odoo read or send people to one that is elsewhere.
_FIELDS_NEVER_WRITTEN = {"ir.attachment": frozenset({"public", "access_token", "type", "url"})}


def is_never_written(model_name: str) -> bool:
    """Whether no connection may create, change or delete records of the model, administrators' included."""
    return model_name in WITHHELD_MODELS or _NEVER_WRITTEN.fullmatch(model_name) is not None


def is_protected(model_name: str) -> bool:
    """Whether writing the model takes the scope "admin" and a line of its own in the connection's list of models."""
    return model_name in _PROTECTED


def is_field_never_written(model_name: str, field_name: str) -> bool:
    """Whether no connection may give this field a value, though it may write other fields of the model."""
    return field_name in _FIELDS_NEVER_WRITTEN.get(model_name, ())
