"""Odoo's own log of requests, without the secrets that addresses carry.

Both web servers of Odoo write the address of every request into the server's log: a link to a file opens that file, and
some clients put a key into the query although it is not looked for there. Only lines about the addresses of this addon
are changed.
"""

from __future__ import annotations

import logging
import re

from .redaction import SECRET, is_secret_key

# Of the threaded and forking servers, and of the evented one.
_LOGGERS = ("werkzeug", "longpolling")
_OURS = re.compile(r"/(?:odoo/mcp|mcp|oauth)(?:[/?\s]|$)")
_LINK = re.compile(r"(/odoo/mcp/file/)[^\s/?\"]+")
_PARAMETER = re.compile(r"(?<=[?&])([\w.-]{1,40})=([^&\s\"]+)")
# Parameters of OAuth and of careless clients that no other log calls secret.
_MORE_SECRETS = frozenset({"code", "token", "key", "state"})


def line(text: str) -> str:
    """A line of the log as it may be kept."""
    if not _OURS.search(text):
        return text
    return _PARAMETER.sub(_parameter, _LINK.sub(rf"\g<1>{SECRET}", text))


def _parameter(match: re.Match) -> str:
    name = match[1]
    return f"{name}={SECRET}" if name in _MORE_SECRETS or is_secret_key(name) else match[0]


class _WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        kept = line(text)
        if kept != text:
            record.msg, record.args = kept, ()
        return True


def guard() -> None:
    """Have both loggers of requests write :func:`line`; once in a process."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, _WithoutSecrets) for known in logger.filters):
            logger.addFilter(_WithoutSecrets())
