"""The gate: the only way from a tool to data.

A toolset or service never says ``env[...]`` for something a client named. It asks the gate, which answers with a model
in the environment of the connection's user, or with the same refusal for what does not exist and what may not be seen.
Per-model policies of a connection are decided here and nowhere else.
"""

from __future__ import annotations

from functools import cached_property

from ...compat import field_is_accessible
from ..identity.caller import Caller
from ..tools.errors import RefusedError, UnknownNameError
from .secrets import WITHHELD_MODELS, is_secret_field

_OPERATION_NAMES = {"read": "read", "create": "create", "write": "change", "unlink": "delete"}


class Gate:
    """What the connection of ``caller`` may reach.

    :param env: the environment of the connection's user, never of the superuser
    """

    def __init__(self, env, caller: Caller):
        if env.su or env.uid != caller.user_id:
            raise RuntimeError("The gate only opens for the connection's own user, without superuser rights.")
        self.env = env
        self.caller = caller
        self._readable: dict[str, bool] = {}

    # ------------------------------------------------------------------ models

    @cached_property
    def readable_models(self) -> frozenset[str]:
        """Names of the stored models that the user may read records of."""
        return frozenset(filter(self.may_read_model, self.env.registry))

    def model(self, name: str, operation: str = "read"):
        """The model ``name``, empty, on which the user may do ``operation``.

        :param operation: ``read``, ``create``, ``write`` or ``unlink``
        :raises UnknownNameError: there is no such model for this user
        :raises RefusedError: there is, but the user may not do this to its records
        """
        if not self.may_read_model(name):
            raise self._unknown_model(name)
        model = self.env[name]
        if operation != "read" and not model.has_access(operation):
            raise RefusedError(
                f"{self.env.user.name} may not {_OPERATION_NAMES[operation]} records of {name}. "
                "An Odoo administrator decides this by the user's groups."
            )
        return model

    def may_read_model(self, name: str) -> bool:
        """Whether the user may read records of the model ``name``; asked once per call."""
        allowed = self._readable.get(name)
        if allowed is None:
            model = self.env.registry.get(name)
            hidden = model is None or model._abstract or model._transient or name in WITHHELD_MODELS
            allowed = self._readable[name] = not hidden and self.env[name].has_access("read")
        return allowed

    def _unknown_model(self, name: str) -> UnknownNameError:
        # sudo: labels of models the user may read, to find "contact" for res.partner
        labels = (
            self.env["ir.model"].sudo().search_fetch([("model", "in", list(self.readable_models))], ["model", "name"])
        )
        advice = "list_models finds models by what they are called."
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
        return not is_secret_field(field.name) and field_is_accessible(model, field)

    def readable_fields(self, model) -> dict:
        """The fields of ``model`` that the user may read, by name."""
        return {name: field for name, field in model._fields.items() if self.may_read_field(model, field)}

    def _unknown_field(self, model, name: str) -> UnknownNameError:
        known = [(name, field.string or "") for name, field in self.readable_fields(model).items()]
        return UnknownNameError(f"Field of {model._name}", name, known, f"describe_model({model._name!r}) lists them.")
