"""The MCP server class of openai-agents, without a model. Argument: URL.

It takes no callback for progress, and opens its session without one for questions.
"""

import fixed
from agents.mcp import MCPServerStreamableHttp
from seen import Seen, run


async def program(seen: Seen) -> None:
    async with MCPServerStreamableHttp(params={"url": seen.url, "headers": seen.headers}, name="odoo") as server:
        opened = server.server_initialize_result
        seen.report["version"] = opened.protocolVersion
        seen.report["connect"] = opened.serverInfo.name

        async def listed():
            return [tool.name for tool in await server.list_tools()]

        async def called():
            text = await server.call_tool(fixed.TEXT_TOOL, {})
            count = await server.call_tool(fixed.COUNT_TOOL, fixed.COUNTED)
            return {"text": text.content[0].text, "count": count.structuredContent["count"]}

        async def read():
            return (await server.read_resource(fixed.RESOURCE)).contents[0].text

        async def prompted():
            return (await server.get_prompt(fixed.PROMPT, fixed.ARGUMENTS)).messages[0].content.text

        await seen.columns(list=listed, call=called, resource=read, prompt=prompted)


run(program)
