"""The programs of the clients' table (./dev clients) whose packages these tests have anyway."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.clients_report import judge

PROGRAMS = Path(__file__).with_name("programs")
RUNS = {
    "python, auto": ("python_sdk_2.py", "auto", "2026-07-28"),
    "python, legacy": ("python_sdk_2.py", "legacy", "2025-11-25"),
    "typescript 1": ("typescript_sdk_1.mjs", "", "2025-11-25"),
    "typescript 2, auto": ("typescript_sdk_2.mjs", "auto", "2026-07-28"),
    "typescript 2, legacy": ("typescript_sdk_2.mjs", "legacy", "2025-11-25"),
}


@pytest.mark.parametrize(("program", "mode", "version"), RUNS.values(), ids=RUNS)
def test_a_client_lists_calls_reads_hears_progress_and_answers_questions(
    endpoint, node, node_modules, program, mode, version
):
    interpreter = sys.executable if program.endswith(".py") else node
    ran = subprocess.run(
        [interpreter, PROGRAMS / program, endpoint.url, mode],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "MCP_KEY": endpoint.key, "NODE_MODULES": str(node_modules)},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert judge(report, {}) == {}
    assert report["version"] == version
