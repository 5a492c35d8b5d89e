import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("odoo_mcp_profile", {
    url: "/odoo",
    steps: () => [
        { content: "Open the user menu", trigger: ".o_user_menu button", run: "click" },
        {
            content: "Preferences",
            trigger: ".o-dropdown-item[data-menu='settings'], .o-dropdown-item[data-menu='preferences']",
            run: "click",
        },
        { content: "AI tools", trigger: ".nav-link[name='mcp_tools']", run: "click" },
        { content: "Nothing is connected", trigger: ".o_form_view:contains('No AI tool is connected in your name')" },
        { content: "A token", trigger: "button[name='action_mcp_token']", run: "click" },
        { content: "It is one's own", trigger: ".o_mcp_way:contains('Personal access token')" },
        { content: "Nobody else's", trigger: ".modal:not(:has([name='user_id'] input))" },
        { content: "Name it", trigger: ".modal [name='name'] input", run: "edit My script" },
        { content: "Create it", trigger: ".modal button[name='action_connect']:contains('Create Key')", run: "click" },
        { content: "It is shown", trigger: ".modal .o_mcp_key:value(mcp_)" },
        { content: "Close it", trigger: ".modal:has(.o_mcp_connected) .btn-close", run: "click" },
        { content: "Open the user menu", trigger: ".o_user_menu button", run: "click" },
        {
            content: "Preferences",
            trigger: ".o-dropdown-item[data-menu='settings'], .o-dropdown-item[data-menu='preferences']",
            run: "click",
        },
        { content: "AI tools", trigger: ".nav-link[name='mcp_tools']", run: "click" },
        { content: "It is listed", trigger: "[name='mcp_connection_ids'] .o_data_row:contains('My script')" },
        { content: "Revoke it", trigger: "[name='mcp_connection_ids'] .o_mcp_revoke", run: "click" },
        { content: "Confirm", trigger: ".modal:has(.modal-body:contains('Go on?')) .btn-primary", run: "click" },
        {
            content: "It is revoked, and the profile is still there",
            trigger: "[name='mcp_connection_ids'] .o_mcp_status[data-status='revoked']",
        },
    ],
});
