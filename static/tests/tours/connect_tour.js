import { registry } from "@web/core/registry";

/** What the AI tool does with the key that is on the screen. */
async function callAsTool() {
    const clientInfo = { name: "Tour client", version: "7" };
    await fetch("/odoo/mcp", {
        method: "POST",
        headers: {
            Authorization: `Bearer ${document.querySelector(".o_mcp_key").value}`,
            "Content-Type": "application/json",
            Accept: "application/json, text/event-stream",
        },
        body: JSON.stringify({
            jsonrpc: "2.0",
            id: 1,
            method: "initialize",
            params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
        }),
    });
}

registry.category("web_tour.tours").add("odoo_mcp_connect", {
    url: "/odoo/action-odoo_mcp.mcp_settings_action",
    steps: () => [
        { content: "The server is off, and says so", trigger: ".alert:contains('switched off')" },
        {
            content: "No tool is connected meanwhile",
            trigger: "body:not(:has(.o_statusbar_buttons button:contains('Connect a New Tool')))",
        },
        { content: "Switch it on", trigger: "button[name='action_toggle_enabled']:contains('Disabled')", run: "click" },
        { content: "It is on", trigger: "button[name='action_toggle_enabled']:contains('Enabled')" },
        { content: "Connect a tool", trigger: "button:contains('Connect a New Tool')", run: "click" },
        { content: "Look for it", trigger: ".o_mcp_gallery input[type='search']", run: "edit curs" },
        { content: "Only that is left", trigger: ".o_mcp_tiles:not(:has([data-client='n8n']))" },
        { content: "Choose it", trigger: "[data-client='cursor']", run: "click" },
        { content: "It uses a key", trigger: ".o_mcp_way[data-way='api_key'] input:checked" },
        { content: "Change one's mind", trigger: ".o_mcp_change_tool", run: "click" },
        { content: "And choose again", trigger: "[data-client='claude_code']", run: "click" },
        { content: "The name follows", trigger: ".modal [name='name'] input:value(Claude Code of)" },
        { content: "Name it", trigger: ".modal [name='name'] input", run: "edit Tour tool" },
        { content: "Choose the key", trigger: ".o_mcp_way[data-way='api_key'] input", run: "click" },
        { content: "Create it", trigger: ".modal button[name='action_connect']:contains('Create Key')", run: "click" },
        { content: "It is shown", trigger: ".modal .o_mcp_key:value(mcp_)" },
        { content: "So is the command", trigger: ".modal pre:contains('claude mcp add --transport http')" },
        { content: "A call is awaited", trigger: ".o_mcp_waiting:contains('Waiting for the first call')" },
        { content: "The tool calls", trigger: ".modal .o_mcp_key", run: () => callAsTool() },
        { content: "It turns green by itself", trigger: ".o_mcp_waiting_done:contains('Tour client 7')" },
        { content: "Open the connection", trigger: ".modal .o_mcp_done", run: "click" },
        { content: "The key is listed", trigger: "[name='credential_ids'] .o_data_row" },
        { content: "It is connected", trigger: ".o_mcp_status[data-status='connected']" },
        { content: "Rotate", trigger: "button[name='action_new_key']:contains('Rotate Key')", run: "click" },
        { content: "The old one goes on for a day", trigger: ".modal [name='grace_hours'] input:value(24)" },
        { content: "Create it", trigger: ".modal button[name='action_create_key']", run: "click" },
        { content: "It is shown", trigger: ".modal .o_mcp_key:value(mcp_)" },
        { content: "Close it", trigger: ".modal .btn-close", run: "click" },
        {
            content: "Both are listed",
            trigger: "body:not(:has(.modal)) [name='credential_ids'] .o_data_row:eq(1)",
        },
        { content: "Revoke", trigger: "button[name='action_revoke'].oe_stat_button", run: "click" },
        { content: "Confirm", trigger: ".modal .btn-primary", run: "click" },
        { content: "It is revoked", trigger: ".o_mcp_status[data-status='revoked']" },
        { content: "And can come back", trigger: "button[name='action_reactivate'].oe_stat_button" },
    ],
});
