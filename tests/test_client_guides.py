"""Every snippet that the wizard hands out parses, and those that can be run here are run."""

import base64
import json
import os
import shlex
import subprocess
import sys
from urllib.parse import unquote

import yaml

from odoo.tests import HttpCase, TransactionCase, tagged

from ..services.clients import CLIENTS, render
from .common import make_key, open_to_all

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

FACTS = {
    "url": "https://odoo.example.com/odoo/mcp",
    "sse": "https://odoo.example.com/mcp/sse",
    "key": "mcp_" + "k" * 43,
}
# SPEC 3 names these
WANTED = {
    "claude_code", "claude_desktop", "claude_ai", "chatgpt", "cursor", "vscode", "gemini_cli", "continue_dev",
    "windsurf", "grok", "n8n", "langchain", "vercel_ai", "mcp_remote", "curl",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestClientGuides(TransactionCase):
    def guides(self):
        for client in CLIENTS.values():
            for way, guide in client.guides.items():
                yield client, way, render(guide, FACTS, self.env._)

    def test_every_client_that_was_asked_for_is_there(self):
        self.assertLessEqual(WANTED, CLIENTS.keys())
        self.assertEqual([code for code, client in CLIENTS.items() if code != client.code], [])

    def test_every_guide_has_steps_and_the_address(self):
        for client, way, guide in self.guides():
            with self.subTest(client=client.code, way=way):
                self.assertTrue(guide["steps"])
                everything = json.dumps(guide)
                self.assertIn(FACTS["url"], everything)
                self.assertEqual(FACTS["key"] in everything, way == "api_key")
                for name in FACTS:
                    self.assertNotIn(f"{{{name}}}", everything)

    def test_structured_snippets_parse(self):
        parsers = {"json": json.loads, "yaml": yaml.safe_load, "toml": tomllib.loads}
        parsed = set()
        for client, way, guide in self.guides():
            for snippet in guide["snippets"]:
                if snippet["language"] in parsers:
                    with self.subTest(client=client.code, way=way, snippet=snippet["title"]):
                        self.assertTrue(parsers[snippet["language"]](snippet["text"]))
                        parsed.add(snippet["language"])
        self.assertEqual(parsed, set(parsers))

    def test_shell_snippets_are_well_quoted_and_python_compiles(self):
        for client, way, guide in self.guides():
            for snippet in guide["snippets"]:
                with self.subTest(client=client.code, way=way, snippet=snippet["title"]):
                    if snippet["language"] == "shell":
                        words = [shlex.split(line) for line in snippet["text"].replace("\\\n", " ").splitlines()]
                        self.assertTrue(all(words))
                    if snippet["language"] == "python":
                        compile(snippet["text"], client.code, "exec")

    def test_install_links_carry_the_configuration(self):
        links = {
            client.code: guide["links"][0]["href"]
            for client, way, guide in self.guides()
            if way == "api_key" and guide["links"]
        }
        cursor = json.loads(base64.b64decode(unquote(links["cursor"].split("config=")[1])))
        self.assertEqual(cursor, {"url": FACTS["url"], "headers": {"Authorization": f"Bearer {FACTS['key']}"}})
        vscode = json.loads(unquote(links["vscode"].split("?", 1)[1]))
        self.assertEqual((vscode["type"], vscode["url"]), ("http", FACTS["url"]))

    def test_typescript_and_json_need_no_knowledge_of_braces(self):
        snippet = render(CLIENTS["vercel_ai"].guides["api_key"], FACTS, self.env._)["snippets"][1]["text"]
        self.assertIn("${process.env.ODOO_MCP_KEY}", snippet)


@tagged("post_install", "-at_install")
class TestSnippetsRun(HttpCase):
    """What the wizard shows for curl and Python, run as it stands against this server."""

    def setUp(self):
        super().setUp()
        self.env["mcp.settings"].current().enabled = True
        self.user, self.connection, self.key = make_key(self.env, "mcp_anita")
        self.facts = {"url": f"{self.base_url()}/odoo/mcp", "sse": "", "key": self.key}
        self.env.flush_all()

    def run_command(self, command, **environment):
        # a path of its own: the snippet must not find Odoo's modules or proxies
        environment = {"PATH": os.environ["PATH"], "no_proxy": "*", **environment}
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout

    def test_the_curl_command_answers_who_the_key_acts_as(self):
        (snippet,) = render(CLIENTS["curl"].guides["api_key"], self.facts, self.env._)["snippets"]
        with open_to_all(self):
            answer = json.loads(self.run_command(["bash", "-c", snippet["text"]]))
        self.assertIn("mcp_anita", answer["result"]["content"][0]["text"])

    def test_the_python_script_lists_the_tools(self):
        export, script = render(CLIENTS["python_sdk"].guides["api_key"], self.facts, self.env._)["snippets"]
        self.assertIn(self.key, export["text"])
        with open_to_all(self):
            output = self.run_command([sys.executable, "-c", script["text"]], ODOO_MCP_KEY=self.key)
        self.assertIn("'search_records'", output)
        self.assertIn("'connection': 'Test tool'", output)
