"""The command line of the official Inspector. Arguments: URL, era (legacy, auto or modern).

Each method is a process of its own that prints one result: there is nobody to see progress or to answer a question.
"""

import asyncio
import json
import os
import sys
import tempfile

import fixed
from seen import Seen, run


async def program(seen: Seen) -> None:
    with tempfile.TemporaryDirectory() as home:
        # The Inspector keeps a catalog of servers in the home folder.
        environment = {**os.environ, "HOME": home}

        async def inspect(method: str, *options: str) -> dict:
            child = await asyncio.create_subprocess_exec(
                os.environ["NODE"], os.environ["PROGRAM"], "--cli", seen.url, "--transport", "http",
                "--header", f"Authorization: Bearer {seen.key}", "--protocol-era", sys.argv[2],
                "--method", method, "--format", "json", "--quiet", *options,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment,
            )  # fmt: skip
            output, complaint = await child.communicate()
            if child.returncode:
                raise RuntimeError(f"exit code {child.returncode}: {complaint.decode()[:400]}")
            return json.loads(output)["result"]

        async def listed():
            return [tool["name"] for tool in (await inspect("tools/list", "--strict"))["tools"]]

        async def called():
            text = await inspect("tools/call", "--tool-name", fixed.TEXT_TOOL)
            counted = json.dumps(fixed.COUNTED)
            count = await inspect("tools/call", "--tool-name", fixed.COUNT_TOOL, "--tool-args-json", counted)
            return {"text": text["content"][0]["text"], "count": count["structuredContent"]["count"]}

        async def read():
            return (await inspect("resources/read", "--uri", fixed.RESOURCE))["contents"][0]["text"]

        async def prompted():
            pairs = [f"{name}={value}" for name, value in fixed.ARGUMENTS.items()]
            got = await inspect("prompts/get", "--prompt-name", fixed.PROMPT, "--prompt-args", *pairs)
            return got["messages"][0]["content"]["text"]

        opened = await inspect("initialize")
        seen.report["version"] = opened["protocolVersion"]
        seen.report["connect"] = opened["serverInfo"]["name"]
        await seen.columns(list=listed, call=called, resource=read, prompt=prompted)


run(program)
