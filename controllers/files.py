import json
import time

from markupsafe import Markup, escape
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..services.files import exchange, files, links
from ..services.governance import audit
from ..services.identity import bearer, transport
from ..services.tools.errors import RefusedError, ToolError
from .dispatcher import McpDispatcher

NOT_GOOD = "This link is not good: it was used, has expired, or never was. Ask for a new one."
_STARTED = "odoo_mcp.started"
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
_SANDBOX = "default-src 'none'; sandbox"
_FORM_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
_PAGE = Markup(
    """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh;
  background: light-dark(#f3f2ef, #1b1b1a); color: light-dark(#1c1c1a, #f2f1ee) }}
main {{ box-sizing: border-box; width: min(30rem, 92vw); padding: 2rem; border-radius: 12px;
  background: light-dark(#fff, #262624); border: 1px solid light-dark(#e2e1dc, #3d3d3a) }}
h1 {{ font-size: 1.25rem; margin: 0 0 .5rem }} p {{ margin: 0 0 1.25rem; overflow-wrap: anywhere }}
input {{ width: 100%; margin-bottom: 1.25rem; font: inherit }}
button {{ font: inherit; padding: .55rem 1.4rem; border: 0; border-radius: 8px; background: #714b67; color: #fff }}
</style></head><body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>"""
)
_FORM = Markup(
    '<form method="post" enctype="multipart/form-data">'
    '<input type="file" name="file" required aria-label="File"><button>Upload</button></form>'
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
            return self._sorry(404, NOT_GOOD)
        # sudo: the key that the link was issued to, whoever opens it
        identification = bearer.identify(request.env, "", request.httprequest.remote_addr, link.key_hash)
        limits, httprequest = identification.limits, request.httprequest
        if limits.https_only and not transport.is_safe(httprequest.scheme, httprequest.headers):
            return self._sorry(403, "This server accepts HTTPS only.", identification)
        if not limits.enabled:
            return self._sorry(503, "The MCP server is switched off.", identification)
        if identification.caller is None:
            return self._sorry(404, NOT_GOOD, identification, reason=identification.refusal)
        if request.session.uid and request.session.uid != link.user_id:
            return self._sorry(403, "This link was made for another user than the one you are logged in as.")
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
            return self._sorry(404, NOT_GOOD)
        stream = found.attachment._to_http_stream()
        stream.mimetype, stream.conditional, stream.etag = found.mimetype, False, False
        stream.download_name = found.name
        response = stream.get_response(as_attachment=True, immutable=False, content_security_policy=_SANDBOX)
        response.headers.update(_HEADERS)
        return response

    def _form(self, call, link):
        record, name = exchange.target(call, link)
        text = f"{name + ' ' if name else 'The file '}is attached to {record.display_name} in Odoo. "
        return self._page(200, "Upload a file", f"{text}This page can be used once.", _FORM)

    def _upload(self, call, link):
        record, name = exchange.target(call, link)
        content, sent_name = self._received(call.gate.env["mcp.settings"].current().file_max_mb * 1024 * 1024)
        attachment = files.attach(record, name or sent_name or "file", content)
        if not links.use(request.env.cr, link):
            raise ToolError(NOT_GOOD)
        call.facts.res_model, call.facts.res_ids = record._name, record.ids
        done = {"id": attachment.id, "name": attachment.name, "size": attachment.file_size}
        if request.httprequest.method == "POST":
            text = f"{attachment.name} is attached to {record.display_name}. You can close this page."
            return self._page(201, "Done", text)
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

    def _page(self, status, title, text, form=""):
        body = _PAGE.format(title=escape(title), text=escape(text), form=form)
        headers = [
            *_HEADERS.items(),
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", _FORM_POLICY),
        ]
        return request.make_response(body, headers=headers, status=status)

    def _sorry(self, status, text, identification=None, facts=None, reason=None):
        self._record(identification, "refused", status, reason or text, facts)
        if "text/html" in request.httprequest.headers.get("Accept", ""):
            return self._page(status, "That did not work", text)
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
