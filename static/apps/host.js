/**
 * The host that shows this document: JSON-RPC 2.0 over postMessage, MCP Apps 2026-01-26.
 *
 * Only the frame around this one is listened to. Its origin is not known beforehand, so messages go
 * to "*": they hold nothing but what that host sent, or what it is asked to do.
 */
export class Host {
    constructor(name, version) {
        this.info = { name, version };
        this.capabilities = {};
        this.context = {};
        this.listeners = new Map();
        this.waiting = new Map();
        this.lastId = 0;
    }

    /** Call `listener` with the params of each notification `method`. */
    on(method, listener) {
        this.listeners.set(method, listener);
    }

    /** Get to know the host; rejects when it refuses. Listeners should be there before. */
    async connect() {
        window.addEventListener("message", (message) => {
            if (message.source === window.parent && message.data?.jsonrpc === "2.0") {
                this.receive(message.data);
            }
        });
        const answer = await this.request("ui/initialize", {
            appInfo: this.info,
            appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
            protocolVersion: "2026-01-26",
        });
        this.capabilities = answer.hostCapabilities ?? {};
        this.changeContext(answer.hostContext ?? {});
        this.notify("ui/notifications/initialized", {});
    }

    notify(method, params) {
        window.parent.postMessage({ jsonrpc: "2.0", method, params }, "*");
    }

    /** The result, when it comes; rejects with the host's own words. */
    request(method, params) {
        const id = ++this.lastId;
        return new Promise((resolve, reject) => {
            this.waiting.set(id, { resolve, reject });
            window.parent.postMessage({ jsonrpc: "2.0", id, method, params }, "*");
        });
    }

    receive({ id, method, params, result, error }) {
        if (method === "ui/notifications/host-context-changed") {
            this.changeContext(params ?? {});
        } else if (method !== undefined && id !== undefined) {
            this.answer(id, method);
        } else if (method !== undefined) {
            this.listeners.get(method)?.(params ?? {});
        } else if (this.waiting.has(id)) {
            const { resolve, reject } = this.waiting.get(id);
            this.waiting.delete(id);
            if (error) {
                reject(new Error(error.message));
            } else {
                resolve(result ?? {});
            }
        }
    }

    /** Nothing here has to be saved, so the frame may go at any time. */
    answer(id, method) {
        const known = method === "ping" || method === "ui/resource-teardown";
        const error = { code: -32601, message: `This app does not know ${method}` };
        window.parent.postMessage({ jsonrpc: "2.0", id, ...(known ? { result: {} } : { error }) }, "*");
    }

    changeContext(changes) {
        Object.assign(this.context, changes);
        this.listeners.get("context")?.(this.context);
    }

    /** Tell the host how much room the document takes, now and whenever that changes. */
    reportSize() {
        const root = document.documentElement;
        let reported = "";
        const report = () => {
            const size = {
                width: Math.ceil(window.innerWidth),
                height: Math.ceil(root.getBoundingClientRect().height),
            };
            const seen = `${size.width}x${size.height}`;
            if (seen !== reported) {
                reported = seen;
                this.notify("ui/notifications/size-changed", size);
            }
        };
        const observer = new ResizeObserver(() => window.requestAnimationFrame(report));
        observer.observe(root);
        observer.observe(document.body);
    }
}
