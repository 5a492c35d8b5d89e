import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Shows a new key, once: it came with the action and is stored nowhere. */
export class ShowKey extends Component {
    static template = "odoo_mcp.ShowKey";
    static components = { CopyButton };
    static props = { ...standardActionServiceProps };

    setup() {
        this.copyText = _t("Copy");
        this.copiedText = _t("Copied");
        const { key, endpoint } = this.props.action.params;
        this.key = key;
        const header = `"Authorization: Bearer ${key}"`;
        const config = {
            mcpServers: { odoo: { url: endpoint, headers: { Authorization: `Bearer ${key}` } } },
        };
        const ping = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
        this.snippets = [
            {
                title: _t("Claude Code"),
                text: `claude mcp add --transport http odoo ${endpoint} --header ${header}`,
            },
            { title: _t("Cursor (mcp.json)"), text: JSON.stringify(config, null, 2) },
            {
                title: _t("curl"),
                text: `curl ${endpoint} -H ${header} -H "Content-Type: application/json" -d '${ping}'`,
            },
        ];
    }
}

registry.category("actions").add("odoo_mcp.show_key", ShowKey);
