"""One page of a search, and how many records there are in all, with the rules worked out once."""

from __future__ import annotations

from collections.abc import Sequence

# Counting stops here: the exact number of a large table costs more than it tells. count_records counts it all.
COUNT_CAP = 300


def find_page(model, conditions: list, names: Sequence[str], order: str | None, offset: int, limit: int):
    """The records of the page with the fields ``names`` fetched, the total, and whether it may be more than that.

    What ``search_fetch`` and ``search_count`` do one after the other, on one query: working out the record rules is a
    third of a search.
    """
    # Rules on companies ask for their place in the tree: read alone, not with all that there is of a company.
    model.env["res.company"].browse(model.env.context["allowed_company_ids"]).sudo().fetch(["parent_path"])
    query = model._search(conditions, offset=offset, limit=limit, order=order or model._order)
    # Models that filter after searching (messages, for example) hand out ids that they know already.
    known_ids = query._ids is not None
    records = model.browse() if query.is_empty() else model._fetch_query(query, model._determine_fields_to_fetch(names))
    found = len(records)
    if found < limit and (found or not offset):
        return records, offset + found, False
    cap = max(COUNT_CAP, offset + limit + 1)
    if known_ids:
        total = model.search_count(conditions, limit=cap)
    else:
        query.order, query.offset, query.limit = None, None, cap
        total = len(query)
    return records, total, total >= cap
