"""The table of JSON-RPC methods. A new family is one new module and one entry here."""

from __future__ import annotations

from collections.abc import Mapping

from ..messages import Era
from . import lifecycle, tools
from .method import Call, Method

METHODS: Mapping[str, Method] = {**lifecycle.METHODS, **tools.METHODS}


def find(name: str, era: Era) -> Method | None:
    """The method of this name, if it exists in this era: ``ping`` is unknown to 2026-07-28."""
    method = METHODS.get(name)
    return method if method is not None and era in method.eras else None
