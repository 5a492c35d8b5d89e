"""The AI tools that the wizard *Connect a New Tool* knows, in the order in which it shows them."""

from . import (
    chatgpt,
    claude_ai,
    claude_code,
    claude_desktop,
    codex,
    continue_dev,
    curl,
    cursor,
    gemini_cli,
    grok,
    langchain,
    mcp_remote,
    n8n,
    other,
    python_sdk,
    vercel_ai,
    vscode,
    windsurf,
)
from .definition import KEY_WAYS, Client, Guide, Link, Snippet, render

CLIENTS: dict[str, Client] = {
    module.CLIENT.code: module.CLIENT
    for module in (
        claude_ai, claude_desktop, claude_code, chatgpt, cursor, vscode, gemini_cli, codex, windsurf, continue_dev,
        grok, n8n, langchain, vercel_ai, mcp_remote, python_sdk, curl, other,
    )
}  # fmt: skip
