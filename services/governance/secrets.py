"""Fields that no AI is ever shown: what they hold opens doors. No Odoo import."""

from __future__ import annotations

import re

# Whole words of a field name, so that "passport_id" or "secretary_id" stay readable.
_SECRET_WORDS = re.compile(
    r"(^|_)("
    r"(new_?)?(user_?)?password\d*|passwd|pwd|passphrase|passcode|pincode|smtp_pass|pin|cvv|cvc|"
    r"secrets?|totp|otp|credentials?|apikey|api_key|hmac"
    r")(_|$)"
    # whatever ends in token or in a key of something: access_token, google_calendar_rtoken, merchant_key
    r"|(^|_)[a-z]?token(_hash)?$|[a-z0-9]_key(_hash)?$|^key_hash$|^keys$"
    # an address with a password in it
    r"|^redis_url$"
)
# Odoo marks fields that merely tell something about a secret; they are harmless and useful.
_HARMLESS = frozenset({"totp_enabled", "password_write_date"})

# Models whose rows are secrets, or a map for an attacker. Nobody reads them through MCP, administrators included.
WITHHELD_MODELS = frozenset(
    {
        "auth.oauth.provider",
        "auth_totp.device",
        "auth_totp.wizard",
        "auth_totp.rate.limit.log",
        "bus.bus",
        "certificate.key",
        "change.password.own",
        "change.password.user",
        "change.password.wizard",
        "fetchmail.server",
        "iap.account",
        "ir.config_parameter",
        "ir.logging",
        "ir.mail_server",
        "ir.profile",
        "mail.ice.server",
        "mail.mail",
        "mail.push",
        "mail.push.device",
        "mcp.credential",
        "mcp.change.line",
        "mcp.idempotency",
        "mcp.key.wizard",
        "mcp.oauth.client",
        "mcp.oauth.code",
        "mcp.oauth.grant",
        "mcp.oauth.refresh.token",
        "payment.provider",
        "payment.token",
        "res.users.apikeys",
        "res.users.apikeys.description",
        "res.users.apikeys.show",
        "res.users.identitycheck",
    }
)


def is_secret_field(name: str) -> bool:
    """Whether a field of this name is withheld wherever it occurs: reading, filtering, sorting, describing."""
    return name not in _HARMLESS and _SECRET_WORDS.search(name.lower()) is not None
