"""Which other rows go, or lose a link, when a row is deleted: PostgreSQL does it below the ORM."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from odoo.tools import SQL

_FOREIGN_KEYS = """
    SELECT source.relname, attribute.attname, con.confdeltype
      FROM pg_constraint con
      JOIN pg_class source ON source.oid = con.conrelid
      JOIN pg_class target ON target.oid = con.confrelid
      JOIN pg_attribute attribute ON attribute.attrelid = con.conrelid AND attribute.attnum = con.conkey[1]
     WHERE con.contype = 'f' AND target.relname = %s AND array_length(con.conkey, 1) = 1
       AND source.relnamespace = current_schema::regnamespace
"""
_MOST_ROUNDS = 10


@dataclass(slots=True)
class Lost:
    """``deleted``: ids by model; ``unlinked``: ids by model and many2one field."""

    deleted: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    unlinked: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))


def referring(model, ids: list[int], kinds: str = "cn") -> dict[tuple[str, str, str], set[int]]:
    """The ids of rows that point to the rows ``ids`` of ``model``: by model, field and what a deletion does to them.

    :param kinds: of foreign keys: ``c`` goes with it, ``n`` loses the link, ``a`` and ``r`` forbid the deletion
    """
    cr = model.env.cr
    models = {m._table: name for name, m in model.env.registry.items() if not m._abstract and m._auto}
    cr.execute(SQL(_FOREIGN_KEYS, model._table))
    keys = [(table, column, kind) for table, column, kind in cr.fetchall() if kind in kinds and table in models]
    keys = [key for key in keys if key[1] in model.env[models[key[0]]]._fields]
    if not keys or not ids:
        return {}
    parts = [
        SQL("SELECT %s AS key, id FROM %s WHERE %s = ANY(%s)", i, SQL.identifier(table), SQL.identifier(column), ids)
        for i, (table, column, _kind) in enumerate(keys)
    ]
    cr.execute(SQL(" UNION ALL ").join(parts))
    found: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for number, record_id in cr.fetchall():
        table, column, kind = keys[number]
        found[models[table], column, kind].add(record_id)
    return found


def linking(model, ids: list[int]) -> dict[tuple[str, str], set[int]]:
    """The ids of records that link to the rows ``ids`` in many2many fields, by model and field.

    Links that ``model`` has a field of its own for are left out.
    """
    cr = model.env.cr
    seen = {field.relation for field in model._fields.values() if field.type == "many2many" and field.store}
    found: dict[tuple[str, str], set[int]] = {}
    for other in model.env.registry.values():
        if other._abstract or other._transient or not other._auto or other._name.startswith(("mcp.", "mail.")):
            continue
        for link in other._fields.values():
            if link.type != "many2many" or not link.store or link.comodel_name != model._name:
                continue
            if link.relation in seen:
                continue
            seen.add(link.relation)
            query = SQL(
                "SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(link.column1),
                SQL.identifier(link.relation),
                SQL.identifier(link.column2),
                ids,
            )
            cr.execute(query)
            if linked := {row[0] for row in cr.fetchall()}:
                found[other._name, link.name] = linked
    return found


def lost_with(records) -> Lost:
    """What goes and what loses a link when ``records`` are deleted, however far it reaches."""
    lost = Lost()
    waiting = [(records, list(records._ids))]
    for _round in range(_MOST_ROUNDS):
        if not waiting:
            break
        model, ids = waiting.pop()
        for (model_name, field_name, kind), found in referring(model, ids).items():
            if kind == "n":
                lost.unlinked[model_name, field_name] |= found
                continue
            fresh = found - lost.deleted[model_name]
            if model_name == records._name:
                fresh -= set(records._ids)
            lost.deleted[model_name] |= fresh
            if fresh:
                # sudo: what the database deletes along does not ask for rights either
                waiting.append((model.env[model_name].sudo(), sorted(fresh)))
    for (model_name, _field), ids in lost.unlinked.items():
        ids -= lost.deleted.get(model_name, set())
    return lost
