"""What a person could click on a record now: buttons of its form and its list, entries of the *Action* menu, stages."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from ..governance.rights import held_by
from ..records.finding import find_one
from ..records.names import name_of
from ..tools.call import Call
from ..tools.errors import RefusedError, ToolError, UnknownNameError
from .lists import ListButton, list_buttons
from .situation import Situation, situation_of
from .view import Button, Stages, buttons_of, form_of, groups_of_button, stages_of

_logger = logging.getLogger(__name__)
MOST_STAGES = 30


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An action of the *Action* or *Print* menu that is no report."""

    id: int
    label: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a status bar that can be clicked."""

    field: str
    value: Any
    label: str


@dataclass(slots=True)
class Offers:
    """What can be clicked on one record, and what its form has beyond that."""

    record: Any
    situation: Situation
    buttons: list[Button] = field(default_factory=list)
    hidden: list[Button] = field(default_factory=list)
    menu: list[MenuEntry] = field(default_factory=list)
    lists: list[ListButton] = field(default_factory=list)
    stages: list[tuple[Stages, Any, list[Stage]]] = field(default_factory=list)  # with the present label

    def all(self) -> list[tuple[str, Any]]:
        """Everything, by label; buttons before the menu before lists' buttons before the stages."""
        offers = [(button.label, button) for button in self.buttons]
        offers += [(entry.label, entry) for entry in (*self.menu, *self.lists)]
        return offers + [(stage.label, stage) for _bar, _now, stages in self.stages for stage in stages]


def list_actions(call: Call, model_name: str, record_id: int) -> dict[str, Any]:
    """The labels of what can be clicked; see ``ActionList`` for the shape."""
    offers = offers_of(find_one(call, model_name, record_id))
    answer: dict[str, Any] = {"name": name_of(offers.record)}
    if offers.stages:
        answer["state"] = {bar.field: now for bar, now, _stages in offers.stages}
    labels = [(button.is_view, _line(button, offers.buttons)) for button in offers.buttons]
    shown = {button.label for button in offers.buttons}
    for key, lines in (
        ("buttons", [line for is_view, line in labels if not is_view]),
        ("menu", [entry.label for entry in (*offers.menu, *offers.lists) if entry.label not in shown]),
        ("stages", [stage.label for _bar, _now, stages in offers.stages for stage in stages]),
        ("views", [line for is_view, line in labels if is_view]),
    ):
        if lines:
            answer[key] = list(dict.fromkeys(lines))
    return answer


def _line(button: Button, buttons: list[Button]) -> str:
    """The label, with the technical name where another button is called the same, and the question it asks."""
    same = {other.name for other in buttons if other.label == button.label}
    line = button.label if len(same) == 1 else f"{button.label} ({button.name})"
    return f"{line} – asks: {button.asks}" if button.asks else line


def offers_of(record) -> Offers:
    """What the user of the environment can click on ``record``."""
    arch = form_of(record.browse())
    buttons, bars = buttons_of(arch, record), stages_of(arch, record)
    lists = list_buttons(record.browse())
    expressions = [expression for one in (*buttons, *bars, *lists) for expression in one.hidden_if]
    situation = situation_of(record, [*expressions, *(bar.domain for bar in bars)])
    offers = Offers(record, situation)
    for button in buttons:
        (offers.buttons if button.shown(situation) else offers.hidden).append(button)
    offers.menu = _menu(record)
    # what the form has as well is decided there, where it follows the state of the record
    decided = {button.name for button in buttons} | {str(entry.id) for entry in offers.menu}
    offers.lists = [button for button in lists if button.name not in decided and button.shown(situation)]
    for bar in bars:
        if not any(situation.holds(expression) for expression in bar.hidden_if):
            offers.stages.append((bar, *_stages(record, bar, situation)))
    return offers


def _menu(record) -> list[MenuEntry]:
    bindings = record.env["ir.actions.actions"].get_bindings(record._name)
    # the *Print* menu also has actions that ask for a format first; reports themselves are another tool's
    rows = [*bindings.get("action", ()), *bindings.get("report", ())]
    # sudo: which of them are reports
    reports = record.env["ir.actions.report"].sudo().browse(row["id"] for row in rows).exists()
    # the domain of a window says what it shows, not when it is offered: only reports have one for that
    return [MenuEntry(row["id"], row["name"]) for row in rows if row["id"] not in reports.ids]


def _stages(record, bar: Stages, situation: Situation) -> tuple[Any, list[Stage]]:
    field = record._fields[bar.field]
    now = record[bar.field]
    if field.type == "selection":
        choices = field._description_selection(record.env)
        now = dict(choices).get(now, now)
    elif field.type == "many2one":
        comodel = record.env[field.comodel_name]
        now = name_of(now) if now else ""
        choices = []
        if bar.clickable and comodel.has_access("read"):
            try:
                found = comodel.search(situation.evaluate(bar.domain), limit=MOST_STAGES)
            except ValueError as error:
                _logger.info("The stages of %s cannot be told: %s", record, error)
                found = comodel
            choices = [(stage.id, stage.display_name) for stage in found]
    else:
        choices = []
    current = record[bar.field].id if field.relational else record[bar.field]
    stages = [Stage(bar.field, value, str(label)) for value, label in choices if value != current]
    return now or "", stages if bar.clickable else []


def chosen(offers: Offers, wanted: str) -> Button | MenuEntry | Stage:
    """The offer that is called ``wanted``: by its label or its technical name.

    :raises ToolError: there is none now, or more than one; the message lists what there is
    """
    key = " ".join(wanted.lower().split())
    found = [offer for label, offer in offers.all() if label.lower() == key]
    found = [offer for offer in found if type(offer) is type(found[0])]  # a button before an entry of the menu
    found = found or [offer for _label, offer in offers.all() if _technical(offer) == key]
    if not found and key.endswith(")"):  # "Confirm (action_confirm)", as list_actions tells two of one label apart
        found = [offer for _label, offer in offers.all() if _technical(offer) == key.rpartition("(")[2][:-1]]
    if found:
        if len({_technical(offer) for offer in found}) > 1:
            names = ", ".join(sorted({_technical(offer) for offer in found}))
            raise ToolError(f"{wanted!r:.100} may mean several things here: {names}. Say which.")
        return found[0]
    name = name_of(offers.record)
    available = list(dict.fromkeys(label for label, _offer in offers.all()))
    if any(key in (button.label.lower(), button.name.lower()) for button in offers.hidden):
        raise ToolError(
            f"{wanted!r:.100} cannot be clicked on {name} in its present state. "
            f"There is now: {', '.join(available) or 'nothing'}."
        )
    if names := groups_missing(offers.record, key):
        raise RefusedError(
            f"{wanted!r:.100} on {name} is a button for others: {offers.record.env.user.name} lacks the right in Odoo. "
            f"{held_by(names)}."
        )
    known = [(label, _technical(offer)) for label, offer in offers.all()]
    raise UnknownNameError(f"Action on {name}", wanted, known, f"There is now: {', '.join(available) or 'nothing'}.")


def groups_missing(record, wanted: str) -> list[str]:
    """The groups of which the user would have to be in one to see the button ``wanted`` on the form of ``record``."""
    user = record.env.user
    for expression in groups_of_button(record.browse(), wanted):
        if not user.has_groups(expression):
            ids = [one.strip() for one in expression.split(",") if not one.strip().startswith("!")]
            # sudo: names of groups, which Odoo's own refusals tell as well
            groups = [record.env.ref(one, raise_if_not_found=False) for one in ids]
            return [group.sudo().full_name for group in groups if group]
    return []


def _technical(offer: Button | MenuEntry | Stage) -> str:
    if isinstance(offer, Button):
        return offer.name.lower()
    return str(offer.id) if isinstance(offer, MenuEntry) else f"{offer.field}={offer.value}".lower()
