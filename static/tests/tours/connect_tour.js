import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("odoo_mcp_connect", {
    url: "/odoo/action-odoo_mcp.mcp_settings_action",
    steps: () => [
        { content: "The server is off, and says so", trigger: ".alert:contains('switched off')" },
        { content: "Switch it on", trigger: "button[name='action_toggle_enabled']:contains('Disabled')", run: "click" },
        { content: "It is on", trigger: "button[name='action_toggle_enabled']:contains('Enabled')" },
        { content: "Connections", trigger: "[data-menu-xmlid='odoo_mcp.menu_connections']", run: "click" },
        { content: "New", trigger: ".o_list_button_add", run: "click" },
        { content: "Name it", trigger: "[name='name'] input", run: "edit Tour tool" },
        { content: "Save", trigger: ".o_form_button_save", run: "click" },
        { content: "A key is missing", trigger: ".alert:contains('no working key')" },
        { content: "Make one", trigger: "button.btn-primary[name='action_new_key']", run: "click" },
        { content: "Create it", trigger: ".modal button[name='action_create_key']", run: "click" },
        { content: "It is shown", trigger: ".modal .o_mcp_key:value(mcp_)" },
        { content: "So are snippets", trigger: ".modal pre:contains('claude mcp add')" },
        { content: "Close it", trigger: ".modal-header .btn-close", run: "click" },
        { content: "The key is listed", trigger: "body:not(:has(.modal)) [name='credential_ids'] .o_data_row" },
        {
            content: "Revoke the connection",
            trigger: ".o_form_statusbar button[name='action_revoke']",
            run: "click",
        },
        { content: "Confirm", trigger: ".modal .btn-primary", run: "click" },
        { content: "It is revoked", trigger: "button[name='action_reactivate']" },
    ],
});
