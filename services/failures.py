"""What a client's model is told of an exception, and what the audit log is."""

from __future__ import annotations

import logging
import uuid

import psycopg2

from odoo.exceptions import AccessError, MissingError, RedirectWarning, UserError
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

from . import integrity
from .tools.errors import RefusedError, ToolError

_logger = logging.getLogger(__name__)


class FailureMethods:
    """The part of :class:`~.application.OdooApplication` that puts failures into words."""

    def _explain(self, error: Exception) -> str | None:
        """What the client's model is told of ``error``; None for what Odoo's own retry must see."""
        if isinstance(error, ToolError):
            return self._failed("refused" if isinstance(error, RefusedError) else "error", str(error))
        if isinstance(error, AccessError):
            return self._failed("refused", str(error))
        if isinstance(error, MissingError):
            return self._failed(
                "error", "A record of this call does not exist (any more). Search again for what there is."
            )
        if isinstance(error, RedirectWarning):  # a refusal that shows people where to go
            return self._failed("error", str(error.args[0]))
        if isinstance(error, UserError):  # also ValidationError
            return self._failed("error", str(error))
        if isinstance(error, psycopg2.errors.QueryCanceled):
            return self._failed(
                "error",
                f"The database took longer than the {self.limits.statement_timeout} seconds that a query may take. "
                "Narrow the domain, or ask for less at once.",
            )
        if isinstance(error, psycopg2.OperationalError) and error.pgcode in PG_CONCURRENCY_ERRORS_TO_RETRY:
            return (
                self._failed("error", "The records are being changed by others. Try again.") if self.last_try else None
            )
        if isinstance(error, psycopg2.IntegrityError):
            return self._failed("error", integrity.explain(self.env, error))
        if isinstance(error, psycopg2.DataError):
            return self._failed(
                "error", f"The database cannot take a value of this call: {error.diag.message_primary}."
            )
        return self._failed("error", self._internal(error))

    def _internal(self, error: Exception) -> str:
        reference = uuid.uuid4().hex[:12]
        _logger.error("MCP call of %s failed, reference %s", self._subject, reference, exc_info=error)
        if self.limits.hide_internal_errors:
            return f"Something went wrong on the server. An administrator finds it in the log under {reference}."
        return f"{type(error).__name__}: {error} (reference {reference})"

    def _failed(self, outcome: str, text: str) -> str:
        self._failure = (outcome, text)
        return text
