from odoo.tools.translate import LazyTranslate

from .definition import Client, Guide, Snippet

_lt = LazyTranslate(__name__)

CLIENT = Client(
    code="vercel_ai",
    name="Vercel AI SDK",
    summary=_lt("Agents in TypeScript"),
    icon="fa-caret-up",
    guides={
        "api_key": Guide(
            steps=(
                _lt("Install the client."),
                _lt("Put the key into the environment variable ODOO_MCP_KEY, rather than into the code."),
                _lt("Get the tools, and hand them to generateText or streamText."),
            ),
            snippets=(
                Snippet(_lt("Terminal"), "shell", "npm install ai @ai-sdk/mcp\nexport ODOO_MCP_KEY='{key}'"),
                Snippet(
                    "TypeScript",
                    "typescript",
                    """\
import { createMCPClient } from "@ai-sdk/mcp";

const odoo = await createMCPClient({
    transport: {
        type: "http",
        url: "{url}",
        headers: { Authorization: `Bearer ${process.env.ODOO_MCP_KEY}` },
    },
});
const tools = await odoo.tools();
console.log(Object.keys(tools));
await odoo.close();
""",
                ),
            ),
        ),
    },
)
