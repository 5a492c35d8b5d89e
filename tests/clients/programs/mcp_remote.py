"""mcp-remote, the bridge for programs that only start their servers: the Python SDK 2.x talks to it over stdio.

Arguments: URL, transport (http-only or sse-only).
"""

import os
import socket
import sys
import tempfile

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from seen import Seen, run
from session_2 import answer, look_at_everything


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


async def program(seen: Seen) -> None:
    arguments = [os.environ["PROGRAM"], seen.url, _free_port(), "--transport", sys.argv[2], "--allow-http"]
    with tempfile.TemporaryDirectory() as folder:
        bridge = StdioServerParameters(
            command=os.environ["NODE"],
            args=[*arguments, "--header", "Authorization:${AUTH_HEADER}"],
            env={**os.environ, "AUTH_HEADER": f"Bearer {seen.key}", "MCP_REMOTE_CONFIG_DIR": folder},
        )
        async with Client(bridge, mode="legacy", elicitation_callback=answer) as client:
            await look_at_everything(seen, client)


run(program)
