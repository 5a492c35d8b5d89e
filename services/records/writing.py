"""Creating, changing, copying and deleting records as the connection's user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..governance.protected import is_never_written, is_protected
from ..governance.recording import StoppedError
from ..tools.call import Call
from ..tools.errors import NoRecordError, ToolError
from .names import names_of
from .writing_values import ValueReader

MOST_RECORDS = 1000
_MOST_NAMES = 20


def create(call: Call, model_name: str, values_list: Sequence[Mapping[str, Any]]) -> dict:
    """One record per member of ``values_list``; see ``Written`` for the shape."""
    model = _model(call, model_name, "create")
    _check_count(call, len(values_list))
    vals_list = read_values(call, model, values_list)
    for vals in vals_list:
        call.gate.check_values(model, vals, "create")
    records = _created(model, vals_list)
    call.gate.check_records(records, "create")
    return _written(call, records)


def create_one(call: Call, model_name: str, values: Mapping[str, Any]) -> dict:
    answer = create(call, model_name, [values])
    return _single(answer)


def update(call: Call, model_name: str, ids: Sequence[int], values: Mapping[str, Any]) -> dict:
    """The same ``values`` for all of ``ids``."""
    model = _model(call, model_name, "write")
    _check_count(call, len(ids))
    if not values:
        raise ToolError("values is empty: say which fields to change.")
    records = existing(call.gate, model, ids, "write")
    reader = ValueReader(call.gate)
    vals = reader.read(model, values, records.ids)
    reader.links.check()
    call.gate.check_values(model, vals, "write")
    records.write(vals)
    call.gate.check_records(records, "write")
    return _written(call, records)


def update_one(call: Call, model_name: str, record_id: int, values: Mapping[str, Any]) -> dict:
    return _single(update(call, model_name, [record_id], values))


def delete(call: Call, model_name: str, ids: Sequence[int]) -> dict:
    model = _model(call, model_name, "unlink")
    _check_count(call, len(ids))
    records = existing(call.gate, model, ids, "unlink")
    answer = _written(call, records)
    records.unlink()
    return answer


def delete_one(call: Call, model_name: str, record_id: int) -> dict:
    return _single(delete(call, model_name, [record_id]))


def copy(call: Call, model_name: str, record_id: int, values: Mapping[str, Any] | None) -> dict:
    """A duplicate of a record, as Odoo's *Duplicate* makes it, with ``values`` instead of the original's."""
    model = _model(call, model_name, "create")
    record = existing(call.gate, model, [record_id], "read")
    [vals] = read_values(call, model, [values or {}])
    call.gate.check_values(model, vals, "create")
    copied = record.copy(vals)
    call.gate.check_records(copied, "create")
    return _single(_written(call, copied))


# ---------------------------------------------------------------------- what the tools share


def existing(gate, model, ids: Sequence[int], operation: str):
    """The records ``ids``, archived ones too, each of which the user and the connection may do ``operation`` to.

    :raises ToolError: one does not exist, or not for them; nothing was done to any
    """
    try:
        return gate.check_records(model.browse(dict.fromkeys(ids)), operation)
    except NoRecordError as error:
        raise ToolError(f"{error} Nothing was changed.") from None


def read_values(call: Call, model, values_list: Sequence[Mapping[str, Any]]) -> list[dict]:
    """Each of ``values_list`` as Odoo takes it for a new record; a fault names the row it is in."""
    reader = ValueReader(call.gate)
    read = []
    for number, values in enumerate(values_list, 1):
        try:
            read.append(reader.read(model, values))
        except ToolError as error:
            if len(values_list) == 1:
                raise
            raise ToolError(f"Record {number} of {len(values_list)}: {error} Nothing was created.") from None
    reader.links.check()
    return read


def _created(model, vals_list: list[dict]):
    """
    :raises ToolError: Odoo cannot do without required fields that have neither value nor default; all are named
    """
    lacking = _lacking(model, vals_list)
    if not lacking:
        return model.create(vals_list)
    # Some are filled in by the model's own create(): only it knows whether that is enough.
    labels = model.fields_get(lacking, ["string", "type", "relation"])
    told = ", ".join(_told(name, labels.get(name, {})) for name in lacking)
    needs = f"{model._name} needs: {told}. Nothing was created. preview_record shows defaults and what is required."
    try:
        with mute_logger("odoo.sql_db"):  # what is missing is told here
            records = model.create(vals_list)
            model.env.flush_all()
            return records
    except (UserError, ToolError, StoppedError):
        raise
    except Exception as error:  # pylint: disable=broad-except
        if isinstance(error, psycopg2.Error) and not isinstance(error, psycopg2.errors.NotNullViolation):
            raise
        raise ToolError(needs) from error


def _lacking(model, vals_list: Sequence[dict]) -> list[str]:
    """The required fields that some of ``vals_list`` has no value for, and Odoo no default."""
    required = required_names(model)
    lacking = sorted({name for vals in vals_list for name in required if vals.get(name) in (None, False, "")})
    if not lacking:
        return []
    defaults = model.default_get(lacking)
    return [name for name in lacking if defaults.get(name) in (None, False, "")]


def required_names(model) -> list[str]:
    """The fields that a new record must be given, unless they have a default."""
    parents = set(model._inherits.values())
    return [name for name, field in model._fields.items() if name not in parents and _must_be_given(field)]


def _must_be_given(field) -> bool:
    # numbers are never empty: Odoo takes 0
    if not field.required or field.type in ("boolean", "integer", "float", "monetary", "one2many", "many2many"):
        return False
    if field.inherited:
        source = field.related_field
        # what is kept in records that no client may write is Odoo's to fill in, such as a project's e-mail alias
        return not source.compute and not is_protected(source.model_name) and not is_never_written(source.model_name)
    return bool(field.store and not field.compute)


def _told(name: str, told: dict) -> str:
    kind = told.get("relation") or told.get("type") or ""
    return f"{name} ({told.get('string') or name}, {kind})"


def _model(call: Call, name: str, operation: str):
    call.facts.res_model = name
    return call.gate.model(name, operation)


def _check_count(call: Call, count: int) -> None:
    most = min(MOST_RECORDS, call.limits.max_rows)
    if count > most:
        raise ToolError(f"At most {most:,} records in one call, not {count:,}. Make several calls.")


def _written(call: Call, records) -> dict:
    call.facts.res_ids = records.ids
    call.facts.rows = len(records)
    answer: dict[str, Any] = {"model": records._name, "ids": records.ids}
    if len(records) <= _MOST_NAMES:
        names = names_of(call.gate, records, records.ids)
        answer["names"] = [names.get(record_id, "") for record_id in records.ids]
    return answer


def _single(answer: dict) -> dict:
    return {"model": answer["model"], "id": answer["ids"][0], "name": answer["names"][0]}
