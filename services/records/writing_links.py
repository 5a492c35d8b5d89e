"""Records that values point to: by id, or by name where only one can be meant."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..tools.errors import ToolError
from .names import alike, can_be_searched_by_name, named_like

_MOST_CANDIDATES = 8


class Links:
    """Finds what values of one call point to; each name is looked up once, all ids are looked up together."""

    def __init__(self, gate):
        self.gate = gate
        self._by_name: dict[tuple[str, str], int] = {}
        self._mentioned: dict[str, dict[int, str]] = defaultdict(dict)  # ids by model, and where they occurred

    def one(self, model_name: str, path: str, value: Any) -> int:
        """The id of the record that ``value`` means: an id, ``{"id": …}``, or its name.

        :raises ToolError: no record, or several, of this name; the message lists candidates
        """
        if isinstance(value, dict) and "id" in value:
            value = value["id"]
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            if not 0 < value < 2**31:
                raise ToolError(f"{path}: {value} is no id of a record.")
            self._mentioned[model_name].setdefault(value, path)
            return value
        if not isinstance(value, str) or not value.strip():
            raise ToolError(f"{path}: a record of {model_name} is expected, by id or by name, not {value!r:.100}.")
        key = (model_name, value.strip())
        if key not in self._by_name:
            self._by_name[key] = self._named(model_name, path, key[1])
        return self._by_name[key]

    def check(self) -> None:
        """Look up all ids that were mentioned.

        :raises ToolError: one does not exist, or not for this user
        """
        for model_name, places in self._mentioned.items():
            model = self.gate.model(model_name).with_context(active_test=False)
            missing = places.keys() - set(model.search([("id", "in", list(places))], order="id").ids)
            if missing:
                record_id = min(missing)
                raise ToolError(
                    f"{places[record_id]}: there is no record {record_id} of {model_name}. "
                    f"name_search({model_name!r}, …) finds it, or give its exact name instead of the id."
                )
        self._mentioned.clear()

    def _named(self, model_name: str, path: str, name: str) -> int:
        model = self.gate.model(model_name)
        if not can_be_searched_by_name(model):
            raise ToolError(f"{path}: records of {model_name} have no name to be found by. Give the id.")
        similar = named_like(self.gate, model, name, "ilike", [], _MOST_CANDIDATES)
        exact = [pair for pair in similar if pair[1].strip().lower() == name.lower()]
        if not exact:
            exact = named_like(self.gate, model, name, "=", [], _MOST_CANDIDATES)
        if len(exact) == 1:
            return exact[0][0]
        near = exact or similar or alike(self.gate, model, name)
        candidates = ", ".join(f"{label} (id {record_id})" for record_id, label in near[:6])
        if exact:
            raise ToolError(f"{path}: several records are named {name!r:.100}: {candidates}. Give the id of one.")
        hint = f"Nearest: {candidates}." if near else f"name_search({model_name!r}, …) finds what there is."
        raise ToolError(f"{path}: no {model_name} is named {name!r:.100}. {hint}")
