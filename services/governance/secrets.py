"""Fields that no AI is ever shown: what they hold opens doors. No Odoo import."""

from __future__ import annotations

import re

# Whole words of a field name, so that "passport_id" or "secretary_id" stay readable.
_SECRET_WORDS = re.compile(
    r"(^|_)(password|passwd|pwd|passphrase|secret|secrets|totp|apikey|api_key|private_key|access_key|"
    r"access_token|refresh_token|signup_token|reset_token|auth_token|oauth_access_token|bearer_token|"
    r"secret_key|client_secret|webhook_secret|signature_key|pin|cvv|cvc|key_hash|smtp_pass|new_password)(_|$)"
)
# Odoo marks fields that merely tell something about a secret; they are harmless and useful.
_HARMLESS = frozenset({"totp_enabled", "password_write_date"})

# Models whose rows are secrets, or a map for an attacker. Nobody reads them through MCP, administrators included.
WITHHELD_MODELS = frozenset(
    {
        "auth_totp.device",
        "auth_totp.wizard",
        "auth_totp.rate.limit.log",
        "change.password.own",
        "change.password.user",
        "change.password.wizard",
        "fetchmail.server",
        "iap.account",
        "ir.config_parameter",
        "ir.mail_server",
        "mcp.credential",
        "mcp.key.wizard",
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
