"""The buttons above a list, which work on the records that are ticked in it; on some records there is no other way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from ..schema_cache import remembered
from .view import Button, buttons_of


@dataclass(frozen=True, slots=True)
class ListButton(Button):
    """A button of a list, for one of its records."""


def list_buttons(model) -> list[ListButton]:
    """The buttons of the lists that the user's menus open for ``model``, and of its usual list."""
    rows = remembered(model.env, "list buttons", (model._name,), lambda: _rows(model))
    return [ListButton(**{**row, "hidden_if": tuple(row["hidden_if"])}) for row in rows]


def _rows(model) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for view_id in _list_views(model):
        arch = etree.fromstring(model.get_view(view_id, "list")["arch"])
        for header in arch.findall("header"):
            for button in buttons_of(header, model):
                found.setdefault((button.name, button.label), asdict(button))
    return list(found.values())


def _list_views(model) -> list[int | None]:
    """The ids of the lists' views; None is the usual one."""
    menus = model.env["ir.ui.menu"].search([("action", "=like", "ir.actions.act_window,%")])._filter_visible_menus()
    # sudo: which views a visible menu opens
    windows = [menu.action for menu in menus.sudo() if menu.action and menu.action.res_model == model._name]
    views = (view_id for window in windows for view_id, kind in window.views if kind in ("list", "tree") and view_id)
    return [None, *dict.fromkeys(views)]
