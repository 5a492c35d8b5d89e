import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Shows the credentials of an OAuth client, the secret once: it came with the action and is stored nowhere. */
export class ShowClient extends Component {
    static template = "odoo_mcp.ShowClient";
    static components = { CopyButton };
    static props = { ...standardActionServiceProps };

    setup() {
        this.copyText = _t("Copy");
        this.copiedText = _t("Copied");
        const { endpoint, client_id, secret } = this.props.action.params;
        this.secret = secret;
        this.values = [
            { name: "endpoint", label: _t("Server URL"), text: endpoint },
            { name: "client_id", label: _t("Client ID"), text: client_id },
        ];
        if (secret) {
            this.values.push({ name: "secret", label: _t("Client Secret"), text: secret });
        }
    }
}

registry.category("actions").add("odoo_mcp.show_client", ShowClient);
