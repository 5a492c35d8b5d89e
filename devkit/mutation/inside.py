"""Runs in Odoo's shell: puts each mutant in place, runs the tests that pass through its line, and puts it back.

The tests of a class share one transaction and are rolled back one by one, as always; no module is loaded again.
"""

from __future__ import annotations

import inspect
import json
import logging
import signal
import sys
import threading
import time
import unittest
from pathlib import Path

from odoo.tests.result import OdooTestResult

from .mutants import Mutant, mutants_of, put_in

PATIENCE = 30  # seconds that one test may take with a mutant in place: endless loops count as noticed


class _Hangs(BaseException):
    """A test with a mutant in place does not end."""


def run(module_names: list[str], class_names: list[str], answer: str) -> None:
    """Try every mutant of ``module_names`` against the tests of ``class_names``; the outcome is JSON in ``answer``.

    :param class_names: ``module:Class``
    """
    # not disabled: tests may ask for what is logged
    logging.getLogger().handlers, logging.lastResort = [], None
    modules = {inspect.getsourcefile(sys.modules[name]): sys.modules[name] for name in module_names}
    alive = [mutant for file in modules for mutant in mutants_of(file, Path(file).read_text(encoding="utf-8"))]
    total, reached = len(alive), set()
    for class_name in class_names:
        module_name, _colon, name = class_name.partition(":")
        __import__(module_name)
        started = time.monotonic()
        alive = _try_class(getattr(sys.modules[module_name], name), modules, alive, reached)
        print(f"{name}: {total - len(alive)} of {total} noticed, {time.monotonic() - started:.0f} s", file=sys.stderr)
    survivors = [
        {
            "file": mutant.file,
            "line": mutant.line,
            "what": mutant.what,
            "function": mutant.function,
            "reached": mutant in reached,
        }
        for mutant in alive
    ]
    Path(answer).write_text(json.dumps({"total": total, "survivors": survivors}), encoding="utf-8")


def _try_class(test_class, modules: dict, alive: list[Mutant], reached: set) -> list[Mutant]:
    names = unittest.defaultTestLoader.getTestCaseNames(test_class)
    test_class.setUpClass()
    try:
        lines = {name: _lines_of(test_class, name, modules) for name in names}
        survivors = []
        for number, mutant in enumerate(alive, 1):
            if number % 25 == 0:
                print(f"  {number} of {len(alive)}, {len(survivors)} not noticed so far", file=sys.stderr, flush=True)
            through = [name for name in names if (mutant.file, mutant.line) in lines[name][0]]
            if through:
                reached.add(mutant)
            through.sort(key=lambda name: lines[name][1])
            if not _is_noticed(test_class, through, mutant, modules):
                survivors.append(mutant)
        for name in names:
            # what a mutant left behind must not pass for noticing the next ones
            if not _passes(test_class, name):
                raise SystemExit(f"{test_class.__name__}.{name} fails after the mutants, without any")
        return survivors
    finally:
        test_class.tearDownClass()
        test_class.doClassCleanups()


def _lines_of(test_class, name: str, modules: dict) -> tuple[set[tuple[str, int]], float]:
    """The lines of ``modules`` that a test passes through, and its seconds."""
    lines: set[tuple[str, int]] = set()

    def trace(frame, _event, _argument):
        file = frame.f_code.co_filename
        if file not in modules:
            return None

        def local(frame, _event, _argument):
            lines.add((file, frame.f_lineno))
            return local

        # a statement of several lines reports the first: the whole function counts
        lines.update((file, line) for _start, _end, line in frame.f_code.co_lines() if line)
        return local

    threading.settrace(trace)
    sys.settrace(trace)
    started = time.monotonic()
    try:
        passed = _passes(test_class, name)
    finally:
        sys.settrace(None)
        threading.settrace(None)
    if not passed:
        raise SystemExit(f"{test_class.__name__}.{name} fails without any mutant")
    return lines, time.monotonic() - started


def _is_noticed(test_class, names: list[str], mutant: Mutant, modules: dict) -> bool:
    with put_in(mutant, modules[mutant.file]):
        try:
            return any(not _passes(test_class, name) for name in names)
        finally:
            _forget()


def _passes(test_class, name: str) -> bool:
    def hang(*_signal):
        raise _Hangs

    result = OdooTestResult()
    signal.signal(signal.SIGALRM, hang)
    signal.alarm(PATIENCE)
    try:
        test_class(name).run(result)
        return result.wasSuccessful()
    except _Hangs:
        return False
    finally:
        signal.alarm(0)
        if getattr(test_class, "registry", None) is not None:
            test_class.registry.clear_cache()


def _forget() -> None:
    """What a mutant may have left in memory."""
    from odoo.addons.odoo_mcp.services.governance import call_rules
    from odoo.addons.odoo_mcp.services.identity import standing

    call_rules._open_calls.clear()
    standing._kept.clear()
