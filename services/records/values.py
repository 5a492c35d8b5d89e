"""From field values to what a model reads: short, unambiguous, JSON-ready.

Nulls are left out; a many2one is ``{"id", "name"}``; HTML is text; a binary is its size; a datetime is ISO 8601 in the
user's time zone with its offset; an x2many is a list of ids.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tools.mail import html2plaintext

from ...compat import cached_values
from .names import names_of

MOST_IDS = 100
# Longer than this, a text can be a sentence that tells an AI what to do.
LONGEST_LABEL = 60
_FILE_TYPES = ("binary", "image")
_TAG = re.compile(r"<[^<>]*>")
_SCALAR_TYPES = frozenset(
    {"char", "text", "html", "integer", "float", "monetary", "boolean", "date", "datetime", "selection"}
)
# Of these, the cache holds what a record shows, but for nothing; asking it at once spares a record for each value.
_CACHED_AS_SHOWN = frozenset({"char", "text", "integer", "boolean", "date", "datetime", "selection", "many2one"})
_PLAIN_TEXTS = frozenset({"char", "text"})
_NOTHING = (False, None, "", [])


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
        fields = [model._fields[name] for name in names]
        # ids of records that the user may not read tell of them, and Odoo refuses the whole read
        self.withheld = [
            field.name
            for field in fields
            if field.type in ("one2many", "many2many") and not gate.may_read_model(field.comodel_name)
        ]
        self.fields = [field for field in fields if field.name not in self.withheld]
        self.refused: list[str] = []  # fields that Odoo refuses when they are worked out
        self.longest_text = longest_text
        self.tz = time_zone(model.env)
        self.cut_texts: set[str] = set()
        self.has_prose = False  # there is text in which somebody could tell a reader what to do

    @property
    def names(self) -> list[str]:
        """The fields that are read: those asked for, without relations to records that the user may not read."""
        return [field.name for field in self.fields]

    def format(self, records) -> list[dict[str, Any]]:
        """One dictionary per record, ``id`` first.

        :param records: what a search of the caller found; their access is not checked again
        """
        answer: list[dict[str, Any]] = [{"id": record_id} for record_id in records.ids]
        for field in self.fields:
            if field.name != "id":
                try:
                    values = self._values(field, records)
                except AccessError:  # computed, as the user, from what groups hide from them
                    self.refused.append(field.name)
                else:
                    self._add(field, self._visible(field, records, values), answer)
        return answer

    def _visible(self, field, records, values: list) -> list:
        """``values`` without what comes from records that the policy of the connection hides."""
        if not self.gate.policy.narrows:
            return values
        if field.name == "display_name":
            names = names_of(self.gate, records, records.ids)
            return [names.get(record_id) for record_id in records.ids]
        if field.type in ("one2many", "many2many") and self.gate.limits_records(field.comodel_name):
            # Odoo may have read them before with superuser rights, and kept them
            comodel = self.model.env[field.comodel_name].with_context(active_test=False)
            found = set(comodel.search([("id", "in", list({i for ids in values for i in ids}))]).ids)
            return [[record_id for record_id in ids if record_id in found] for ids in values]
        if self.gate.sources.of(self.model, field):
            withheld = self.gate.sources.withheld(records, field)
            return [None if i in withheld else value for i, value in zip(records.ids, values, strict=True)]
        return values

    def _values(self, field, records) -> list:
        if field.type in _CACHED_AS_SHOWN and field.store and not field.company_dependent and not field.translate:
            values = cached_values(records, field)
            if values is not None:
                return values
        if field.type in _SCALAR_TYPES:
            return records.mapped(field.name)
        if field.type == "many2one" and field.store and not field.company_dependent:
            return [record[field.name].id for record in records]
        if field.type in _FILE_TYPES:
            # bin_size: files are told by their size, and never loaded
            records = records.with_context(bin_size=True)
        return [row[field.name] for row in records._read_format([field.name], load=None)]

    def _add(self, field, values: list, answer: list[dict]) -> None:
        name = field.name
        if field.type == "many2one":
            references = self._references(field.comodel_name, {value for value in values if value})
            values = [value and (references.get(value) or {"id": value}) for value in values]
        if field.type == "many2one" or (field.type in _PLAIN_TEXTS and self._fit(values)):
            for value, out in zip(values, answer, strict=True):
                if value:
                    out[name] = value
            return
        convert = getattr(self, f"_{field.type}", None)
        for value, out in zip(values, answer, strict=True):
            if field.type == "boolean":
                out[name] = bool(value)
            elif field.type in ("integer", "float", "monetary"):
                out[name] = convert(field, value) if convert else value or 0
            elif value not in _NOTHING:
                out[name] = convert(field, value) if convert else value

    def _references(self, comodel_name: str, ids: set[int]) -> dict[int, dict]:
        """``{"id", "name"}`` by id, of the records that the user may read: others keep their id only."""
        names = names_of(self.gate, self.model.env[comodel_name], ids)
        return {record_id: {"id": record_id, "name": name} for record_id, name in names.items()}

    def _fit(self, values: list) -> bool:
        """Whether none of these texts needs to be cut."""
        longest = max(map(len, filter(None, values)), default=0)
        if longest > LONGEST_LABEL:
            self.has_prose = True
        return longest <= self.longest_text

    def _text(self, field, value: str) -> str:
        if len(value) > LONGEST_LABEL:
            self.has_prose = True
        if len(value) <= self.longest_text:
            return value
        self.cut_texts.add(field.name)
        return f"{value[: self.longest_text]}… [cut, {len(value)} characters in all]"

    _char = _text

    def _html(self, field, value: str) -> str:
        return self._text(field, plain_text(str(value)))

    def _float(self, _field, value: float | bool) -> float:
        # binary noise of the last digits costs tokens and tells nothing
        if not isfinite(value or 0.0):
            return str(value)  # JSON has no numbers for these
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
        if not self.gate.policy.may(model, "read"):
            return {"withheld": "a record that this connection may not see"}
        return {"model": model, "id": int(record_id or 0)}

    def _properties(self, _field, value: list[dict]) -> dict:
        return {
            entry.get("string") or entry["name"]: self._property(entry)
            for entry in value
            if entry.get("value") not in (False, None, "", [])
        }

    def _property(self, entry: dict) -> Any:
        """The value of one property; of relations, as elsewhere, only names that the caller may see."""
        comodel_name, value = entry.get("comodel"), entry["value"]
        if entry.get("type") not in ("many2one", "many2many") or comodel_name not in self.model.env:
            return value
        pairs = value if entry["type"] == "many2many" else [value]
        ids = [pair[0] if isinstance(pair, list | tuple) else pair for pair in pairs]
        known = self._references(comodel_name, set(ids))
        found = [known.get(record_id) or {"id": record_id} for record_id in ids]
        return found if entry["type"] == "many2many" else found[0]


def plain_text(html: str) -> str:
    """The text of ``html``; without its tags where it is nothing that Odoo's converter can read."""
    try:
        return html2plaintext(html).strip()
    except (ValueError, AttributeError, RecursionError, etree.LxmlError):
        return " ".join(_TAG.sub(" ", html).split())
