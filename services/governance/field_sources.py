"""What a field tells of other records.

``parent_name`` shows the parent's name, the name of a contact begins with its company's, a related field shows what it
is related to; Odoo works all these out with superuser rights. Where the policy of a connection hides records, their
values must not come to light, be filtered or sorted by in this way. Figures that Odoo computes of many records (totals)
stay what Odoo says they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .gate import Gate

_TEXT_TYPES = frozenset({"char", "text", "html"})
Path = tuple[str, ...]


class FieldSources:
    """For one gate: which relations the values of fields come through, and for which records that must not be shown."""

    def __init__(self, gate: Gate):
        self._gate = gate
        self._hides_anything = any(access.domain for access in gate.policy.models.values())
        self._paths: dict[tuple[str, str], frozenset[Path]] = {}

    def of(self, model, field) -> frozenset[Path]:
        """The relations (as paths of field names) through which ``field`` shows values of records that may be hidden.

        Empty for nearly every field, and always when the policy has no domain.
        """
        if not self._hides_anything:
            return frozenset()
        key = (model._name, field.name)
        if key not in self._paths:
            self._paths[key] = frozenset(self._walk(model, field, set()))
        return self._paths[key]

    def _walk(self, model, field, seen: set) -> Iterator[Path]:
        if field in seen or not (field.related or field.type in _TEXT_TYPES):
            return
        seen.add(field)
        for path in self._gate.env.registry.field_depends[field]:
            yield from self._along(model, path.split("."), seen)

    def _along(self, model, names: list[str], seen: set) -> Iterator[Path]:
        way: Path = ()
        for name in names:
            field = model._fields[name]
            if not field.relational:
                for further in self._walk(model, field, seen):
                    yield (*way, *further)
                return
            way = (*way, name)
            # a record that another one is made of (_inherits) is hidden together with it
            part_of_itself = model._inherits.get(field.comodel_name) == name
            model = self._gate.env[field.comodel_name]
            if self._gate.limits_records(model._name) and not part_of_itself:
                yield way

    def withheld(self, records, field) -> set[int]:
        """Ids of the ``records`` whose value of ``field`` comes from a record that the caller may not see."""
        withheld: set[int] = set()
        for path in self.of(records, field):
            # sudo: only to find which records a value comes from; whether they may be read is asked next
            reached = {record.id: record.sudo().mapped(".".join(path)) for record in records}
            reached = {record_id: self._with_ancestors(found, path) for record_id, found in reached.items()}
            everything = records.env[self._end(records, path)].browse(
                {target for found in reached.values() for target in found.ids}
            )
            visible = set(everything.with_context(active_test=False).search([("id", "in", everything.ids)]).ids)
            withheld |= {record_id for record_id, found in reached.items() if not visible.issuperset(found.ids)}
        return withheld

    @staticmethod
    def _with_ancestors(found, path: Path):
        """A name that begins with the parent's name begins with the grandparent's, too."""
        name = path[-1]
        field = found._fields.get(name)
        if field is None or field.comodel_name != found._name:
            return found
        everything, level = found, found
        while level := level.mapped(name) - everything:
            everything |= level
        return everything

    @staticmethod
    def _end(model, path: Path) -> str:
        for name in path:
            model = model.env[model._fields[name].comodel_name]
        return model._name
