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
# What is to be kept, in tokens.
MOST = {"catalog, mode search": 1500, "catalog, mode full": 12_000}
MOST |= {f"describe_model {model}": 1500 for model in ("res.partner", "sale.order", "account.move")}
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
    ("search_records", {"model": "res.partner", "limit": 80}),
    ("search_records", {"model": "res.partner", "limit": 80, "fields": ["name", "email", "phone", "city"]}),
    ("search_records", {"model": "res.partner", "limit": 20}),
    ("search_records", {"model": "sale.order", "limit": 20}),
    ("read_records", {"model": "sale.order", "ids": "first"}),
    ("search_records", {"model": "res.partner", "fields": ["nme"]}),
    ("create_record", {"model": "res.partner", "values": {"name": "Ann", "country": "Belgim"}}),
    ("create_record", {"model": "res.partner", "values": {"name": "Ann", "country": "Belgium"}, "dry_run": True}),
    ("list_actions", {"model": "sale.order", "id": "first"}),
    ("list_actions", {"model": "account.move", "id": "first"}),
    ("run_action", {"model": "crm.lead", "ids": "first", "action": "Lost"}),
    ("list_models", {"query": "vendor bill"}),
    ("find_duplicates", {}),
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
        """The text of a result, or of an error; None where there is no such model, or no record of it."""
        model = arguments.get("model")
        if model:
            found = self.request("tools/call", {"name": "search_records", "arguments": {"model": model, "limit": 1}})
            if found["isError"] or not found["structuredContent"]["records"]:
                return None
            first = found["structuredContent"]["records"][0]["id"]
            arguments = {key: _filled_in(key, value, first) for key, value in arguments.items()}
        return self.request("tools/call", {"name": name, "arguments": arguments})["content"][0]["text"]


def _filled_in(key: str, value: Any, first: int) -> Any:
    return value if value != "first" else [first] if key == "ids" else first


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
            said = ", ".join(_said(key, value) for key, value in arguments.items() if value != "first")
            yield f"{name} {said}".strip(), text


def _said(key: str, value: Any) -> str:
    words = ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value).strip('"')
    return f"{key} {words}" if key in ("limit", "dry_run") else words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    options = parser.parse_args()
    count, counted_by = token_counter()
    print(f"Tokens: {counted_by}.\n\n| what | tokens | at most | bytes |\n| --- | ---: | ---: | ---: |")
    for label, text in rows(Server(options.url, options.key)):
        most = MOST.get(label.partition(" (")[0])
        print(f"| {label} | {count(text):,} | {f'{most:,}' if most else ''} | {len(text.encode()):,} |")


if __name__ == "__main__":
    main()
