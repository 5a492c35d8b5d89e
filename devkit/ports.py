"""TCP ports of this machine: which are free, and who has one that is not."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

from .errors import DevError

HOST = "127.0.0.1"
_given: set[int] = set()


def require_free(port: int) -> None:
    """Raise a DevError that names the holder, where it can be known, when `port` is taken."""
    if not _is_free(port):
        holder = _holder(port)
        raise DevError(f"port {port} is taken{f' by {holder}' if holder else ''}; stop that or give --port")


def any_free() -> int:
    """A port that is free at this moment, and that nobody in this process was given before."""
    while True:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As Odoo does: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise DevError(f"port {port} needs root; give --port a number above 1023") from error
        except OSError:
            return False
    return True


def _holder(port: int) -> str | None:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                columns = line.split()
                if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{columns[9]}]")
    for folder in Path("/proc").glob("[0-9]*"):
        # Processes come and go while we look, and others' are closed to us.
        with contextlib.suppress(OSError):
            if any(str(file.readlink()) in inodes for file in (folder / "fd").iterdir()):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                return f"process {folder.name} ({command[:80]})"
    return None
