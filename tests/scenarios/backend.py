"""What Odoo's own web client shows, so that no scenario is judged by the tools that it tries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from administrator import Administrator

_NO_LIMITS = {"own_rate_limits": True, "rate_per_minute": 0, "rate_per_day": 0}


class Backend(Administrator):
    """The administrator in the web client, who sees everything and makes users."""

    def rows(self, model: str, domain: list[Any], *fields: str, **keywords: Any) -> list[dict[str, Any]]:
        """Records as the web client reads them: a many2one is ``[id, name]``, or False."""
        return self.do(model, "search_read", domain, list(fields), **keywords)

    def row(self, model: str, record_id: int, *fields: str) -> dict[str, Any]:
        """One record, also an archived one."""
        (row,) = self.do(model, "read", [record_id], list(fields))
        return row

    def ref(self, external_id: str) -> int:
        """The id of a record by its external id."""
        return self.do("ir.model.data", "check_object_reference", *external_id.split(".", 1))[1]

    def called(self, external_id: str) -> str:
        """What a record of the demo data is called; some have other names in each series of Odoo."""
        model, record_id = self.do("ir.model.data", "check_object_reference", *external_id.split(".", 1))
        return self.row(model, record_id, "display_name")["display_name"]

    def installed(self, module: str) -> bool:
        return bool(self.do("ir.module.module", "search_count", [("name", "=", module), ("state", "=", "installed")]))

    def hire(self, name: str, groups: Iterable[str], **connection: Any) -> str:
        """The key of a new internal user, in these groups and *MCP / User*.

        :param groups: external ids, or names as the user form spells them: "Sales / Administrator"
        :param connection: values of the user's connection
        """
        field = "group_ids" if "group_ids" in self.do("res.users", "fields_get", ["group_ids"]) else "groups_id"
        ids = [self._group(group) for group in ("base.group_user", "odoo_mcp.group_user", *groups)]
        login = f"{name.split()[0].lower()}-{uuid4().hex[:8]}"
        values = {"name": name, "login": login, "email": f"{login}@example.com", field: [(6, 0, ids)]}
        user = self.do("res.users", "create", values, context={"no_reset_password": True})
        return self.key(f"AI tool of {name}", user_id=user, **_NO_LIMITS, **connection)

    def _group(self, group: str) -> int:
        if " / " not in group:
            return self.ref(group)
        found = [row["id"] for row in self.rows("res.groups", [], "full_name") if row["full_name"] == group]
        assert found, f"There is no group {group!r}."
        return found[0]

    def without_rate_limits(self) -> None:
        """Programs ask more in a minute than people do."""
        names = [name for name in self.do("mcp.settings", "fields_get") if "rate_per_" in name]
        self.settings(**dict.fromkeys(names, 0))
