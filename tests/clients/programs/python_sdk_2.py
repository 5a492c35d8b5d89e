"""The official Python SDK 2.x. Arguments: URL, mode (auto or legacy)."""

import sys

import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from seen import Seen, run
from session_2 import answer, look_at_everything


async def program(seen: Seen) -> None:
    async with (
        httpx2.AsyncClient(headers=seen.headers, timeout=60) as http,
        Client(
            streamable_http_client(seen.url, http_client=http), mode=sys.argv[2], elicitation_callback=answer
        ) as client,
    ):
        await look_at_everything(seen, client)


run(program)
