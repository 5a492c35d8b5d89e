import { Activity } from "@mail/core/web/activity";
import { patch } from "@web/core/utils/patch";

/** Requests of AI tools are decided where their activity is shown. */
patch(Activity.prototype, {
    get isMcpApproval() {
        return this.props.activity.activity_category === "mcp_approval";
    },

    async decideMcpApproval(method) {
        const thread = this.thread;
        const action = await this.env.services.orm.call("mcp.approval", method, [
            [this.props.activity.res_id],
        ]);
        const done = () => {
            this.props.onActivityChanged(thread);
            this.props.reloadParentView?.();
        };
        if (action && typeof action === "object") {
            await this.env.services.action.doAction(action, { onClose: done });
        } else {
            done();
        }
    },
});
