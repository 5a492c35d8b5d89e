import json
import time

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from odoo import SUPERUSER_ID, http
from odoo.exceptions import UserError
from odoo.http import request

from ..services.files import exchange, files, links
from ..services.governance import audit
from ..services.identity import bearer, transport
from ..services.tools.errors import RefusedError, ToolError
from .dispatcher import McpDispatcher

_STARTED = "odoo_mcp.started"
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_SANDBOX = "default-src 'none'; sandbox"
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class FileController(http.Controller):
    """Links to files that tools hand out: GET downloads or shows an upload form, PUT and POST upload."""

    @http.route(
        f"{links.PATH}<string:token>",
        type=McpDispatcher.routing_type,
        auth="none",
        methods=["GET", "HEAD", "PUT", "POST"],
        save_session=False,
        readonly=False,
    )
    def file(self, token):
        """One use of one link. Programs get words, browsers a page."""
        request.httprequest.environ[_STARTED] = time.perf_counter()
        link = links.find(request.env.cr, token)
        if link is None:
            return self._sorry(404, _not_good())
        # sudo: the key that the link was issued to, whoever opens it
        identification = bearer.identify(request.env, "", request.httprequest.remote_addr, link.key_hash)
        limits, httprequest = identification.limits, request.httprequest
        if limits.https_only and not transport.is_safe(httprequest.scheme, httprequest.headers):
            return self._sorry(403, request.env._("This server accepts HTTPS only."), identification)
        if not limits.enabled:
            return self._sorry(503, request.env._("The MCP server is switched off."), identification)
        if identification.caller is None:
            return self._sorry(404, _not_good(), identification, reason=identification.refusal)
        if request.session.uid and request.session.uid != link.user_id:
            text = request.env._("This link was made for another user than the one you are logged in as.")
            return self._sorry(403, text)
        caller = identification.caller
        request.update_env(user=caller.user_id, context=caller.context(), su=False)
        call = exchange.call_of(request.env, identification)
        method = request.httprequest.method
        try:
            with call.gate, request.env.cr.savepoint():
                if link.direction == "upload":
                    answer = self._form(call, link) if method in ("GET", "HEAD") else self._upload(call, link)
                elif method in ("GET", "HEAD"):
                    answer = self._download(call, link)
                else:
                    answer = self._sorry(405, "This link downloads a file: open it with GET.")
        except (ToolError, UserError) as error:
            refused = isinstance(error, RefusedError)
            return self._sorry(403 if refused else 404, str(error), identification, call.facts)
        if answer.status_code < 400 and method != "HEAD":
            self._record(identification, "ok", answer.status_code, None, call.facts)
        return answer

    def _download(self, call, link):
        found = exchange.download(call, link)
        if request.httprequest.method == "GET" and not links.use(request.env.cr, link):
            return self._sorry(404, _not_good())
        stream = found.attachment._to_http_stream()
        stream.mimetype, stream.conditional, stream.etag = found.mimetype, False, False
        stream.download_name = found.name
        response = stream.get_response(as_attachment=True, immutable=False, content_security_policy=_SANDBOX)
        response.headers.update(_HEADERS)
        return response

    def _form(self, call, link):
        record, name = exchange.target(call, link)
        shown = {"file": name or request.env._("The file"), "record": record.display_name}
        text = request.env._("%(file)s will be attached to %(record)s in Odoo.", **shown)
        most = request.env["mcp.settings"].current().file_max_mb
        return self._page(200, request.env._("Upload a file"), text, most_mb=most)

    def _upload(self, call, link):
        record, name = exchange.target(call, link)
        content, sent_name = self._received(call.gate.env["mcp.settings"].current().file_max_mb * 1024 * 1024)
        attachment = files.attach(record, name or sent_name or "file", content)
        if not links.use(request.env.cr, link):
            raise ToolError(_not_good())
        call.facts.res_model, call.facts.res_ids = record._name, record.ids
        done = {"id": attachment.id, "name": attachment.name, "size": attachment.file_size}
        if request.httprequest.method == "POST":
            shown = {"file": attachment.name, "record": record.display_name}
            text = request.env._("%(file)s is attached to %(record)s. You can close this page.", **shown)
            return self._page(201, request.env._("Done"), text)
        return request.make_response(
            json.dumps(done), headers=[*_HEADERS.items(), ("Content-Type", "application/json")], status=201
        )

    def _received(self, most):
        """What was sent, and its name: the body of a PUT, or the file of a form."""
        httprequest = request.httprequest
        size = httprequest.content_length
        room = most + 64 * 1024 if httprequest.method == "POST" else most  # a form has more around the file
        if size is None:
            raise ToolError("Content-Length is required.")
        if size > room:
            raise ToolError(f"The file is larger than the {most // 1024 // 1024} MB that are allowed.")
        try:
            if httprequest.method == "PUT":
                return httprequest.get_data(), httprequest.args.get("name", "")[:200]
            sent = httprequest.files.get("file")
        except (RequestEntityTooLarge, ClientDisconnected):
            raise ToolError("The file did not arrive as a whole.") from None
        if sent is None:
            raise ToolError("No file was sent. Choose one in the form's field 'file'.")
        return sent.read(), (sent.filename or "")[:200]

    def _page(self, status, title, text, most_mb=0):
        """A page in Odoo's look; with ``most_mb``, one that takes a file of that size."""
        # sudo: nothing but a template of ours; strangers get a page, too
        env = request.env(user=request.env.uid or SUPERUSER_ID, su=True)
        values = {"heading": title, "text": text, "most_mb": most_mb}
        lang = (env.lang or request.best_lang or "en_US").replace("_", "-")
        body = env["ir.qweb"]._render("odoo_mcp.file_page", {**values, "lang": lang})
        headers = [
            *_HEADERS.items(),
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", _PAGE_POLICY),
        ]
        return request.make_response(str(body), headers=headers, status=status)

    def _sorry(self, status, text, identification=None, facts=None, reason=None):
        self._record(identification, "refused", status, reason or text, facts)
        if "text/html" in request.httprequest.headers.get("Accept", ""):
            return self._page(status, request.env._("That did not work"), text)
        headers = [*_HEADERS.items(), ("Content-Type", "text/plain; charset=utf-8")]
        return request.make_response(text, headers=headers, status=status)

    def _record(self, identification, outcome, status, error, facts):
        httprequest = request.httprequest
        known = {}
        if identification is not None:
            known = {name: getattr(identification, name) for name in ("connection_id", "credential_id", "user_id")}
            if identification.caller:
                caller = identification.caller
                known = {name: getattr(caller, name) for name in ("connection_id", "credential_id", "user_id")}
        audit.write(
            request.env.cr,
            audit.AuditEntry(
                outcome=outcome,
                **known,
                ip_address=httprequest.remote_addr,
                client=httprequest.headers.get("User-Agent"),
                method=f"HTTP {httprequest.method}",
                tool="file link",
                res_model=facts and facts.res_model,
                res_ids=facts and ",".join(map(str, facts.res_ids[:80])),
                http_status=status,
                error=error,
                duration_ms=round((time.perf_counter() - httprequest.environ[_STARTED]) * 1000, 2),
            ),
        )


def _not_good():
    return request.env._("This link is not good: it was used, has expired, or never was. Ask for a new one.")
