"""Which models there are, for somebody who knows them by what people call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ..text.nearest import nearest
from ..tools.call import Call
from .starting import defaults_in, is_fixed

# The paths of menus, with what they begin new records with, by model.
Menus = dict[str, dict[str, dict[str, Any]]]


def list_models(call: Call, query: str | None, limit: int) -> dict:
    """Models whose records the user may read: those that match ``query``, or those with a menu of their own."""
    gate = call.gate
    # sudo: ordinary users cannot read ir.model; only models that the gate lets them read are asked for
    rows = (
        gate.env["ir.model"]
        .sudo()
        .search_fetch([("model", "in", list(gate.readable_models))], ["model", "name"], order="model")
    )
    known = [(row.model, " ".join((row.name or row.model).split())[:80]) for row in rows]
    menus = _menus(gate.env)
    found = _matching(known, menus, query) if query else [_row(pair) for pair in known if pair[0] in menus]
    call.facts.rows = len(found[:limit])
    answer = {
        "models": found[:limit],
        "shown": f"{len(found[:limit])} of {len(found)}",
    }
    if query and not found:
        near = nearest(query, known)
        answer["hint"] = f"Nothing matches {query[:100]!r}." + (f" Nearest: {', '.join(near)}." if near else "")
    elif not query:
        answer["hint"] = f"These have a menu of their own. A query finds any of the {len(known)} that you may read."
    return answer


def _matching(known: list[tuple[str, str]], menus: Menus, query: str) -> list[dict[str, Any]]:
    """Those in whose name or label, or the menus that open them, every word of ``query`` occurs: the best first.

    People know most models by their menu: "Vendors / Bills", "Quotations", "Deliveries".
    """
    words = [_forms(word) for word in query.lower().split()]
    rows = []
    for model, name in known:
        by_menu, path = min(((_rank(words, path), path) for path in menus.get(model, ())), default=(_NONE, ""))
        by_name = _WHOLE if query.lower() == model else _rank(words, f"{model} / {name.replace('/', ' ')}")
        rank = min(by_menu, by_name)
        if rank < _NONE:
            row = _row((model, name), path, menus[model][path]) if by_menu < _NONE else _row((model, name))
            rows.append((rank > _WHOLE, not menus.get(model), rank, len(model), model, row))
    return [row[-1] for row in sorted(rows, key=lambda row: row[:-1])]


_WHOLE, _LAST_PART, _SOMEWHERE, _NONE = range(4)


def _rank(words: list[tuple[str, ...]], path: str) -> int:
    """How well the words of a query fit the path of a menu; the last part of it says the most."""
    path = path.lower()
    last = path.rpartition("/")[2]
    if _has(last, words) and len(last.split()) == len(words):
        return _WHOLE
    return _LAST_PART if _has(last, words) else _SOMEWHERE if _has(path, words) else _NONE


def _row(pair: tuple[str, str], menu: str = "", begins_with: Mapping[str, Any] | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"model": pair[0], "name": pair[1]}
    if menu:
        row["menu"] = menu.replace("/", " / ")
    return {**row, "new_records": dict(begins_with)} if begins_with else row


def _has(text: str, words: list[tuple[str, ...]]) -> bool:
    return all(any(form in text for form in forms) for forms in words)


def _forms(word: str) -> tuple[str, ...]:
    """A word, and what it is in the other number: menus speak of "Deliveries", people of a delivery."""
    if len(word) < 4:
        return (word,)
    if word.endswith("y"):
        return (word, f"{word[:-1]}ies")
    if word.endswith("ies"):
        return (word, f"{word[:-3]}y")
    return (word, word[:-1]) if word.endswith("s") else (word,)


def _menus(env) -> Menus:
    """The menus that the user sees, by the model they open; those of the *Settings* app left out."""
    settings = env.ref("base.menu_administration", raise_if_not_found=False)
    # a server action nearly always opens records of the model that it belongs to
    kinds = {"ir.actions.act_window": "res_model", "ir.actions.server": "model_name"}
    found: Menus = defaultdict(dict)
    # 19.0 leaves out what the user may not see only where the web client asks for its menus
    menus = env["ir.ui.menu"].search([])._filter_visible_menus()
    reached = set(menus.ids) - set(settings.ids if settings else ())
    # sudo: which model a menu opens that the user can go to, from the top down
    for menu in menus.sudo():
        action = menu.action
        if action and action._name in kinds and reached.issuperset(map(int, menu.parent_path.split("/")[:-1])):
            model = env.get(action[kinds[action._name]])
            if model is not None:
                defaults = defaults_in(action.context) if action._name == "ir.actions.act_window" else {}
                given = {name: value for name, value in defaults.items() if is_fixed(model._fields.get(name))}
                found[model._name][menu.complete_name] = given
    return found
