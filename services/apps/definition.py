"""An app is a resource: a document that a host shows in place of a tool's text. No Odoo import.

    class MyApps(models.AbstractModel):
        _inherit = "mcp.tool.registry"

        @app("ui://my_addon/greeting.html", title="Greeting")
        def greeting_app(self) -> str:
            \"\"\"Shows a greeting.\"\"\"
            return document(FOLDER / "greeting.html")

        @tool(title="Say hello", category="Examples", app="ui://my_addon/greeting.html")
        def say_hello(self, call: Call, name: str) -> Greeting: ...

The document is the same for everybody: what it shows comes to it from the host, as the tool's result. A client that
shows no apps has the result as text, as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..tools.resource import resource
from .metadata import MIME_TYPE, app_meta, tool_meta


def app(
    uri: str,
    *,
    title: str,
    name: str | None = None,
    connect: Sequence[str] = (),
    load: Sequence[str] = (),
    embed: Sequence[str] = (),
    border: bool = True,
) -> Callable:
    """Make a method of ``mcp.tool.registry`` that returns an HTML document an app.

    :param uri: ``ui://<your addon>/<name>.html``; what tools name in their ``app``
    :param connect: see :func:`.metadata.app_meta`, also for ``load``, ``embed`` and ``border``
    :raises TypeError: ``uri`` is no ``ui://`` URI
    """
    tool_meta(uri)
    meta = app_meta(connect, load, embed, border)
    return resource(uri, title=title, mime_type=MIME_TYPE, name=name, meta=meta)
