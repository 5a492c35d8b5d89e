import { element } from "../dom.js";
import { labelOf } from "./columns.js";

// Characters from which on a text gets the whole width.
const LONG = 80;

/** One record as a list of what is known of it; the first column is its name. */
export function card(record, columns, values) {
    const [first, ...others] = columns;
    const facts = others.map((name) => {
        const shown = name === "id" ? String(record.id) : values.show(record[name]);
        const text = element("dd", { dir: "auto" }, shown || element("span", { class: "none" }, "none"));
        const looks = { class: text.textContent.length > LONG && "long" };
        return element("div", looks, element("dt", { title: name }, labelOf(name)), text);
    });
    const name = first === "id" ? `#${record.id}` : values.show(record[first]);
    return element("article", {}, element("h2", { dir: "auto" }, name), element("dl", {}, ...facts));
}
