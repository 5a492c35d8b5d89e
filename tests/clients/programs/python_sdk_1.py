"""The official Python SDK 1.x. Argument: URL."""

import fixed
import httpx
from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client
from seen import Seen, run


async def answer(_context, _params):
    return types.ElicitResult(action="accept", content=fixed.ANSWERS)


async def program(seen: Seen) -> None:
    async with (
        httpx.AsyncClient(headers=seen.headers, timeout=60) as http,
        streamable_http_client(seen.url, http_client=http) as (reading, writing, _session_id),
        ClientSession(reading, writing, elicitation_callback=answer) as session,
    ):
        opened = await session.initialize()
        seen.report["version"] = opened.protocolVersion
        seen.report["connect"] = opened.serverInfo.name

        async def listed():
            return [tool.name for tool in (await session.list_tools()).tools]

        async def called():
            text = await session.call_tool(fixed.TEXT_TOOL, {})
            count = await session.call_tool(fixed.COUNT_TOOL, fixed.COUNTED)
            return {"text": text.content[0].text, "count": count.structuredContent["count"]}

        async def read():
            return (await session.read_resource(fixed.RESOURCE)).contents[0].text

        async def prompted():
            return (await session.get_prompt(fixed.PROMPT, fixed.ARGUMENTS)).messages[0].content.text

        async def progressed():
            steps = []

            async def note(progress, total, _message):
                steps.append([progress, total])

            await session.call_tool(fixed.PROGRESS_TOOL, {}, progress_callback=note)
            return steps

        async def asked():
            return (await session.call_tool(fixed.ASKING_TOOL, fixed.QUESTION)).content[0].text

        await seen.columns(
            list=listed, call=called, resource=read, prompt=prompted, progress=progressed, elicitation=asked
        )


run(program)
