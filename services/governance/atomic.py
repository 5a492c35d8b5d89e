"""Everything of a call or nothing of it: the database, what is queued for after the commit, and Odoo's caches."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def atomic(env, keep: bool = True) -> Iterator[None]:
    """A savepoint that also covers what a savepoint forgets; flushed inside, so that constraints speak up in it.

    Code that commits half-way gets a flush instead: a call is one unit, and its savepoint would be gone.

    :param keep: False undoes it all at the end, as a failure does
    """
    cr = env.cr
    savepoint = cr.savepoint()
    queued = _queued_for_commit(cr)
    invalidated = set(env.registry.cache_invalidated)
    done = False
    try:
        with _commits_are_flushes(cr):
            yield
            cr.flush()
        done = True
    finally:
        if done and keep:
            savepoint.close(rollback=False)
        else:
            savepoint.close(rollback=True)
            _forget(env, queued, invalidated)


def _queued_for_commit(cr) -> tuple[deque, dict]:
    # The data are collections that callbacks empty: copies, so that what is added later does not reach them.
    return copy.copy(cr.postcommit._funcs), {key: copy.copy(value) for key, value in cr.postcommit.data.items()}


def _forget(env, queued: tuple[deque, dict], invalidated: set[str]) -> None:
    postcommit = env.cr.postcommit
    postcommit._funcs, postcommit.data = queued
    # What was cached meanwhile may tell of rows that are not there any more.
    env.registry.reset_changes()
    env.registry.cache_invalidated.update(invalidated)


@contextmanager
def _commits_are_flushes(cr) -> Iterator[None]:
    before = cr.__dict__.get("commit")
    cr.commit = cr.flush
    try:
        yield
    finally:
        if before is None:
            del cr.commit
        else:
            cr.commit = before
