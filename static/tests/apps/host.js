/**
 * What an AI client does with an app: it asks the server for the tool's document, shows it in a
 * sandboxed frame without an origin, and speaks MCP Apps 2026-01-26 with it.
 *
 * The frame's content cannot be reached from here, as in every real host. So a probe is put beside the
 * app that looks and clicks on request.
 */

/** Everything the app may do by the policy of its `_meta`: nothing outside itself. */
function policyOf({ connectDomains = [], resourceDomains = [], frameDomains = [], baseUriDomains = [] }) {
    const origins = (domains) => (domains.length ? domains.join(" ") : "'none'");
    const inline = ["'unsafe-inline'", ...resourceDomains].join(" ");
    return [
        "default-src 'none'",
        `script-src ${inline}`,
        `style-src ${inline}`,
        `img-src ${["data:", ...resourceDomains].join(" ")}`,
        `connect-src ${origins(connectDomains)}`,
        `frame-src ${origins(frameDomains)}`,
        `base-uri ${origins(baseUriDomains)}`,
    ].join("; ");
}

function probe() {
    const violations = [];
    document.addEventListener("securitypolicyviolation", (violation) => violations.push(violation.blockedURI));
    window.addEventListener("error", (failure) => violations.push(failure.message));
    window.addEventListener("unhandledrejection", (failure) => violations.push(String(failure.reason)));
    window.addEventListener("message", ({ data }) => {
        if (!data.probe) {
            return;
        }
        const found = [...document.querySelectorAll(data.selector ?? "html")];
        if (data.probe === "click") {
            found[0].focus();
            found[0].click();
        }
        const answers = {
            click: () => true,
            texts: () => found.filter((node) => node.checkVisibility()).map((node) => node.textContent.trim()),
            attributes: () => found.map((node) => node.getAttribute(data.name)),
            style: () => getComputedStyle(found[0]).getPropertyValue(data.name),
            focused: () => found.includes(document.activeElement),
            faults: () => [...violations, ...performance.getEntriesByType("resource").map((entry) => entry.name)],
        };
        window.parent.postMessage({ probed: data.number, answer: answers[data.probe]() }, "*");
    });
}

export class AppHost {
    /**
     * @param {string} key of a connection
     * @param {Object} context theme, styles and so on, as the app gets them
     * @param {Object} capabilities what this host can do for an app
     */
    constructor(key, context = {}, capabilities = { serverTools: {} }) {
        this.key = key;
        this.context = context;
        this.capabilities = capabilities;
        this.sizes = [];
        this.calls = [];
        this.received = [];
        this.probes = new Map();
        this.lastId = 0;
        window.addEventListener("message", (message) => {
            if (message.source === this.frame?.contentWindow) {
                this.receive(message.data);
            }
        });
    }

    /** One request to the MCP server: what any client sends. */
    async server(method, params = {}) {
        const answer = await fetch("/odoo/mcp", {
            method: "POST",
            headers: {
                Authorization: `Bearer ${this.key}`,
                "Content-Type": "application/json",
                Accept: "application/json, text/event-stream",
                "MCP-Protocol-Version": "2025-11-25",
            },
            body: JSON.stringify({ jsonrpc: "2.0", id: ++this.lastId, method, params }),
        });
        const { result, error } = await answer.json();
        if (error) {
            throw new Error(`${method}: ${error.message}`);
        }
        return result;
    }

    /** Open the app of the tool `name`; resolves when it is ready for a result. */
    async open(name) {
        const { tools } = await this.server("tools/list");
        this.tool = tools.find((tool) => tool.name === name);
        const { contents } = await this.server("resources/read", { uri: this.tool._meta.ui.resourceUri });
        const [content] = contents;
        const policy = policyOf(content._meta.ui.csp);
        const head = `<meta http-equiv="Content-Security-Policy" content="${policy}"><script>(${probe})()</script>`;
        this.document = content.text;
        this.frame = document.createElement("iframe");
        this.frame.setAttribute("sandbox", "allow-scripts");
        this.frame.srcdoc = content.text.replace("<head>", `<head>${head}`);
        const ready = new Promise((resolve) => (this.initialized = resolve));
        document.body.append(this.frame);
        await ready;
    }

    /** Call the tool, and let the app show what it answers. */
    async show(args) {
        this.notify("ui/notifications/tool-input", { arguments: args });
        const result = await this.server("tools/call", { name: this.tool.name, arguments: args });
        this.notify("ui/notifications/tool-result", result);
        return result;
    }

    notify(method, params) {
        this.frame.contentWindow.postMessage({ jsonrpc: "2.0", method, params }, "*");
    }

    receive(message) {
        if (message.probed) {
            this.probes.get(message.probed)(message.answer);
            return;
        }
        this.received.push(message);
        if (message.method === "ui/notifications/initialized") {
            this.initialized();
        } else if (message.method === "ui/notifications/size-changed") {
            this.sizes.push(message.params);
            this.frame.style.height = `${message.params.height}px`;
        } else if (message.id !== undefined && message.method) {
            this.answer(message);
        }
    }

    async answer({ id, method, params }) {
        const reply = (outcome) => this.frame.contentWindow.postMessage({ jsonrpc: "2.0", id, ...outcome }, "*");
        if (method === "ui/initialize") {
            const hostContext = { toolInfo: { tool: this.tool }, ...this.context };
            const hostInfo = { name: "test host", version: "1.0.0" };
            const { protocolVersion } = params;
            reply({ result: { protocolVersion, hostInfo, hostCapabilities: this.capabilities, hostContext } });
        } else if (method === "tools/call") {
            this.calls.push(params);
            try {
                reply({ result: await this.server("tools/call", params) });
            } catch (error) {
                reply({ error: { code: -32603, message: error.message } });
            }
        } else {
            reply({ error: { code: -32601, message: `unknown: ${method}` } });
        }
    }

    /** What the probe sees in the frame; see above for the questions. */
    ask(question, selector, name) {
        const number = this.probes.size + 1;
        return new Promise((resolve) => {
            this.probes.set(number, resolve);
            this.frame.contentWindow.postMessage({ probe: question, selector, name, number }, "*");
        });
    }

    /** Ask until `good` holds of the answer; fails after five seconds with the last one. */
    async until(good, question, selector, name) {
        const end = Date.now() + 5000;
        for (;;) {
            const answer = await this.ask(question, selector, name);
            if (good(answer)) {
                return answer;
            }
            if (Date.now() > end) {
                throw new Error(`${question} ${selector} ${name ?? ""} is ${JSON.stringify(answer)}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 25));
        }
    }

    close() {
        this.frame.remove();
    }
}

window.AppHost = AppHost;
