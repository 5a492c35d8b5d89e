import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The AI tools as tiles; choosing one goes on to the next step. */
export class ClientGallery extends Component {
    static template = "odoo_mcp.ClientGallery";
    static props = { ...standardFieldProps, catalog: String };

    setup() {
        this.state = useState({ search: "" });
    }

    get clients() {
        const wanted = this.state.search.trim().toLowerCase();
        const clients = this.props.record.data[this.props.catalog] || [];
        return clients.filter(({ name, summary }) => `${name} ${summary}`.toLowerCase().includes(wanted));
    }

    async choose(client) {
        await this.props.record.update({ [this.props.name]: client.code, step: "details" });
    }
}

registry.category("fields").add("mcp_client_gallery", {
    component: ClientGallery,
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ catalog: options.catalog }),
});

/** The chosen tool, with a way back to the gallery. */
export class ChosenClient extends Component {
    static template = "odoo_mcp.ChosenClient";
    static props = { ...standardFieldProps, catalog: String };

    get client() {
        const clients = this.props.record.data[this.props.catalog] || [];
        return clients.find(({ code }) => code === this.props.record.data[this.props.name]);
    }

    async change() {
        await this.props.record.update({ step: "tool" });
    }
}

registry.category("fields").add("mcp_chosen_client", {
    component: ChosenClient,
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ catalog: options.catalog }),
});
