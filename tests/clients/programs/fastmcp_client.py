"""fastmcp's client. Argument: URL."""

import fixed
from fastmcp import Client
from seen import Seen, run


async def answer(_message, _response_type, _params, _context):
    return fixed.ANSWERS


async def program(seen: Seen) -> None:
    async with Client(seen.url, auth=seen.key, elicitation_handler=answer) as client:
        seen.report["version"] = client.session.protocol_version
        seen.report["connect"] = client.session.server_info.name

        async def listed():
            return [tool.name for tool in await client.list_tools()]

        async def called():
            text = await client.call_tool(fixed.TEXT_TOOL, {})
            count = await client.call_tool(fixed.COUNT_TOOL, fixed.COUNTED)
            return {"text": text.content[0].text, "count": count.structured_content["count"]}

        async def read():
            return (await client.read_resource(fixed.RESOURCE))[0].text

        async def prompted():
            return (await client.get_prompt(fixed.PROMPT, fixed.ARGUMENTS)).messages[0].content.text

        async def progressed():
            steps = []

            async def note(progress, total, _message):
                steps.append([progress, total])

            await client.call_tool(fixed.PROGRESS_TOOL, {}, progress_handler=note)
            return steps

        async def asked():
            return (await client.call_tool(fixed.ASKING_TOOL, fixed.QUESTION)).content[0].text

        await seen.columns(
            list=listed, call=called, resource=read, prompt=prompted, progress=progressed, elicitation=asked
        )


run(program)
