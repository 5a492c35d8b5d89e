"""Run inside ``odoo-bin shell``: fill the database with partners, hand out the ways in.

Idempotent: tops the partners up, and issues fresh keys each time.
"""

import os
import random
import secrets

from odoo.fields import Command

from odoo.addons.odoo_mcp.services.identity.keys import connect_user
from odoo.addons.odoo_mcp.services.identity.oauth import address, clients, grants, people, scopes, tokens

LOGIN = "mcp_benchmark"
BATCH = 1000
COUNTRIES = ("BE", "DE", "ES", "FR", "GB", "IT", "NL", "US")
CITIES = ("Paris", "Berlin", "Boston", "Namur", "Milano", "Madrid")
SHOWN = (
    "name",
    "ref",
    "email",
    "phone",
    "city",
    "street",
    "zip",
    "country_id",
    "is_company",
    "parent_id",
    "active",
    "vat",
)
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


def prepare(env, channel):
    """Answer one line: login, password, uid, keys, and how many partners there are now."""
    env = env(context=dict(env.context, **QUIET))
    created = _top_up_partners(env, int(os.environ["BENCH_PARTNERS"]))
    user = _user(env)
    password = secrets.token_urlsafe(16)
    user.password = password
    env["mcp.settings"].current().enabled = True
    answer = {
        "login": LOGIN,
        "uid": user.id,
        "password": password,
        "rpc_key": _rpc_key(env(user=user.id)),
        "mcp_key": _mcp_key(env, "Benchmark"),
        "limited_key": _limited_key(env),
        "oauth_token": _oauth_token(env, user),
        "created": created,
        "modules": env["ir.module.module"].search_count([("state", "=", "installed")]),
    }
    env.cr.commit()
    if created:
        _analyze(env)
    channel.answer(answer)


def _oauth_token(env, user) -> str:
    """An access token for a day, as it comes of a browser login that allowed everything."""
    # Odoo takes the address at which an administrator logs in for its own, and tokens are for one address.
    env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
    redirect_uri = "http://127.0.0.1/callback"
    record = env["mcp.oauth.client"].create({"name": "Benchmark", "source": "custom", "redirect_uris": redirect_uri})
    env.flush_all()
    connection = people.connect(user, clients.find(env.cr, record.client_id))
    _unlimited(connection)
    env.flush_all()
    permission = grants.Permission(
        connection_id=connection.id,
        client_id=record.id,
        user_id=user.id,
        scope=scopes.join(scopes.SCOPES),
        audience=address.audience(env),
        companies=None,
        may_step_up=False,
    )
    code = grants.redeem_code(env.cr, grants.issue_code(env.cr, permission, redirect_uri, "x" * 43), record.id)
    token = tokens.new(tokens.ACCESS)
    grants.open_family(env.cr, code, token, None, grants.Lifetimes(access=86400, refresh=86400, grace=0))
    return token


def _limited_key(env) -> str:
    """A key of a connection that sees the benchmark's partners and a dozen of their fields only."""
    key = _mcp_key(env, "Benchmark, limited")
    connection = env["mcp.connection"].search([("name", "=", "Benchmark, limited")])
    fields = env["ir.model.fields"].search([("model", "=", "res.partner"), ("name", "in", SHOWN)])
    connection.model_access_ids.unlink()
    connection.write(
        {
            "model_limit": "all",
            "model_access_ids": [
                Command.create(
                    {
                        "model_id": env["ir.model"]._get("res.partner").id,
                        "domain": "[('ref', '=like', 'BENCH%'), ('active', '=', True)]",
                        "limit_fields": True,
                        "field_ids": [Command.set(fields.ids)],
                    }
                )
            ],
        }
    )
    return key


def _top_up_partners(env, wanted: int) -> int:
    partners = env["res.partner"]
    countries = env["res.country"].search([("code", "in", COUNTRIES)]).ids
    draw = random.Random(18)
    have = already = partners.search_count([("ref", "=like", "BENCH%")])
    while have < wanted:
        numbers = range(have, min(have + BATCH, wanted))
        partners.create([_partner(number, countries, draw) for number in numbers])
        env.cr.commit()
        env.invalidate_all()
        have += len(numbers)
    return have - already


def _partner(number: int, countries: list, draw: random.Random) -> dict:
    return {
        "name": f"Bench Partner {number:05d}",
        "ref": f"BENCH{number:05d}",
        "email": f"bench{number:05d}@example.com",
        "phone": f"+33 1 00 {number // 10000:02d} {number // 100 % 100:02d} {number % 100:02d}",
        "city": draw.choice(CITIES),
        "street": f"{number % 300} Main street",
        "country_id": draw.choice(countries),
        "is_company": number % 4 == 0,
    }


def _user(env):
    """An internal user with the administrator's groups: every target asks as this one."""
    user = env["res.users"].search([("login", "=", LOGIN)])
    if not user:
        # 19.0 and 18.0
        groups = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
        administrator = env.ref("base.user_admin")
        user = env["res.users"].create(
            {
                "name": "Benchmark",
                "login": LOGIN,
                "email": "benchmark@example.com",
                groups: [(6, 0, administrator[groups].ids)],
            }
        )
    user.write({"lang": "en_US", "tz": "Europe/Brussels"})
    return user


def _mcp_key(env, name: str) -> str:
    """Of a connection with limits that it counts for, and never reaches."""
    key = connect_user(env, LOGIN, name)
    _unlimited(env["mcp.connection"].search([("name", "=", name), ("state", "=", "active")], limit=1))
    return key


def _unlimited(connection) -> None:
    """With limits that are counted for, and never reached."""
    connection.write({"own_rate_limits": True, "rate_per_minute": 10**9, "rate_per_day": 10**9})


def _rpc_key(env) -> str:
    keys = env["res.users.apikeys"]
    keys.sudo().search([("user_id", "=", env.uid), ("name", "=", "benchmark")]).unlink()
    return keys._generate("rpc", "benchmark", None)


def _analyze(env):
    """Statistics for the planner, which PostgreSQL would gather at a moment of its own choosing."""
    env.cr.execute("ANALYZE")
    env.cr.commit()
