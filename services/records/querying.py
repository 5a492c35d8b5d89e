"""One page of a search, and how many records there are in all, with the rules worked out once."""

from __future__ import annotations

from collections.abc import Sequence

from odoo.models import BaseModel

# Counting stops here: the exact number of a large table costs more than it tells. count_records counts it all.
COUNT_CAP = 300


def find_page(model, conditions: list, names: Sequence[str], order: str | None, offset: int, limit: int):
    """The records of the page with the fields ``names`` fetched, the total, and whether it may be more than that.

    What ``search_fetch`` and ``search_count`` do one after the other, on one query: working out the record rules is a
    third of a search. Models that have their own of either (menus, for example, hide what leads nowhere) keep them.
    """
    if _has_its_own_search(model):
        query = None
        records = model.search_fetch(conditions, names, offset=offset, limit=limit, order=order)
    else:
        model.env["res.company"]._mcp_know_tree(model.env.context["allowed_company_ids"])
        query = model._search(conditions, offset=offset, limit=limit, order=order or model._order)
        fields = model._determine_fields_to_fetch(names)
        records = model.browse() if query.is_empty() else model._fetch_query(query, fields)
    found = len(records)
    if found < limit and (found or not offset):
        return records, offset + found, False
    cap = max(COUNT_CAP, offset + limit + 1)
    if query is None or query._ids is not None:  # ids that are known are those of this page
        total = model.search_count(conditions, limit=cap)
    else:
        query.order, query.offset, query.limit = None, None, cap
        total = len(query)
    return records, total, total >= cap


def _has_its_own_search(model) -> bool:
    return any(getattr(type(model), name) is not getattr(BaseModel, name) for name in ("search_fetch", "search_count"))
