"""All columns by way of a Client of the Python SDK 2.x, whatever its transport is."""

import fixed
from mcp import types
from mcp.client.client import Client
from seen import Seen


async def answer(_context, _params) -> types.ElicitResult:
    """The user's answer to every question."""
    return types.ElicitResult(action="accept", content=fixed.ANSWERS)


async def look_at_everything(seen: Seen, client: Client) -> None:
    """Fill in the whole report."""
    seen.report["version"] = client.protocol_version
    seen.report["connect"] = client.server_info.name

    async def listed():
        return [tool.name for tool in (await client.list_tools()).tools]

    async def called():
        text = await client.call_tool(fixed.TEXT_TOOL, {})
        count = await client.call_tool(fixed.COUNT_TOOL, fixed.COUNTED)
        return {"text": text.content[0].text, "count": count.structured_content["count"]}

    async def read():
        return (await client.read_resource(fixed.RESOURCE)).contents[0].text

    async def prompted():
        return (await client.get_prompt(fixed.PROMPT, fixed.ARGUMENTS)).messages[0].content.text

    async def progressed():
        steps = []

        async def note(progress, total, _message):
            steps.append([progress, total])

        await client.call_tool(fixed.PROGRESS_TOOL, {}, progress_callback=note)
        return steps

    async def asked():
        return (await client.call_tool(fixed.ASKING_TOOL, fixed.QUESTION)).content[0].text

    await seen.columns(list=listed, call=called, resource=read, prompt=prompted, progress=progressed, elicitation=asked)
