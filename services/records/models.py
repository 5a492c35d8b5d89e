"""Which models there are, for somebody who knows them by what people call them."""

from __future__ import annotations

from ..text.nearest import nearest
from ..tools.call import Call


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
    found = _matching(known, query) if query else [pair for pair in known if pair[0] in _models_with_menu(gate.env)]
    call.facts.rows = len(found[:limit])
    answer = {
        "models": [{"model": model, "name": name} for model, name in found[:limit]],
        "shown": f"{len(found[:limit])} of {len(found)}",
    }
    if query and not found:
        near = nearest(query, known)
        answer["hint"] = f"Nothing matches {query[:100]!r}." + (f" Nearest: {', '.join(near)}." if near else "")
    elif not query:
        answer["hint"] = f"These have a menu of their own. A query finds any of the {len(known)} that you may read."
    return answer


def _matching(known: list[tuple[str, str]], query: str) -> list[tuple[str, str]]:
    """Those in which every word of ``query`` occurs; whole names first, then short ones."""
    words = query.lower().split()
    found = [(model, name) for model, name in known if all(word in f"{model} {name}".lower() for word in words)]
    return sorted(found, key=lambda pair: (query.lower() not in (pair[0], pair[1].lower()), len(pair[0]), pair[0]))


def _models_with_menu(env) -> set[str]:
    """The models that the user's menus open, those of the *Settings* app left out."""
    settings = env.ref("base.menu_administration", raise_if_not_found=False)
    technical = f"{settings.id}/" if settings else "-"
    menus = env["ir.ui.menu"].search([("action", "=like", "ir.actions.act_window,%")])
    # sudo: which model a visible menu opens
    business = menus.sudo().filtered(lambda menu: not (menu.parent_path or "").startswith(technical))
    return {menu.action.res_model for menu in business if menu.action}
