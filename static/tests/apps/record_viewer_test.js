import { AppHost } from "./host.js";

const TITLE = "#title";
const SHOWN = "#shown";
const HEADERS = "thead button";
const NAMES = "tbody th";
const MORE = "#more";
const CUT = "tbody [role=button]";

function equal(actual, expected, what) {
    if (JSON.stringify(actual) !== JSON.stringify(expected)) {
        throw new Error(`${what}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
    }
}

const sees = (...expected) => (texts) => JSON.stringify(texts) === JSON.stringify(expected);
const domain = [["ref", "=", "APPTEST"]];
const fields = ["name", "function", "color", "is_company", "parent_id", "category_id", "create_date", "comment"];
const labels = ["Name", "Function", "Color", "Is company", "Parent", "Category", "Create date", "Comment", "ID"];
const search = { model: "res.partner", domain, fields, order: "id", limit: 3 };

const scenarios = {
    async "a search is a table that its headers sort"(host) {
        await host.open("search_records");
        await host.show(search);
        await host.until(sees("1-3 of 5"), "texts", SHOWN);
        equal(await host.ask("texts", TITLE), ["res.partner"], "title");
        equal(await host.ask("texts", HEADERS), labels, "columns");
        equal(await host.ask("texts", NAMES), ["Zoë", "Adam", "Émile"], "as it came");
        await host.ask("click", "thead th:nth-child(1) button");
        equal(await host.ask("texts", NAMES), ["Adam", "Émile", "Zoë"], "ascending");
        equal((await host.ask("attributes", "thead th", "aria-sort")).slice(0, 2), ["ascending", "none"], "aria-sort");
        await host.ask("click", "thead th:nth-child(3) button");
        await host.ask("click", "thead th:nth-child(3) button");
        equal(await host.ask("texts", "td:nth-child(3)"), ["11", "9", "2"], "numbers, descending");
        equal(await host.ask("focused", "thead th:nth-child(3) button"), true, "focus stays on the header");
        await host.ask("click", "thead th:nth-child(3) button");
        equal(await host.ask("texts", NAMES), ["Zoë", "Adam", "Émile"], "as it came, again");
    },

    async "values are shown as people write them, and never as HTML"(host) {
        await host.open("search_records");
        await host.show({ ...search, limit: 5 });
        await host.until(sees("1-5 of 5"), "texts", SHOWN);
        const cells = await host.ask("texts", "tbody tr:nth-child(2) td");
        equal(cells.slice(0, 4), ["<img src=x onerror=alert(1)>", "2", "No", "Zoë"], "text, number, boolean, many2one");
        equal(cells[4], "2 records", "many2many");
        equal(await host.ask("texts", "tbody img"), [], "nothing became an element");
        equal(await host.ask("texts", "tbody tr:nth-child(1) td:nth-child(4)"), ["Yes"], "boolean");
    },

    async "More calls the tool again where the host allows it"(host) {
        await host.open("search_records");
        const first = await host.show(search);
        await host.until(sees("More"), "texts", MORE);
        await host.ask("click", "thead th:nth-child(1) button");
        await host.ask("click", MORE);
        await host.until(sees("1-5 of 5"), "texts", SHOWN);
        const call = { name: "search_records", arguments: { ...search, cursor: first.structuredContent.next_cursor } };
        equal(host.calls, [call], "the call");
        const sorted = ["Adam", "Émile", "Item 2", "Item 10", "Zoë"];
        equal(await host.ask("texts", NAMES), sorted, "the order stays");
        equal(await host.ask("texts", MORE), [], "no more");
        equal(await host.ask("focused", ".scroll"), true, "focus is not lost");
    },

    async "a refused More says why, and can be tried again"(host) {
        await host.open("search_records");
        await host.show(search);
        await host.until(sees("More"), "texts", MORE);
        const { key } = host;
        host.key = "mcp_wrong";
        await host.ask("click", MORE);
        await host.until(([text]) => text?.startsWith("More could not be loaded: "), "texts", "#problem");
        host.key = key;
        await host.ask("click", MORE);
        await host.until(sees("1-5 of 5"), "texts", SHOWN);
        equal(await host.ask("texts", "#problem"), [], "no problem any more");
    },

    async "a single record is a card"(host) {
        const { records } = (await host.server("tools/call", { name: "search_records", arguments: search }))
            .structuredContent;
        await host.open("read_records");
        await host.show({ model: "res.partner", ids: [records[1].id, 999999999], fields });
        await host.until(sees("Adam"), "texts", "h2");
        equal(await host.ask("texts", "table"), [], "no table");
        const empty = ["Comment"];
        equal(await host.ask("texts", "dt"), labels.slice(1).filter((label) => !empty.includes(label)), "facts");
        equal(await host.ask("texts", ".without"), [`Without a value: ${empty.join(", ")}`], "what has no value");
        equal(await host.ask("texts", "#notes li"), ["Not found: #999999999"], "what is missing");
    },

    async "a text that is cut opens at a click"(host) {
        await host.open("search_records");
        await host.show({ ...search, limit: 5 });
        await host.until(([expanded]) => expanded === "false", "attributes", CUT, "aria-expanded");
        equal((await host.ask("attributes", CUT, "aria-expanded")).length, 1, "only what is cut");
        const cut = await host.ask("style", CUT, "height");
        await host.ask("click", CUT);
        equal(await host.ask("attributes", CUT, "aria-expanded"), ["true"], "open");
        equal(parseFloat(await host.ask("style", CUT, "height")) > 2 * parseFloat(cut), true, "taller");
    },

    async "nothing found, an error, a cancelled call and plain text are said"(host) {
        await host.open("search_records");
        await host.show({ ...search, domain: [["ref", "=", "no such thing"]] });
        await host.until(sees("No record was found."), "texts", ".empty");
        const failed = await host.show({ ...search, fields: ["nmae"] });
        equal(failed.isError, true, "isError");
        await host.until(sees(failed.content[0].text), "texts", "#problem");
        equal(await host.ask("texts", ".empty"), [], "what was there is gone");
        host.notify("ui/notifications/tool-cancelled", { reason: "user" });
        await host.until(sees("The call was cancelled."), "texts", SHOWN);
        const { content } = await host.server("tools/call", { name: "search_records", arguments: search });
        host.notify("ui/notifications/tool-result", { content });
        await host.until(sees("Zoë", "Adam", "Émile"), "texts", NAMES);
    },

    async "it looks as the host looks, and tells its height"(host) {
        host.context = {
            theme: "dark",
            locale: "de-DE",
            styles: { variables: { "--color-background-primary": "rgb(1, 2, 3)" } },
        };
        await host.open("search_records");
        await host.show(search);
        await host.until(sees("1-3 of 5"), "texts", SHOWN);
        equal(await host.ask("style", "html", "color-scheme"), "dark", "theme");
        equal(await host.ask("style", "body", "background-color"), "rgb(1, 2, 3)", "variable");
        equal(await host.ask("texts", "tbody tr:nth-child(1) time"), ["05.01.2026, 08:30"], "a German date");
        host.notify("ui/notifications/host-context-changed", { theme: "light" });
        await host.until((scheme) => scheme === "light", "style", "html", "color-scheme");
        await host.until(() => host.sizes.at(-1)?.height > 100, "texts", SHOWN);
        equal(host.sizes.at(-1).height < 700, true, "a height for three rows");
        host.frame.contentWindow.postMessage({ jsonrpc: "2.0", id: "bye", method: "ui/resource-teardown" }, "*");
        host.frame.contentWindow.postMessage({ jsonrpc: "2.0", id: "what", method: "ui/unknown" }, "*");
        await host.until(() => host.received.some((message) => message.id === "what"), "texts", SHOWN);
        equal(host.received.find((message) => message.id === "bye").result, {}, "it lets itself be closed");
        equal(host.received.find((message) => message.id === "what").error.code, -32601, "an unknown request");
    },

    async "a host that calls no tools gets no More"(host) {
        host.capabilities = {};
        await host.open("search_records");
        await host.show(search);
        await host.until(sees("1-3 of 5"), "texts", SHOWN);
        equal(await host.ask("texts", MORE), [], "More");
    },
};

/** All scenarios, one after the other; for HttpCase.browser_js. */
window.testRecordViewer = async (key) => {
    for (const [name, scenario] of Object.entries(scenarios)) {
        const host = new AppHost(key, {});
        try {
            await scenario(host);
            equal(await host.ask("faults"), [], "requests, violations of the policy and script errors");
        } catch (error) {
            console.error(`${name}: ${error.message}`);
            return;
        }
        host.close();
    }
    console.log("test successful");
};
