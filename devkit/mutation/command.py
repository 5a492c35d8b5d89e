"""`./dev mutants`: how many small faults in the guards the tests notice. Run by hand: it takes some minutes."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from .. import database, process, python_env
from ..errors import DevError
from ..home import REPOSITORY, Home, write_secret
from ..use import made
from .pure import TESTS as PURE

_SERVICES = "odoo.addons.odoo_mcp.services."
_TESTS = "odoo.addons.odoo_mcp.tests."
GUARDS = (
    "policy",
    "protected",
    "secrets",
    "idempotency",
    "redaction",
    "gate",
    "call_rules",
    "value_check",
    "client_context",
    "field_sources",
    "bearer",
    "standing",
)
# Those that are not in services/governance.
_FOLDERS = {"bearer": "identity", "standing": "identity"}
TESTS = (
    "test_identity:TestIdentity",
    "test_identity:TestLastUse",
    "test_standing:TestStanding",
    "test_policy_values:TestPolicyValues",
    "test_idempotency:TestIdempotencyKeys",
    "test_gate_lines:TestGateLines",
    "test_gate_fields:TestGateFields",
    "test_gate_records:TestGateRecords",
    "test_gate_context:TestGateContext",
    "test_gate_documents:TestGateDocuments",
    "test_gate_turns:TestGateTurns",
    "test_gate_sources:TestGateSources",
    "test_gate:TestGate",
    "test_policy:TestPolicyOfFields",
    "test_policy:TestPolicyOfModels",
    "test_policy_of_calls:TestPolicyOfCalls",
    "test_policy:TestPolicyOfRecords",
    "test_access:TestAccess",
    "test_policy_of_tools:TestPolicyOfEveryTool",
    "test_attacks:TestAttacksOnRecords",
)
_SCRIPT = """
import json, os, sys
sys.path.insert(0, os.environ["DEV_REPOSITORY"])
from devkit.mutation import inside
env.cr.rollback()  # tests that add a field would wait for what this transaction has read
inside.run(json.loads(os.environ["DEV_GUARDS"]), json.loads(os.environ["DEV_TESTS"]), os.environ["DEV_ANSWER"])
"""


def mutants(series: str | None, db_url: str | None, guards: list[str], wanted: float) -> int:
    """Print what no test noticed, and the share of what was; 1 when that is below ``wanted`` percent."""
    unknown = [name for name in guards if name not in GUARDS]
    if unknown:
        raise DevError(f"{unknown[0]} is none of {', '.join(GUARDS)}")
    pure = [name for name in guards or GUARDS if name in PURE]
    guards = [name for name in guards or GUARDS if name not in PURE]
    outcomes = [_of_pure(pure)] if pure else []
    outcomes += [_of_odoo(series, db_url, guards)] if guards else []
    survivors = [survivor for outcome in outcomes for survivor in outcome["survivors"]]
    for survivor in survivors:
        untested = "" if survivor["reached"] else " (no test passes here)"
        file = os.path.relpath(survivor["file"], REPOSITORY)
        print(f"{file}:{survivor['line']}: {survivor['function']}: {survivor['what']}{untested}")
    total = sum(outcome["total"] for outcome in outcomes)
    share = 100 * (total - len(survivors)) / total
    print(f"{total - len(survivors)} of {total} mutants were noticed: {share:.1f} %")
    return 0 if share >= wanted else 1


def _of_pure(guards: list[str]) -> dict:
    home = Home.open()
    python = python_env.environment(home, "clients", wanted=[python_env.REQUIREMENTS / "clients.txt"])
    with tempfile.TemporaryDirectory() as folder, home.log("mutants-unit").open("w") as log:
        answer = Path(folder) / "answer.json"
        command = [python, "-m", "devkit.mutation.pure", answer, *guards]
        child = process.start(command, log, folder=REPOSITORY, environment={"PYTHONDONTWRITEBYTECODE": "1"})
        if process.finish(child, "the mutants of pure guards"):
            raise DevError(f"The mutants could not be tried; see {log.name}")
        return json.loads(answer.read_text(encoding="utf-8"))


def _of_odoo(series: str | None, db_url: str | None, guards: list[str]) -> dict:
    with made(series, db_url) as (odoo, target):
        database.bring_up_to_date(odoo, target, odoo.home.log(f"mutants-upgrade-{odoo.tree.series}"))
        file = odoo.home.secrets() / f"mutants-{os.getpid()}.json"
        write_secret(file, "{}")
        try:
            odoo.run_script(
                target,
                _SCRIPT,
                "trying mutants of the guards",
                odoo.home.log(f"mutants-{odoo.tree.series}"),
                DEV_REPOSITORY=str(REPOSITORY),
                DEV_GUARDS=json.dumps([f"{_SERVICES}{_FOLDERS.get(name, 'governance')}.{name}" for name in guards]),
                DEV_TESTS=json.dumps([_TESTS + name for name in TESTS]),
                DEV_ANSWER=str(file),
            )
            outcome = json.loads(file.read_text(encoding="utf-8"))
        finally:
            file.unlink()
    if "total" not in outcome:
        raise DevError("Odoo's shell did not finish; see its log")
    return outcome
