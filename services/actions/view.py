"""What a form shows to this user: its buttons, its stages, its fields; from the view as Odoo prepares it for them.

Odoo has already taken out what the user's groups do not see. What depends on the record are the expressions in
``invisible``, of a node and of everything around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from .situation import Situation

_LETTERS = re.compile(r"[^\W\d_]")
_PRIMARY = ("btn-primary", "oe_highlight")


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a form that calls a method (``object``) or opens an action (``action``)."""

    kind: str
    name: str
    label: str
    context: str
    hidden_if: tuple[str, ...]
    asks: str  # the question that the web client asks before
    is_primary: bool
    is_view: bool  # at the top right: it shows related records

    def shown(self, situation: Situation) -> bool:
        return not any(situation.holds(expression) for expression in self.hidden_if)


@dataclass(frozen=True, slots=True)
class Stages:
    """The status bar of a form."""

    field: str
    clickable: bool
    domain: str
    hidden_if: tuple[str, ...]


def form_of(model, view_id: int | bool = False) -> etree._Element:
    """The form view of ``model`` as the user of its environment sees it."""
    return etree.fromstring(model.get_view(view_id or None, "form")["arch"])


def buttons_of(arch: etree._Element, model) -> list[Button]:
    """The buttons of the form itself, not those of the lists in it."""
    return [
        Button(
            kind=node.get("type"),
            name=node.get("name"),
            label=_button_label(node, model),
            context=node.get("context") or "{}",
            hidden_if=hidden_if(node),
            asks=node.get("confirm") or "",
            is_primary=any(word in (node.get("class") or "").split() for word in _PRIMARY),
            is_view="oe_stat_button" in (node.get("class") or ""),
        )
        for node in _button_nodes(arch)
    ]


def groups_of_button(model, wanted: str) -> list[str]:
    """What the form demands of whoever is to see the button ``wanted``: expressions such as "app.group_a,app.group_b",
    each of which has to hold; empty when there is no such button, or it is for everybody.
    """
    view_id = model.get_view(None, "form").get("id")
    if not view_id:
        return []
    # sudo: the form with the buttons of all groups, of which only the groups are told
    arch = model.env["ir.ui.view"].sudo().browse(view_id)._get_combined_arch()
    for node in _button_nodes(arch):
        groups = [one.get("groups") for one in (node, *node.iterancestors()) if one.get("groups")]
        if groups and wanted in (_button_label(node, model).lower(), node.get("name").lower()):
            return groups
    return []


def _button_nodes(arch: etree._Element) -> Iterator[etree._Element]:
    for node in own_nodes(arch, "button"):
        if node.get("type") in ("object", "action") and node.get("name") and not node.get("special"):
            yield node


def stages_of(arch: etree._Element, model) -> list[Stages]:
    return [
        Stages(node.get("name"), _is_clickable(node), node.get("domain") or _domain_of(model, node), hidden_if(node))
        for node in own_nodes(arch, "field")
        if node.get("widget") in ("statusbar", "statusbar_duration", "rotting_statusbar_duration")
    ]


def _domain_of(model, node: etree._Element) -> str:
    domain = getattr(model._fields.get(node.get("name")), "domain", None)
    return domain if isinstance(domain, str) else "[]"


def fields_of(arch: etree._Element) -> dict[str, etree._Element]:
    """The form's own fields by name, in their order; the visible one where a field occurs twice."""
    nodes: dict[str, etree._Element] = {}
    for node in own_nodes(arch, "field"):
        if node.get("name") not in nodes or node.get("invisible") not in ("1", "True"):
            nodes[node.get("name")] = node
    return nodes


def own_nodes(arch: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Nodes of the form that are not in a list, form or card within one of its fields."""
    for node in arch.iter(tag):
        if not any(parent.tag == "field" for parent in node.iterancestors()):
            yield node


def hidden_if(node: etree._Element) -> tuple[str, ...]:
    """The expressions of which none may be true for ``node`` to be seen."""
    expressions = (one.get("invisible") for one in (node, *node.iterancestors()))
    return tuple(expression for expression in expressions if expression and expression not in ("0", "False"))


def texts_of(arch: etree._Element, situation: Situation) -> str:
    """The words of a form that are neither fields nor buttons, such as what a wizard asks."""
    words = []
    for node in arch.iter(etree.Element):
        if node.tag in ("button", "label", "field", "header") or any(
            parent.tag in ("button", "field", "header") for parent in node.iterancestors()
        ):
            continue
        own = [node.text or "", *(child.tail or "" for child in node)]
        text = " ".join(" ".join(own).split())
        if _LETTERS.search(text) and not any(situation.holds(expression) for expression in hidden_if(node)):
            words.append(text)
    return " ".join(words)


def _button_label(node: etree._Element, model) -> str:
    return _label(node, model) or node.get("name")


def _label(node: etree._Element, model) -> str:
    if node.get("string"):
        return " ".join(node.get("string").split())
    texts = node.xpath(".//*[contains(@class, 'o_stat_text')]") or [node]
    for text in (" ".join("".join(one.itertext()).split()) for one in texts):
        if text:
            return text
    for inner in node.iter("field"):
        if inner.get("string"):
            return inner.get("string")
        if inner.get("name") in model._fields:
            return model.fields_get([inner.get("name")], ["string"])[inner.get("name")]["string"]
    return " ".join((node.get("title") or "").split())


def _is_clickable(node: etree._Element) -> bool:
    options = (node.get("options") or "").replace(" ", "").replace('"', "'").lower()
    return any(f"'clickable':{yes}" in options for yes in ("true", "'1'", "1", "'true'"))
