"""Versions of records: what an approval is bound to.

The version of a row is the transaction that wrote it (PostgreSQL's ``xmin``): it changes with every change of the row,
also one that leaves no trace in ``write_date``. A restored backup has new ones, so open requests end with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from odoo.tools import SQL

from ..governance.recording import Recording, StoppedError

Versions = dict[str, dict[str, str]]  # by model and id (as text: JSON has no other keys)


class ChangedMeanwhile(StoppedError):
    """What was approved is not what would happen now. ``str()`` of it says what is different, as a sentence."""


def changed_records(seen: Recording) -> dict[str, list[int]]:
    """The records that were there before the call, and that it changed or deleted."""
    found: dict[str, list[int]] = {}
    for (model_name, record_id), kind in seen.order.items():
        if kind != "create":
            found.setdefault(model_name, []).append(record_id)
    return found


def versions_of(env, records: Mapping[str, Iterable[int]]) -> Versions:
    """The present versions; of rows that are gone there is none."""
    env.cr.flush()
    versions: Versions = {}
    for model_name, ids in records.items():
        ids = list(ids)
        if not ids or model_name not in env.registry:
            continue
        table = SQL.identifier(env[model_name]._table)
        env.cr.execute(SQL("SELECT id, xmin::text FROM %s WHERE id IN %s ORDER BY id", table, tuple(ids)))
        versions[model_name] = {str(record_id): version for record_id, version in env.cr.fetchall()}
    return versions


def check_versions(env, agreed: Versions) -> None:
    """
    :raises ChangedMeanwhile: a record was changed or deleted since
    """
    now = versions_of(env, {model_name: map(int, rows) for model_name, rows in agreed.items()})
    for model_name, rows in agreed.items():
        for record_id, version in rows.items():
            if now.get(model_name, {}).get(record_id) != version:
                # sudo: the name of a record that the approver was shown already
                record = env[model_name].sudo().browse(int(record_id)).exists() if model_name in env.registry else None
                if not record:
                    raise ChangedMeanwhile(f"A record it is about is gone: {model_name} {record_id}.")
                raise ChangedMeanwhile(f"{record.display_name} ({record._description}) was changed since the request.")


class Agreed:
    """Looks on while an approved call runs: it may touch the records that were shown, and no other that exists."""

    def __init__(self, agreed: Versions):
        self._known = {(model, int(record_id)) for model, rows in agreed.items() for record_id in rows}

    def __call__(self, kind: str, records, _names=(), existing: Iterable[int] = ()) -> None:
        if kind == "create":
            return
        for record_id in existing:
            if (records._name, record_id) not in self._known:
                raise ChangedMeanwhile(
                    f"It would now also touch {records._description} {record_id}, which was not part of the request."
                )
