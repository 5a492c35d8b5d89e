"""Clicking: what :mod:`.offers` found, through the wizards that Odoo opens, to what comes of it.

A wizard that is not filled in yet ends the call with its fields, and everything is taken back: nothing has happened
until the last one is finished. So a call is repeated with what to fill in, and starts from the beginning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from ...compat import press
from ..governance import recording as recordings
from ..governance import rights
from ..governance.atomic import atomic
from ..governance.protected import is_never_written
from ..governance.secrets import WITHHELD_MODELS
from ..records.finding import find
from ..tools.call import Call
from ..tools.errors import RefusedError, ToolError
from . import outcome
from .offers import Button, Stage, chosen, offers_of
from .situation import Situation, situation_of
from .wizard import Wizard

MOST_STEPS = 6
MOST_ACTIONS = 10
_EXTERNAL_IDS = "ir.model.data"
_HARMLESS = ("mail.", "bus.", "sms.", "snailmail.", "res.users.settings", "res.users.log")


class _UnfinishedError(Exception):
    """A wizard has to be filled in; raised to take everything back."""

    def __init__(self, answer: dict[str, Any]):
        super().__init__("unfinished")
        self.answer = answer


def run_action(
    call: Call, model_name: str, ids: Sequence[int], wanted: str, steps: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Click ``wanted`` on records, and fill in the wizards that come of it.

    :param steps: for each wizard ``{"values": {…}, "button": label}``; both may be left out
    """
    records = find(call, model_name, ids, "write")
    try:
        with atomic(call.gate.env):
            recording = recordings.current(call.gate.env.cr)
            before = set(recording.order)
            answer = Run(call, records, steps).click(wanted)
            call.gate.env.flush_all()
            touched = recording.order.keys() - before
            _check_touched(call.gate.env, wanted, touched)
            if not touched and answer.keys() <= {"done", "records"}:
                answer["note"] = "Odoo changed nothing."
            return answer
    except _UnfinishedError as unfinished:
        return unfinished.answer


def _check_touched(env, wanted: str, touched: Set[tuple[str, int]]) -> None:
    """Some wizards give rights or change how Odoo works; what no AI writes, it does not have written either.

    Messages and the like are left out: posting them is what many actions are for. So are a user's preferences. An
    external id counts as what it names, because merging and deleting records takes theirs along.
    """
    ids = [number for model, number in touched if model == _EXTERNAL_IDS]
    # sudo: ordinary users cannot read external ids; only names of models are told
    models = set(env[_EXTERNAL_IDS].sudo().browse(ids).exists().mapped("model"))
    models |= {model for model, _id in touched if model != _EXTERNAL_IDS}
    refused = sorted(name for name in models if is_never_written(name) and not name.startswith(_HARMLESS))
    if refused:
        raise RefusedError(
            f"{wanted!r} changes {', '.join(refused)}, which no AI changes through MCP. A person has to do it in Odoo."
        )


class Run:
    """One click and its consequences."""

    def __init__(self, call: Call, records, steps: Sequence[Mapping[str, Any]]):
        self.call = call
        self.env = call.gate.env
        self.records = records
        self.steps = list(steps)
        self.used = 0
        self.actions = 0

    def click(self, wanted: str) -> dict[str, Any]:
        offers = [offers_of(record) for record in self.records]
        choices = [chosen(one, wanted) for one in offers]
        offer = choices[0]
        if isinstance(offer, Stage):
            for record, stage in zip(self.records, choices, strict=True):
                record.write({stage.field: stage.value})
            result: dict[str, Any] = {}
        elif isinstance(offer, Button):
            result = self._press(offer, self.records, situation_of(self.records[0], [offer.context]))
        else:
            result = self._open(self._loaded(offer.id), self.records)
        if self.used < len(self.steps):
            raise ToolError(
                f"{wanted!r} opened {self.used} wizards, not {len(self.steps)}. Nothing was done: call again with "
                f"{'no wizard' if not self.used else f'{self.used} of them'}."
            )
        return {"done": offer.label, "records": outcome.states(self.records), **result}

    # ------------------------------------------------------------------ buttons and actions

    def _press(self, button: Button, records, situation: Situation) -> dict[str, Any]:
        context = situation.evaluate(button.context)
        if button.kind == "action":
            action_id = int(button.name) if button.name.isdecimal() else self.env.ref(button.name).id
            return self._open(self._loaded(action_id), records, context)
        try:
            answer = press(records.with_context(**context), button.name)
        except ValueError as error:
            if len(records) > 1 and str(error).startswith("Expected singleton"):
                raise ToolError(f"{button.label!r} is for one record at a time. Call it for each of them.") from None
            raise
        return self._open(answer, records)

    def _loaded(self, action_id: int) -> dict[str, Any]:
        """The action of this id, which the user's form or menu has shown, as the web client loads it."""
        # sudo: only administrators may read actions; who is shown one may open it
        kind = self.env["ir.actions.actions"].sudo().browse(action_id).type
        if kind == "ir.actions.server":
            return {"type": kind, "id": action_id}
        return self.env[kind].sudo().browse(action_id)._get_action_dict()

    def _open(self, action: Any, records, context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the web client would do with ``action``, an answer of Odoo."""
        self.actions += 1
        if self.actions > MOST_ACTIONS:
            raise ToolError("One action opens the next without end.")
        if not isinstance(action, Mapping) or not action.get("type"):
            return {}
        kind = action["type"]
        if kind == "ir.actions.server":
            return self._open(self._served(action, records), records)
        if kind == "ir.actions.act_window" and self._is_wizard(action):
            return self._step(action, records, context or {})
        if kind == "ir.actions.act_window":
            return outcome.window(self.call, action, self._action_context(action, records, context or {}))
        if kind == "ir.actions.report":
            return outcome.report(self.call, action, records)
        if kind == "ir.actions.client":
            result = outcome.message(action)
            following = (action.get("params") or {}).get("next")
            return result | self._open(following, records) if following else result
        if kind == "ir.actions.act_url":
            return {"url": outcome.address(self.env, action)}
        return {}

    def _served(self, action: Mapping[str, Any], records) -> Any:
        server = self.env["ir.actions.server"].sudo(False).browse(action["id"])
        context = {"active_model": records._name, "active_ids": records.ids, "active_id": records.ids[0]}
        # sudo: as Odoo's own route does, run() itself checks groups and access
        return server.sudo().with_context(**context).run()

    def _is_wizard(self, action: Mapping[str, Any]) -> bool:
        model = self.env.registry.get(action.get("res_model") or "")
        return model is not None and model._transient and action.get("target") == "new"

    def _action_context(self, action: Mapping[str, Any], records, more: Mapping[str, Any]) -> dict[str, Any]:
        given = action.get("context") or {}
        if isinstance(given, str):
            given = Situation(records, {}, records.ids[0], records.ids).evaluate(given)
        own = {"active_model": records._name, "active_ids": records.ids, "active_id": records.ids[0]}
        return {**own, **more, **given}

    # ------------------------------------------------------------------ wizards

    def _step(self, action: Mapping[str, Any], records, more: Mapping[str, Any]) -> dict[str, Any]:
        name = action["res_model"]
        title = repr(action.get("name") or name)
        if name in WITHHELD_MODELS:
            raise RefusedError(f"The wizard {title} is not open to AI tools. A person has to do this in Odoo.")
        if not self.env[name].has_access("create"):
            reason = rights.lacking(self.env[name], "create")
            raise RefusedError(f"You may not go on with the wizard {title}: {reason}.")
        context = {**self.env.context, **self._action_context(action, records, more)}
        wizard = Wizard(self.call, self.env[name].with_context(context), action)  # pylint: disable=context-overridden
        if wizard.only_tells:
            return {"message": wizard.text} if wizard.text else {}
        if self.used >= len(self.steps):
            raise _UnfinishedError(self._ask(wizard))
        step = self.steps[self.used]
        self.used += 1
        if self.used > MOST_STEPS:
            raise ToolError(f"More than {MOST_STEPS} wizards in a row.")
        wizard.fill(step.get("values") or {})
        button = wizard.button(step.get("button"))
        record = wizard.save()
        return self._press(button, record.with_context(context), wizard.situation)  # pylint: disable=context-overridden

    def _ask(self, wizard: Wizard) -> dict[str, Any]:
        """The answer that has a wizard filled in."""
        number = "" if not self.steps else f" after the {len(self.steps)} that you gave"
        return {
            "wizard": wizard.describe(),
            "hint": f"Nothing is done yet. Repeat the call with one more entry in wizard{number}: "
            '{"values": {…}, "button": …}; values that are right already can be left out.',
        }
