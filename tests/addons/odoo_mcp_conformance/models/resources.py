from odoo import models

from odoo.addons.odoo_mcp.services.tools.resource import resource

from ..media import PNG


class ResourceFixtures(models.AbstractModel):
    """Scenarios ``resources-*`` and ``caching``."""

    _inherit = "mcp.tool.registry"

    @resource("test://static-text", title="Static text", mime_type="text/plain")
    def test_static_text(self) -> str:
        """A text that never changes."""
        return "This is the content of the static text resource."

    @resource("test://static-binary", title="Static picture", mime_type="image/png")
    def test_static_binary(self) -> bytes:
        """A picture that never changes."""
        return PNG

    @resource("test://template/{id}/data", title="Template")
    def test_template(self, id: str) -> dict:
        """Data for the id in its URI."""
        return {"id": id, "templateTest": True, "data": f"Data for ID: {id}"}

    @resource("test://watched-resource", title="Watched", mime_type="text/plain")
    def test_watched_resource(self) -> str:
        """What the suite subscribes to."""
        return "Watched resource content."
