"""Values as a model writes them, as Odoo takes them: names for ids, labels for keys, plain forms for commands.

{"partner": "Deco Addict", "state": "Sent", "deadline": "2026-01-31",
 "order_line": {"add": [{"product": "Desk", "product_uom_qty": 2}], "remove": [7]}}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from odoo.fields import Command

from ..tools.errors import RefusedError, ToolError, UnknownNameError
from .starting import is_fixed, starting_values
from .writing_links import Links
from .writing_scalars import scalar

MOST_DEPTH = 4
MOST_LINES = 1000
MOST_ERRORS = 10
_PARTS = ("add", "update", "remove", "set")
_MAGIC = ("id", "create_uid", "create_date", "write_uid", "write_date", "parent_path", "display_name")


class ValueReader:
    """Reads values for records of one call."""

    def __init__(self, gate):
        self.gate = gate
        self.links = Links(gate)

    def read(self, model, values: Any, parents: Sequence[int] = (), where: str = "", depth: int = 0) -> dict[str, Any]:  # pylint: disable=method-required-super
        """``values`` for ``model.create`` or ``write``.

        :param parents: ids of the records that are updated; empty for new ones
        :raises ToolError: names, types or values are wrong; the message says of each what would be right
        """
        if not isinstance(values, Mapping):
            raise ToolError(
                f"{where or 'values'}: an object of field names and values is expected, not {values!r:.80}."
            )
        if depth > MOST_DEPTH:
            raise ToolError(f"{where}: lines within lines go {MOST_DEPTH} levels deep at most.")
        read: dict[str, Any] = {}
        errors: list[ToolError] = []
        for key, value in values.items():
            try:
                self._read_one(model, key, value, parents, where, depth, read)
            except RefusedError:
                raise
            except ToolError as error:
                errors.append(error)
        if len(errors) > 1:
            # one call puts all of them right
            raise ToolError("\n".join(map(str, errors[:MOST_ERRORS])))
        if errors:
            raise errors[0]
        return read

    def _read_one(
        self, model, key: Any, value: Any, parents: Sequence[int], where: str, depth: int, read: dict[str, Any]
    ) -> None:
        field = self.field(model, key, is_new=not parents)
        path = f"{where}{field.name}"
        if field.name in read:
            raise ToolError(f"{path} is given twice, also as {key!r:.100}.")
        read[field.name] = self._value(model, field, path, value, parents, depth)
        if is_fixed(field) and read[field.name] not in (allowed := starting_values(model)[field.name]):
            choices = ", ".join(sorted(map(str, allowed)))
            raise ToolError(f"{path}: a new record may begin as {choices}, not as {value!r:.100}.")

    def field(self, model, key: Any, is_new: bool = False):
        """The field that ``key`` means: its name, without ``_id``, or its label; it must be one that can be set.

        :param is_new: also those that only new records are given, see :mod:`.starting`
        """
        if not isinstance(key, str):
            raise ToolError(f"A field name is text, not {key!r:.100}.")
        name = next((n for n in (key, f"{key}_id", f"{key}_ids") if n in model._fields), None)
        if name is None:
            name = self._labelled(model, key) or key
        field = self.gate.field(model, name)
        if field.name in _MAGIC:
            raise ToolError(f"{field.name} of {model._name} is kept by Odoo and cannot be set.")
        if field.readonly and not field.inverse:
            if field.compute:
                raise ToolError(f"{field.name} of {model._name} is computed and cannot be set: {_sources(field)}")
            if is_new and is_fixed(field) and field.name in starting_values(model):
                return field
            raise ToolError(
                f"{field.name} of {model._name} is readonly: it is changed by Odoo's own actions on the record, "
                "not by writing it."
            )
        return field

    def _labelled(self, model, key: str) -> str | None:
        wanted = key.strip().lower()
        readable = self.gate.readable_fields(model)
        labels = model.fields_get(list(readable), ["string"])
        found = [name for name, told in labels.items() if (told.get("string") or "").lower() == wanted]
        if len(found) > 1:
            found = [name for name in found if not readable[name].readonly] or found
        if len(found) > 1:
            raise UnknownNameError(f"Field of {model._name}", key, found, f"It may mean: {', '.join(sorted(found))}.")
        return found[0] if found else None

    def _value(self, model, field, path: str, value: Any, parents: Sequence[int], depth: int) -> Any:
        if field.type == "many2one":
            empty = value in (None, False, "")
            return False if empty else self.links.one(field.comodel_name, path, value)
        if field.type in ("one2many", "many2many"):
            return self._lines(field, path, value, parents, depth)
        return scalar(model.env, field, path, value)

    # ------------------------------------------------------------------ lines and links

    def _lines(self, field, path: str, value: Any, parents: Sequence[int], depth: int) -> list:
        if value in (None, False, ""):
            value = {"set": []}
        if isinstance(value, str | int):
            value = [value]
        if isinstance(value, list):
            value = (
                _from_commands(path, value) if _are_commands(value) else self._from_list(field, path, value, parents)
            )
        if not isinstance(value, Mapping) or not value.keys() <= set(_PARTS):
            raise ToolError(
                f'{path}: lines are given as {{"add": […], "update": [{{"id": …}}], "remove": [ids], "set": […]}}, '
                f"not {value!r:.100}."
            )
        parts = {name: value.get(name) for name in _PARTS}
        for name, items in parts.items():
            if items is not None and not isinstance(items, list):
                raise ToolError(f"{path}.{name}: a list is expected, not {items!r:.100}.")
            if items is not None and len(items) > MOST_LINES:
                raise ToolError(f"{path}.{name}: at most {MOST_LINES:,} at once, not {len(items):,}.")
        commands = self._set(field, path, parts["set"], depth) if parts["set"] is not None else []
        commands += [self._add(field, f"{path}.add", item, depth) for item in parts["add"] or ()]
        commands += [self._update(field, f"{path}.update", item, parents, depth) for item in parts["update"] or ()]
        for item in parts["remove"] or ():
            line_id = self.links.one(field.comodel_name, f"{path}.remove", item)
            commands.append(Command.delete(line_id) if field.type == "one2many" else Command.unlink(line_id))
        self._check_lines(field, path, commands, parents)
        return commands

    def _from_list(self, field, path: str, items: list, parents: Sequence[int]) -> dict:
        if field.type == "one2many" and parents and items:
            raise ToolError(
                f'{path} has lines already: say what to do as {{"add": […], "update": [{{"id": …}}], "remove": [ids]}}.'
            )
        return {"add": items} if field.type == "one2many" or not parents else {"set": items}

    def _set(self, field, path: str, items: list, depth: int) -> list:
        if field.type == "one2many":
            new = [self._add(field, f"{path}.set", item, depth) for item in items]
            return [Command.clear(), *new]
        return [Command.set([self.links.one(field.comodel_name, f"{path}.set", item) for item in items])]

    def _add(self, field, path: str, item: Any, depth: int) -> tuple:
        if isinstance(item, Mapping) and item.keys() != {"id"} and item.keys() != {"id", "name"}:
            comodel = self.gate.model(field.comodel_name, "create")
            return Command.create(self.read(comodel, item, (), f"{path}.", depth + 1))
        return Command.link(self.links.one(field.comodel_name, path, item))

    def _update(self, field, path: str, item: Any, parents: Sequence[int], depth: int) -> tuple:
        if not isinstance(item, Mapping) or "id" not in item:
            raise ToolError(f'{path}: each line is {{"id": …, field: value}}, not {item!r:.100}.')
        if not parents:
            raise ToolError(f"{path}: a new record has no lines yet. Use add.")
        line_id = self.links.one(field.comodel_name, path, item["id"])
        comodel = self.gate.model(field.comodel_name, "write")
        values = {key: value for key, value in item.items() if key != "id"}
        return Command.update(line_id, self.read(comodel, values, [line_id], f"{path}.", depth + 1))

    def _check_lines(self, field, path: str, commands: list, parents: Sequence[int]) -> None:
        """Lines that are changed or removed must be lines of the record, not just any."""
        ids = {command[1] for command in commands if command[0] in (Command.UPDATE, Command.DELETE)}
        if not ids or field.type != "one2many" or not field.inverse_name:
            return
        comodel = self.gate.model(field.comodel_name).with_context(active_test=False)
        own = comodel.search([("id", "in", list(ids)), (field.inverse_name, "in", list(parents))], order="id")
        if foreign := ids - set(own.ids):
            raise ToolError(
                f"{path}: {min(foreign)} is no line of the record. Read {field.name} of it to see its lines."
            )


def _sources(field) -> str:
    depends = [str(name) for name in getattr(field, "depends", None) or ()][:5]
    return f"it follows from {', '.join(depends)}." if depends else "it follows from other fields."


def _are_commands(items: list) -> bool:
    return bool(items) and all(isinstance(item, list) and item and item[0] in range(7) for item in items)


def _from_commands(path: str, items: list) -> dict[str, list]:
    """Odoo's command tuples, which models know by heart, in the plain form."""
    plain: dict[str, list] = {}
    for item in items:
        code, argument, values = (*item, None, None)[:3]
        if code == Command.CREATE:
            plain.setdefault("add", []).append(values)
        elif code == Command.UPDATE:
            plain.setdefault("update", []).append({**(values or {}), "id": argument})
        elif code in (Command.DELETE, Command.UNLINK):
            plain.setdefault("remove", []).append(argument)
        elif code == Command.LINK:
            plain.setdefault("add", []).append(argument)
        elif code == Command.CLEAR:
            plain["set"] = []
        else:
            plain["set"] = values if isinstance(values, list) else [values]
    if len(plain) > 1 and "set" in plain and plain["set"]:
        raise ToolError(f"{path}: say either what is set, or what is added, updated and removed.")
    return plain
