"""Which field names are withheld."""

import pytest
from odoo_mcp.services.governance.secrets import is_secret_field


@pytest.mark.parametrize(
    "name",
    [
        "password", "new_password", "password_crypt", "smtp_pass", "api_key", "apikey", "stripe_secret_key",
        "client_secret", "access_token", "signup_token", "oauth_access_token", "totp_secret", "pin", "card_cvv",
        "key_hash", "google_calendar_rtoken", "token", "merchant_key", "otp_secret", "credential",
        "userpassword", "passcode", "redis_url",
    ],
)  # fmt: skip
def test_names_that_open_doors_are_secret(name):
    assert is_secret_field(name)


@pytest.mark.parametrize(
    "name",
    ["name", "passport_id", "secretary_id", "pinned", "shipping_id", "token_count", "key", "totp_enabled", "passenger"],
)
def test_names_that_only_look_alike_are_not(name):
    assert not is_secret_field(name)
