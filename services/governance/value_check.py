"""What a write would touch, before it does: every field, every linked record, every command on lines, however deep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..tools.errors import RefusedError, ToolError

if TYPE_CHECKING:
    from .gate import Gate

DEEPEST_NESTING = 6
MOST_COMMANDS = 2000
_CREATE, _UPDATE, _DELETE, _UNLINK, _LINK, _CLEAR, _SET = range(7)  # as odoo.fields.Command numbers them


def check_values(gate: Gate, model, values: Mapping[str, Any]) -> None:
    """See :meth:`.gate.Gate.check_values`; that the model itself may be written has been asked."""
    _Check(gate).values(model, values, depth=1)


class _Check:
    def __init__(self, gate: Gate):
        self.gate = gate
        self.commands = 0

    def values(self, model, values: Any, depth: int) -> None:
        if not isinstance(values, Mapping):
            raise ToolError(f"Values of {model._name} are an object of field names and values, not {values!r:.100}.")
        if depth > DEEPEST_NESTING:
            raise ToolError(f"Lines within lines go more than {DEEPEST_NESTING} levels deep. Write them in steps.")
        for name, value in values.items():
            field = self.gate.writable_field(model, name)
            if field.type in ("one2many", "many2many"):
                self._lines(field, value, depth)
            elif field.type == "many2one":
                self._link(field.comodel_name, field, value)
            elif field.type == "reference" and value:
                target, _comma, record_id = str(value).partition(",")
                self._link(target, field, int(record_id) if record_id.isdecimal() else record_id)
            elif field.type == "many2one_reference" and value and values.get(field.model_field):
                self._link(values[field.model_field], field, value)

    def _link(self, comodel_name: str, field, value: Any) -> None:
        if value is None or value is False:
            return
        self.gate.check_links(comodel_name, [_identifier(field, value)])

    def _lines(self, field, value: Any, depth: int) -> None:
        if value is None or value is False:
            value = ()
        if not isinstance(value, list | tuple):
            raise ToolError(f"{field.name!r} takes a list of commands, not {value!r:.100}.")
        if all(isinstance(item, int) for item in value):
            self._relink(field, value, takes_away=True)
            return
        for command in value:
            self.commands += 1
            if self.commands > MOST_COMMANDS:
                raise ToolError(f"More than {MOST_COMMANDS:,} lines in one call. Write them in several calls.")
            self._command(field, command, depth)

    def _command(self, field, command: Any, depth: int) -> None:
        if not isinstance(command, list | tuple) or not command or command[0] not in range(7):
            raise ToolError(f"{field.name!r}: {command!r:.100} is no command on lines.")
        code, second, third = (*command, None, None)[:3]
        gate, comodel_name = self.gate, field.comodel_name
        if code == _CREATE:
            self.values(gate.model(comodel_name, "create"), third, depth + 1)
        elif code == _UPDATE:
            comodel = gate.model(comodel_name, "write")
            gate.check_records(comodel.browse(_identifier(field, second)), "write")
            self.values(comodel, third, depth + 1)
        elif code == _DELETE:
            comodel = gate.model(comodel_name, "unlink")
            gate.check_records(comodel.browse(_identifier(field, second)), "unlink")
        elif code in (_LINK, _UNLINK):
            self._relink(field, [second], code == _UNLINK)
        elif code == _CLEAR:
            self._relink(field, (), takes_away=True)
        elif isinstance(third, list | tuple):
            self._relink(field, third, takes_away=True)
        else:
            raise ToolError(f"{field.name!r}: command 6 takes a list of ids, not {third!r:.100}.")

    def _relink(self, field, ids: Sequence[Any], takes_away: bool) -> None:
        """Which records belong to this one: of lines, that is written on the lines themselves."""
        ids = [_identifier(field, item) for item in ids]
        if field.type == "many2many":
            self.gate.check_links(field.comodel_name, ids)
            return
        comodel = self.gate.model(field.comodel_name, "write")
        if takes_away and getattr(comodel._fields.get(field.inverse_name), "ondelete", "") == "cascade":
            self.gate.model(field.comodel_name, "unlink")  # Odoo deletes such lines
        self.gate.check_records(comodel.browse(ids), "write")


def _identifier(field, value: Any) -> int:
    if type(value) is not int or not 0 < value < 2**31:
        raise RefusedError(f"{field.name!r} takes the ids of records, not {value!r:.100}.")
    return value
