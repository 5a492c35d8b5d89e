from pathlib import Path

from odoo import models

from ...services.apps.definition import app
from ...services.apps.document import document

RECORDS_APP = "ui://odoo_mcp/records.html"
_SOURCES = Path(__file__).resolve().parents[2] / "static" / "apps"


class Apps(models.AbstractModel):
    _inherit = "mcp.tool.registry"

    @app(RECORDS_APP, title="Record viewer")
    def records_app(self) -> str:
        """Shows the records that a tool found as a table that can be sorted, and a single one as a card."""
        return document(_SOURCES / "records" / "index.html")
