import { element } from "../dom.js";
import { isNumeric, labelOf } from "./columns.js";
import { isEmpty } from "./values.js";

/** Records as a table that its column headers sort. */
export class RecordTable {
    constructor(values) {
        this.values = values;
        this.sorting = null; // {name, direction: 1 or -1}
        this.headers = new Map();
    }

    /** The table, in a region that scrolls. */
    render(records, columns) {
        this.records = records;
        this.columns = columns;
        this.numeric = new Set(columns.filter((name) => name !== "id" && isNumeric(records, name)));
        this.body = element("tbody");
        this.headers = new Map(columns.map((name) => [name, this.header(name)]));
        this.fill();
        const head = element("thead", {}, element("tr", {}, ...this.headers.values()));
        const table = element("table", { "aria-labelledby": "title" }, head, this.body);
        return element("div", { class: "scroll", role: "region", "aria-labelledby": "title", tabindex: "0" }, table);
    }

    header(name) {
        const button = element("button", { type: "button", title: name }, labelOf(name));
        button.addEventListener("click", () => this.sort(name));
        const looks = { scope: "col", class: this.numeric.has(name) && "number" };
        return element("th", looks, button);
    }

    /** Up at the first click, down at the second, as it came at the third. */
    sort(name) {
        if (this.sorting?.name !== name) {
            this.sorting = { name, direction: 1 };
        } else {
            this.sorting = this.sorting.direction === 1 ? { name, direction: -1 } : null;
        }
        this.fill();
    }

    fill() {
        for (const [name, header] of this.headers) {
            const direction = this.sorting?.name === name ? this.sorting.direction : 0;
            header.setAttribute("aria-sort", ["descending", "none", "ascending"][direction + 1]);
        }
        this.body.replaceChildren(...this.sorted().map((record) => this.row(record)));
        // Only what is laid out can be measured.
        window.requestAnimationFrame(() => this.offerWholeTexts());
    }

    /** Texts that two lines do not hold open at a click, Enter or the space bar. */
    offerWholeTexts() {
        for (const content of this.body.querySelectorAll("div")) {
            if (content.scrollHeight > content.clientHeight + 1) {
                content.setAttribute("role", "button");
                content.setAttribute("tabindex", "0");
                content.setAttribute("aria-expanded", "false");
                content.addEventListener("click", () => toggle(content));
                content.addEventListener("keydown", (pressed) => {
                    if (pressed.key === "Enter" || pressed.key === " ") {
                        pressed.preventDefault();
                        toggle(content);
                    }
                });
            }
        }
    }

    sorted() {
        if (!this.sorting) {
            return this.records;
        }
        const { name, direction } = this.sorting;
        return [...this.records].sort((one, other) => {
            const [left, right] = [one[name], other[name]];
            if (isEmpty(left) || isEmpty(right)) {
                return isEmpty(left) - isEmpty(right); // nothing is last, whichever way
            }
            return direction * this.values.compare(left, right);
        });
    }

    row(record) {
        const cells = this.columns.map((name, place) => {
            const shown = name === "id" ? String(record.id) : this.values.show(record[name]);
            const content = element("div", { dir: "auto" }, shown);
            const looks = { class: this.numeric.has(name) ? "number" : name === "id" && "id" };
            return place ? element("td", looks, content) : element("th", { scope: "row" }, content);
        });
        return element("tr", {}, ...cells);
    }
}

function toggle(content) {
    content.setAttribute("aria-expanded", String(content.getAttribute("aria-expanded") !== "true"));
}
