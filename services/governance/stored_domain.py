"""Whether a domain that an administrator wrote can be enforced as a record rule."""

from __future__ import annotations

from odoo.exceptions import UserError

from .call_rules import evaluate, sample_names


def why_not_enforceable(model, text: str) -> str:
    """Why the domain ``text`` would not hold on records of ``model``, empty when it would.

    Odoo 18 takes a condition on a field that cannot be searched as true, which would open what was to be closed.

    :param model: with superuser rights
    """
    try:
        domain = evaluate(text, sample_names(model.env))
        reason = _fault(model, domain)
        if reason:
            return reason
        records = model.with_context(active_test=False)
        # as it will be asked: in the database, and of records at hand
        records.search(domain, limit=1)
        records.search([], limit=1).filtered_domain(domain)
    except UserError as error:
        return str(error)
    except Exception as error:  # whatever Odoo makes of a domain that is none
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def _fault(model, domain) -> str:
    """What is wrong with the first condition that is; empty when none is."""
    for leaf in domain:
        if isinstance(leaf, str) or leaf in ((1, "=", 1), (0, "=", 1)):
            continue
        if len(leaf) != 3:
            return f"{leaf!r} is no condition"
        path, operator, value = leaf
        if operator in ("any!", "not any!"):
            return f"{operator} looks past record rules"
        reason, far_model = _follow(model, str(path))
        if not reason and operator in ("any", "not any"):
            reason = _fault(far_model, value)
        if reason:
            return reason
    return ""


def _follow(model, path: str):
    """What is wrong with the field ``path``, and the model that it leads to."""
    for name in path.split("."):
        field = model._fields.get(name)
        if field is None:
            return f"there is no field {name!r} in {model._name}", model
        if not field._description_searchable:
            return f"{field.string} ({name}) is computed and cannot be searched", model
        model = model.env[field.comodel_name] if field.relational else model
    return "", model
