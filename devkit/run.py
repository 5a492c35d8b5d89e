"""`./dev run`: from nothing to a running Odoo that an MCP client can talk to."""

from __future__ import annotations

from dataclasses import dataclass

from . import database, find_odoo, keys, lock, odoo, ports, postgres
from .errors import DevError
from .home import Home
from .mcp_call import KeyRefused, McpConversation
from .odoo import Odoo, OdooServer
from .progress import say, step

DEFAULT_PORT = 8069
_MODULES = ("contacts", "crm", "sale_management", "project", "purchase", "stock")
_CONNECTION = "dev run"


@dataclass(frozen=True)
class RunOptions:
    """What the command line of `./dev run` says."""

    series: str | None
    port: int
    workers: int
    reset: bool
    check: bool
    modules: tuple[str, ...]
    db_url: str | None


def run(options: RunOptions) -> int:
    """Run Odoo until Ctrl-C, or with `check` until one MCP call has succeeded."""
    ports.require_free(options.port)
    home = Home.open()
    series = options.series or default_series(home)
    doing = f"running Odoo {series}"
    with (
        lock.exclusive(home.root / f"run-{series}.lock", doing),
        postgres.server(home, options.db_url) as server,
    ):
        ready = odoo.ready(home, series, server)
        name = database_name(series)
        _prepare(ready, name, options)
        with step(f"Odoo {series} starts on port {options.port}"):
            running = ready.serve(name, options.port, options.workers, home.log(f"server-{series}"))
        key = _working_key(ready, running, name)
        _print_welcome(running, name, key)
        if options.check:
            running.stop()
            return 0
        return _stay(running)


def database_name(series: str) -> str:
    """The database of `./dev run`, `key`, `shell` and `bench`."""
    return f"odoo_mcp_{database.short(series)}"


def default_series(home: Home) -> str:
    """18.0 when it is on this machine, else 19.0 when that is, else whichever can be fetched."""
    for series in find_odoo.SERIES:
        if find_odoo.on_this_machine(home, series):
            say(f"• Odoo {series} is used: it is on this machine (--series chooses)")
            return series
    try:
        find_odoo.find_odoo(home, "18.0")
    except find_odoo.OdooMissing:
        say("• Odoo 19.0 is used: 18.0 is neither here nor reachable (--series chooses)")
        return "19.0"
    return "18.0"


def _prepare(ready: Odoo, name: str, options: RunOptions) -> None:
    modules = _available(ready, options.modules or _MODULES)
    note = database.read_note(ready, name)
    if options.reset or note is None or not note.complete:
        log = ready.home.log(f"database-{ready.tree.series}")
        with step(f"Database {name} with demo data: {', '.join(modules)}"):
            database.make(ready, name, modules, demo=True, log=log)
    elif options.modules and not set(modules) <= set(note.modules):
        raise DevError(f"{name} has only {', '.join(note.modules)}; add --reset to make it anew")
    database.bring_up_to_date(ready, name, ready.home.log(f"addon-{ready.tree.series}"))


def _available(ready: Odoo, modules: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(
        module
        for module in modules
        if any((folder / module / "__manifest__.py").is_file() for folder in ready.tree.addons)
    )
    if missing := sorted(set(modules) - set(found)):
        say(f"  Odoo {ready.tree.series} has no {', '.join(missing)}")
    return found


def _working_key(ready: Odoo, running: OdooServer, name: str) -> str:
    """The key of the last start if it still works, else a new one; proved by a real call."""
    key = keys.remembered(ready, name)
    if key:
        try:
            _prove(running, key)
            return key
        except KeyRefused:
            say("  The key of the last start is not valid any more")
    with step("A connection and its key"):
        key = keys.issue(ready, name, "admin", _CONNECTION)
    _prove(running, key)
    keys.remember(ready, name, key)
    return key


def _prove(running: OdooServer, key: str) -> None:
    with step("One MCP call over HTTP"):
        conversation = McpConversation(running.endpoint, key)
        server = conversation.open()
        names = conversation.names("res.partner", 3)
    say(f"  {server} answers; search_records on res.partner: {'; '.join(names)}")


def _print_welcome(running: OdooServer, name: str, key: str) -> None:
    header = f'--header "Authorization: Bearer {key}"'
    body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    print(
        f"""
Odoo      {running.url}   login admin, password admin   (database {name})
Endpoint  {running.endpoint}
Key       {key}

Claude Code:
  claude mcp add --transport http odoo {running.endpoint} {header}
curl:
  curl -s {running.endpoint} {header.replace("--header", "-H")} \\
    -H "Content-Type: application/json" -H "Accept: application/json, text/event-stream" \\
    -d '{body}'
""",
        flush=True,
    )


def _stay(running: OdooServer) -> int:
    say(f"Odoo runs; its log is {running.log}. Ctrl-C stops it.")
    try:
        code = running.child.wait()
    except KeyboardInterrupt:
        running.stop()
        say("\nStopped.")
        return 0
    raise DevError(f"Odoo ended by itself (exit code {code}); see {running.log}")
