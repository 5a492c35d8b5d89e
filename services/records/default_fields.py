"""Which fields to show when nobody said which: those that people see in the list view of the model."""

from __future__ import annotations

from lxml import etree

from ..schema_cache import remembered

MOST_FIELDS = 12
# Types that are long, or that a list shows as a widget only.
_LEFT_OUT_TYPES = frozenset(
    {"binary", "image", "html", "text", "one2many", "json", "properties", "properties_definition", "serialized"}
)


def default_field_names(gate, model) -> list[str]:
    """The names of at most 12 readable fields, the one that names the record first."""
    readable = gate.readable_fields(model)
    names = view_field_names(model, "list")
    if not {"name", "display_name", "complete_name"} & set(names):
        names.insert(0, model._rec_name or "display_name")
    if gate.policy.limits_fields(model._name):
        names += sorted(readable)  # few were chosen, so all of them matter
    chosen = dict.fromkeys(
        name for name in names if name in readable and readable[name].type not in _LEFT_OUT_TYPES and name != "id"
    )
    return list(chosen)[:MOST_FIELDS] or [name for name in ("display_name", "id") if name in readable][:1]


def view_field_names(model, view_type: str) -> list[str]:
    """The fields that the user's ``view_type`` view of ``model`` shows by itself, in its order.

    Columns that a person would have to switch on are left out, and so are buttons' and embedded lists' fields.
    """
    return remembered(model.env, "view", (model._name, view_type), lambda: _names_in_view(model, view_type))


def _names_in_view(model, view_type: str) -> list[str]:
    arch = etree.fromstring(model.get_view(view_type=view_type)["arch"])
    names = {}
    for node in arch.iter("field"):
        hidden = node.get("optional") == "hide" or node.get("column_invisible") in ("1", "True")
        nested = any(parent.tag == "field" for parent in node.iterancestors())
        if not hidden and not nested and node.get("invisible") not in ("1", "True"):
            names[node.get("name")] = None
    return list(names)
