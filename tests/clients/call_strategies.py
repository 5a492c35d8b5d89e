"""Generated calls of every tool after its own input schema: plausible ones about what there is, and hostile ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hostile_strategies import DRY_RUN, domains, fair_values, one_in
from hypothesis import strategies as st
from known_world import CLOSED, SANDBOX, KnownModel, KnownWorld

NOT_THERE = [0, -1, 2**31 - 1, 2**31]
NOT_IN_A_BATCH = frozenset({"run_batch", "undo_change", "call_tool"})
_OF_THE_WHOLE = (DRY_RUN, "idempotency_key")
_RECORD_TOOLS = frozenset(
    {"create_record", "create_records", "update_record", "update_records", "copy_record", "import_records"}
    | {"delete_record", "delete_records"}
)


@dataclass(frozen=True)
class GeneratedCall:
    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class CallMaker:
    """Makes calls of ``tools`` (as ``tools/list`` tells them) about ``world``.

    :param for_real: calls that change something may really do so; otherwise only those that keep to the sandbox
    """

    tools: Mapping[str, dict]
    world: KnownWorld
    for_real: bool = False

    def calls(self, name: str, within_batch: bool = False) -> st.SearchStrategy[GeneratedCall]:
        """Half of them are right as far as one can know; of the others anything may be wrong."""

        @st.composite
        def strategy(draw: st.DrawFn) -> GeneratedCall:
            schema = self.tools[name]["inputSchema"]
            odd = draw(st.booleans())
            model_name = draw(self._model_names(odd))
            subject = Subject(self, name, model_name, schema.get("$defs", {}), odd, within_batch)
            arguments = {}
            for argument, described in schema.get("properties", {}).items():
                if argument in _OF_THE_WHOLE and within_batch and not odd:
                    continue
                required = argument in schema.get("required", ())
                right = subject.argument(argument, described)
                if right is None and not required:
                    continue
                right = _texts(20) if right is None else right
                if (required or draw(st.booleans())) and not (odd and draw(one_in(12))):
                    arguments[argument] = draw(fair_values if odd and draw(one_in(5)) else right)
            if odd and draw(one_in(12)):
                arguments[draw(_texts(20))] = draw(fair_values)
            if DRY_RUN in schema.get("properties", {}) and not within_batch:
                arguments.pop(DRY_RUN, None)
                if draw(st.booleans()) or not self._may_happen(name, arguments):
                    arguments[DRY_RUN] = True
            return GeneratedCall(name, arguments)

        return strategy()

    def _model_names(self, odd: bool) -> st.SearchStrategy[str]:
        known = sorted(self.world.models)
        usual = ["res.partner", "sale.order"] if "sale.order" in known else ["res.partner"]
        likely = [*[st.sampled_from(known)] * 3, *[st.sampled_from(usual)] * 3, st.just(SANDBOX)]
        return st.one_of(*likely, st.sampled_from(CLOSED)) if odd else st.one_of(*likely)

    def _may_happen(self, name: str, arguments: dict) -> bool:
        if self.for_real:
            return True
        ids = arguments.get("ids", [arguments.get("id", 0)])
        of_sandbox = arguments.get("model") == SANDBOX and name in _RECORD_TOOLS
        return of_sandbox and isinstance(ids, list) and all(one in (*self.world.sandbox_ids, *NOT_THERE) for one in ids)


@dataclass(frozen=True)
class Subject:
    """What one call is about.

    :param odd: values may also be wrong
    """

    maker: CallMaker
    tool: str
    model_name: str
    definitions: Mapping[str, dict]
    odd: bool
    within_batch: bool

    @property
    def model(self) -> KnownModel:
        return self.maker.world.models.get(self.model_name) or KnownModel({"name": ["a"]}, [1])

    def argument(self, name: str, schema: dict) -> st.SearchStrategy | None:
        """What the argument ``name`` may be, by what it is called, else by its schema; None: nothing would be right."""
        model, world = self.model, self.maker.world
        field_names = st.sampled_from(sorted(model.fields))
        rows = st.lists(self._values(), min_size=1, max_size=3)
        directions = st.sampled_from(["", "desc", "asc nulls first"])
        makers: dict[str, Callable[[], st.SearchStrategy]] = {
            "model": lambda: st.just(self.model_name),
            "id": lambda: self._ids(model.ids),
            "ids": lambda: self._several(self._ids(model.ids), 1),
            "fields": lambda: st.lists(field_names, min_size=1, max_size=5),
            "domain": lambda: domains(model.fields, fair_values) if self.odd else st.just([["id", ">", 0]]),
            "order": lambda: st.builds("{} {}".format, field_names, directions),
            "values": self._values,
            "records": lambda: rows,
            "rows": lambda: rows,
            "csv": self._csv,
            "action": lambda: self._one_of(model.actions),
            "wizard": lambda: st.lists(self._wizard_step(), min_size=1, max_size=2),
            "report": lambda: self._one_of(model.reports),
            "template": lambda: self._one_of(self._templates()),
            "type": lambda: self._one_of(["To-Do", "Call", "Meeting", "Email"]),
            "due": lambda: self._one_of(["2026-12-01", "2026-01-31", "2026-02-30", "tomorrow"]),
            "due_until": lambda: self._one_of(["2026-12-01", "0001-01-01"]),
            "file_id": lambda: self._ids(world.ids["file_id"]),
            "file_ids": lambda: self._several(self._ids(world.ids["file_id"]), 0),
            "activity_id": lambda: self._ids(world.ids["activity_id"]),
            "change_id": lambda: self._ids(world.ids["change_id"]),
            "user": lambda: self._one_of(world.users),
            "context": self._context,
            "name": lambda: st.sampled_from(["report.txt", "a", *sorted(self.maker.tools)]),
            "query": lambda: self._one_of(["invoice", "contact", "send mail", "", "%"]),
            "text": lambda: self._one_of(["a", "A longer text."]),
            "content_base64": lambda: self._one_of(["QQ==", "JVBERi0xLjQK", "UEsDBA=="]),
            "steps": self._steps,
        }
        if name in ("to", "mention", "add", "remove", "lists"):
            people = world.models["res.partner"].ids
            return st.lists(self._ids(people) | self._one_of(["g@a.example"]), max_size=2)
        return makers[name]() if name in makers else of_schema(schema, self.definitions, self.odd)

    def _templates(self) -> list[str]:
        """Of any model where the call has none."""
        if self.model.templates or self.tool == "send_email":
            return self.model.templates
        return [name for model in self.maker.world.models.values() for name in model.templates]

    def _ids(self, known: list[int]) -> st.SearchStrategy[int] | None:
        return self._mostly(known, st.sampled_from([*NOT_THERE, 1]))

    @staticmethod
    def _several(one: st.SearchStrategy | None, fewest: int) -> st.SearchStrategy | None:
        return None if one is None else st.lists(one, min_size=fewest, max_size=3)

    def _one_of(self, known: list) -> st.SearchStrategy | None:
        return self._mostly(known, _texts(20))

    def _mostly(self, known: list, wrong: st.SearchStrategy) -> st.SearchStrategy | None:
        if not known:
            return wrong if self.odd else None
        right = st.sampled_from(known)
        return st.one_of(right, right, right, wrong) if self.odd else right

    def _values(self) -> st.SearchStrategy[dict]:
        """Values of some fields; records seldom lack their name."""
        model = self.model

        @st.composite
        def strategy(draw: st.DrawFn) -> dict:
            most = draw(st.sampled_from([1, 3, 5])) if self.odd else draw(st.sampled_from([0, 1]))
            names = draw(st.lists(st.sampled_from(sorted(model.fields)), max_size=most))
            if "name" in model.fields and not (self.odd and draw(one_in(4))):
                names.append("name")
            return {name: draw(self._value(model.fields[name])) for name in names}

        return strategy()

    def _value(self, fitting: list) -> st.SearchStrategy:
        if not self.odd:
            return st.sampled_from(fitting)
        right = st.sampled_from([*fitting, False])
        lines = st.fixed_dictionaries(
            {},
            optional={
                "add": st.lists(st.sampled_from([1, {"name": "x"}, {}]) | right, max_size=2),
                "update": st.lists(st.sampled_from([{"id": 1, "name": "y"}, {"name": "y"}]), max_size=2),
                "remove": st.lists(st.integers(0, 5), max_size=2),
                "set": st.lists(right, max_size=2),
            },
        )
        return st.one_of(right, right, lines, fair_values)

    def _csv(self) -> st.SearchStrategy[str]:
        @st.composite
        def strategy(draw: st.DrawFn) -> str:
            if not self.odd:
                return draw(st.sampled_from(["name\nOne\nTwo", "id,name\n__import__.one,One", "name;id\nOne;"]))
            columns = st.sampled_from([*sorted(self.model.fields), "id", ".id", "parent_id/id"])
            names = ["name", *draw(st.lists(columns, max_size=2))]
            rows = draw(st.lists(st.lists(_texts(10), min_size=1, max_size=4), max_size=3))
            return "\n".join([",".join(names), *(draw(st.sampled_from([",", ";", "\t"])).join(row) for row in rows)])

        return strategy()

    def _wizard_step(self) -> st.SearchStrategy[dict]:
        button = st.sampled_from(["Confirm", "Apply", "Validate", "Create Draft", "OK", ""])
        return st.fixed_dictionaries({}, optional={"values": self._values(), "button": button})

    def _context(self) -> st.SearchStrategy[dict]:
        world = self.maker.world
        right = {
            "lang": self._mostly(world.languages, st.just("xx_XX") | fair_values),
            "tz": self._mostly(["UTC", "Asia/Tokyo"], st.just("Nowhere") | fair_values),
            "active_test": self._mostly([True, False], fair_values),
            "allowed_company_ids": st.lists(self._mostly(world.companies, st.just(999)), min_size=1, max_size=2),
            "bin_size": self._mostly([True, False], fair_values),
            "force_delete": st.booleans(),
        }
        return st.fixed_dictionaries({}, optional=right)

    def _steps(self) -> st.SearchStrategy[list]:
        @st.composite
        def step(draw: st.DrawFn) -> dict:
            names = sorted(self.maker.tools.keys() - ({"call_tool"} if self.odd else NOT_IN_A_BATCH))
            call = draw(self.maker.calls(draw(st.sampled_from(names)), within_batch=True))
            if self.odd and call.arguments and draw(one_in(3)):
                place = draw(st.sampled_from(sorted(call.arguments)))
                call.arguments[place] = draw(st.sampled_from(["$1.id", "$2.ids.0", "$9", "${1.name}", "$1.x.y"]))
            return {"tool": call.tool, "arguments": call.arguments}

        if self.within_batch:
            return st.just([{"tool": "whoami"}])
        return st.lists(step(), min_size=1, max_size=3)


# ---------------------------------------------------------------------- whatever a schema allows


def of_schema(schema: dict, definitions: Mapping[str, dict], odd: bool) -> st.SearchStrategy:
    """Values that fit ``schema``; odd ones may be just outside of its bounds."""
    if "$ref" in schema:
        return of_schema(definitions[schema["$ref"].rpartition("/")[2]], definitions, odd)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of(*(of_schema(branch, definitions, odd) for branch in schema["anyOf"]))
    kind = schema.get("type")
    if kind in ("integer", "number", "boolean", "string"):
        return _scalar(schema, odd)
    if kind == "array":
        return st.lists(of_schema(schema.get("items") or {}, definitions, odd), max_size=5)
    if kind == "object" and schema.get("properties"):
        inner = {name: of_schema(part, definitions, odd) for name, part in schema["properties"].items()}
        required = {name: inner.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional=inner)
    if kind == "object":
        return st.dictionaries(_texts(10), fair_values, max_size=3)
    return fair_values


def _scalar(schema: dict, odd: bool) -> st.SearchStrategy:
    if schema["type"] == "integer":
        return st.integers(schema.get("minimum", -(2**31)) - odd, schema.get("maximum", 2**31) + odd)
    if schema["type"] == "number":
        return st.floats(allow_nan=False, allow_infinity=False)
    if schema["type"] == "boolean":
        return st.booleans()
    longest = min(schema.get("maxLength", 100), 300)
    return _texts(longest + 1) if odd else st.text("abc xyz", min_size=1, max_size=longest)


def _texts(longest: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=longest)
