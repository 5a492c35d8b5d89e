import { Message } from "@mail/core/common/message_model";
import { patch } from "@web/core/utils/patch";

/** The AI tool and connection that a message came through; only messages of calls have it. */
patch(Message.prototype, {
    setup() {
        super.setup(...arguments);
        /** @type {string|undefined} */
        this.mcp_via = undefined;
    },
});
