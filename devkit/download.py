"""One file over HTTP, complete or not at all."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from pathlib import Path

from .errors import NetworkError

_CHUNK = 1 << 20
_UNREACHABLE = (urllib.error.URLError, TimeoutError, http.client.HTTPException, ConnectionError)


def fetch(url: str, target: Path, timeout: float = 10) -> None:
    """Download `url` to `target`, by way of a `.part` file.

    Args:
        timeout: seconds without an answer after which the server counts as unreachable.

    Raises:
        NetworkError: unreachable, an HTTP error, or fewer bytes than announced.
    """
    part = target.with_name(target.name + ".part")
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer, part.open("wb") as file:
            announced = int(answer.headers.get("Content-Length") or -1)
            received = 0
            while chunk := answer.read(_CHUNK):
                received += file.write(chunk)
    except urllib.error.HTTPError as error:
        raise NetworkError(f"{url} answered {error.code} {error.reason}") from error
    except _UNREACHABLE as error:
        part.unlink(missing_ok=True)
        raise NetworkError(f"{url} is unreachable: {getattr(error, 'reason', error)}") from error
    except OSError:
        part.unlink(missing_ok=True)
        raise
    if announced >= 0 and received != announced:
        part.unlink()
        raise NetworkError(f"{url} arrived broken: {received} of {announced} bytes; run the command again")
    part.replace(target)
