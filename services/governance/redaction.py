"""Taking secrets and personal numbers out of what the audit log keeps of a message. No Odoo.

Works on JSON and on JSON inside of strings. When in doubt something is taken out: a log that lacks a number is better
than one that leaks it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from . import personal_numbers
from .secrets import is_secret_field

SECRET = "[secret]"
# What is kept of one message, and what is looked at for it; both in characters.
MOST_KEPT = 32_768
_MOST_READ = 2 * MOST_KEPT
_DEEPEST = 40

_WORD_BORDERS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_SECRET_KEYS = frozenset(
    """
    authorization cookie set_cookie private_key client_secret access_key secret_key api_key apikey auth
    session_id sid csrf signature sig credentials bearer jwt refresh code_verifier code_challenge
    state_token request_state smtp_pass
    """.split()  # noqa: SIM905
)
_PERSONAL_KEYS = frozenset(
    """
    ssn ssnid sin sinid bsn nin national_id national_number identification_id passport passport_id
    passport_number tax_id_number social_security_number iban acc_number card_number cardnumber pan
    account_number
    """.split()  # noqa: SIM905
)
_SECRETS = re.compile(
    r"""
    (?P<scheme>\bbearer\s+)[A-Za-z0-9+/=_.~-]{8,}
  | (?P<other>\b(?:basic|digest|negotiate|token)\s+)(?=\S*(?:[\d=_]|(?-i:[a-z][A-Z])))[A-Za-z0-9+/=_.~-]{8,}
  | \beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*                    # JWT
  | \bmcp[acrs]?_[A-Za-z0-9_-]{16,}                                              # our own keys, tokens and codes
  | (?P<link>/odoo/mcp/file/)[A-Za-z0-9_-]{16,}                                  # our own links to files
  | \b(?:sk|pk|rk|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abprs]|npm|whsec|shpat)[-_][A-Za-z0-9_-]{10,}
  | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b | \bAIza[A-Za-z0-9_-]{30,}
  | \b[0-9a-f]{40}\b | \b[0-9a-f]{64}\b                                          # Odoo's API keys; SHA-256 of something
  | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*?(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----|\Z)
  | (?P<url>\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@"']{0,100}:)[^\s/@"']{1,200}(?=@)
  | (?P<named>\b[\w-]{0,30}(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key)[\w-]{0,20}
      ["']?\s{0,3}(?:=|:|\bis\b)\s{0,3}["']?)[^\s"'&,;<>]{3,500}
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def payload(value: Any, personal: bool) -> str | None:
    """``value`` as JSON fit for the log: redacted, and at most :data:`MOST_KEPT` characters; None for nothing.

    :param personal: also take out numbers of cards, accounts and persons
    """
    if value is None:
        return None
    budget = [_MOST_READ]
    text = json.dumps(_walk(value, personal, budget, 0), ensure_ascii=False, separators=(",", ":"), default=str)
    text = text.encode("utf-8", "replace").decode()
    if len(text) > MOST_KEPT:
        return f"{text[:MOST_KEPT]}… ({len(text) - MOST_KEPT:,} more characters)"
    return text


def line(text: str) -> str:
    """A short text of the log, such as an error, without secrets and personal numbers."""
    return _text(text[:4000], True)


def is_secret_key(key: str) -> bool:
    """Whether what is called ``key`` (``accessToken``, ``X-Api-Key``, ``new_password``) is a secret."""
    name = _snake(key)
    return name.removeprefix("x_") in _SECRET_KEYS or is_secret_field(name)


def _snake(key: str) -> str:
    return _WORD_BORDERS.sub("_", key).strip("_").lower()


def _is_withheld(key: Any, personal: bool) -> bool:
    return isinstance(key, str) and (is_secret_key(key) or (personal and _snake(key) in _PERSONAL_KEYS))


def _walk(value: Any, personal: bool, budget: list[int], depth: int) -> Any:
    if depth > _DEEPEST or budget[0] <= 0:
        return "…"
    if isinstance(value, str):
        return _string(value, personal, budget, depth)
    if value is None:
        return None
    if isinstance(value, int | float):
        return _number(value, personal, budget)
    if isinstance(value, Mapping):
        return _mapping(value, personal, budget, depth)
    if isinstance(value, Sequence):
        return _sequence(value, personal, budget, depth)
    return _string(str(value), personal, budget, depth)


def _mapping(value: Mapping, personal: bool, budget: list[int], depth: int) -> dict:
    withheld_columns = _withheld_columns(value, personal)
    result = {}
    for key, item in value.items():
        name = str(key)
        budget[0] -= len(name)
        if _is_withheld(name, personal) and item not in (None, False, True, ""):
            result[name] = SECRET
            continue
        if isinstance(item, list | tuple):
            item = [_without(row, withheld_columns) for row in item]
        result[_text(name, personal)] = _walk(item, personal, budget, depth + 1)
    return result


def _withheld_columns(value: Mapping, personal: bool) -> set[int]:
    """Places of a table's secret columns: ``{"fields": ["login", "password"], "rows": [["a", "b"]]}``."""
    for header in ("fields", "columns", "header"):
        names = value.get(header)
        if isinstance(names, list | tuple):
            return {place for place, name in enumerate(names) if _is_withheld(name, personal)}
    return set()


def _without(row: Any, places: set[int]) -> Any:
    if not isinstance(row, list | tuple):
        return row
    return [SECRET if place in places else item for place, item in enumerate(row)]


def _sequence(value: Sequence, personal: bool, budget: list[int], depth: int) -> list:
    # a leaf of a domain, or a pair of name and value: ["password", "=", "hunter2"]
    if 2 <= len(value) <= 3 and isinstance(value[0], str) and _is_withheld(value[0].rpartition(".")[2], personal):
        return [*value[:-1], SECRET]
    result = []
    for item in value:
        if budget[0] <= 0:
            result.append("…")
            break
        result.append(_walk(item, personal, budget, depth + 1))
    return result


def _string(value: str, personal: bool, budget: list[int], depth: int) -> str:
    if len(value) > budget[0]:
        value = value[: budget[0]] + "…"
    budget[0] -= len(value) + 1
    if value.lstrip()[:1] in ("{", "["):
        inner = _as_json(value)
        if inner is not None:
            inner_budget = [_MOST_READ]
            return json.dumps(_walk(inner, personal, inner_budget, depth + 1), ensure_ascii=False, default=str)
    return _text(value, personal)


def _as_json(value: str) -> Any | None:
    """What ``value`` says as JSON, None when it is none."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _number(value: float, personal: bool, budget: list[int]) -> Any:
    text = str(value)
    budget[0] -= len(text)
    if personal and personal_numbers.redact(text) != text:
        return personal_numbers.MARK
    return value


def _text(value: str, personal: bool) -> str:
    value = _SECRETS.sub(_hide, value)
    return personal_numbers.redact(value) if personal else value


def _hide(match: re.Match) -> str:
    kept = match["scheme"] or match["other"] or match["link"] or match["url"] or match["named"] or ""
    return kept + SECRET
