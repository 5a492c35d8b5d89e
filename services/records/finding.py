"""The records that a call names by id, found as the caller."""

from __future__ import annotations

from collections.abc import Sequence

from ..tools.call import Call


def find(call: Call, model_name: str, ids: Sequence[int], operation: str = "read"):
    """The records ``ids`` of ``model_name`` in that order, archived ones too, each readable by the caller.

    :param operation: what will be done with them, as for :meth:`~..governance.gate.Gate.model`
    :raises ToolError: one is not there, or not for this caller; the answer is the same
    """
    call.facts.res_model, call.facts.res_ids = model_name, list(ids)
    model = call.gate.model(model_name, operation)
    return call.gate.check_records(model.browse(dict.fromkeys(ids)), operation)


def find_one(call: Call, model_name: str, record_id: int, operation: str = "read"):
    """As :func:`find`, for one record."""
    return find(call, model_name, [record_id], operation)
