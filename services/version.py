"""The addon's own version, without the series that Odoo puts before it."""

from odoo import release
from odoo.modules.module import get_manifest


def addon_version() -> str:
    return get_manifest("odoo_mcp")["version"].removeprefix(f"{release.series}.")
