"""Who has a right that somebody lacks: what Odoo's own refusals tell."""

from __future__ import annotations

_MOST_GROUPS = 6


def lacking(model, operation: str) -> str:
    """Why the user of ``model`` may not do ``operation`` with its records, and who may.

    :param operation: ``create``, ``write`` or ``unlink``
    """
    return f"{model.env.user.name} lacks the right in Odoo. {holders(model, operation)}"


def holders(model, operation: str) -> str:
    """The sentence about the groups that have the right, without its last full stop."""
    groups = model.env["ir.model.access"].group_names_with_access(model._name, operation)
    # as the groups' own names are spelled
    return held_by([" / ".join(part.strip() for part in name.split("/", 1)) for name in groups])


def held_by(groups: list[str]) -> str:
    """The sentence about the groups that have a right, without its last full stop."""
    names = list(dict.fromkeys(groups))
    if not names:
        return "No group has it"
    more = f" and {len(names) - _MOST_GROUPS} more" if len(names) > _MOST_GROUPS else ""
    who = f"Members of {', '.join(names[:_MOST_GROUPS])}{more} have it"
    return f"{who}; an Odoo administrator decides who is in a group"
