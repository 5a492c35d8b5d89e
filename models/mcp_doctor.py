import hashlib
import logging
import secrets
import threading
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.modules.registry import Registry

from ..services.doctor.checks import connection as connection_checks
from ..services.doctor.checks import judge
from ..services.doctor.gather import gather
from ..services.doctor.probe import ask_all

_logger = logging.getLogger(__name__)

# A run that takes longer than this was lost: its worker ended.
LONGEST_RUN = timedelta(seconds=180)


class McpDoctor(models.TransientModel):  # pylint: disable=no-wizard-in-models
    """One run of the connection doctor.

    The questions to the server's own address are asked by a thread, after the request that started them is answered:
    with a single worker, that worker must be free to answer them.
    """

    _name = "mcp.doctor"
    _description = "MCP Connection Check"

    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")], default="running", required=True
    )
    # The address that tells what it saw of a request answers only while the check runs, and only to who knows this.
    nonce_hash = fields.Char(groups=fields.NO_ACCESS)
    findings = fields.Json()
    error = fields.Char()

    @api.model
    @api.private
    def _open(self, connection=None):
        return {
            "type": "ir.actions.client",
            "tag": "odoo_mcp.doctor",
            "name": self.env._("Check %s", connection.name) if connection else self.env._("Check the Connection"),
            "params": {"connection_id": connection.id if connection else False},
        }

    @api.model
    def start(self, browser_origin, connection_id=False):
        """Start a run; :meth:`result` tells when it is done.

        :param browser_origin: scheme and host under which the person at the screen opened Odoo
        :return: the id of the run
        """
        if not self.env.user.has_group("odoo_mcp.group_manager"):
            raise AccessError(self.env._("Only MCP administrators check the server."))
        connection = self.env["mcp.connection"].browse(connection_id or []).exists()
        translate = self.env._
        own = [finding.as_json() for finding in connection_checks.check(connection, translate)] if connection else []
        facts = gather(self.env, str(browser_origin or "")[:200])
        nonce = secrets.token_urlsafe(24)
        # sudo: nobody writes runs by hand
        run = self.sudo().create({"nonce_hash": _digest(nonce), "findings": own})
        dbname, uid, context = self.env.cr.dbname, self.env.uid, dict(self.env.context)

        def work():
            threading.current_thread().dbname = dbname
            try:
                probes, echoed = ask_all(facts.base_url, nonce, facts.cors_origin)
                seen = replace(facts, probes=probes, echoed=echoed)
                _finish(dbname, uid, context, run.id, lambda env: own + [f.as_json() for f in judge(seen, env._)])
            except Exception as error:  # the screen must not wait for ever
                _logger.exception("The MCP connection check failed")
                _finish(dbname, uid, context, run.id, None, f"{type(error).__name__}: {error}")

        # after the commit: the thread, and the requests that it makes, must find the run
        self.env.cr.postcommit.add(threading.Thread(target=work, name="mcp-doctor", daemon=True).start)
        return run.id

    def result(self):
        """:return: ``state``, ``error`` and, when done, ``findings`` (see ``services/doctor/finding.py``)"""
        self.ensure_one().check_access("read")
        state, error = self.state, self.error
        if state == "running" and fields.Datetime.now() - self.create_date > LONGEST_RUN:
            state, error = "failed", self.env._("The check was interrupted. Start it again.")
        return {"state": state, "findings": self.findings if state == "done" else [], "error": error or ""}

    @api.model
    @api.private
    def _is_expected(self, nonce):
        """Whether ``nonce`` belongs to a run that is under way."""
        since = fields.Datetime.now() - LONGEST_RUN
        domain = [("nonce_hash", "=", _digest(nonce)), ("state", "=", "running"), ("create_date", ">=", since)]
        return bool(self.sudo().search_count(domain, limit=1))  # sudo: asked by a request without a user


def _digest(nonce):
    return hashlib.sha256(nonce.encode()).hexdigest()


def _finish(dbname, uid, context, run_id, findings, error=False):
    """Write the outcome of a run, with a cursor of its own."""
    with Registry(dbname).cursor() as cr:
        env = api.Environment(cr, uid, context)
        run = env["mcp.doctor"].sudo().browse(run_id).exists()  # sudo: nobody writes runs by hand
        if error:
            run.write({"state": "failed", "error": error, "nonce_hash": False})
        else:
            run.write({"state": "done", "findings": findings(env), "nonce_hash": False})
