"""What does one call that creates 1,000 contacts cost, next to the same ``create()`` in a shell? See README.md."""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import sys

from odoo_process import OdooCommand, Shell


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odoo", default=os.environ.get("BENCH_ODOO"), help="command that starts Odoo (BENCH_ODOO)")
    parser.add_argument("--config", default=os.environ.get("BENCH_CONFIG"), help="its configuration (BENCH_CONFIG)")
    parser.add_argument("--database", default=os.environ.get("BENCH_DATABASE"), help="a copy (BENCH_DATABASE)")
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if not options.odoo or not options.database:
        parser.error("--odoo and --database are needed.")
    odoo = OdooCommand(shlex.split(options.odoo), options.config, options.database)
    preparing = Shell(odoo, "prepare:prepare", {"BENCH_PARTNERS": "0"})
    try:
        prepared = preparing.answer()
    finally:
        preparing.close()
    question = {"uid": prepared["uid"], "key": prepared["mcp_key"], "count": options.records}
    shell = Shell(odoo, "batch_create:serve")
    try:
        shell.ask(question)  # warm
        samples = [shell.ask(question) for _round in range(options.rounds)]
    finally:
        shell.close()
    create, call = (statistics.median(sample[way] for sample in samples) for way in ("create", "call"))
    ratio = statistics.median(sample["call"] / sample["create"] for sample in samples)
    print(
        f"{options.records:,} contacts: create() {create * 1000:,.0f} ms, one call of create_records "
        f"{call * 1000:,.0f} ms, ratio {ratio:.2f} (medians of {options.rounds} rounds)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
