import { registry } from "@web/core/registry";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

// as the badges of the list; chart.js knows no CSS variables
const COLOURS = { ok: "#28a745", refused: "#ffac00", error: "#dc3545", pending: "#17a2b8" };

/** Outcomes have the colours that they have elsewhere: done is green and failed is red. */
export class AuditGraphRenderer extends GraphRenderer {
    getBarChartData() {
        const data = super.getBarChartData();
        const { fields, groupBy } = this.model.metaData;
        if (groupBy.some(({ fieldName }) => fieldName === "outcome")) {
            const values = Object.fromEntries(fields.outcome.selection.map(([value, label]) => [label, value]));
            for (const dataset of data.datasets) {
                const colour = COLOURS[values[(dataset.label || "").split(" / ").at(-1)]];
                if (colour) {
                    dataset.backgroundColor = colour;
                }
            }
        }
        return data;
    }
}

registry.category("views").add("mcp_audit_graph", { ...graphView, Renderer: AuditGraphRenderer });
