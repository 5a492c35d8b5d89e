"""Who the caller is, and what this server is: the two questions an AI starts with."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import release

from ..protocol.versions import SUPPORTED_VERSIONS
from ..tools.call import Call
from ..version import addon_version
from .values import time_zone


def who_am_i(call: Call) -> dict:
    """The user, companies, language, clock and limits of the call."""
    env = call.gate.env
    user = env.user
    zone = time_zone(env)
    answer = {
        "user": {"id": user.id, "name": user.name, "login": user.login},
        "company": {"id": env.company.id, "name": env.company.name, "currency": env.company.currency_id.name},
        "companies": [{"id": company.id, "name": company.name} for company in env.companies],
        "language": call.caller.lang,
        "time_zone": str(zone),
        "now": datetime.now(ZoneInfo("UTC")).astimezone(zone).isoformat(timespec="seconds"),
        "administrator": user.has_group("base.group_system"),
        "connection": call.caller.connection_name,
        "scope": call.caller.policy.scope,
        "models": [access.in_words() for _name, access in sorted(call.caller.policy.models.items())]
        + ([] if call.caller.policy.other_models else ["no others"]),
        "limits": {"records_per_call": call.limits.max_rows, "seconds_per_query": call.limits.statement_timeout},
        "apps": [menu.name for menu in env["ir.ui.menu"].search([("parent_id", "=", False)])],
    }
    if not call.caller.policy.narrows:
        del answer["models"]
    return answer


def server_information(call: Call) -> dict:
    """The server: versions, installed apps, languages."""
    env = call.gate.env
    # sudo: which apps and languages there are is no secret, but ordinary users cannot read the lists
    modules = (
        env["ir.module.module"]
        .sudo()
        .search_fetch([("state", "=", "installed"), ("application", "=", True)], ["name", "shortdesc"], order="name")
    )
    languages = env["res.lang"].sudo().search_fetch([("active", "=", True)], ["code"], order="code")
    return {
        "odoo_version": release.series,
        "edition": "enterprise" if release.version_info[-1] == "e" else "community",
        "mcp_server_version": addon_version(),
        "protocol_versions": list(SUPPORTED_VERSIONS),
        "apps": {module.name: module.shortdesc for module in modules},
        "languages": languages.mapped("code"),
    }
