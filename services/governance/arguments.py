"""What every tool that changes something takes besides: ``dry_run``, ``idempotency_key`` and ``context``.

No Odoo import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError, WithJsonSchema

from ..tools.errors import ToolError
from ..tools.json_text import from_json_text

LONGEST_KEY = 200
# The bounds are checked, and left out of the schemas: every tool that changes something would repeat them.
_Key = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_KEY), WithJsonSchema({"type": "string"})]
_key = TypeAdapter(_Key)

# The language, time zone, companies … of one call; what it may say is checked by :mod:`.client_context`.
Context = Annotated[
    dict[str, Any], BeforeValidator(from_json_text), Field(max_length=50), WithJsonSchema({"type": "object"})
]

# As pydantic's create_model wants them. They are explained once, in the server's instructions.
FIELDS: dict[str, Any] = {
    "dry_run": (bool, False),
    "idempotency_key": (_Key | None, None),
    "context": (Context | None, None),
}
# Of these, what is said of a call as a whole: of its parts only the context may be another.
OF_THE_WHOLE = frozenset({"dry_run", "idempotency_key"})
_META_KEYS = ("idempotency_key", "idempotencyKey")


@dataclass(frozen=True, slots=True)
class Governance:
    """How a call wants to be carried out."""

    dry_run: bool = False
    idempotency_key: str | None = None


def from_meta(meta: Mapping[str, Any]) -> str | None:
    """The idempotency key of a request's ``_meta``, also with a prefix: ``example.com/idempotency_key``.

    :raises ToolError: it is no text of 1 to 200 characters
    """
    for name, value in meta.items():
        if name.rpartition("/")[2] in _META_KEYS:
            try:
                return _key.validate_python(value, strict=True)
            except ValidationError:
                raise ToolError(f"_meta.{name}: a text of 1 to {LONGEST_KEY} characters is expected.") from None
    return None
