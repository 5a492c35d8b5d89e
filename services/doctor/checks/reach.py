"""Whether calls arrive, whole: the path, the key, the client's address, answers that stream."""

# There is no self here: the language is that of the request.
# pylint: disable=prefer-env-translation
from __future__ import annotations

import ipaddress

from ..cloud_texts import cloudflare, odoo_sh
from ..facts import Facts, Failure, Reply
from ..finding import ATTENTION, NOT_APPLICABLE, OK, PROBLEM, Finding
from ..remedies import apache_authorization, nginx, odoo_conf

_SLOW = 2.0  # seconds for a call that does nothing


def check(facts: Facts, translate) -> list[Finding]:
    return [_reachable(facts, translate), _database(facts, translate), _authorization(facts, translate),
            _proxy(facts, translate), _client_address(facts, translate), _streaming(facts, translate)]  # fmt: skip


def _behind(facts: Facts, _):
    return (nginx(facts), cloudflare(facts, _), odoo_sh(_))


def _reachable(facts: Facts, _) -> Finding:
    group, title = _("Way to the server"), _("The address leads here")
    reply = facts.probes.endpoint
    from_here = _("(Asked from the server itself: a firewall further out can still be in the way.)")
    if isinstance(reply, Failure):
        return Finding("reachable", group, title, PROBLEM, _failure_text(facts, reply, _), _failure_advice(reply, _))
    if not isinstance(reply, Reply):
        return Finding("reachable", group, title, NOT_APPLICABLE, _("The address was not asked."))
    if facts.reached:
        seen = _("The server answered after %s ms.", round(reply.seconds * 1000))
        if reply.seconds > _SLOW:
            advice = _("That is slow for a call that does nothing: give Odoo more workers, or see what they do.")
            return Finding("reachable", group, title, ATTENTION, f"{seen} {from_here}", advice)
        return Finding("reachable", group, title, OK, f"{seen} {from_here}")
    return _wrong_answer(facts, reply, group, title, _)


def _wrong_answer(facts: Facts, reply: Reply, group: str, title: str, _) -> Finding:
    echo = facts.probes.echo
    if reply.headers.get("cf-mitigated") or (
        reply.status in (403, 503) and "cloudflare" in reply.headers.get("server", "")
    ):
        seen = _("Cloudflare stopped the call (status %s): it takes AI tools for robots.", reply.status)
        return Finding(
            "reachable", group, title, PROBLEM, seen, _("Let the paths of AI tools through."), (cloudflare(facts, _),)
        )
    if 300 <= reply.status < 400:
        target = reply.headers.get("location", "")
        seen = _("The call was redirected to %s. AI tools do not follow redirects with a key.", target)
        advice = _("Set web.base.url to the address that answers without a redirect (https, with or without www).")
        return Finding("reachable", group, title, PROBLEM, seen, advice)
    if reply.status in (502, 503, 504) and not reply.headers.get("content-type", "").startswith("application/json"):
        seen = _(
            "The web server in front of Odoo answered with status %s: it did not get through to Odoo.", reply.status
        )
        return Finding("reachable", group, title, PROBLEM, seen, _("See that its port is Odoo's."), (nginx(facts),))
    if reply.status == 401 and isinstance(echo, Reply):
        seen = _("An MCP server answers there, but it is not this database.")
        advice = _(
            "Give each database a host name of its own, and let the server choose by it (see “Choice of the database”)."
        )
        return Finding("reachable", group, title, PROBLEM, seen, advice)
    seen = _("Something else answers there, with status %s.", reply.status)
    advice = _("Let the web server pass /odoo/mcp, /mcp, /oauth and /.well-known on to Odoo.")
    return Finding("reachable", group, title, PROBLEM, seen, advice, _behind(facts, _))


def _failure_text(facts: Facts, failure: Failure, _) -> str:
    host = facts.address.netloc
    texts = {
        "dns": _("The name %s is not known.", host),
        "refused": _("Nothing listens at %s: the connection was refused.", host),
        "timeout": _("%s did not answer in time.", host),
        "tls": _("No secure connection to %(host)s: %(error)s", host=host, error=failure.text),
    }
    return texts.get(failure.kind) or _("%(host)s could not be reached: %(error)s", host=host, error=failure.text)


def _failure_advice(failure: Failure, _) -> str:
    if failure.kind == "tls":
        return _("See “HTTPS” above.")
    return _(
        "Check web.base.url and the name's DNS entry. If people do reach Odoo there from outside, the server itself "
        "cannot call its public address (common behind a router): then this check, and those below, cannot see it."
    )


def _skipped(facts: Facts, code: str, group: str, title: str, _) -> Finding | None:
    if facts.reached:
        return None
    return Finding(code, group, title, NOT_APPLICABLE, _("Not asked, because the address does not lead here."))


def _database(facts: Facts, _) -> Finding:
    group, title = _("Way to the server"), _("Choice of the database")
    server = facts.server
    if server.database_count <= 1 or server.databases_for_host == (server.database,):
        seen = _("A call without a cookie reaches the database %s.", server.database)
        if server.dbfilter and not server.db_name_set:
            advice = _("With db_name set as well, Odoo does not list the databases at every call (about 10 ms).")
            state = ATTENTION if server.database_count <= 1 else OK
            return Finding(
                "database", group, title, state, seen, advice if state == ATTENTION else "",
                (odoo_conf(f"db_name = {server.database}"),) if state == ATTENTION else (),
            )  # fmt: skip
        return Finding("database", group, title, OK, seen)
    names = ", ".join(server.databases_for_host[:5]) or _("none")
    seen = _(
        "This server has %(count)s databases, and a call to %(host)s could mean: %(names)s. AI tools send no cookie, "
        "so Odoo cannot tell which.",
        count=server.database_count,
        host=facts.address.hostname,
        names=names,
    )
    advice = _("Name the one database, or give each a host name of its own that begins with the database's name.")
    remedies = (
        odoo_conf(f"db_name = {server.database}", "list_db = False"),
        odoo_conf("# database erp answers under erp.example.com", "dbfilter = ^%d$"),
    )
    return Finding("database", group, title, PROBLEM, seen, advice, remedies)


def _authorization(facts: Facts, _) -> Finding:
    group, title = _("Way to the server"), _("The key arrives")
    skipped = _skipped(facts, "authorization", group, title, _)
    if skipped:
        return skipped
    if facts.echoed.get("authorization"):
        return Finding("authorization", group, title, OK, _("The Authorization header arrives unchanged."))
    return Finding(
        "authorization", group, title, PROBLEM,
        _("The Authorization header does not arrive: every key and login is refused."),
        _(
            "Something in front of Odoo removes it: often a password prompt of the web server (Basic "
            "authentication) on the same path, or an access gateway. Except the paths of AI tools from it."
        ),
        (*_behind(facts, _), apache_authorization()),
    )  # fmt: skip


def _proxy(facts: Facts, _) -> Finding:
    group, title = _("Way to the server"), _("Odoo knows of the proxy (proxy_mode)")
    skipped = _skipped(facts, "proxy_mode", group, title, _)
    if skipped:
        return skipped
    forwarded = facts.echoed.get("forwarded") or {}
    remedies = (odoo_conf("proxy_mode = True"), nginx(facts), odoo_sh(_))
    if not forwarded:
        if facts.server.proxy_mode and not facts.is_local:
            seen = _("proxy_mode is on, but calls arrive without the headers of a proxy: anybody can forge them.")
            advice = _("Switch proxy_mode off if Odoo is reached directly, or let the web server send the headers.")
            return Finding("proxy_mode", group, title, ATTENTION, seen, advice, (nginx(facts),))
        return Finding("proxy_mode", group, title, NOT_APPLICABLE, _("Odoo is reached directly, without a proxy."))
    if not facts.server.proxy_mode:
        seen = _("There is a proxy, but proxy_mode is off: Odoo takes all callers for the proxy, and https for http.")
        return Finding("proxy_mode", group, title, PROBLEM, seen, _("Switch it on and restart Odoo."), remedies)
    if "x-forwarded-host" not in forwarded:
        seen = _("The proxy sends no X-Forwarded-Host, and without it Odoo ignores its other headers.")
        return Finding("proxy_mode", group, title, PROBLEM, seen, _("Let the proxy send it."), (nginx(facts),))
    if facts.address.scheme == "https" and facts.echoed.get("scheme") != "https":
        seen = _("The address is https, but the proxy says that the call came by http.")
        return Finding("proxy_mode", group, title, PROBLEM, seen, _("Let it send X-Forwarded-Proto."), (nginx(facts),))
    return Finding("proxy_mode", group, title, OK, _("Odoo takes address and scheme from the proxy."))


def _client_address(facts: Facts, _) -> Finding:
    group, title = _("Way to the server"), _("Address of the caller")
    skipped = _skipped(facts, "client_address", group, title, _)
    if skipped:
        return skipped
    address = facts.echoed.get("remote_addr") or ""
    forwarded = facts.echoed.get("forwarded") or {}
    seen = _("This call was seen as coming from %s.", address or _("nowhere"))
    hops = [hop.strip() for hop in forwarded.get("x-forwarded-for", "").split(",") if hop.strip()]
    if "cf-connecting-ip" in forwarded and forwarded["cf-connecting-ip"] != address:
        return Finding(
            "client_address", group, title, ATTENTION,
            seen + " " + _("That is Cloudflare, not the caller: IP limits of connections would not fit."),
            _("Let Nginx take the caller's address from Cloudflare."),
            (_nginx_real_ip(), cloudflare(facts, _)),
        )  # fmt: skip
    if len(hops) > 1 and _is_private(address):
        return Finding(
            "client_address", group, title, ATTENTION,
            seen + " " + _("There are several proxies, and Odoo trusts the last one only."),
            _("Let the proxy next to Odoo work out the caller's address, and send just that."),
            (_nginx_real_ip(),),
        )  # fmt: skip
    return Finding("client_address", group, title, OK, seen)


def _nginx_real_ip():
    from ..finding import Remedy

    return Remedy(
        "Nginx",
        "# in the server { } block: the proxies that are trusted, and the header that names the caller\n"
        "set_real_ip_from 10.0.0.0/8;\n"
        "real_ip_header CF-Connecting-IP;   # or X-Forwarded-For\n"
        "real_ip_recursive on;\n"
        "proxy_set_header X-Forwarded-For $remote_addr;",
    )


def _is_private(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _streaming(facts: Facts, _) -> Finding:
    group, title = _("Way to the server"), _("Answers arrive piece by piece")
    skipped = _skipped(facts, "streaming", group, title, _)
    if skipped:
        return skipped
    gap = facts.probes.stream_gap
    if gap is None:
        return Finding("streaming", group, title, ATTENTION, _("The answer in pieces did not arrive."),
                       _("Progress and live updates will not reach AI tools."), _behind(facts, _))  # fmt: skip
    if gap > 0.4:
        return Finding("streaming", group, title, OK, _("Nothing on the way holds answers back."))
    return Finding(
        "streaming", group, title, ATTENTION, _("Something on the way holds the answer back until it is complete."),
        _("Progress of long calls and live updates arrive too late, or not at all. Switch buffering off."),
        _behind(facts, _),
    )  # fmt: skip
