import { isEmpty } from "./values.js";

const NAMES = ["display_name", "name"];

/**
 * The fields to show, in order: the record's name, then as asked for or as they come, the id last.
 *
 * @param {Object[]} records fields without a value are left out of them
 * @param {string[]} asked fields of the tool's call; one that no record has a value for is shown too
 */
export function columnsOf(records, asked) {
    const names = new Set(asked.filter((name) => typeof name === "string"));
    for (const record of records) {
        Object.keys(record).forEach((name) => names.add(name));
    }
    const first = NAMES.find((name) => names.has(name)) ?? null;
    names.delete(first);
    const hasId = names.delete("id");
    return [...(first ? [first] : []), ...names, ...(hasId ? ["id"] : [])];
}

/** "partner_id" as people say it: "Partner". */
export function labelOf(name) {
    const words = name === "id" ? "ID" : name.replace(/_ids?$/, "").replaceAll("_", " ").trim() || name;
    return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether a column holds numbers, and nothing else. */
export function isNumeric(records, name) {
    const values = records.map((record) => record[name]).filter((value) => !isEmpty(value));
    return values.length > 0 && values.every((value) => typeof value === "number");
}
