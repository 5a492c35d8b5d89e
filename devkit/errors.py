"""Errors that a user of `./dev` reads: one line each, saying what to do.

DevError            anything that ends the command, with its exit code
  NetworkError      a server on the internet could not be reached, or sent rubbish
  DiskFullError     no space left where `./dev` keeps its files
"""

from __future__ import annotations

import errno
import re


class DevError(Exception):
    """Ends the command: the message is printed without a traceback."""

    exit_code = 1


class NetworkError(DevError):
    """Something outside this machine did not answer as it should."""


class DiskFullError(DevError):
    """The disk is full."""


_NO_NETWORK = re.compile(
    r"Temporary failure in name resolution|Name or service not known|getaddrinfo|Could not resolve"
    r"|Network is unreachable|Connection refused|Connection timed out|ConnectTimeout|NewConnection"
    r"|No route to host|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ProxyError|Tunnel connection",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"Hash Sum mismatch|hashes? do(?:es)? not match|HASHES|File has unexpected size|EINTEGRITY"
    r"|IncompleteRead|unexpected end of file|not a Debian format archive|BadZipFile",
)
_DISK_FULL = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded", re.IGNORECASE)


def from_output(what: str, output: str, log: str, *, downloads: bool = True) -> DevError:
    """The error for an outside command that failed, from what it printed.

    Args:
        what: the step in words, e.g. "installing Python packages".
        output: everything the command printed.
        log: where that output is kept.
        downloads: whether a network that fails can be the reason.
    """
    if _DISK_FULL.search(output):
        return disk_full(what)
    if downloads and _BROKEN.search(output):
        return NetworkError(f"{what}: a download arrived broken; run the command again ({log})")
    if downloads and _NO_NETWORK.search(output):
        return NetworkError(f"{what}: no network; check it and run the command again ({log})")
    return DevError(f"{what} failed: {_last_words(output)} (whole output: {log})")


def disk_full(what: str) -> DiskFullError:
    """The error for a full disk during the step `what`."""
    return DiskFullError(f"{what}: the disk is full; free some space or move DEV_HOME elsewhere")


def from_os_error(error: OSError) -> DevError:
    """The one line for an operating system error that nothing nearer explained."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(f"writing {error.filename or 'a file'}")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return DevError(
            f"no permission for {error.filename or 'a file'}; "
            "run ./dev as the owner of that folder or set DEV_HOME to a folder of yours"
        )
    return DevError(f"{error.strerror or error} {error.filename or ''}".strip())


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?i)(e:|error|fatal|npm error|\w*Error:)", line)]
    return (errors or lines or ["it printed nothing"])[-1][:300]
