"""Evaluating the expressions of views (``invisible``, ``readonly``, ``domain``, ``context``) for a record."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from odoo.exceptions import AccessError
from odoo.fields import Date, Datetime
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import dateutil, safe_eval
from odoo.tools.safe_eval import time as safe_time
from odoo.tools.view_validation import get_expression_field_names

from ...compat import field_is_accessible

_logger = logging.getLogger(__name__)
_CONSTANTS = {"1": True, "True": True, "true": True, "0": False, "False": False, "false": False}


class Situation:
    """A record as the expressions of its view see it, evaluated by Odoo's own ``safe_eval``.

    :param values: of the record's fields: ids for relations, text for dates
    """

    def __init__(self, model, values: Mapping[str, Any], record_id: int | bool = False, ids: Iterable[int] = ()):
        self.values = dict(values)
        self._names = {
            "id": record_id,
            "active_id": record_id,
            "active_ids": list(ids) or ([record_id] if record_id else []),
            "active_model": model._name,
            "uid": model.env.uid,
            "context": dict(model.env.context),
            "current_date": date.today().isoformat(),
            "time": safe_time,
            "datetime": safe_datetime,
            "relativedelta": dateutil.relativedelta.relativedelta,
            "context_today": lambda: Date.context_today(model),
            "allowed_company_ids": list(model.env.companies.ids),
            "current_company_id": model.env.company.id,
        }

    def holds(self, expression: str) -> bool:
        """Whether ``expression`` is true; one that cannot be evaluated hides what it guards."""
        if expression in _CONSTANTS:
            return _CONSTANTS[expression]
        try:
            return bool(self.evaluate(expression))
        except ValueError as error:  # what safe_eval makes of every failure
            _logger.info("An expression of a view could not be evaluated: %s (%s)", expression, error)
            return True

    def evaluate(self, expression: str) -> Any:
        """
        :raises ValueError: it cannot be evaluated
        """
        return safe_eval(expression.strip(), {**self.values, **self._names})


def situation_of(record, expressions: Iterable[str]) -> Situation:
    """The situation of a stored record, with the fields that ``expressions`` need."""
    names = set()
    for expression in expressions:
        if expression not in _CONSTANTS:
            names |= get_expression_field_names(expression)
    fields = record._fields
    wanted = [name for name in names if name in fields and name != "id" and field_is_accessible(record, fields[name])]
    row = _read(record, wanted)
    values = {name: plain_value(value) for name, value in row.items()}
    hidden = {name: False for name in names if name in fields and name not in values}
    return Situation(record, {**hidden, **values}, record.id)


def _read(record, names: list[str]) -> dict[str, Any]:
    """The fields of a readable record, without those that lead to records which the user may not see."""
    if not names:
        return {}
    try:
        return record.read(names, load=None)[0]
    except AccessError:
        if len(names) == 1:
            return {}
    half = len(names) // 2
    return _read(record, names[:half]) | _read(record, names[half:])


def plain_value(value: Any) -> Any:
    """A field's value as expressions compare it."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date):  # also datetime
        return Datetime.to_string(value) if hasattr(value, "hour") else Date.to_string(value)
    return value
