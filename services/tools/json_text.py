"""Arguments that came as JSON text, which is what several clients send for nested ones. No Odoo import."""

from __future__ import annotations

from typing import Any

from ..protocol.errors import ProtocolError
from ..protocol.json_reader import read_json
from ..protocol.limits import Limits

_LIMITS = Limits()


def from_json_text(value: Any) -> Any:
    """What the JSON text ``value`` stands for; anything else as it is."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        try:
            return read_json(value.encode("utf-8", "surrogatepass"), _LIMITS)
        except ProtocolError as error:
            raise ValueError(f"is text that is no valid JSON list ({error.message})") from None
    return value
