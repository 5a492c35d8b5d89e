import { Component, onWillUnmount, status, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLOURS = {
    connected: "text-bg-success",
    awaiting: "text-bg-warning",
    idle: "text-bg-info",
    revoked: "text-bg-danger",
};
const MINUTE = 60 * 1000;
const POLL = 5 * 1000;

/** "3 d 4 h", "5 h 12 min", "8 min": the two largest units of a time in milliseconds. */
export function duration(milliseconds) {
    const minutes = Math.max(0, Math.floor(milliseconds / MINUTE));
    const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
    if (days) {
        return hours ? _t("%(days)s d %(hours)s h", { days, hours }) : _t("%s d", days);
    }
    return hours ? _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 }) : _t("%s min", minutes);
}

/** The status pill of a connection, with a counter of the time since the last call. */
export class StatusField extends Component {
    static template = "odoo_mcp.StatusField";
    static props = { ...standardFieldProps, live: { type: Boolean, optional: true } };

    setup() {
        this.state = useState({ now: Date.now() });
        this.orm = useService("orm");
        const clock = setInterval(() => (this.state.now = Date.now()), MINUTE);
        const poll = this.props.live && setInterval(() => this.look(), POLL);
        onWillUnmount(() => {
            clearInterval(clock);
            clearInterval(poll);
        });
    }

    get status() {
        return this.props.record.data[this.props.name];
    }

    get colour() {
        return COLOURS[this.status] || "text-bg-secondary";
    }

    get label() {
        const options = this.props.record.fields[this.props.name].selection;
        const option = options.find(([value]) => value === this.status);
        return option ? option[1] : "";
    }

    /** Time since the last call, for pills that tell it. */
    get counter() {
        const last = this.props.record.data.last_used_at;
        return this.status === "idle" && last ? duration(this.state.now - last.toMillis()) : "";
    }

    get title() {
        const last = this.props.record.data.last_used_at;
        if (!last) {
            return this.status === "awaiting" ? _t("No call has come in yet") : "";
        }
        return _t("Last call %s ago", duration(this.state.now - last.toMillis()));
    }

    /** While the first call is awaited, see whether it came, so that the pill turns green by itself. */
    async look() {
        const { resId, resModel, isNew } = this.props.record;
        if (this.status !== "awaiting" || isNew || !resId || document.hidden) {
            return;
        }
        if ((await this.props.record.isDirty()) || status(this) === "destroyed") {
            return;
        }
        const pulse = await this.orm.silent.call(resModel, "get_pulse", [[resId]]);
        if (pulse.status !== this.status && !(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
    }
}

registry.category("fields").add("mcp_status", {
    component: StatusField,
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: "last_used_at", type: "datetime" }],
    extractProps: ({ options }) => ({ live: Boolean(options.live) }),
});
