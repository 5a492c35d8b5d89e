import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("odoo_mcp_doctor", {
    url: "/odoo/action-odoo_mcp.mcp_settings_action",
    steps: () => [
        { content: "Check", trigger: "button[name='action_check']", run: "click" },
        { content: "One problem", trigger: ".o_mcp_verdict.alert-danger:contains('One problem')" },
        { content: "It is open", trigger: "[data-code='broken'] .o_mcp_advice:contains('Repair it')" },
        { content: "What is in order is quiet", trigger: "[data-code='fine']:not(:has(.o_mcp_advice))" },
        { content: "Text for Nginx", trigger: "[data-code='broken'] pre:contains('nginx text')" },
        { content: "Or for Odoo.sh", trigger: "[data-code='broken'] button:contains('Odoo.sh')", run: "click" },
        { content: "Is shown", trigger: "[data-code='broken'] pre:contains('odoo.sh text')" },
        { content: "Again", trigger: ".o_mcp_check_again", run: "click" },
        { content: "It comes back", trigger: ".o_mcp_verdict" },
    ],
});
