import { element } from "../dom.js";

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATETIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/;
// The server names no more ids of one relation.
const MOST_IDS = 100;

/** How values are written and sorted in a language; an unknown one is the browser's own. */
export class Values {
    constructor(locale) {
        const locales = supported(locale);
        this.numbers = new Intl.NumberFormat(locales, { maximumFractionDigits: 6, useGrouping: "min2" });
        this.dates = new Intl.DateTimeFormat(locales, { dateStyle: "medium", timeZone: "UTC" });
        this.datetimes = new Intl.DateTimeFormat(locales, {
            dateStyle: "medium",
            timeStyle: "short",
            timeZone: "UTC",
        });
        this.collator = new Intl.Collator(locales, { numeric: true, sensitivity: "base" });
    }

    /** A node or a string that shows `value`. */
    show(value) {
        if (isEmpty(value)) {
            return "";
        }
        if (typeof value === "string") {
            return this.showText(value);
        }
        if (Array.isArray(value)) {
            return this.showList(value);
        }
        if (typeof value === "object") {
            return this.showObject(value);
        }
        return typeof value === "number" ? this.numbers.format(value) : value ? "Yes" : "No";
    }

    showText(value) {
        const [, clock] = DATETIME.exec(value) ?? [];
        if (clock || DATE.test(value)) {
            // The server tells the time of the user's own zone: it is shown as it stands.
            const moment = new Date(clock ? `${clock}Z` : value);
            if (!Number.isNaN(moment.getTime())) {
                const words = (clock ? this.datetimes : this.dates).format(moment);
                return element("time", { datetime: value, title: value }, words);
            }
        }
        return value;
    }

    showList(value) {
        if (value.every(Number.isInteger)) {
            const count = value.length < MOST_IDS ? value.length : `${MOST_IDS} or more`;
            const words = count === 1 ? "1 record" : `${count} records`;
            return element("span", { title: value.map((id) => `#${id}`).join(", ") }, words);
        }
        return value.map((member) => this.plain(member)).join(", ");
    }

    showObject(value) {
        if (Number.isInteger(value.id)) {
            const place = value.model ? `${value.model} #${value.id}` : `#${value.id}`;
            return element("span", { title: place }, value.name ? String(value.name) : place);
        }
        return Object.entries(value)
            .map(([name, member]) => `${name}: ${this.plain(member)}`)
            .join("\n");
    }

    plain(value) {
        const shown = this.show(value);
        return typeof shown === "string" ? shown : shown.textContent;
    }

    /** Like the comparison of sort(), for values that are not empty. */
    compare(left, right) {
        const [one, other] = [sortable(left), sortable(right)];
        if (typeof one === "number" && typeof other === "number") {
            return one - other;
        }
        return this.collator.compare(String(one), String(other));
    }
}

export function isEmpty(value) {
    return value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
}

function sortable(value) {
    if (typeof value === "string") {
        return DATETIME.test(value) ? Date.parse(value) : value;
    }
    if (Array.isArray(value)) {
        return value.every(Number.isInteger) ? value.length : value.map(String).join(" ");
    }
    if (typeof value === "object") {
        return value.name ?? value.id ?? JSON.stringify(value);
    }
    return Number(value);
}

function supported(locale) {
    try {
        return Intl.NumberFormat.supportedLocalesOf(String(locale).replace("_", "-"));
    } catch (error) {
        if (error instanceof RangeError) {
            return [];
        }
        throw error;
    }
}
