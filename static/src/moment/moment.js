import { Component, onWillUnmount, useState } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const MINUTE = 60 * 1000;

/** A moment as people say it: without seconds, or (option `relative`) "3 minutes ago" with the moment as a tooltip.
 * The placeholder stands where there is none. */
export class MomentField extends Component {
    static template = "odoo_mcp.MomentField";
    static props = {
        ...standardFieldProps,
        relative: { type: Boolean, optional: true },
        placeholder: { type: String, optional: true },
    };

    setup() {
        this.state = useState({ minutes: 0 });
        if (this.props.relative) {
            const clock = setInterval(() => this.state.minutes++, MINUTE);
            onWillUnmount(() => clearInterval(clock));
        }
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get moment() {
        return formatDateTime(this.value, { format: localization.dateTimeFormat.replace(/[^a-zA-Z]?ss/, "") });
    }

    get text() {
        // read so that the text is made anew when the clock ticks
        return this.props.relative && this.state.minutes >= 0 ? this.value.toRelative() : this.moment;
    }
}

registry.category("fields").add("mcp_moment", {
    component: MomentField,
    supportedTypes: ["datetime"],
    extractProps: ({ attrs, options }) => ({
        relative: Boolean(options.relative),
        placeholder: attrs.placeholder,
    }),
});
