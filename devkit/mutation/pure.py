"""Mutants of guards that know nothing of Odoo, tried against unit tests: ``python -m devkit.mutation.pure ANSWER``.

The fault is put into the loaded module; pytest collects and runs the tests again for each.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import signal
import sys
from pathlib import Path

from .mutants import mutants_of, put_in

UNIT = Path(__file__).resolve().parents[2] / "tests" / "unit"
# By guard: the files of unit tests that must notice.
TESTS = {"redaction": ("test_redaction_shapes.py", "test_redaction.py")}
PATIENCE = 40  # seconds that the tests may take with a mutant in place: endless loops count as noticed


class _Hangs(BaseException):
    """The tests do not end with a mutant in place."""


def run(guards: list[str]) -> dict:
    """``total`` and ``survivors`` of the mutants of ``guards``, in the form of :func:`.inside.run`."""
    sys.path[:0] = [str(UNIT)]
    importlib.import_module("conftest")
    signal.signal(signal.SIGALRM, _hang)
    total, survivors = 0, []
    for guard in guards:
        module = importlib.import_module(f"odoo_mcp.services.governance.{guard}")
        if not _passes(guard):
            raise SystemExit(f"the tests of {guard} fail without any mutant")
        for mutant in mutants_of(module.__file__, Path(module.__file__).read_text(encoding="utf-8")):
            total += 1
            with put_in(mutant, module):
                if _passes(guard):
                    survivors.append(
                        {
                            "file": mutant.file,
                            "line": mutant.line,
                            "what": mutant.what,
                            "function": mutant.function,
                            "reached": True,
                        }
                    )
        if not _passes(guard):
            raise SystemExit(f"the tests of {guard} fail after the mutants, without any")
    return {"total": total, "survivors": survivors}


def _hang(*_signal) -> None:
    raise _Hangs


def _passes(guard: str) -> bool:
    import pytest

    signal.alarm(PATIENCE)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            options = ["-qx", "--assert=plain", "-W", "ignore", "-c", str(UNIT / "pytest.ini"), f"--rootdir={UNIT}"]
            return pytest.main([*options, *(str(UNIT / name) for name in TESTS[guard])]) == 0
    except _Hangs:
        return False
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(run(sys.argv[2:])), encoding="utf-8")
