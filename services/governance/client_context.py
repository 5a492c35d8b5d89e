"""What a client may say of the context of its call. In Odoo a context is an authority: ``force_delete`` deletes posted
invoices. So there is a list of five keys, and everything else is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from ..identity.caller import Caller
from ..tools.errors import RefusedError, ToolError

ALLOWED_KEYS = ("lang", "tz", "active_test", "allowed_company_ids", "bin_size")


def left_out(context: Any) -> list[str]:
    """The keys of ``context`` that have no effect, for the audit log."""
    return sorted(str(key) for key in context if key not in ALLOWED_KEYS) if isinstance(context, Mapping) else []


def checked_context(env, caller: Caller, context: Any) -> dict[str, Any]:
    """The part of ``context`` that counts.

    :raises ToolError: a value is not of its kind
    :raises RefusedError: a company that this connection does not work for
    """
    if not context:
        return {}
    if not isinstance(context, Mapping):
        raise ToolError(f"context is an object with any of {', '.join(ALLOWED_KEYS)}, not {context!r:.100}.")
    return {key: _CHECKS[key](env, caller, context[key]) for key in ALLOWED_KEYS if key in context}


def _lang(env, _caller, value: Any) -> str:
    # sudo: which languages there are is no secret
    codes = [code for code, _name in env["res.lang"].sudo().get_installed()]
    if value not in codes:
        raise ToolError(f"context.lang: {value!r:.50} is not active here. There are: {', '.join(codes)}.")
    return value


def _tz(_env, _caller, value: Any) -> str:
    if not isinstance(value, str) or value not in available_timezones():
        raise ToolError(f"context.tz: {value!r:.50} is no time zone such as 'Europe/Brussels'.")
    return value


def _boolean(_env, _caller, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ToolError(f"context: {value!r:.50} should be true or false.")
    return value


def _companies(_env, caller: Caller, value: Any) -> list[int]:
    wanted = value if isinstance(value, list) else [value]
    if not wanted or not all(type(item) is int for item in wanted):
        raise ToolError(f"context.allowed_company_ids is a list of company ids, not {value!r:.100}.")
    if not set(wanted) <= set(caller.company_ids):
        raise RefusedError("context.allowed_company_ids: whoami lists the companies this connection works for.")
    return list(dict.fromkeys(wanted))


_CHECKS = {
    "lang": _lang,
    "tz": _tz,
    "active_test": _boolean,
    "allowed_company_ids": _companies,
    "bin_size": _boolean,
}
