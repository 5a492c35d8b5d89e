"""Odoo processes: a script inside ``odoo-bin shell``, and a server."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

INSIDE = Path(__file__).resolve().parent / "inside"
SERVER_START_SECONDS = 120
STOP_SECONDS = 20


class BenchmarkError(Exception):
    """What a person must put right before anything can be measured; one line."""


class Shell:
    """A script of ``inside/`` in ``odoo-bin shell``, asked line by line.

    :param odoo: the command that starts Odoo, with its ``-c`` and ``-d``
    :param entry: ``module:function`` in ``inside/``; called with the environment and the channel
    """

    def __init__(self, odoo: OdooCommand, entry: str, environment: Mapping[str, str] | None = None):
        module, _colon, function = entry.partition(":")
        child_reads, self_writes = os.pipe()
        self_reads, child_writes = os.pipe()
        self._process = subprocess.Popen(
            odoo.shell(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={
                **os.environ,
                **(environment or {}),
                "BENCH_READ": str(child_reads),
                "BENCH_WRITE": str(child_writes),
            },
            pass_fds=(child_reads, child_writes),
            start_new_session=True,
        )
        os.close(child_reads)
        os.close(child_writes)
        self._reader = os.fdopen(self_reads, "r", encoding="utf-8")
        self._writer = os.fdopen(self_writes, "w", encoding="utf-8", buffering=1)
        script = (
            "import runpy\n"
            f"channel = runpy.run_path({str(INSIDE / 'channel.py')!r})['Channel']()\n"
            f"runpy.run_path({str(INSIDE / module)!r} + '.py')[{function!r}](env, channel)\n"
        )
        self._process.stdin.write(script.encode())
        self._process.stdin.close()

    def ask(self, question: dict[str, Any]) -> Any:
        self._writer.write(json.dumps(question) + "\n")
        return self.answer()

    def answer(self) -> Any:
        line = self._reader.readline()
        if not line:
            raise BenchmarkError("The Odoo shell ended early; its log above says why.")
        return json.loads(line)

    def close(self) -> None:
        self._writer.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.close()


class OdooCommand:
    """How Odoo is started here.

    :param command: interpreter and ``odoo-bin``, for example ``["python", "odoo-bin"]``
    :param config: path of the configuration file, or None
    """

    def __init__(self, command: Sequence[str], config: str | None, database: str):
        self.command = list(command)
        self.options = [*(["-c", config] if config else []), "-d", database]

    def shell(self) -> list[str]:
        return [
            *self.command,
            "shell",
            *self.options,
            "--no-http",
            "--log-level=error",
            "--logfile=",
        ]

    def server(self, port: int, workers: int, log_file: str) -> list[str]:
        return [
            *self.command,
            *self.options,
            "--http-interface=127.0.0.1",
            f"--http-port={port}",
            f"--gevent-port={free_port()}",
            f"--workers={workers}",
            "--max-cron-threads=0",
            f"--logfile={log_file}",
        ]


def free_port() -> int:
    """A TCP port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_server(odoo: OdooCommand, workers: int, log_file: str) -> Iterator[int]:
    """The port of a server that answers; it is stopped at the end."""
    port = free_port()
    # an own process group: Ctrl-C reaches the benchmark alone, which then stops the server
    process = subprocess.Popen(odoo.server(port, workers, log_file), start_new_session=True)
    try:
        _wait_until_it_answers(process, port, log_file)
        yield port
    finally:
        process.send_signal(signal.SIGINT if workers else signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen, port: int, log_file: str) -> None:
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchmarkError(f"Odoo did not start (exit {process.returncode}); see {log_file}.")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SERVER_START_SECONDS)
        try:
            connection.request("GET", "/web/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise BenchmarkError(f"Odoo did not answer in {SERVER_START_SECONDS} seconds; see {log_file}.")
