import { element } from "../dom.js";
import { labelOf } from "./columns.js";

// Characters from which on a text gets the whole width.
const LONG = 80;

/** One record as a list of what is known of it; the first column is its name, what has no value is named at the end. */
export function card(record, columns, values) {
    const [first, ...others] = columns;
    const [facts, without] = [[], []];
    for (const name of others) {
        const shown = name === "id" ? String(record.id) : values.show(record[name]);
        if (shown) {
            const text = element("dd", { dir: "auto" }, shown);
            const looks = { class: text.textContent.length > LONG && "long" };
            facts.push(element("div", looks, element("dt", { title: name }, labelOf(name)), text));
        } else {
            without.push(labelOf(name));
        }
    }
    const name = first === "id" ? `#${record.id}` : values.show(record[first]);
    const article = element("article", {}, element("h2", { dir: "auto" }, name), element("dl", {}, ...facts));
    if (without.length) {
        article.append(element("p", { class: "without" }, `Without a value: ${without.join(", ")}`));
    }
    return article;
}
