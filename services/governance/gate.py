"""The gate: the only way from a tool to data.

A toolset or service never says ``env[...]`` for something a client named. It asks the gate, which answers with a model
in the environment of the connection's user, or with the same refusal for what does not exist and what may not be seen.
The policy of the connection is decided here and, for records, under the ORM by :mod:`.call_rules` as well: that part
is in force from the making of a gate until it is closed.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ...compat import field_is_accessible
from ..identity.caller import Caller
from ..tools.errors import NoRecordError, RefusedError, UnknownNameError
from . import call_rules, rights
from .client_context import checked_context, left_out
from .field_sources import FieldSources
from .protected import is_field_never_written
from .public_models import shown_as
from .secrets import WITHHELD_MODELS, is_secret_field
from .value_check import check_values

_NO_RIGHT = "a right is missing"
_OPERATION_NAMES = {"read": "read", "create": "create", "write": "change", "unlink": "delete"}
_MORE = " explain_access tells what refuses."
# What Odoo writes itself.
_MAGIC_FIELDS = frozenset({"id", "create_uid", "create_date", "write_uid", "write_date", "parent_path", "display_name"})


class Gate:
    """What the connection of ``caller`` may reach.

    :param env: the environment of the connection's user, never of the superuser
    """

    def __init__(self, env, caller: Caller):
        if env.su or env.uid != caller.user_id:
            raise RuntimeError("The gate only opens for the connection's own user, without superuser rights.")
        self.env = env
        self.caller = caller
        self.policy = caller.policy
        self.rules = call_rules.CallRules(env.registry, caller)
        self._readable: dict[str, bool] = {}
        self._readable_fields: dict[tuple[str, str], bool] = {}
        self._seen_links: dict[str, set[int]] = {}
        self.rules.gate = weakref.ref(self)
        self._before = call_rules.begin(env.cr, self.rules)

    def close(self) -> None:
        """End the record rules of the call; what was open on this cursor before is in force again."""
        call_rules.restore(self.env.cr, self.rules, self._before)

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, exception_type, *_exception) -> None:
        self.close()
        if exception_type is None and self.policy.narrows:
            # for a call within somebody else's transaction: relations were cached as the call may see them
            self.env.invalidate_all()

    @staticmethod
    def ignored_context(context: Any) -> list[str]:
        """The keys of a client's context that :meth:`in_context` leaves out."""
        return left_out(context)

    def in_context(self, context: Any) -> Gate:
        """The same gate with what a client may say of the context of a call; see :mod:`.client_context`.

        Keys that mean anything else to Odoo are left out; ``caller`` and policy stay as they are.
        """
        values = checked_context(self.env, self.caller, context)
        if not values:
            return self
        gate = object.__new__(type(self))
        gate.__dict__ = self.__dict__ | {"env": self.env(context=self.env.context | values)}
        self.rules.gate = weakref.ref(gate)
        return gate

    def reopened(self) -> Gate:
        """This gate, after the call went on in another context."""
        self.rules.gate = weakref.ref(self)
        return self

    # ------------------------------------------------------------------ tools

    def tool_allowed(self, definition: Any) -> bool:
        """Whether the connection may call the tool: its scope covers the risk, and it is on the list if there is one.

        :param definition: a ``ToolDefinition``, or anything else with ``name`` and ``risk``
        """
        return not self.policy.why_not_tool(definition.name, definition.risk)

    def check_tool(self, definition: Any) -> None:
        """
        :raises RefusedError: the connection may not call this tool
        """
        reason = self.policy.why_not_tool(definition.name, definition.risk)
        if reason:
            raise RefusedError(reason)

    # ------------------------------------------------------------------ models

    @cached_property
    def readable_models(self) -> frozenset[str]:
        """Names of the stored models that the user may read records of."""
        return frozenset(filter(self.may_read_model, self.env.registry))

    def model(self, name: str, operation: str = "read"):
        """The model ``name``, empty, on which the user and the connection may do ``operation``.

        :param operation: ``read``, ``create``, ``write`` or ``unlink``
        :raises UnknownNameError: there is no such model for this user
        :raises RefusedError: there is, but this may not be done to its records
        """
        if not self.may_read_model(name):
            raise self.unknown_model(name)
        model = self.env[name]
        reason = self._why_not(model, operation)
        if reason:
            reason = rights.lacking(model, operation) if reason == _NO_RIGHT else reason
            raise RefusedError(f"You may not {_OPERATION_NAMES[operation]} records of {name}: {reason}.{_MORE}")
        return model

    def may(self, name: str, operation: str) -> bool:
        """Whether :meth:`model` would answer with the model."""
        return self.may_read_model(name) and not self._why_not(self.env[name], operation)

    def may_read_model(self, name: str) -> bool:
        """Whether the user may read records of the model ``name``; asked once per call."""
        call_rules.hold(self.env.cr, self.rules)
        allowed = self._readable.get(name)
        if allowed is None:
            model = self.env.registry.get(name)
            hidden = model is None or model._abstract or model._transient or name in WITHHELD_MODELS
            allowed = self._readable[name] = (
                not hidden
                and self.policy.may(name, "read")
                and (self.env[name].has_access("read") or self._shown_as(self.env[name]) is not None)
            )
        return allowed

    def _shown_as(self, model):
        # Odoo reads what is public with superuser rights, so no domain of the policy would hold
        return None if self.limits_records(model._name) else shown_as(model)

    def _why_not(self, model, operation: str) -> str:
        if operation == "read":
            return ""
        reason = self.policy.why_not_written(model._name)
        if reason:
            return reason
        if not self.policy.may(model._name, operation):
            return "this connection's list of models does not allow it. An MCP administrator can change the list"
        if not model.has_access(operation):
            return _NO_RIGHT
        return ""

    def unknown_model(self, name: str) -> UnknownNameError:
        """The error for a model that does not exist, or not for this caller."""
        # sudo: labels of models the user may read, to find "contact" for res.partner
        labels = (
            self.env["ir.model"].sudo().search_fetch([("model", "in", list(self.readable_models))], ["model", "name"])
        )
        # the same for both, so that it does not tell what there is
        advice = "list_models finds models by what they are called, of those that your user has the right to read."
        return UnknownNameError("Model", name, [(row.model, row.name) for row in labels], advice)

    # ------------------------------------------------------------------ fields

    def field(self, model, name: str):
        """The field ``name`` of ``model``.

        :raises UnknownNameError: it does not exist or may not be read; the answer is the same
        """
        field = model._fields.get(name)
        if field is None or not self.may_read_field(model, field):
            raise self._unknown_field(model, name)
        return field

    def may_read_field(self, model, field) -> bool:
        """Whether user and connection may read ``field`` of ``model``; for some records its value may be withheld."""
        key = (model._name, field.name)
        allowed = self._readable_fields.get(key)
        if allowed is None:
            allowed = self._readable_fields[key] = (
                not is_secret_field(field.name)
                and field_is_accessible(model, field)
                and ((public := self._shown_as(model)) is None or field.name in public._fields)
                and self._policy_allows(model, field)
                and self._path_allowed(model, field)
            )
        return allowed

    def _policy_allows(self, model, field) -> bool:
        name, policy = field.name, self.policy
        if policy.allows_field(model._name, name):
            return True
        # a record's name is what it is called: shown where the field it is made of may be
        return name == "display_name" and policy.allows_field(model._name, model._rec_name)

    def _path_allowed(self, model, field, chosen: bool = False) -> bool:
        """Whether what a related field shows may be read where it comes from.

        :param chosen: an administrator listed a field that shows this one
        """
        if not field.related:
            return True
        chosen = chosen or field.inherited or self.policy.limits_fields(model._name)
        for position, name in enumerate(field.related.split(".")):
            hop = model._fields[name]
            if is_secret_field(name) or model._name in WITHHELD_MODELS:
                return False
            if position and not (self._may_show(model, hop, chosen) and self._path_allowed(model, hop, chosen)):
                return False
            model = self.env[hop.comodel_name] if hop.relational else model
        return True

    def _may_show(self, model, field, if_not_listed: bool) -> bool:
        """Whether ``field`` of ``model`` may be shown on another record."""
        if model._name in self.policy.models:
            return self.policy.may(model._name, "read") and self._policy_allows(model, field)
        return self.policy.other_models or if_not_listed

    def readable_fields(self, model) -> dict:
        """The fields of ``model`` that the user may read, by name."""
        return {name: field for name, field in model._fields.items() if self.may_read_field(model, field)}

    def writable_field(self, model, name: str):
        """The field ``name`` of ``model``, to be written.

        :raises UnknownNameError: it does not exist or may not be read; the answer is the same
        :raises RefusedError: it may be read, not written
        """
        field = self.field(model, name)
        if name in _MAGIC_FIELDS:
            raise RefusedError(f"{name!r} of {model._name} is kept by Odoo itself and cannot be written.")
        if is_field_never_written(model._name, name):
            raise RefusedError(f"{name!r} of {model._name} is for people to change, in Odoo.")
        if not field_is_accessible(model, field, "write"):
            raise RefusedError(f"You may read {name!r} of {model._name}, not write it.")
        if field.related and not field.readonly:
            self._check_related_write(model, field)
        return field

    def _check_related_write(self, model, field) -> None:
        """A related field writes the record it shows: that one's model must be open, too."""
        *hops, last = field.related.split(".")
        for name in hops:
            model = self.env[model._fields[name].comodel_name]
        if field.inherited and model._name not in self.policy.models:
            reason = self.policy.why_not_written(model._name)
            if reason:
                raise RefusedError(f"{field.name!r} is written to {model._name}: {reason}.")
            return
        self.model(model._name, "write")
        self.writable_field(model, last)

    def _unknown_field(self, model, name: str) -> UnknownNameError:
        known = [(name, field.string) for name, field in self.readable_fields(model).items()]
        return UnknownNameError(f"Field of {model._name}", name, known, f"describe_model({model._name!r}) lists them.")

    # ------------------------------------------------------------------ records

    def limits_records(self, model_name: str) -> bool:
        """Whether the connection's policy hides some records of the model from its user."""
        return bool(self.rules.domain(model_name))

    @cached_property
    def sources(self) -> FieldSources:
        """What fields reveal of records that the policy hides."""
        return FieldSources(self)

    def may_compare(self, model, field) -> bool:
        """Whether records may be filtered, sorted or grouped by ``field``: not where it tells of hidden records."""
        return self.may_read_field(model, field) and not self.sources.of(model, field)

    def check_records(self, records, operation: str):
        """``records``, each of which user and connection may do ``operation`` to; to be asked before and after a write.

        :param operation: ``read``, ``create`` (of records just created), ``write`` or ``unlink``
        :raises NoRecordError: one does not exist, or may not be seen; the answer is the same
        :raises RefusedError: it may be seen, but this may not be done to it
        """
        model = self.model(records._name, operation)
        ids = records.ids
        visible = model.with_context(active_test=False).search([("id", "in", ids)], order="id") if ids else model
        missing = set(ids) - set(visible.ids)
        if missing or not all(records._ids):  # the id of a record that is not in the database is falsy
            raise NoRecordError(records._name, sorted(missing))
        if operation != "read":
            refused = visible - visible._filtered_access(operation)
            if refused:
                raise RefusedError(
                    f"You may read, but not {_OPERATION_NAMES[operation]}, these records of {records._name}: "
                    f"{', '.join(map(str, refused.ids[:20]))}. An Odoo administrator decides this by record rules."
                    f"{_MORE}"
                )
        return records

    def check_values(self, model, values: Mapping[str, Any], operation: str) -> None:
        """Check what is to be written to records of ``model``: fields, linked records, and commands on their lines.

        :param values: as Odoo takes them; x2many as commands or a list of ids
        :param operation: ``create`` or ``write``
        :raises ToolError: naming the field, and what is wrong with it
        """
        self.model(model._name, operation)
        check_values(self, model, values)

    def check_links(self, model_name: str, ids: list[int]) -> None:
        """Check that records may be pointed to: the caller must see them.

        :raises ToolError: the model is not open to the caller, or one of the records is not there for them
        """
        model = self.model(model_name)
        seen = self._seen_links.setdefault(model_name, set())  # rows of one call point to the same again and again
        self.check_records(model.browse(set(ids) - seen), "read")
        seen.update(ids)
