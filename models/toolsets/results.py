"""The shapes of results. Keys that say nothing (null, empty) are left out, so few are required."""

from typing import Any, Literal

from typing_extensions import NotRequired, TypedDict


class Reference(TypedDict):
    id: int
    name: str


class ModelRow(TypedDict):
    model: str
    name: str
    menu: NotRequired[str]
    new_records: NotRequired[dict[str, Any]]  # what they are given under this menu


class ModelList(TypedDict):
    models: list[ModelRow]
    shown: str
    hint: NotRequired[str]


class ModelDescription(TypedDict):
    """``fields``: by name, "type [model or choices][, required]: Label"."""

    model: str
    name: str
    may: list[str]
    fields: dict[str, str]
    other_fields: NotRequired[str]
    hint: NotRequired[str]


class AccessExplanation(TypedDict):
    # records and fields: by id or name, "allowed" or why not

    model: str
    operation: str
    allowed: bool
    because: NotRequired[list[str]]
    which_records: NotRequired[str]
    records: NotRequired[dict[str, str]]
    fields: NotRequired[dict[str, str]]


class WhoAmI(TypedDict):
    user: dict[str, Any]
    company: dict[str, Any]
    companies: list[Reference]
    language: str
    time_zone: str
    now: str
    administrator: bool
    connection: str
    scope: str
    models: NotRequired[list[str]]
    limits: dict[str, int]
    apps: list[str]


class ServerInformation(TypedDict):
    odoo_version: str
    edition: str
    mcp_server_version: str
    protocol_versions: list[str]
    apps: dict[str, str]
    languages: list[str]


class SearchResult(TypedDict):
    """``shown``: "1-20 of 153"; ``next_cursor`` is there while there is more."""

    model: str
    records: list[dict[str, Any]]
    shown: str
    next_cursor: NotRequired[str]
    notes: NotRequired[list[str]]


class ReadResult(TypedDict):
    model: str
    records: list[dict[str, Any]]
    missing: NotRequired[list[int]]
    notes: NotRequired[list[str]]


class CountResult(TypedDict):
    model: str
    count: int


class NameMatches(TypedDict):
    model: str
    matches: list[Reference]


class Duplicates(TypedDict):
    # groups: {"same": [fields], "records": [{"id", "name", …}], "more_ids"?}, the likeliest first
    model: str
    groups: list[dict[str, Any]]
    shown: str
    notes: NotRequired[list[str]]


class Written(TypedDict):
    # there is no change_id when nothing has changed, or of a dry run

    model: str
    id: int
    name: str
    change_id: NotRequired[int]


class WrittenRecords(TypedDict):
    model: str
    ids: list[int]
    names: NotRequired[list[str]]
    change_id: NotRequired[int]


class ApprovalResult(TypedDict):
    approval_id: str
    status: Literal["pending", "approved", "failed", "rejected", "expired", "outdated", "cancelled"]
    what: str
    approver: str
    expires_at: str
    outcome: NotRequired[str]
    decided_by: NotRequired[str]
    result: NotRequired[Any]
    change_id: NotRequired[int]
    resource: NotRequired[str]


class ApprovalList(TypedDict):
    approvals: list[ApprovalResult]
    more: bool


class ChangeList(TypedDict):
    changes: list[dict[str, Any]]


class Undone(TypedDict):
    undone: int
    what: str
    notes: NotRequired[list[str]]  # what did not come back
    change_id: NotRequired[int]


class BatchResult(TypedDict):
    results: list[dict[str, Any]]
    change_id: NotRequired[int]


class Preview(TypedDict):
    # values: those given, as Odoo takes them; filled_in: defaults and what follows
    model: str
    values: dict[str, Any]
    filled_in: dict[str, Any]
    required_missing: NotRequired[dict[str, str]]
    warnings: NotRequired[list[str]]
    maybe_there_already: NotRequired[list[Reference]]


class Imported(TypedDict):
    model: str
    imported: int
    ids: list[int]
    skipped: NotRequired[dict[str, str]]  # why, by row
    change_id: NotRequired[int]
