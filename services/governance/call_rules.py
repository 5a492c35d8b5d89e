"""The record rule of a call: under the ORM, whatever the code above asks for.

While a gate is open on a cursor, every recordset of that cursor without superuser rights is subject to the domains of
the connection's policy, as if Odoo had one more global record rule (see ``models/odoo/ir_rule.py``). The mark is kept
beside the cursor: no context, argument or environment that a client can influence switches it off.

What Odoo caches across calls is worked out without it (see ``in_shared_cache``): other users share those caches.
"""

from __future__ import annotations

import ast
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime as real_datetime
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from odoo.tools.safe_eval import datetime, dateutil, safe_eval, time

from ...compat import AND, in_shared_cache
from ..identity.caller import Caller

_logger = logging.getLogger(__name__)

NOTHING = [(0, "=", 1)]
_open_calls: WeakKeyDictionary = WeakKeyDictionary()  # cursor → CallRules


class CallRules:
    """The domains that the policy of ``caller`` puts on records, each worked out once per call.

    It knows no environment: it is kept for as long as the cursor is, and must not keep the cursor.
    """

    def __init__(self, registry, caller: Caller):
        self._registry = registry
        self._caller = caller
        self._policy = caller.policy
        self._domains: dict[tuple[str, str], list] = {}
        self.ended = False
        self.gate: Callable[[], Any] = lambda: None  # a weak reference to the gate that these are the rules of

    def domain(self, model_name: str, operation: str = "read") -> list:
        """What records of ``model_name`` must match; an empty list when the policy does not limit them.

        Files, messages and the like are limited by the documents they belong to for reading only: what Odoo itself
        leaves there in the course of a write is not the client's doing.
        """
        key = (model_name, operation)
        domain = self._domains.get(key)
        if domain is None:
            domain = self._domains[key] = self._work_out(model_name, operation)
        return domain

    def _work_out(self, model_name: str, operation: str) -> list:
        model = self._registry.get(model_name)
        if model is None:
            return []
        parts = [
            [(parent_field, "any", parent)]
            for parent_name, parent_field in model._inherits.items()
            if model._fields[parent_field].store and (parent := self.domain(parent_name, operation))
        ]
        if operation == "read":
            parts += self._of_linked_documents(model)
        if operation == "read" and model_name == "res.company" and self._policy.companies is not None:
            parts.append([("id", "in", sorted(self._policy.companies))])
        access = self._policy.models.get(model_name)
        if access and access.domain:
            parts.append(self._evaluated(access))
        return AND(*parts) if parts else []

    def _evaluated(self, access) -> list:
        try:
            return evaluate(access.domain, names_for(self._caller.user_id, self._caller.company_ids, self._caller.tz))
        except Exception as error:  # whatever a domain that was good when it was saved may do today: nothing is shown
            _logger.error("The MCP domain %r on %s cannot be evaluated: %s", access.domain, access.model, error)
            return NOTHING

    def _of_linked_documents(self, model) -> list[list]:
        """Files, messages, activities …: only those of documents that the connection may read, or of none."""
        parts = []
        for field in model._fields.values():
            if field.type != "many2one_reference":
                continue
            named = model._fields.get(field.model_field)
            if named is None or not named.store:
                continue
            closed = [name for name, access in self._policy.models.items() if "read" not in access.operations]
            if self._policy.other_models:
                if closed:
                    parts.append([(named.name, "not in", sorted(closed))])
            else:
                readable = sorted(self._policy.models.keys() - closed)
                parts.append(["|", (named.name, "=", False), (named.name, "in", readable)])
        if model._name == "ir.attachment":
            parts += self._of_files()
        return parts

    def _of_files(self) -> list[list]:
        parts = []
        for name, access in sorted(self._policy.models.items()):
            if access.fields is not None:
                # the files behind binary fields are those fields
                allowed = ["|", ("res_field", "=", False), ("res_field", "in", sorted(access.fields))]
                parts.append(["|", ("res_model", "!=", name), *allowed])
            if access.domain:
                # Odoo shows public files without asking for the document they belong to
                parts.append(["|", ("res_model", "!=", name), ("public", "=", False)])
        return parts


def names_for(user_id: int, company_ids: Sequence[int], tz: str) -> dict[str, Any]:
    """What a domain of a policy may speak of: plain values, never records.

    Whoever edits connections need not be allowed to run code, and with a record at hand it would be code.
    """
    return {
        "uid": user_id,
        "company_id": company_ids[0],
        "company_ids": list(company_ids),
        "allowed_company_ids": list(company_ids),
        "context_today": lambda: real_datetime.now(ZoneInfo(tz)).date(),
        "datetime": datetime,
        "relativedelta": dateutil.relativedelta.relativedelta,
        "time": time,
    }


def sample_names(env) -> dict[str, Any]:
    """The same names for whoever writes such a domain, to try it."""
    return names_for(env.uid, env.company.ids, "UTC")


def evaluate(text: str, names: Mapping[str, Any]) -> list:
    """The domain ``text`` as Odoo's domain editor writes it."""
    try:
        return list(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return list(safe_eval(text, dict(names)))


def begin(cr, rules: CallRules) -> CallRules | None:
    """Put the transaction of ``cr`` under ``rules``; returns those that were in force before, for :func:`restore`."""
    before = _open_calls.get(cr)
    _open_calls[cr] = rules
    return before


def hold(cr, rules: CallRules) -> None:
    """Make sure that ``rules`` are the ones in force: a transaction may serve several connections by turns."""
    if not rules.ended:
        _open_calls[cr] = rules


def restore(cr, rules: CallRules, before: CallRules | None) -> None:
    """End what :func:`begin` began; what has been put in force since then stays."""
    rules.ended = True
    if _open_calls.get(cr) is not rules:
        return
    if before is None or before.ended:
        del _open_calls[cr]
    else:
        _open_calls[cr] = before


def forget(cr) -> None:
    """End whatever is in force on ``cr``: Odoo runs a request again on the same cursor after a conflict."""
    _open_calls.pop(cr, None)


def open_gate(cr):
    """The gate that is open on ``cr``, None when there is none."""
    rules = _open_calls.get(cr)
    return rules.gate() if rules else None


def domain_in_force(cr, model_name: str, operation: str) -> list:
    """What the call that is open on ``cr`` asks of records of ``model_name``; empty when nothing."""
    rules = _open_calls.get(cr)
    if rules is None:
        return []
    domain = rules.domain(model_name, operation)
    if not domain:
        return domain
    return [] if in_shared_cache() else domain
