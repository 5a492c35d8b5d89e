"""A wizard: the form that Odoo opens before it finishes an action, filled in as the web client would.

Values are kept as the web client has them: relations with their names, lines by their id. Odoo's ``onchange`` makes the
first ones and says what follows from each value that is set; the record is created when a button is pressed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..records.values import ValueFormatter
from ..records.writing_links import Links
from ..records.writing_scalars import scalar
from ..tools.call import Call
from ..tools.errors import ToolError, UnknownNameError
from . import lines
from .situation import Situation
from .view import Button, buttons_of, fields_of, form_of, hidden_if, texts_of

MOST_CHOICES = 15
_X2MANY = ("one2many", "many2many")
_ONES = {"1": True, "True": True, "true": True}


class Wizard:
    """The form of a transient model.

    :param action: the ``ir.actions.act_window`` that opens it
    :param model: the transient model, empty, in the context of the action
    """

    def __init__(self, call: Call, model, action: Mapping[str, Any]):
        self.call = call
        self.model = model
        self.title = action.get("name") or model._description
        self.arch = form_of(model, _view_id(action))
        self.nodes = {name: node for name, node in fields_of(self.arch).items() if name in model._fields}
        self.buttons = buttons_of(self.arch, model)
        self.record = model.browse(action.get("res_id") or [])
        self.changed: set[str] = set()
        self._spec = {name: lines.spec_of(model, name, node) for name, node in self.nodes.items()}
        self._labels = model.fields_get(list(self.nodes), ["string"])
        self.values: dict[str, Any] = {}
        if self.record:
            row = self.record.web_read(self._spec)[0]
            self.values = {name: lines.from_read(self._field(name), row.get(name)) for name in self.nodes}
        else:
            self.values = {name: lines.empty(self._field(name)) for name in self.nodes}
            self._take(model.onchange({}, [], self._spec))

    def _field(self, name: str):
        return self.model._fields[name]

    def _take(self, answer: Mapping[str, Any]) -> None:
        """Take over what an onchange says."""
        for name, value in (answer.get("value") or {}).items():
            if name in self.nodes:
                self.values[name] = lines.merged(self._field(name), self.values.get(name), value)

    # ------------------------------------------------------------------ what it shows

    @property
    def situation(self) -> Situation:
        plain = {name: lines.plain(self._field(name), value) for name, value in self.values.items()}
        return Situation(self.model, plain, self.record.id, self.model.env.context.get("active_ids") or ())

    def shown(self) -> list[str]:
        """The names of the fields that can be seen now."""
        situation = self.situation
        return [
            name
            for name, node in self.nodes.items()
            if not any(situation.holds(expression) for expression in hidden_if(node))
            and not node.get("name", "").startswith(("message_", "activity_"))
        ]

    def open_buttons(self) -> list[Button]:
        situation = self.situation
        return [button for button in self.buttons if button.shown(situation)]

    @property
    def only_tells(self) -> bool:
        """Whether nothing is left to be done with it: it was filled in before, and shows how it went."""
        if not self.record or any(button.kind == "object" for button in self.open_buttons()):
            return False
        situation = self.situation
        return all(self._is(name, "readonly", situation) for name in self.shown())

    @property
    def text(self) -> str:
        """The words of the form, beside its fields and buttons."""
        return texts_of(self.arch, self.situation)[:1000]

    def describe(self) -> dict[str, Any]:
        """What a client has to know to fill it in."""
        situation = self.situation
        fields = {name: self._described(name, situation) for name in self.shown()}
        answer: dict[str, Any] = {"title": self.title}
        if self.text:
            answer["text"] = self.text
        if fields:
            answer["fields"] = fields
        answer["buttons"] = list(dict.fromkeys(button.label for button in self.open_buttons()))
        return answer

    def _described(self, name: str, situation: Situation) -> dict[str, Any]:
        field, value = self._field(name), self.values.get(name)
        told: dict[str, Any] = {"label": self._labels[name]["string"], "type": field.type}
        shown = lines.shown(field, value, ValueFormatter(self.call.gate, self.model, [], 500))
        if shown not in (None, "", []):
            told["value"] = shown
        if self._is(name, "readonly", situation):
            told["readonly"] = True
            return told
        if self._is(name, "required", situation):
            told["required"] = True
        if field.type == "selection":
            choices = field._description_selection(self.model.env)[:MOST_CHOICES]
            told["choices"] = {str(key): str(label) for key, label in choices}
        elif field.relational:
            told["type"] = f"{field.type} {field.comodel_name}"
        return told

    def _is(self, name: str, quality: str, situation: Situation) -> bool:
        expression = self.nodes[name].get(quality)
        if expression is None:
            return bool(getattr(self._field(name), quality))
        return situation.holds(expression)

    # ------------------------------------------------------------------ filling it in

    def fill(self, values: Mapping[str, Any]) -> None:
        """Set fields, one after the other, as a person would.

        :raises ToolError: a field is not there to be set, or its value is wrong
        """
        links = Links(self.call.gate)
        for key, value in values.items():
            name = self._named(key)
            self._set(name, value, links)
        links.check()

    def _named(self, key: str) -> str:
        situation, shown = self.situation, self.shown()
        for name in shown:
            if str(key).lower() in (name, name.removesuffix("_id"), self._labels[name]["string"].lower()):
                if self._is(name, "readonly", situation):
                    raise ToolError(f"{name!r} of {self.title!r} cannot be changed.")
                return name
        known = [(name, self._labels[name]["string"]) for name in shown]
        raise UnknownNameError(f"Field of {self.title}", key, known, f"It has: {', '.join(shown) or 'none'}.")

    def _set(self, name: str, value: Any, links: Links) -> None:
        field, env = self._field(name), self.model.env
        if field.type == "many2one":
            record_id = False if value in (None, False, "") else links.one(field.comodel_name, name, value)
            display_name = env[field.comodel_name].browse(record_id).display_name if record_id else ""
            self.values[name] = record_id and {"id": record_id, "display_name": display_name}
        elif field.type in _X2MANY:
            self.values[name] = lines.changed(env, field, name, self.values.get(name) or {}, value, links)
        else:
            self.values[name] = scalar(env, field, name, value)
        self.changed.add(name)
        links.check()
        self._take(self.model.onchange(self._written(self.nodes), [name], self._spec))

    def _written(self, names) -> dict[str, Any]:
        return {name: lines.written(self._field(name), self.values.get(name)) for name in names}

    # ------------------------------------------------------------------ pressing a button

    def button(self, wanted: str | None) -> Button:
        """The button called ``wanted``, or the one that everybody would press.

        :raises ToolError: there is no such button, or it is not clear which
        """
        buttons = self.open_buttons()
        if wanted:
            for button in buttons:
                if wanted.strip().lower() in (button.label.lower(), button.name.lower()):
                    return button
            known = [(button.label, button.name) for button in buttons]
            names = ", ".join(button.label for button in buttons)
            raise UnknownNameError(f"Button of {self.title}", wanted, known, f"It has: {names or 'none'}.")
        first = [button for button in buttons if button.is_primary] or buttons
        if len({button.label for button in first}) != 1:
            names = ", ".join(dict.fromkeys(button.label for button in buttons))
            raise ToolError(f"Say which button of {self.title!r} to press: {names or 'there is none'}.")
        return first[0]

    def save(self):
        """The wizard's record with what was filled in.

        :raises ToolError: something that is required is missing
        """
        situation = self.situation
        shown = set(self.shown())
        missing = [
            name
            for name in self.nodes
            if name in shown
            and self._is(name, "required", situation)
            and self._field(name).type not in ("boolean", "integer", "float", "monetary")
            and self.values.get(name) in (None, False, "", {})
        ]
        if missing:
            raise ToolError(f"{self.title!r} needs: {', '.join(missing)}.")
        if self.record:
            self.record.write(self._written(self.changed))
            return self.record
        names = [
            name
            for name, node in self.nodes.items()
            if name != "id" and (node.get("force_save") in _ONES or not self._is(name, "readonly", situation))
        ]
        self.record = self.model.create(self._written(names))
        return self.record


def _view_id(action: Mapping[str, Any]) -> int | bool:
    for view_id, kind in action.get("views") or ():
        if kind == "form":
            return view_id
    view = action.get("view_id")
    return view[0] if isinstance(view, list | tuple) else view or False
