import { Component } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Revokes the connection of a row. An ordinary button would close the dialog that the list is in. */
export class RevokeButton extends Component {
    static template = "odoo_mcp.RevokeButton";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    }

    revoke() {
        const { record } = this.props;
        this.dialog.add(ConfirmationDialog, {
            title: _t("Revoke %s", record.data.name),
            body: _t("The AI tool is refused from its next call on. Go on?"),
            confirmLabel: _t("Revoke"),
            confirm: async () => {
                const { root } = record.model;
                if (await root.isDirty()) {
                    await root.save();
                }
                await this.orm.call("mcp.connection", "action_revoke", [[record.resId]]);
                await root.load();
            },
            cancel: () => {},
        });
    }
}

registry.category("view_widgets").add("mcp_revoke", {
    component: RevokeButton,
    fieldDependencies: [
        { name: "name", type: "char" },
        { name: "state", type: "selection" },
    ],
});
