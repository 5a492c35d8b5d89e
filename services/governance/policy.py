"""What an administrator allows one connection, on top of the rights of its user. Plain values, no Odoo import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from types import MappingProxyType
from typing import Any

from ..tools.selection import FIND_TOOLS
from .protected import is_never_written, is_protected

READ_ONLY, READ_WRITE, ADMIN = "read_only", "read_write", "admin"
OPERATIONS = ("read", "create", "write", "unlink")

# Which risks of tools a scope covers.
_RISKS = {
    READ_ONLY: frozenset({"read"}),
    READ_WRITE: frozenset({"read", "write", "destructive"}),
    ADMIN: frozenset({"read", "write", "destructive", "admin"}),
}

Network = IPv4Network | IPv6Network

# What :func:`policy_of` and :func:`why_not_address` want to know of the row ``connection`` of an SQL statement.
POLICY_COLUMNS = """
    connection.scope, connection.model_limit, connection.allowed_ips, connection.blocked_ips,
    CASE WHEN connection.limit_tools THEN ARRAY(
        SELECT tool.name FROM mcp_connection_tool_rel chosen JOIN mcp_tool tool ON tool.id = chosen.mcp_tool_id
         WHERE chosen.mcp_connection_id = connection.id
    ) END AS allowed_tools,
    NULLIF(ARRAY(
        SELECT res_company_id FROM mcp_connection_company_rel WHERE mcp_connection_id = connection.id
    ), '{}') AS allowed_companies,
    (SELECT json_agg(json_build_object(
                'model', access.model, 'read', access.perm_read, 'create', access.perm_create,
                'write', access.perm_write, 'unlink', access.perm_unlink, 'domain', access.domain,
                'fields', CASE WHEN access.limit_fields THEN ARRAY(
                    SELECT field.name FROM mcp_model_access_field_rel chosen
                      JOIN ir_model_fields field ON field.id = chosen.ir_model_fields_id
                     WHERE chosen.mcp_connection_model_access_id = access.id
                ) END))
       FROM mcp_connection_model_access access WHERE access.connection_id = connection.id) AS model_access
"""


@dataclass(frozen=True, slots=True)
class ModelAccess:
    """One line of a connection's list of models."""

    model: str
    operations: frozenset[str]  # of OPERATIONS
    domain: str = ""  # as Odoo's domain editor writes it; empty: every record
    fields: frozenset[str] | None = None  # None: every field

    def in_words(self) -> str:
        """ "res.partner (read, write; some records; 3 fields)" """
        words = [", ".join(operation for operation in OPERATIONS if operation in self.operations) or "closed"]
        if self.domain:
            words.append("some records")
        if self.fields is not None:
            words.append(f"{len(self.fields)} fields")
        return f"{self.model} ({'; '.join(words)})"


@dataclass(frozen=True, slots=True)
class ConnectionPolicy:
    """The limits of one connection; without arguments, those of a new one: read and write, and nothing narrowed.

    Each of ``tools``, ``companies`` and ``fields`` is None for "no limit"; an empty set allows nothing.
    """

    scope: str = READ_WRITE
    tools: frozenset[str] | None = None
    companies: frozenset[int] | None = None
    models: Mapping[str, ModelAccess] = field(default_factory=lambda: MappingProxyType({}))
    other_models: bool = True  # models without a line are open as far as the user's rights go

    def why_not_tool(self, name: str, risk: str | None) -> str:
        """Why the connection may not call the tool, empty when it may.

        :param risk: of the tool; None when it is not known (tools that came as dictionaries)
        """
        if self.hides_tool(name):
            return f"This connection may not use {name}."
        if (risk or "write") not in _RISKS[self.scope]:
            needed = "admin" if risk == "admin" else "read and write"
            return (
                f"{name} needs a connection with the scope {needed!r}; this one is {self.scope.replace('_', ' ')}. "
                "An MCP administrator can change this on the connection."
            )
        return ""

    def hides_tool(self, name: str) -> bool:
        """Whether the tool is not on the connection's list: for its client there is no such tool."""
        return self.tools is not None and name not in self.tools and name != FIND_TOOLS  # it names only those on it

    def may(self, model: str, operation: str) -> bool:
        """Whether the connection's limits leave room for ``operation`` on records of ``model``."""
        access = self.models.get(model)
        if access is None and not self.other_models:
            return False
        if access is not None and operation not in access.operations:
            return False
        return operation == "read" or not self.why_not_written(model)

    def why_not_written(self, model: str) -> str:
        """Why no record of ``model`` may be created, changed or deleted, whatever the list says; empty when it may."""
        if self.scope == READ_ONLY:
            return "this connection is read only; an MCP administrator can change its scope"
        if is_never_written(model):
            return "its records decide over rights, code or secrets, and no AI changes them through MCP"
        if is_protected(model) and not (self.scope == ADMIN and model in self.models):
            return (
                "it is protected: this takes a connection with the scope 'admin' and the model in its list, "
                "which an MCP administrator can set"
            )
        return ""

    def allows_field(self, model: str, name: str) -> bool:
        """Whether the connection's limits leave the field ``name`` of ``model`` readable at all."""
        access = self.models.get(model)
        return access is None or access.fields is None or name in access.fields or name == "id"

    def limits_fields(self, model: str) -> bool:
        access = self.models.get(model)
        return access is not None and access.fields is not None

    @property
    def narrows(self) -> bool:
        """Whether there are records or fields that the user may see and the connection may not."""
        return bool(self.models) or not self.other_models or self.companies is not None

    def in_words(self) -> list[str]:
        """What the connection's client should know of its limits, a sentence each; nothing when there are none."""
        sentences = []
        if self.scope == READ_ONLY:
            sentences.append("This connection is read only.")
        if self.models:
            lines = "; ".join(access.in_words() for _name, access in sorted(self.models.items())[:30])
            others = "the others as you may" if self.other_models else "no others"
            sentences.append(f"Models open to you: {lines}; {others}.")
        return sentences


def policy_of(row: Mapping[str, Any]) -> ConnectionPolicy:
    """The policy in the columns :data:`POLICY_COLUMNS`."""
    lines = [
        ModelAccess(
            line["model"],
            frozenset(operation for operation in OPERATIONS if line[operation]),
            "" if (line["domain"] or "[]").strip() == "[]" else line["domain"].strip(),
            None if line["fields"] is None else frozenset(line["fields"]),
        )
        for line in row["model_access"] or ()
    ]
    return ConnectionPolicy(
        scope=row["scope"],
        tools=None if row["allowed_tools"] is None else frozenset(row["allowed_tools"]),
        companies=None if row["allowed_companies"] is None else frozenset(row["allowed_companies"]),
        models=MappingProxyType({line.model: line for line in lines}),
        other_models=row["model_limit"] != "listed",
    )


# ---------------------------------------------------------------------- addresses


def networks_of(text: str | None) -> list[Network]:
    """The addresses and networks (CIDR) in ``text``, separated by white space or commas.

    :raises ValueError: naming the one that is neither
    """
    networks = []
    for word in (text or "").replace(",", " ").split():
        try:
            networks.append(ip_network(word, strict=False))
        except ValueError:
            raise ValueError(word) from None
    return networks


def why_not_address(address: str | None, allowed: str | None, blocked: str | None) -> str:
    """Why a call from ``address`` is refused, empty when it is not; an address that cannot be read is refused."""
    if not (allowed or "").strip() and not (blocked or "").strip():
        return ""
    try:
        caller = ip_address((address or "").strip())
        if isinstance(caller, IPv6Address) and caller.ipv4_mapped:
            caller = caller.ipv4_mapped
        allowed_networks, blocked_networks = networks_of(allowed), networks_of(blocked)
    except ValueError:
        return "the client's address or the connection's address lists cannot be read"
    if _is_in(caller, blocked_networks):
        return f"address {caller} is blocked for this connection"
    if allowed_networks and not _is_in(caller, allowed_networks):
        return f"address {caller} is not among those allowed for this connection"
    return ""


def _is_in(address: Any, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
