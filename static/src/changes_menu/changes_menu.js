import { Component } from "@odoo/owl";
import { router } from "@web/core/browser/router";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

/** What AI tools changed of the record whose form is open: in the menu of every form. */
export class ChangesMenu extends Component {
    static template = "odoo_mcp.ChangesMenu";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
    }

    /** Odoo 19 hands a form's model down; in 18 the address says which record is open. */
    get record() {
        const root = this.env.model?.root;
        if (root?.resModel) {
            return root;
        }
        const { props } = this.action.currentController;
        return { resModel: props.resModel, resId: router.current.resId };
    }

    async open() {
        const { resModel, resId } = this.record;
        const action = await this.action.loadAction("odoo_mcp.mcp_change_line_action");
        const ofRecord = [
            ["res_model", "=", resModel],
            ["res_id", "=", Number(resId) || 0],
        ];
        await this.action.doAction({ ...action, domain: ofRecord, context: { one_record: true } });
    }
}

registry.category("cogMenu").add(
    "odoo_mcp.changes",
    {
        Component: ChangesMenu,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) =>
            env.config.viewType === "form" &&
            !env.inDialog &&
            !env.searchModel?.resModel?.startsWith("mcp.") &&
            (await user.hasGroup("odoo_mcp.group_user")),
    },
    { sequence: 90 }
);
