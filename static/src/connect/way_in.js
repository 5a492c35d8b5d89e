import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The ways in that a tool can use here, as cards with an explanation. */
export class WayIn extends Component {
    static template = "odoo_mcp.WayIn";
    static props = { ...standardFieldProps, ways: String };

    get ways() {
        return this.props.record.data[this.props.ways] || [];
    }

    async choose(way) {
        await this.props.record.update({ [this.props.name]: way.code });
    }
}

registry.category("fields").add("mcp_way_in", {
    component: WayIn,
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ ways: options.ways }),
});
