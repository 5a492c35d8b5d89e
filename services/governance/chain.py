"""The hash chain over the audit log: what a seal says, and how it is checked. No Odoo, no database.

A seal covers a batch of rows: it holds the hash of each of them, and the hash of the seal before. Whoever changes a row
must change its seal and every later one; whoever kept a later head notices even that.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

GENESIS = "0" * 64
_ROW_HASH_BYTES = 16
# The longest that a row can be on its way into the database; one that claims more came by another way.
LONGEST_ON_THE_WAY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seal:
    """One batch. ``row_ids`` and ``row_hashes`` are empty once retention removed its rows."""

    number: int  # from 1, without gaps
    sealed_at: datetime  # UTC, whole seconds
    row_count: int
    first_at: datetime
    last_at: datetime
    columns: tuple[str, ...]  # of the rows, as hashed
    digest: str  # of row_ids and row_hashes
    previous: str
    hash: str
    row_ids: tuple[int, ...] = ()
    row_hashes: tuple[bytes, ...] = ()
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing that is not as it was written."""

    kind: str  # "altered", "missing", "inserted", "seal", "head"
    text: str
    row_id: int | None = None
    seal: int | None = None


def row_hash(values: Sequence[Any]) -> bytes:
    """The hash of a row's values, in the order of the seal's columns."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_ROW_HASH_BYTES]


def make_seal(
    number: int, previous: str, sealed_at: datetime, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Seal:
    """Seal ``rows``, of which the first two columns are ``id`` and ``create_date``."""
    ids = tuple(row[0] for row in rows)
    hashes = tuple(row_hash(row) for row in rows)
    moments = [row[1] for row in rows]
    unsigned = Seal(
        number,
        sealed_at.replace(microsecond=0),
        len(rows),
        min(moments),
        max(moments),
        tuple(columns),
        _digest(ids, hashes),
        previous,
        "",
        ids,
        hashes,
    )
    return _with_hash(unsigned)


def pack_hashes(hashes: Sequence[bytes]) -> str:
    return base64.b64encode(b"".join(hashes)).decode()


def unpack_hashes(text: str | None) -> tuple[bytes, ...]:
    """The hashes that :func:`pack_hashes` made; nothing when somebody spoiled them."""
    try:
        packed = base64.b64decode(text or "")
    except ValueError:
        return ()
    return tuple(packed[at : at + _ROW_HASH_BYTES] for at in range(0, len(packed), _ROW_HASH_BYTES))


def check_seal(seal: Seal, before: Seal | None, removal_on_record: int) -> Problem | None:
    """What is wrong with the seal itself.

    :param before: the seal before; None: this must be the first
    :param removal_on_record: the last seal whose removal by retention is itself on record
    """
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        return Problem("seal", f"Seal {expected} is missing.", seal=expected)
    if seal.previous != (before.hash if before else GENESIS) or _with_hash(seal).hash != seal.hash:
        return Problem("seal", f"Seal {seal.number} was altered, or does not follow the one before.", seal=seal.number)
    if not seal.removed:
        if _digest(seal.row_ids, seal.row_hashes) != seal.digest or len(seal.row_ids) != seal.row_count:
            return Problem("seal", f"Seal {seal.number} was altered: its list of rows is another.", seal=seal.number)
    elif seal.number > removal_on_record:
        text = f"The rows of seal {seal.number} were removed, but not by the retention of this server."
        return Problem("missing", text, seal=seal.number)
    elif before and not before.removed:
        return Problem("missing", f"The rows of seal {seal.number} were removed before older ones.", seal=seal.number)
    return None


def check_rows(seal: Seal, before: Seal | None, rows: Mapping[int, Sequence[Any]]) -> Problem | None:
    """The first row of a seal that is missing, altered or inserted.

    :param rows: by id, what the log says belongs to this seal
    """
    expected = dict(zip(seal.row_ids, seal.row_hashes, strict=True))
    for row_id in sorted(expected.keys() | rows.keys()):
        if row_id not in rows:
            return Problem("missing", f"Row {row_id} is missing.", row_id, seal.number)
        if row_id not in expected:
            return Problem("inserted", f"Row {row_id} was inserted later.", row_id, seal.number)
        if row_hash(rows[row_id]) != expected[row_id]:
            return Problem("altered", f"Row {row_id} was altered.", row_id, seal.number)
        problem = before and check_moment(row_id, rows[row_id][1], before)
        if problem:
            return problem
    return None


def check_moment(row_id: int, moment: datetime, before: Seal) -> Problem | None:
    """Whether a row claims to be older than a seal that does not have it."""
    if moment >= before.sealed_at - LONGEST_ON_THE_WAY:
        return None
    when = moment.strftime("%Y-%m-%d %H:%M:%S")
    text = f"Row {row_id} was inserted later: it says {when}, but was not there when seal {before.number} was made."
    return Problem("inserted", text, row_id, before.number + 1)


def _with_hash(seal: Seal) -> Seal:
    header = [
        seal.number,
        seal.previous,
        seal.sealed_at,
        seal.row_count,
        seal.first_at,
        seal.last_at,
        list(seal.columns),
        seal.digest,
    ]
    text = json.dumps(header, separators=(",", ":"), default=_plain)
    values = {name: getattr(seal, name) for name in Seal.__slots__}
    return Seal(**{**values, "hash": hashlib.sha256(text.encode()).hexdigest()})


def _digest(ids: Sequence[int], hashes: Sequence[bytes]) -> str:
    text = json.dumps(list(ids), separators=(",", ":")).encode()
    return hashlib.sha256(text + b"".join(hashes)).hexdigest()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
