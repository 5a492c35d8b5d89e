"""Questions to the client, and which of them it declared to answer.

2026-07-28 puts them into a result (:class:`~.messages.InputRequired`), the handshake era sends them
as requests (:class:`~.streaming.ServerRequest`); what may be asked is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import MISSING_CLIENT_CAPABILITY, ProtocolError
from .messages import CallContext, InputRequired

ELICIT = "elicitation/create"
SAMPLE = "sampling/createMessage"
LIST_ROOTS = "roots/list"

_ELICITATION_SINCE = "2025-06-18"
_MODES_SINCE = "2025-11-25"


def missing_capabilities(method: str, params: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    """ClientCapabilities that this question needs and the client did not declare; {} when none.

    :raises ValueError: a client cannot be asked by this method
    """
    return _missing(_needed(method, params), declared)


def check_declared(method: str, params: Mapping[str, Any], context: CallContext) -> None:
    """Let a question to a handshake client pass.

    :raises ProtocolError: -32021, the client did not declare that it can answer this, or it
        declared what its version does not know
    :raises ValueError: a client cannot be asked by this method
    """
    unknown = method == ELICIT and context.protocol_version < _ELICITATION_SINCE
    _refuse(missing_capabilities(method, params, {} if unknown else context.client_capabilities))


def input_required_result(answer: InputRequired, context: CallContext) -> dict[str, Any]:
    """An InputRequiredResult of 2026-07-28.

    :raises ProtocolError: -32021 with all that is missing
    """
    missing: dict[str, Any] = {}
    for question in answer.requests.values():
        lacks = missing_capabilities(question["method"], question.get("params") or {}, context.client_capabilities)
        for name, members in lacks.items():
            missing[name] = {**missing.get(name, {}), **members}
    _refuse(missing)
    result: dict[str, Any] = {"resultType": "input_required"}
    if answer.requests:
        result["inputRequests"] = {
            name: {"method": question["method"], "params": dict(question.get("params") or {})}
            for name, question in answer.requests.items()
        }
    if answer.state is not None:
        result["requestState"] = answer.state
    return result


def params_for(method: str, params: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The params of a question as a handshake version knows them: forms had no mode at first."""
    known = dict(params)
    if method == ELICIT and version < _MODES_SINCE:
        known.pop("mode", None)
    return known


def _needed(method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    if method == LIST_ROOTS:
        return {"roots": {}}
    if method == SAMPLE:
        return {"sampling": {"tools": {}} if "tools" in params or "toolChoice" in params else {}}
    if method == ELICIT:
        return {"elicitation": {params.get("mode", "form"): {}}}
    raise ValueError(f"A client cannot be asked by {method!r}")


def _missing(needed: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    missing: dict[str, Any] = {}
    for name, members in needed.items():
        have = declared.get(name)
        if not isinstance(have, dict):
            missing[name] = members
            continue
        if name == "elicitation" and not have:
            have = {"form": {}}  # 2025-11-25 and 2026-07-28, client/elicitation, Capabilities
        absent = {member: {} for member in members if not isinstance(have.get(member), dict)}
        if absent:
            missing[name] = absent
    return missing


def _refuse(missing: Mapping[str, Any]) -> None:
    if missing:
        raise ProtocolError(
            MISSING_CLIENT_CAPABILITY,
            f"This call must ask you something: declare the capability {' and '.join(missing)}",
            data={"requiredCapabilities": dict(missing)},
        )
