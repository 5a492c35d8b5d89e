"""The addon's own version, without the series that Odoo puts before it."""

from functools import lru_cache

from odoo import release
from odoo.modules.module import get_manifest


@lru_cache(maxsize=1)
def addon_version() -> str:
    return get_manifest("odoo_mcp")["version"].removeprefix(f"{release.series}.")
