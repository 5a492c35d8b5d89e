"""Dates and times as clients write them. No Odoo import."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any


def read_moment(value: Any) -> datetime:
    """ISO 8601, a date alone being its midnight; without an offset the result has none.

    :raises ValueError: it is none
    """
    text = str(value).strip().replace("Z", "+00:00")
    return datetime.combine(date.fromisoformat(text), time()) if len(text) == 10 else datetime.fromisoformat(text)
