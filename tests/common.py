"""What the tests of the addon share: users of three kinds, and a client that needs no HTTP."""

import contextlib
import json

from odoo.tests import TransactionCase, new_test_user

from ..services.application import OdooApplication
from ..services.identity import bearer, keys
from ..services.protocol.limits import Limits
from ..services.protocol.messages import HttpRequest
from ..services.protocol.server import handle

MCP_GROUPS = "base.group_user,odoo_mcp.group_user"


def make_key(env, login, name="Test tool", groups=MCP_GROUPS, **user_values):
    """A user of ``groups`` with a connection; returns user, connection and key."""
    user = new_test_user(env, login=login, groups=groups, **user_values)
    connection = env["mcp.connection"].create({"name": name, "user_id": user.id})
    return user, connection, keys.issue_key(connection)


def let_write_partners(*users):
    """Give ``users`` the right to create, change and delete contacts."""
    for user in users:
        name = "group_ids" if "group_ids" in user._fields else "groups_id"
        user.write({name: [(4, user.env.ref("base.group_partner_manager").id)]})


def open_to_all(case):
    """While this lasts, programs other than the test's own browser and opener may call the server of an HttpCase."""
    return case.allow_requests(all_requests=True) if hasattr(case, "allow_requests") else contextlib.nullcontext()


class McpClient:
    """Speaks to the server in process, from the key on: everything but HTTP itself."""

    def __init__(self, env, key, version="2025-11-25", headers=None):
        self.env = env
        self.key = key
        self.version = version
        self.headers = headers or {}

    def request(self, method, params=None):
        """The JSON-RPC answer, as a dictionary."""
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        identification = bearer.identify(self.env, self.key)
        if identification.caller is None:
            raise PermissionError(identification.refusal)
        caller = identification.caller
        env = self.env(user=caller.user_id, context=caller.context(), su=False)
        application = OdooApplication(
            env, caller, identification.limits, {"ip_address": "127.0.0.1", "user_agent": "test"}, last_try=True
        )
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": self.version,
            **self.headers,
        }
        answer = handle(HttpRequest("POST", headers, json.dumps(message).encode()), application, Limits())
        return json.loads(answer.body)

    def call(self, tool, **arguments):
        """The structured result of a tool call that must work."""
        result = self.request("tools/call", {"name": tool, "arguments": arguments})["result"]
        if result["isError"]:
            raise AssertionError(f"{tool} failed: {result['content'][0]['text']}")
        return result["structuredContent"]

    def failing(self, tool, **arguments):
        """The text of a tool call that must be answered with an error the model can read."""
        result = self.request("tools/call", {"name": tool, "arguments": arguments})["result"]
        if not result["isError"]:
            raise AssertionError(f"{tool} should have failed, but answered {result['structuredContent']}")
        return result["content"][0]["text"]


class McpCase(TransactionCase):
    """A switched-on server, an ordinary MCP user with a client, and an administrator with another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.env["mcp.settings"].current()
        cls.settings.enabled = True
        # tests call more often than people; those about rate limits set their own
        cls.settings.write({"rate_per_minute": 0, "rate_per_day": 0, "failures_per_minute": 0})
        cls.user, cls.connection, cls.key = make_key(cls.env, "mcp_anita", name="Claude of Anita")
        cls.client = McpClient(cls.env, cls.key)
        cls.admin, cls.admin_connection, cls.admin_key = make_key(
            cls.env, "mcp_root", groups="base.group_system", name="Claude of the administrator"
        )
        cls.admin_client = McpClient(cls.env, cls.admin_key)
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Ground {number:02}", "ref": "MCPTEST", "city": city, "email": f"g{number}@example.com"}
                for number, city in enumerate(["Gent", "Brugge", "Namur"] * 10)
            ]
        )

    def audit_rows(self, **conditions):
        return self.env["mcp.audit.log"].search([(name, "=", value) for name, value in conditions.items()])
