import { Host } from "../host.js";
import { applyTheme } from "../theme.js";
import { element } from "../dom.js";
import { card } from "./card.js";
import { columnsOf } from "./columns.js";
import { RecordTable } from "./table.js";
import { Values } from "./values.js";

/** Shows what search_records and read_records answer: {model, records, shown, next_cursor, missing, notes}. */
class RecordViewer {
    constructor(host) {
        this.host = host;
        this.parts = Object.fromEntries(
            ["title", "shown", "records", "notes", "problem", "more"].map((id) => [id, document.getElementById(id)])
        );
        this.arguments = null;
        this.data = null;
        this.loading = false;
        this.parts.more.addEventListener("click", () => this.loadMore());
        host.on("context", (context) => this.changeContext(context));
        host.on("ui/notifications/tool-input", (params) => this.begin(params.arguments ?? {}));
        host.on("ui/notifications/tool-result", (result) => this.showResult(result));
        host.on("ui/notifications/tool-cancelled", () => this.say("The call was cancelled."));
    }

    changeContext(context) {
        applyTheme(context);
        if (!this.values || context.locale !== this.locale) {
            this.locale = context.locale;
            this.values = new Values(context.locale);
            this.table = new RecordTable(this.values);
            this.render();
        }
    }

    begin(args) {
        this.arguments = args;
        this.data = null;
        this.table.sorting = null;
        this.say("Waiting for the result…");
    }

    showResult(result) {
        this.data = result.isError ? null : recordsIn(result);
        if (this.data) {
            this.render();
        } else if (result.isError) {
            this.say("");
            this.complain(textOf(result) || "The tool failed, and did not say why.");
        } else {
            this.say(textOf(result) || "The result holds no records.");
        }
    }

    /** What went wrong, in red. */
    complain(sentence) {
        this.parts.problem.textContent = sentence;
        this.parts.problem.hidden = false;
    }

    /** A sentence in place of records. */
    say(sentence) {
        this.parts.shown.textContent = sentence;
        for (const part of [this.parts.records, this.parts.notes]) {
            part.replaceChildren();
        }
        this.parts.more.hidden = this.parts.problem.hidden = true;
    }

    render() {
        if (!this.data) {
            return;
        }
        const { model, records, shown, missing = [], notes = [] } = this.data;
        const asked = this.arguments?.fields;
        const columns = columnsOf(records, Array.isArray(asked) ? asked : []);
        this.parts.title.textContent = String(model ?? "Records");
        this.parts.shown.textContent = shown ?? (records.length === 1 ? "1 record" : `${records.length} records`);
        if (!records.length) {
            this.parts.shown.textContent = "";
            this.parts.records.replaceChildren(element("p", { class: "empty" }, "No record was found."));
        } else if (records.length === 1) {
            this.parts.records.replaceChildren(card(records[0], columns, this.values));
        } else {
            this.parts.records.replaceChildren(this.table.render(records, columns));
        }
        const remarks = missing.length ? [`Not found: ${missing.map((id) => `#${id}`).join(", ")}`, ...notes] : notes;
        this.parts.notes.replaceChildren(...remarks.map((remark) => element("li", {}, String(remark))));
        this.parts.problem.hidden = true;
        this.parts.more.hidden = !this.canLoadMore();
    }

    /** A cursor is good for the call it came from only, so that has to be known. */
    canLoadMore() {
        return Boolean(this.host.capabilities.serverTools && this.arguments && this.data.next_cursor);
    }

    async loadMore() {
        if (this.loading) {
            return;
        }
        this.setLoading(true);
        const { data } = this;
        let problem = null;
        try {
            const result = await this.host.request("tools/call", {
                name: this.host.context.toolInfo?.tool?.name ?? "search_records",
                arguments: { ...this.arguments, cursor: data.next_cursor },
            });
            const following = result.isError ? null : recordsIn(result);
            if (this.data === data && following) {
                this.append(following);
            } else if (this.data === data) {
                problem = textOf(result) || "The result holds no records.";
            }
        } catch (error) {
            problem = error.message;
        }
        this.setLoading(false);
        if (problem) {
            this.complain(`More could not be loaded: ${problem}`);
        }
    }

    append(following) {
        const hadFocus = document.activeElement === this.parts.more;
        const scrolled = document.querySelector(".scroll")?.scrollTop ?? 0;
        const notes = new Set([...(this.data.notes ?? []), ...(following.notes ?? [])]);
        this.data = {
            ...following,
            records: [...this.data.records, ...following.records],
            notes: [...notes],
            shown: joined(this.data.shown, following.shown),
        };
        this.render();
        const region = document.querySelector(".scroll");
        region?.scrollTo(0, scrolled);
        if (hadFocus && this.parts.more.hidden) {
            region?.focus();
        }
    }

    setLoading(loading) {
        this.loading = loading;
        this.parts.more.setAttribute("aria-disabled", loading);
        this.parts.more.textContent = loading ? "Loading…" : "More";
    }
}

/** "1-20 of 45" and "21-40 of 45" are "1-40 of 45". */
function joined(before, after) {
    return `${String(before).split("-")[0]}-${String(after).split("-").slice(1).join("-")}`;
}

/** What a result holds, from its text where a host or an old protocol version left out the data; null without records. */
function recordsIn(result) {
    const data = result.structuredContent ?? parsed(textOf(result));
    const good = Array.isArray(data?.records) && data.records.every((record) => record && typeof record === "object");
    return good ? data : null;
}

function textOf(result) {
    const texts = (result.content ?? []).filter((block) => block.type === "text");
    return texts.map((block) => block.text).join("\n");
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch (error) {
        if (error instanceof SyntaxError) {
            return null; // words, not data: shown as they are
        }
        throw error;
    }
}

const viewer = new RecordViewer(new Host("odoo_mcp records", "1.0.0"));
viewer.changeContext({});
viewer.host.reportSize();
viewer.host.connect().catch((error) => viewer.say(`The host shows no results here: ${error.message}`));
