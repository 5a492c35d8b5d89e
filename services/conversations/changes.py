"""From a change in Odoo to the event log, in the transaction that makes the change.

Noting a change is a set union in memory. Before the commit one statement asks whether anybody subscribed to what
changed; only then a row is written. Who may know of it is decided when it is delivered (:mod:`.news`).
"""

from __future__ import annotations

import json
from typing import Any

from odoo.tools.sql import table_exists

CHANNEL = "odoo_mcp"
LISTS = ("tools", "prompts", "resources")
# Changes of these records change a list for everybody.
_LIST_SOURCES = {
    "mcp.tool": ("tools",),
    "mcp.prompt": ("prompts",),
    "mcp.prompt.argument": ("prompts",),
    "ir.model.access": ("resources",),
    "res.groups": ("resources",),
}
# Changes of these change them for the connections that they name, or whose user they are.
_CONNECTION_SOURCES = {"mcp.connection": "id", "res.users": "user_id"}

# With more changed records of one model than this, it is only said that many changed.
MOST_IDS = 500
_MOST_NOTED = 5000
_NOTED = "odoo_mcp.changes"
_SET_UP = "_odoo_mcp_event_log"

_INSERT = """
    INSERT INTO mcp_event (kind, res_model, res_ids, create_date)
    SELECT 'updated', changed.model,
           CASE WHEN cardinality(changed.ids) BETWEEN 1 AND %s THEN to_jsonb(changed.ids) END,
           now() AT TIME ZONE 'UTC'
      FROM (VALUES {}) AS changed (model, ids)
     WHERE EXISTS (SELECT 1 FROM mcp_subscription subscription
                    WHERE subscription.res_model = changed.model
                      AND (subscription.res_id = 0 OR cardinality(changed.ids) = 0
                           OR subscription.res_id = ANY(changed.ids)))
"""
_INSERT_FOR_CONNECTIONS = """
    INSERT INTO mcp_event (kind, connection_id, create_date)
    SELECT list.kind, connection.id, now() AT TIME ZONE 'UTC'
      FROM mcp_connection connection, unnest(%s) AS list (kind)
     WHERE connection.{} = ANY(%s)
"""


def note(records) -> None:
    """Remember that ``records`` were created, changed or deleted in this transaction."""
    if not records._ids or records._transient or not _is_set_up(records.env):
        return
    cr = records.env.cr
    noted = cr.precommit.data.get(_NOTED)
    if noted is None:
        noted = cr.precommit.data[_NOTED] = {}
        cr.precommit.add(lambda: _write_down(cr))
    ids = noted.setdefault(records._name, set())
    if len(ids) <= _MOST_NOTED:
        ids.update(records._ids)


def _is_set_up(env) -> bool:
    """Whether the event log is there: not while modules are installed or removed, nor when this code was put in place
    and the database not upgraded yet. Every write in Odoo comes by here, so it must not fail for that.
    """
    registry = env.registry
    if not registry.ready:
        return False
    found = registry.__dict__.get(_SET_UP)
    if found is None:
        found = registry.__dict__[_SET_UP] = table_exists(env.cr, "mcp_event")
    return found


def announce(cr, kind: str, uri: str | None = None) -> None:
    """Write down a change that no record shows; delivered after the commit."""
    cr.execute("INSERT INTO mcp_event (kind, uri, create_date) VALUES (%s, %s, now() AT TIME ZONE 'UTC')", [kind, uri])
    wake(cr)


def wake(cr) -> None:
    """Have every process with open streams look at the log, once this transaction is committed."""
    cr.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def _write_down(cr) -> None:
    noted: dict[str, set[int]] = cr.precommit.data.pop(_NOTED, {})
    if not noted:
        return
    values: list[Any] = [MOST_IDS]
    for model, ids in noted.items():
        values += [model, sorted(ids) if len(ids) <= _MOST_NOTED else []]
    cr.execute(_INSERT.format(", ".join(["(%s, %s::int[])"] * len(noted))), values)
    written = cr.rowcount
    for kind in dict.fromkeys(kind for model in noted for kind in _LIST_SOURCES.get(model, ())):
        announce(cr, kind)
    for model, column in _CONNECTION_SOURCES.items():
        if model in noted:
            cr.execute(_INSERT_FOR_CONNECTIONS.format(column), [list(LISTS), sorted(noted[model])])
            written += cr.rowcount
    if written:
        wake(cr)


def as_json(value: Any) -> str:
    """JSON in ASCII, as the log stores it."""
    return json.dumps(value, separators=(",", ":"))
