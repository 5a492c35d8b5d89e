"""langchain-mcp-adapters: MCP tools as LangChain tools. Argument: URL."""

import fixed
from langchain_mcp_adapters.callbacks import Callbacks
from langchain_mcp_adapters.client import MultiServerMCPClient
from mcp.types import ElicitResult
from seen import Seen, run

SERVER = "odoo"


async def program(seen: Seen) -> None:
    steps = []

    async def note(progress, total, _message, _context):
        steps.append([progress, total])

    async def answer(_mcp_context, _params, _context):
        return ElicitResult(action="accept", content=fixed.ANSWERS)

    client = MultiServerMCPClient(
        {SERVER: {"transport": "streamable_http", "url": seen.url, "headers": seen.headers}},
        callbacks=Callbacks(on_progress=note, on_elicitation=answer),
    )
    opened = (await client.get_server_info())[SERVER]
    seen.report["version"] = opened.protocolVersion
    seen.report["connect"] = opened.serverInfo.name
    tools = {}

    async def listed():
        tools.update({tool.name: tool for tool in await client.get_tools()})
        return list(tools)

    async def called():
        text = await tools[fixed.TEXT_TOOL].ainvoke({})
        count = await tools[fixed.COUNT_TOOL].ainvoke(_tool_call(fixed.COUNT_TOOL, fixed.COUNTED))
        return {"text": text[0]["text"], "count": count.artifact["structured_content"]["count"]}

    async def read():
        return (await client.get_resources(SERVER, uris=[fixed.RESOURCE]))[0].as_string()

    async def prompted():
        return (await client.get_prompt(SERVER, fixed.PROMPT, arguments=fixed.ARGUMENTS))[0].content

    async def progressed():
        await tools[fixed.PROGRESS_TOOL].ainvoke({})
        return list(steps)

    async def asked():
        return (await tools[fixed.ASKING_TOOL].ainvoke(fixed.QUESTION))[0]["text"]

    await seen.columns(list=listed, call=called, resource=read, prompt=prompted, progress=progressed, elicitation=asked)


def _tool_call(name: str, arguments: dict) -> dict:
    """As an agent calls it: the answer is then a message that also has the structured result."""
    return {"type": "tool_call", "id": "1", "name": name, "args": arguments}


run(program)
