"""Child processes: every one is stopped when `./dev` ends, however it ends.

Children get a session of their own, so that Ctrl-C reaches `./dev` alone and it can stop them in
the right order; :func:`stop_all` is the last thing the command line calls.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from . import errors

_children: dict[subprocess.Popen, int] = {}  # and the thread that started it
_FULL = 1 << 20

Arguments = Sequence[str | Path]


def run(
    arguments: Arguments,
    what: str,
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    stdin: str | None = None,
    account: str | None = None,
    timeout: float | None = None,
    downloads: bool = True,
) -> str:
    """Run a command to its end and return what it printed (both streams, also kept in `log`).

    Args:
        account: a user to run it as; only root can.
        timeout: seconds.
        downloads: whether the network can be the reason of a failure.

    Raises:
        DevError: it is not installed, failed or took longer than `timeout` seconds; the message
            starts with `what`.
    """
    with log.open("w+", encoding="utf-8", errors="replace") as output:
        code = finish(
            start(
                arguments,
                output,
                environment=environment,
                folder=folder,
                stdin=stdin,
                account=account,
            ),
            what,
            stdin,
            timeout,
        )
        output.seek(0)
        text = output.read()
    if code:
        # With no space left even the reason could not be written.
        if shutil.disk_usage(log).free < _FULL:
            raise errors.disk_full(what)
        raise errors.from_output(what, text, str(log), downloads=downloads)
    return text


def start(
    arguments: Arguments,
    output: IO[str] | int | None,
    *,
    complaints: IO[str] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    stdin: str | None = None,
    account: str | None = None,
) -> subprocess.Popen:
    """Start a command in a session of its own; it is stopped when `./dev` ends at the latest.

    Args:
        complaints: where its standard error goes; None: with its output.
    """
    try:
        child = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT if complaints is None else complaints,
            env={**os.environ, **(environment or {})},
            cwd=folder,
            text=True,
            start_new_session=True,
            **(_as_account(account) if account else {}),
        )
    except FileNotFoundError as error:
        raise errors.DevError(f"{arguments[0]} is not installed on this machine") from error
    _children[child] = threading.get_ident()
    return child


def finish(child: subprocess.Popen, what: str, stdin: str | None = None, timeout: float | None = None) -> int:
    """Wait for a child and return its exit code."""
    try:
        child.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        stop(child)
        raise errors.DevError(f"{what} took longer than {timeout:.0f} s and was stopped") from error
    _children.pop(child, None)
    return child.returncode


def stop(child: subprocess.Popen, patience: float = 15) -> None:
    """Ask a child to end, then end it and what it started."""
    _children.pop(child, None)
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + patience
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
    # The session outlives its leader when a grandchild hangs.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def stop_all() -> None:
    """Stop whatever still runs."""
    for child in reversed(list(_children)):
        stop(child, patience=5)


def stop_own() -> None:
    """Stop what this thread started and still runs."""
    for child, thread in reversed(list(_children.items())):
        if thread == threading.get_ident():
            stop(child, patience=5)


def alive(pid: int) -> bool:
    """Whether a process of that number exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _as_account(name: str) -> dict[str, Any]:
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
