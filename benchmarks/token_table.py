"""What a model has to read: the catalog in its three modes, descriptions of models, and typical results, in tokens.

    python benchmarks/token_table.py --url http://localhost:8069/odoo/mcp --key mcp_…

States figures; nothing fails because it is large. Models and tools that the database does not have are left out.
"""

from __future__ import annotations

import argparse
import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

from tokens import token_counter

MODES = ("search", "essential", "full")
MODELS = (
    "res.partner",
    "sale.order",
    "account.move",
    "crm.lead",
    "product.template",
    "stock.picking",
    "purchase.order",
    "project.task",
    "hr.expense",
    "mailing.mailing",
)
TYPICAL = (
    ("search_records", {"model": "res.partner", "limit": 20}),
    ("search_records", {"model": "sale.order", "limit": 20}),
    ("list_actions", {"model": "sale.order", "id": "first"}),
    ("list_actions", {"model": "account.move", "id": "first"}),
    ("read_messages", {"model": "sale.order", "id": "first"}),
    ("list_activities", {}),
    ("list_reports", {"model": "sale.order"}),
    ("find_tools", {"query": "send an e-mail"}),
    ("whoami", {}),
)


class Server:
    """Calls of one MCP endpoint."""

    def __init__(self, url: str, key: str):
        self.url, self.key = url, key

    def request(self, method: str, params: dict[str, Any], mode: str = "full") -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-11-25",
        }
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        url = f"{self.url}?{urllib.parse.urlencode({'mode': mode})}"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as answer:
            return json.load(answer)["result"]

    def call(self, name: str, arguments: dict[str, Any]) -> str | None:
        """The text of a result; None where there is no such tool or model, or no record."""
        arguments = dict(arguments)
        if arguments.get("id") == "first":
            found = self.call("search_records", {"model": arguments["model"], "limit": 1, "fields": ["display_name"]})
            records = json.loads(found)["records"] if found else []
            if not records:
                return None
            arguments["id"] = records[0]["id"]
        result = self.request("tools/call", {"name": name, "arguments": arguments})
        return None if result["isError"] else result["content"][0]["text"]


def rows(server: Server) -> Iterator[tuple[str, str]]:
    """What is measured, and the text of it."""
    for mode in MODES:
        tools = server.request("tools/list", {}, mode)["tools"]
        text = json.dumps(tools, ensure_ascii=False, separators=(",", ":"))
        yield f"catalog, mode {mode} ({len(tools)} tools)", text
    for model in MODELS:
        text = server.call("describe_model", {"model": model})
        if text:
            yield f"describe_model {model}", text
    for name, arguments in TYPICAL:
        text = server.call(name, arguments)
        if text:
            said = ", ".join(str(value) for value in arguments.values())
            yield f"{name} {said}".strip(), text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    options = parser.parse_args()
    count, counted_by = token_counter()
    print(f"Tokens: {counted_by}.\n\n| what | tokens | bytes |\n| --- | ---: | ---: |")
    for label, text in rows(Server(options.url, options.key)):
        print(f"| {label} | {count(text):,} | {len(text.encode()):,} |")


if __name__ == "__main__":
    main()
