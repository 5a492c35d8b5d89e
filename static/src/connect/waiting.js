import { Component, onWillUnmount, status, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

// Often while somebody is likely to be pasting the key, less so when the screen was left open.
const POLL = 3000;
const POLL_LATER = 15000;
const PATIENCE = 10 * 60 * 1000;

/** Waits for the first call of a connection and turns green when it comes; says why it was refused, if it was. */
export class Waiting extends Component {
    static template = "odoo_mcp.Waiting";
    static props = {
        connectionId: { type: [Number, Boolean] },
        since: String,
        onConnected: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ connected: false, client: "", refused: "", lost: false });
        this.connectionId = this.props.connectionId;
        this.started = Date.now();
        this.plan();
        onWillUnmount(() => clearTimeout(this.timer));
    }

    plan() {
        const wait = Date.now() - this.started < PATIENCE ? POLL : POLL_LATER;
        this.timer = setTimeout(() => this.look(), wait);
    }

    async look() {
        if (!document.hidden) {
            try {
                await this.ask();
                this.state.lost = false;
            } catch {
                // the server is being restarted, or the network is away: keep waiting, and say so
                this.state.lost = true;
            }
        }
        if (!this.state.connected && status(this) !== "destroyed") {
            this.plan();
        }
    }

    async ask() {
        if (!this.connectionId) {
            this.connectionId = await this.orm.silent.call("mcp.connect.wizard", "find_new_connection", [
                this.props.since,
            ]);
        }
        if (!this.connectionId) {
            return;
        }
        const pulse = await this.orm.silent.call("mcp.connection", "get_pulse", [[this.connectionId], this.props.since]);
        this.state.refused = pulse.refused;
        if (pulse.last_used_at && pulse.last_used_at >= this.props.since) {
            this.state.client = pulse.last_client;
            this.state.connected = true;
            this.props.onConnected?.(this.connectionId);
        }
    }
}
