from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="langchain",
    name="LangChain",
    summary=_lt("Agents in Python"),
    icon="fa-link",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Install the adapter."),
                _lt("Put the key into the environment variable ODOO_MCP_KEY, rather than into the code."),
                _lt("Get the tools, and hand them to your agent."),
            ),
            snippets=(
                Snippet(_lt("Terminal"), "shell", "pip install langchain-mcp-adapters\nexport ODOO_MCP_KEY='{key}'"),
                Snippet(
                    "Python",
                    "python",
                    """\
import asyncio
import os

from langchain_mcp_adapters.client import MultiServerMCPClient

client = MultiServerMCPClient(
    {
        "odoo": {
            "transport": "streamable_http",
            "url": "{url}",
            "headers": {"Authorization": f"Bearer {os.environ['ODOO_MCP_KEY']}"},
        }
    }
)


async def main():
    tools = await client.get_tools()
    print([tool.name for tool in tools])


asyncio.run(main())
""",
                ),
            ),
        ),
    },
)
