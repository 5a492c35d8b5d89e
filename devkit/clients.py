"""`./dev clients`: real MCP clients against a server of our own, as the table of the README.

Each client is one program of tests/clients/programs, run in an environment with pinned packages.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from . import find_odoo, fixtures, lock, log_gate, odoo, ports, postgres, process, python_env
from .clients_report import Row, judge, table
from .errors import DevError
from .fixtures import Fixtures
from .header_proxy import Route, header_proxy
from .home import REPOSITORY, Home
from .node import Node
from .odoo import Odoo
from .progress import say, step

PROGRAMS = REPOSITORY / "tests" / "clients" / "programs"
_INSPECTOR = ("@modelcontextprotocol/inspector", "2.12.0", "clients/launcher/build/index.js")
_MCP_REMOTE = ("mcp-remote", "0.15.1", "dist/proxy.js")
_PATIENCE = 300
_NODE = "node"

_ONE_RESULT = "each command is a process of its own that prints the result and nothing that comes before it"
_NOBODY_TO_ASK = "there is nobody to ask: it does not declare the capability, and is told so by -32021"
_NO_CALLBACK = "its server classes take no callback for it"


@dataclass(frozen=True)
class Client:
    """One row of the table.

    Attributes:
        name: as the table shows it; {} is its version.
        package: where the version is pinned: a requirements file and a package, or a package of package.json.
        environment: the Python environment (also the stem of its requirements file), or "node".
        arguments: for the program, after the endpoint.
        path: of the endpoint; "": the usual one.
        runs: the npm package, version and script that the program starts.
        lacks: columns the client has no notion of, and why.
    """

    name: str
    program: str
    environment: str
    package: str
    arguments: tuple[str, ...] = ()
    path: str = ""
    runs: tuple[str, str, str] | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The pinned version of the client."""
        if self.runs:
            return self.runs[1]
        if self.environment == _NODE:
            return json.loads((REPOSITORY / "package.json").read_text())["devDependencies"][self.package]
        text = (python_env.REQUIREMENTS / f"{self.environment}.txt").read_text(encoding="utf-8")
        found = re.search(rf"^{re.escape(self.package)}==(\S+)$", text, re.MULTILINE)
        if not found:
            raise ValueError(f"{self.environment}.txt does not pin {self.package}")
        return found[1]

    @property
    def label(self) -> str:
        return self.name.format(self.version)


_NEW, _OLD, _FASTMCP = "clients", "clients-handshake", "clients-fastmcp"
_INSPECTED = {"progress": _ONE_RESULT, "elicitation": _NOBODY_TO_ASK}
CLIENTS = (
    Client("Python SDK `mcp` {}, auto", "python_sdk_2.py", _NEW, "mcp", ("auto",)),
    Client("Python SDK `mcp` {}, legacy", "python_sdk_2.py", _NEW, "mcp", ("legacy",)),
    Client("Python SDK `mcp` {}", "python_sdk_1.py", _OLD, "mcp"),
    Client("`fastmcp` {}", "fastmcp_client.py", _FASTMCP, "fastmcp"),
    Client("TypeScript SDK {}", "typescript_sdk_1.mjs", _NODE, "@modelcontextprotocol/sdk"),
    Client("TypeScript SDK {}, auto", "typescript_sdk_2.mjs", _NODE, "@modelcontextprotocol/client", ("auto",)),
    Client("TypeScript SDK {}, legacy", "typescript_sdk_2.mjs", _NODE, "@modelcontextprotocol/client", ("legacy",)),
    Client("Inspector CLI {}, legacy", "inspector.py", _NEW, "", ("legacy",), "", _INSPECTOR, _INSPECTED),
    Client("Inspector CLI {}, modern", "inspector.py", _NEW, "", ("modern",), "", _INSPECTOR, _INSPECTED),
    Client("`mcp-remote` {}, HTTP", "mcp_remote.py", _NEW, "", ("http-only",), "", _MCP_REMOTE),
    Client("`mcp-remote` {}, SSE", "mcp_remote.py", _NEW, "", ("sse-only",), "/mcp/sse", _MCP_REMOTE),
    Client("`langchain-mcp-adapters` {}", "langchain_client.py", _OLD, "langchain-mcp-adapters"),
    Client(
        "`openai-agents` {}",
        "openai_agents_client.py",
        _OLD,
        "openai-agents",
        lacks={"progress": _NO_CALLBACK, "elicitation": _NO_CALLBACK},
    ),
)


def clients(series: list[str], db_url: str | None) -> int:
    """Run every client on each series and print the tables.

    0 when each did what it has a notion of, and the server's log is clean. A series that cannot be
    had is named; it is a failure when it was asked for or none is left.
    """
    home = Home.open()
    node = Node.of(home)
    fine: list[bool] = []

    def connect(ready: Odoo) -> None:
        fine.append(_connect(ready, node))

    with (
        lock.exclusive(home.root / "clients.lock", "running the clients"),
        postgres.server(home, db_url, for_tests=True) as server,
    ):
        missing = odoo.each(series or find_odoo.SERIES, home, server, connect, fixtures.ADDONS)
    for reason in missing:
        print(f"not tried: {reason}")
    return 0 if fine and all(fine) and not (missing and series) else 1


def _connect(ready: Odoo, node: Node) -> bool:
    start = time.monotonic()
    with fixtures.serving(ready, "clients") as served, _reverse_proxy(served) as port:
        rows = [_run(ready.home, node, client, served, port) for client in CLIENTS]
    seconds = time.monotonic() - start
    print(f"\nOdoo {ready.tree.series}, {seconds:.0f} s\n\n{table(rows)}")
    offences = log_gate.offences(served.log)
    for entry in offences:
        say(entry)
    print(f"\nlog of the server: {len(offences)} warnings and errors")
    return not offences and not any(row.failures for row in rows)


def _reverse_proxy(served: Fixtures) -> AbstractContextManager[int]:
    """A proxy as the README wants it: streams to listen on go to the evented worker."""
    return header_proxy(Route(served.running.port, {}, served.running.evented_port))


def _run(home: Home, node: Node, client: Client, served: Fixtures, port: int) -> Row:
    variables = {
        "MCP_KEY": served.key,
        "NODE": str(node.program),
        "NODE_MODULES": str(node.modules()),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if client.runs:
        package, version, script = client.runs
        variables["PROGRAM"] = str(node.package(package, version) / script)
    url = f"http://{ports.HOST}:{port}{client.path or served.running.path}"
    log = home.log(f"client-{re.sub(r'[^a-z0-9.]+', '-', client.label.lower()).strip('-')}")
    with step(client.label):
        report = run_program(_interpreter(home, node, client), client.program, (url, *client.arguments), variables, log)
    return Row(client.label, report.get("version"), judge(report, client.lacks), client.lacks)


def _interpreter(home: Home, node: Node, client: Client) -> Path:
    if client.environment == _NODE:
        return node.program
    wanted = [python_env.REQUIREMENTS / f"{client.environment}.txt"]
    return python_env.environment(home, client.environment, wanted=wanted)


def run_program(
    interpreter: Path, program: str, arguments: tuple[str, ...], variables: Mapping[str, str], log: Path
) -> dict:
    """What one program saw; what it says beside that is kept in `log`."""
    answer = log.with_suffix(".json")
    with log.open("w", encoding="utf-8") as complaints, answer.open("w", encoding="utf-8") as report:
        child = process.start(
            [interpreter, PROGRAMS / program, *arguments],
            report,
            complaints=complaints,
            environment=variables,
            folder=PROGRAMS,
        )
        try:
            process.finish(child, program, timeout=_PATIENCE)
        except DevError as error:
            return {"connect": {"error": str(error)}}
    try:
        return json.loads(answer.read_text(encoding="utf-8"))
    except ValueError:
        return {"connect": {"error": f"the program ended without a report; see {log}"}}
