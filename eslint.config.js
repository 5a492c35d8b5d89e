const js = require("@eslint/js");
const globals = require("globals");

// Odoo's own rules for its web client (addons/web/tooling/_eslintrc.json), as a flat configuration.
module.exports = [
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, odoo: "readonly" },
        },
        rules: {
            "no-undef": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-class-members": "error",
            "no-unused-vars": ["error", { vars: "all", args: "none" }],
            "no-useless-rename": "error",
            "prefer-const": ["error", { destructuring: "all" }],
            "no-var": "error",
            curly: "error",
        },
    },
];
