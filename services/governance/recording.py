"""What happens to records while a tool runs, seen from under the ORM: the tool need not know, and cannot forget.

:mod:`odoo_mcp.models.odoo.base` reports to the recording of its cursor just before rows are written or deleted, so the
values of before are those of the database. Values of after are read once, at the end. A record that was written ten
times has changed once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from . import rows
from .references import lost_with

# Beside the cursor, not in its cache: Odoo empties that whenever it resets a transaction.
_running: WeakKeyDictionary[Any, Recording] = WeakKeyDictionary()
ATTACHMENTS = "ir.attachment"

# Machinery: it follows from what is recorded, or nobody wants it back.
_UNRECORDED = frozenset(
    {
        "bus.bus",
        "mail.followers",
        "mail.mail",
        "mail.message.schedule",
        "mail.message.reaction",
        "mail.notification",
        "mail.push",
        "mail.tracking.value",
        "ir.cron.trigger",
        "ir.logging",
        "ir.sequence",
        "ir.sequence.date_range",
        "mail.link.preview",
        "mail.message.translation",
        "discuss.channel.member",
        "res.users.log",
    }
)


class StoppedError(Exception):
    """What looks on while a call runs stopped it; nothing of the call stays."""


def current(cr) -> Recording | None:
    """The recording that runs on this cursor."""
    return _running.get(cr)


def begin(cr, rehearsal: bool = False) -> Recording:
    """
    :param rehearsal: the call is carried out only to be measured: nothing may leave the database
    """
    recording = Recording(rehearsal)
    recording.outer, _running[cr] = _running.get(cr), recording
    return recording


def rehearsal(cr) -> Recording | None:
    """The recording of the dry run that runs on this cursor."""
    recording = current(cr)
    return recording if recording is not None and recording.rehearsal else None


def end(cr) -> None:
    """End the recording that was begun last; one that it was begun within goes on."""
    outer = _running.pop(cr).outer
    if outer is not None:
        _running[cr] = outer


def is_recorded(model) -> bool:
    """Whether changes of the records of ``model`` are worth keeping."""
    return not (
        model._abstract or model._transient or not model._auto or model._name in _UNRECORDED
        or model._name.startswith("mcp.")
    )  # fmt: skip


class Recording:
    """The records that one call created, changed and deleted.

    ``order`` has each once, as (model, id), in the order in which they were first touched.
    """

    def __init__(self, rehearsal: bool = False) -> None:
        self.rehearsal = rehearsal
        self.outer: Recording | None = None
        self.numbers: dict[str, int] = defaultdict(int)  # drawn in a rehearsal, by PostgreSQL sequence
        self.order: dict[tuple[str, int], str] = {}  # to "create", "update" or "delete"
        self.before: dict[str, dict[int, dict]] = defaultdict(dict)  # values by model and id
        self.names: dict[tuple[str, int], str] = {}  # of deleted records
        self.seen: set[tuple[str, int]] = set()  # made or deleted with the user's rights, not the system's
        self.unrecorded: dict[str, set[int]] = defaultdict(set)  # created by machinery
        # Looks on and may stop the call by raising; see approval_rules.Watch.
        self.watch: Callable[..., None] | None = None
        self.stopped: StoppedError | None = None
        self.via = ""  # the AI tool and connection, as messages tell them
        self.also: set[str] = set()  # machinery that is what this call is about
        self._forgotten: set[tuple[str, int]] = set()  # created and deleted within the call
        self._busy = False

    # ------------------------------------------------------------------ told by the ORM

    def created(self, records) -> None:
        if self._busy:
            return
        self._look("create", records)
        if not self._is_kept(records):
            if not records._transient:
                self.unrecorded[records._name].update(records._ids)
            return
        for record_id in records._ids:
            self.order.setdefault((records._name, record_id), "create")
            if not records.env.su:
                self.seen.add((records._name, record_id))

    def before_write(self, records, names: Collection[str]) -> None:
        """Columns of rows are about to be written."""
        if not self._busy and is_recorded(records):
            self._read_before(records, names)

    def _read_before(self, records, names: Collection[str]) -> None:
        ids = [record_id for record_id in records._ids if self._is_of_before(records._name, record_id)]
        self._look("update", records, names, ids)
        known = self.before[records._name]
        names = [name for name in names if name not in rows.MAGIC and rows.is_column(records, name)]
        missing = [i for i in ids if i not in known or not known[i].keys() >= set(names)]
        if missing and names:
            for record_id, values in rows.read(records, missing, names).items():
                self._remember(records._name, record_id, values)

    def before_links(self, records, names: Collection[str]) -> None:
        """Links of many2many fields are about to be written."""
        if self._busy or not names or not is_recorded(records):
            return
        self._look("update", records, names, [i for i in records._ids if self._is_of_before(records._name, i)])
        for name in names:
            ids = [i for i in records._ids if self._is_of_before(records._name, i)]
            ids = [i for i in ids if name not in self.before[records._name].get(i, ())]
            for record_id, linked in rows.read_links(records, ids, name).items():
                self._remember(records._name, record_id, {name: linked})

    def before_delete(self, records) -> None:
        """Rows are about to be deleted, and with them those that cannot be without them."""
        if self._busy or not self._is_kept(records):
            return
        self._busy = True  # reading names and references may write nothing, but compute
        try:
            # What depends on others first: in reverse order, the others come back first.
            # sudo: these rows go with the others whoever may see them
            lost = lost_with(records)
            for (model_name, field_name), ids in lost.unlinked.items():
                model = records.env[model_name].sudo()
                if is_recorded(model):
                    self._read_before(model.browse(sorted(ids)), [field_name])
            for model_name, ids in reversed(lost.deleted.items()):
                model = records.env[model_name].sudo()
                if is_recorded(model):
                    self._delete(model.browse(sorted(ids)))
            self._delete(records)
        finally:
            self._busy = False

    # ------------------------------------------------------------------ helpers

    def _is_kept(self, records) -> bool:
        return is_recorded(records) or records._name in self.also

    def _look(self, kind: str, records, names: Collection[str] = (), existing: Sequence[int] = ()) -> None:
        if self.watch is None or records._transient:
            return
        try:
            self.watch(kind, records, names, existing)
        except StoppedError as stop:
            # remembered: code that goes on after any exception must not carry the call through
            self.stopped = self.stopped or stop
            raise

    def _is_of_before(self, model_name: str, record_id: Any) -> bool:
        """Whether the record was there when the call began, and still is; what has no row never was."""
        if type(record_id) is not int:  # of a new record, or the False of what Odoo takes for an empty one
            return False
        key = (model_name, record_id)
        return self.order.get(key) not in ("create", "delete") and key not in self._forgotten

    def _remember(self, model_name: str, record_id: int, values: dict) -> None:
        self.order.setdefault((model_name, record_id), "update")
        known = self.before[model_name].setdefault(record_id, {})
        for name, value in values.items():
            known.setdefault(name, value)

    def _delete(self, records) -> None:
        name = records._name
        for record_id in records._ids:
            if self.order.get((name, record_id)) == "create":
                del self.order[name, record_id]  # came and went within the call
                self._forgotten.add((name, record_id))
        ids = [i for i in records._ids if self._is_of_before(name, i)]
        if not ids:
            return
        self._look("delete", records, (), ids)
        values = self._whole(records, ids)
        # sudo: names for the journal, told only to who may see them
        for record in records.sudo().browse(list(values)):
            self.names[name, record.id] = known_as(record)
            if not records.env.su:
                self.seen.add((name, record.id))
        for record_id, row in values.items():
            self._remember(name, record_id, row)
            # its place is where it was deleted: in reverse order it comes back before it is changed back
            self.order.pop((name, record_id))
            self.order[name, record_id] = "delete"

    @staticmethod
    def _whole(records, ids: list[int]) -> dict[int, dict]:
        """All that the rows ``ids`` hold."""
        values = rows.read(records, ids, rows.column_names(records))
        for field_name in rows.link_names(records):
            for record_id, linked in rows.read_links(records, list(values), field_name).items():
                values[record_id][field_name] = linked
        return values


def known_as(record) -> str:
    """What people call ``record``; a message, which has no name of its own, is known by what it is about."""
    if record._name == "mail.message":
        model = record.env.get(record.model or "")
        about = model.browse(record.res_id).exists() if model is not None and record.res_id else None
        return (about.display_name if about else record.subject) or ""
    return record.display_name or ""
