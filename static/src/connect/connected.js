import { Component, useState } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Waiting } from "./waiting";

/** The last screen of the wizard: the key, shown once (it came with the action and is stored nowhere), what to paste
 * and do in the AI tool, and whether it worked. */
export class Connected extends Component {
    static template = "odoo_mcp.Connected";
    static components = { CopyButton, Waiting };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.copyText = _t("Copy");
        this.copiedText = _t("Copied");
        this.params = this.props.action.params;
        this.state = useState({ connectionId: this.params.connection_id, isConnected: false });
    }

    onConnected(connectionId) {
        Object.assign(this.state, { connectionId, isConnected: true });
    }

    open() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "mcp.connection",
            res_id: this.state.connectionId,
            views: [[false, "form"]],
        });
    }

    check() {
        this.action.doAction({
            type: "ir.actions.client",
            tag: "odoo_mcp.doctor",
            name: _t("Check the Connection"),
            params: { connection_id: this.state.connectionId },
        });
    }

    close() {
        this.action.doAction({ type: "ir.actions.act_window_close" });
    }
}

registry.category("actions").add("odoo_mcp.connected", Connected);
