"""The key that cursors and request states are sealed with: this database's own, the same in every worker."""

from __future__ import annotations

import hashlib


def sealing_key(env) -> bytes:
    """32 bytes derived from the secret that Odoo gives each database."""
    # sudo: the secret itself is nobody's to read, and does not leave this function
    secret = env["ir.config_parameter"].sudo().get_param("database.secret")
    if not secret:
        raise RuntimeError("The system parameter database.secret is missing: Odoo makes it when it starts.")
    return hashlib.sha256(b"odoo_mcp sealing key\0" + secret.encode()).digest()
