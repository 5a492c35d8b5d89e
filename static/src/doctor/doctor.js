import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const POLL = 700;
const STATES = {
    problem: { icon: "fa-times-circle text-danger", title: _t("Problem") },
    attention: { icon: "fa-exclamation-triangle text-warning", title: _t("Attention") },
    ok: { icon: "fa-check-circle text-success", title: _t("In order") },
    not_applicable: { icon: "fa-minus-circle text-muted", title: _t("Not applicable") },
};

/** What lies between AI tools and this server: each check with what was seen and what to change. */
export class Doctor extends Component {
    static template = "odoo_mcp.Doctor";
    static components = { CopyButton, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.copyText = _t("Copy");
        this.copiedText = _t("Copied");
        this.display = { controlPanel: {} };
        this.state = useState({ running: true, findings: [], error: "", open: {}, place: {} });
        onWillStart(() => this.run());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    async run() {
        Object.assign(this.state, { running: true, findings: [], error: "", open: {} });
        const connectionId = this.props.action.params?.connection_id || false;
        this.runId = await this.orm.call("mcp.doctor", "start", [browser.location.origin, connectionId]);
        this.plan();
    }

    plan() {
        this.timer = setTimeout(() => this.look(), POLL);
    }

    async look() {
        const result = await this.orm.silent.call("mcp.doctor", "result", [[this.runId]]);
        if (result.state === "running") {
            return this.plan();
        }
        Object.assign(this.state, { running: false, findings: result.findings, error: result.error });
        for (const { code, state } of result.findings) {
            this.state.open[code] = state === "problem";
        }
    }

    info(finding) {
        return STATES[finding.state];
    }

    count(state) {
        return this.state.findings.filter((finding) => finding.state === state).length;
    }

    get verdict() {
        const [problems, attentions] = [this.count("problem"), this.count("attention")];
        if (problems) {
            const text = problems === 1 ? _t("One problem keeps AI tools out") : _t("%s problems keep AI tools out", problems);
            return { ...STATES.problem, text, colour: "alert-danger" };
        }
        if (attentions) {
            const text = attentions === 1 ? _t("It works; one thing could be better") : _t("It works; %s things could be better", attentions);
            return { ...STATES.attention, text, colour: "alert-warning" };
        }
        return { ...STATES.ok, text: _t("Everything is in order"), colour: "alert-success" };
    }

    /** Findings by group, in the order in which they were made. */
    get groups() {
        const groups = new Map();
        for (const finding of this.state.findings) {
            groups.set(finding.group, [...(groups.get(finding.group) || []), finding]);
        }
        return [...groups].map(([name, findings]) => ({ name, findings }));
    }

    hasMore(finding) {
        return Boolean(finding.advice || finding.remedies.length);
    }

    toggle(finding) {
        if (this.hasMore(finding)) {
            this.state.open[finding.code] = !this.state.open[finding.code];
        }
    }

    remedy(finding) {
        return finding.remedies[this.state.place[finding.code] || 0];
    }

    /** The whole report as text, for a support request. */
    get report() {
        return this.groups
            .map(({ name, findings }) =>
                [
                    `== ${name}`,
                    ...findings.map(
                        (finding) =>
                            `[${finding.state}] ${finding.title}: ${finding.seen}` +
                            (finding.advice ? `\n    → ${finding.advice}` : "")
                    ),
                ].join("\n")
            )
            .join("\n\n");
    }
}

registry.category("actions").add("odoo_mcp.doctor", Doctor);
