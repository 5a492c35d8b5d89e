import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("odoo_mcp_approval", {
    url: "/odoo/action-odoo_mcp.mcp_approval_action",
    steps: () => [
        {
            content: "The request says what would happen to which record",
            trigger: ".o_data_row:contains('Change Deco (Contact): City from Gent to Aalst') .o_data_cell[name='name']",
            run: "click",
        },
        { content: "Nothing has happened", trigger: ".o_form_view .alert-info:contains('Nothing has happened yet')" },
        { content: "Before and after", trigger: ".o_mcp_effect td:contains('Aalst')" },
        { content: "What follows is folded away", trigger: ".o_mcp_effect summary:contains('more records change with it')" },
        { content: "Approve", trigger: ".o_form_statusbar button[name='action_approve']", run: "click" },
        { content: "It was done", trigger: ".alert-success:contains('approved and carried out')" },
        { content: "See what changed", trigger: "button[name='action_open_change']", run: "click" },
        { content: "By the record", trigger: ".oe_title:contains('Changed Deco (Contact)')" },
        { content: "Take it back", trigger: ".o_form_statusbar button[name='action_undo']", run: "click" },
        { content: "Confirm", trigger: ".modal .btn-primary", run: "click" },
        { content: "It is undone", trigger: ".alert-info:contains('every record is as it was before')" },
    ],
});
