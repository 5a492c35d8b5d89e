"""From field values to what a model reads: short, unambiguous, JSON-ready.

Nulls are left out; a many2one is ``{"id", "name"}``; HTML is text; a binary is its size; a datetime is ISO 8601 in the
user's time zone with its offset; an x2many is a list of ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from odoo.tools.mail import html2plaintext

MOST_IDS = 100
_FILE_TYPES = ("binary", "image")


def time_zone(env) -> ZoneInfo:
    """The user's time zone; UTC when it is none that this machine knows."""
    try:
        return ZoneInfo(env.context.get("tz") or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


class ValueFormatter:
    """Formats the fields ``names`` of records of one model for one answer.

    :param longest_text: characters after which a text is cut; the cut says how long the whole is
    """

    def __init__(self, gate, model, names: Sequence[str], longest_text: int):
        self.gate = gate
        self.model = model
        self.fields = [model._fields[name] for name in names]
        self.longest_text = longest_text
        self.tz = time_zone(model.env)
        self.cut_texts: set[str] = set()

    def format(self, records) -> list[dict[str, Any]]:
        """One dictionary per record, ``id`` first."""
        rows = records.read([field.name for field in self.fields if field.type not in _FILE_TYPES], load=None)
        files = [field.name for field in self.fields if field.type in _FILE_TYPES]
        if files:
            # bin_size: files are told by their size, and never loaded
            sizes = records.with_context(bin_size=True).read(files, load=None)
            rows = [row | size for row, size in zip(rows, sizes, strict=True)]
        answer = [{"id": row["id"]} for row in rows]
        for field in self.fields:
            if field.name == "id":
                continue
            self._add(field, rows, answer)
        return answer

    def _add(self, field, rows: list[dict], answer: list[dict]) -> None:
        name = field.name
        if field.type == "many2one":
            names = self._names(field.comodel_name, {row[name] for row in rows if row[name]})
            for row, out in zip(rows, answer, strict=True):
                if row[name]:
                    out[name] = names.get(row[name]) or {"id": row[name]}
            return
        convert = getattr(self, f"_{field.type}", None)
        for row, out in zip(rows, answer, strict=True):
            value = row[name]
            if field.type == "boolean":
                out[name] = bool(value)
            elif field.type in ("integer", "float", "monetary"):
                out[name] = convert(field, value) if convert else value or 0
            elif value not in (False, None, "", []):
                out[name] = convert(field, value) if convert else value

    def _names(self, comodel_name: str, ids: Iterable[int]) -> dict[int, dict]:
        """``{"id", "name"}`` by id, of the records that the user may read: others keep their id only."""
        comodel = self.model.env[comodel_name]
        if not ids or not comodel.has_access("read"):
            return {}
        readable = comodel.browse(ids)._filtered_access("read")
        # sudo: display names may be computed from fields that the user cannot read, as everywhere in Odoo
        return {record.id: {"id": record.id, "name": record.display_name or ""} for record in readable.sudo()}

    def _text(self, field, value: str) -> str:
        if len(value) <= self.longest_text:
            return value
        self.cut_texts.add(field.name)
        return f"{value[: self.longest_text]}… [cut, {len(value)} characters in all]"

    _char = _text

    def _html(self, field, value: str) -> str:
        return self._text(field, html2plaintext(str(value)).strip())

    def _float(self, _field, value: float | bool) -> float:
        # binary noise of the last digits costs tokens and tells nothing
        rounded = round(value or 0.0, 6)
        return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded

    _monetary = _float

    def _date(self, _field, value) -> str:
        return value.isoformat()

    def _datetime(self, _field, value: datetime) -> str:
        return value.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.tz).isoformat(timespec="seconds")

    def _one2many(self, field, value: Sequence[int]) -> list[int]:
        if len(value) > MOST_IDS:
            self.cut_texts.add(field.name)
        return list(value[:MOST_IDS])

    _many2many = _one2many

    def _binary(self, _field, value: bytes | str) -> str:
        size = value.decode() if isinstance(value, bytes) else value
        return f"(binary, {size})"

    _image = _binary

    def _reference(self, _field, value: str) -> dict:
        model, _comma, record_id = str(value).partition(",")
        return {"model": model, "id": int(record_id or 0)}

    def _properties(self, _field, value: list[dict]) -> dict:
        return {
            entry.get("string") or entry["name"]: entry.get("value")
            for entry in value
            if entry.get("value") not in (False, None, "", [])
        }
