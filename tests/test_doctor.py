import time
from dataclasses import replace

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, tagged

from ..services.doctor.checks import judge
from ..services.doctor.facts import Facts, Failure, Probes, RedisFacts, Reply, ServerFacts
from ..services.doctor.gather import gather
from ..services.doctor.probe import PROBE_TOKEN, ask_all
from .common import MCP_GROUPS, McpCase, make_key, open_to_all

BASE = "https://odoo.example.com"
SERVER = ServerFacts(
    database="erp",
    databases_for_host=("erp",),
    database_count=1,
    db_name_set=True,
    dbfilter="",
    proxy_mode=True,
    workers=4,
    gevent_port=8072,
    cron_threads=1,
    limit_time_real=120,
    clock_skew=0.01,
    wkhtmltopdf="ok",
    odoo_sh=False,
)
FORWARDED = {
    "x-forwarded-host": "odoo.example.com",
    "x-forwarded-for": "198.51.100.7",
    "x-forwarded-proto": "https",
}
ECHOED = {
    "odoo_mcp_check": 1,
    "authorization": True,
    "scheme": "https",
    "remote_addr": "198.51.100.7",
    "forwarded": FORWARDED,
}


def reply(status, body="", **headers):
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, body, 0.02)


PROBES = Probes(
    endpoint=reply(401, www_authenticate=f'Bearer resource_metadata="{BASE}/.well-known/oauth-protected-resource"'),
    plain_http=reply(301, location=BASE),
    echo=reply(200),
    stream_gap=1.0,
    resource_metadata=reply(200, f'{{"resource": "{BASE}/odoo/mcp"}}'),
    server_metadata=reply(200, f'{{"issuer": "{BASE}"}}'),
    preflight=reply(204, access_control_allow_origin="https://claude.ai"),
    foreign_origin=reply(403),
    websocket=reply(101),
    certificate_days=60.0,
)
FACTS = Facts(
    base_url=BASE,
    browser_origin=BASE,
    enabled=True,
    https_only=True,
    cors_origin="https://claude.ai",
    statement_timeout=30,
    server=SERVER,
    redis=RedisFacts(configured=True, seconds=0.001),
    probes=PROBES,
    echoed=ECHOED,
)


@tagged("post_install", "-at_install")
class TestJudgements(TransactionCase):
    """What the doctor makes of what it saw."""

    def findings(self, facts):
        return {finding.code: finding for finding in judge(facts, self.env._)}

    def state(self, code, facts=FACTS, **changes):
        finding = self.findings(replace(facts, **changes))[code]
        self.assertTrue(finding.title and finding.seen)
        if finding.state in ("problem", "attention"):
            self.assertTrue(finding.advice, f"{code} says what is wrong, but not what to do")
        return finding.state

    def probes(self, **changes):
        return {"probes": replace(PROBES, **changes)}

    def server(self, **changes):
        return {"server": replace(SERVER, **changes)}

    def echoed(self, **changes):
        return {"echoed": {**ECHOED, **changes}}

    def test_a_well_kept_server_is_in_order(self):
        states = {code: finding.state for code, finding in self.findings(FACTS).items()}
        self.assertEqual({code for code, state in states.items() if state != "ok"}, set())

    def test_the_address(self):
        self.assertEqual(self.state("switch", enabled=False), "problem")
        self.assertEqual(self.state("address", base_url="http://localhost:8069"), "problem")
        local = {"base_url": "http://localhost:8069", "browser_origin": "http://localhost:8069"}
        self.assertEqual(self.state("address", **local), "attention")
        self.assertEqual(self.state("https", **local), "not_applicable")
        self.assertEqual(self.state("address", browser_origin="https://www.example.com"), "attention")
        self.assertEqual(self.state("https", base_url="http://odoo.example.com"), "problem")
        self.assertEqual(self.state("https", base_url="http://odoo.example.com", https_only=False), "attention")
        self.assertEqual(self.state("certificate", **self.probes(certificate_days=5.0)), "attention")
        self.assertEqual(self.state("plain_http", **self.probes(plain_http=reply(401)), https_only=False), "attention")
        self.assertEqual(self.state("plain_http", **self.probes(plain_http=reply(403))), "ok")

    def test_an_address_that_does_not_lead_here_is_told_apart_by_what_answers(self):
        away = {"echoed": None}
        for endpoint, hint in (
            (Failure("dns", "x"), "not known"),
            (Failure("refused", "x"), "refused"),
            (Failure("timeout", "x"), "in time"),
            (Failure("tls", "self-signed"), "self-signed"),
            (Failure("other", "weird"), "weird"),
            (reply(403, cf_mitigated="challenge"), "Cloudflare"),
            (reply(301, location="https://www.example.com/"), "redirected to https://www"),
            (reply(502, content_type="text/html"), "did not get through"),
            (reply(404, content_type="text/html"), "Something else"),
            (reply(401), "not this database"),
        ):
            with self.subTest(hint=hint):
                facts = replace(FACTS, **away, **self.probes(endpoint=endpoint, echo=reply(404)))
                finding = self.findings(facts)["reachable"]
                self.assertEqual(finding.state, "problem")
                self.assertIn(hint, finding.seen)
                self.assertTrue(finding.advice)
                for code in ("authorization", "proxy_mode", "cors", "evented", "streaming", "resource_metadata"):
                    self.assertEqual(self.state(code, facts), "not_applicable")

    def test_a_slow_server_is_noticed(self):
        self.assertEqual(self.state("reachable", **self.probes(endpoint=replace(reply(401), seconds=3.0))), "attention")

    def test_the_choice_of_the_database(self):
        several = {"database_count": 3, "databases_for_host": ("a", "b", "erp"), "db_name_set": False}
        finding = self.findings(replace(FACTS, **self.server(**several)))["database"]
        self.assertEqual(finding.state, "problem")
        self.assertIn("db_name = erp", finding.remedies[0].text)
        self.assertEqual(self.state("database", **self.server(**several | {"databases_for_host": ("erp",)})), "ok")
        self.assertEqual(self.state("database", **self.server(db_name_set=False, dbfilter="^erp$")), "attention")

    def test_the_key_and_the_proxy(self):
        self.assertEqual(self.state("authorization", **self.echoed(authorization=False)), "problem")
        self.assertEqual(self.state("proxy_mode", **self.server(proxy_mode=False)), "problem")
        self.assertEqual(self.state("proxy_mode", **self.echoed(forwarded={"x-real-ip": "198.51.100.7"})), "problem")
        self.assertEqual(self.state("proxy_mode", **self.echoed(scheme="http")), "problem")
        self.assertEqual(self.state("proxy_mode", **self.echoed(forwarded={})), "attention")
        direct = self.echoed(forwarded={}) | self.server(proxy_mode=False)
        self.assertEqual(self.state("proxy_mode", **direct), "not_applicable")
        cloudflare = self.echoed(forwarded=FORWARDED | {"cf-connecting-ip": "203.0.113.9"})
        self.assertEqual(self.state("client_address", **cloudflare), "attention")
        hops = self.echoed(remote_addr="10.0.0.3", forwarded=FORWARDED | {"x-forwarded-for": "203.0.113.9, 10.0.0.3"})
        self.assertEqual(self.state("client_address", **hops), "attention")

    def test_buffering_is_noticed(self):
        self.assertEqual(self.state("streaming", **self.probes(stream_gap=0.01)), "attention")
        self.assertEqual(self.state("streaming", **self.probes(stream_gap=None)), "attention")

    def test_what_browser_logins_look_for(self):
        self.assertEqual(self.state("challenge", **self.probes(endpoint=reply(401))), "problem")
        for probe in ("resource_metadata", "server_metadata"):
            for answer in (reply(404), reply(200, "<html>"), reply(200, "[]"), Failure("timeout", "x"),
                           reply(200, '{"resource": "http://other", "issuer": "http://other"}')):  # fmt: skip
                with self.subTest(probe=probe, answer=answer):
                    self.assertEqual(self.state(probe, **self.probes(**{probe: answer})), "problem")

    def test_cors(self):
        allow = "access_control_allow_origin"
        self.assertEqual(self.state("cors", **self.probes(preflight=reply(405))), "problem")
        self.assertEqual(self.state("cors", **self.probes(preflight=reply(204, **{allow: "https://x"}))), "problem")
        twice = replace(reply(204, **{allow: "https://claude.ai"}), repeated=("access-control-allow-origin",))
        self.assertEqual(self.state("cors", **self.probes(preflight=twice)), "problem")
        self.assertEqual(self.state("cors", cors_origin=""), "not_applicable")
        self.assertEqual(self.state("foreign_origin", **self.probes(foreign_origin=reply(200))), "attention")
        self.assertEqual(
            self.state("foreign_origin", **self.probes(foreign_origin=reply(403, **{allow: "*"}))), "attention"
        )

    def test_the_server_itself(self):
        self.assertEqual(self.state("workers", **self.server(workers=0)), "attention")
        self.assertEqual(self.state("workers", **self.server(workers=1)), "attention")
        self.assertEqual(self.state("evented", **self.probes(websocket=reply(400))), "attention")
        self.assertEqual(self.state("time_limit", **self.server(limit_time_real=20)), "problem")
        self.assertEqual(self.state("time_limit", **self.server(workers=0)), "not_applicable")
        self.assertEqual(self.state("crons", **self.server(cron_threads=0)), "attention")
        self.assertEqual(self.state("clock", **self.server(clock_skew=-20.0)), "attention")
        self.assertEqual(self.state("clock", **self.server(clock_skew=600.0)), "problem")
        for state in ("install", "upgrade", "workers", "broken"):
            self.assertEqual(self.state("wkhtmltopdf", **self.server(wkhtmltopdf=state)), "attention")
        self.assertEqual(self.state("redis", redis=RedisFacts(True, "Connection refused")), "attention")
        self.assertEqual(self.state("redis", redis=RedisFacts(False)), "not_applicable")

    def test_there_is_text_to_copy_for_nginx_cloudflare_and_odoo_sh(self):
        facts = replace(FACTS, echoed=None, **self.probes(endpoint=reply(404), echo=reply(404)))
        remedies = {remedy.place: remedy.text for remedy in self.findings(facts)["reachable"].remedies}
        self.assertEqual(set(remedies), {"Nginx", "Cloudflare", "Odoo.sh"})
        self.assertIn("proxy_buffering off", remedies["Nginx"])
        self.assertEqual(remedies["Nginx"].count("{"), remedies["Nginx"].count("}"))
        self.assertIn("odoo.example.com", remedies["Cloudflare"])


@tagged("post_install", "-at_install")
class TestConnectionCheck(McpCase):
    def states(self, connection):
        from ..services.doctor.checks import connection as checks

        return {finding.code: finding.state for finding in checks.check(connection, self.env._)}

    def test_a_connection_says_why_its_tool_would_be_refused(self):
        connection = self.connection.with_user(self.admin)
        states = self.states(connection)
        self.assertEqual((states["connection_state"], states["connection_key"]), ("ok", "ok"))
        self.assertEqual(states["connection_calls"], "attention")
        self.connection.credential_ids._revoke()
        self.assertEqual(self.states(connection)["connection_key"], "problem")
        self.user.active = False
        self.assertEqual(self.states(connection)["connection_user"], "problem")
        connection.action_revoke()
        self.assertEqual(self.states(connection)["connection_state"], "problem")

    def test_only_administrators_start_a_check(self):
        with self.assertRaises(AccessError):
            self.env["mcp.doctor"].with_user(self.user).start("")


@tagged("post_install", "-at_install")
class TestDoctorOverHttp(HttpCase):
    def test_a_run_asks_this_server_and_comes_back_with_findings(self):
        self.env["mcp.settings"].current().enabled = True
        doctor = self.env["mcp.doctor"]
        run = doctor.browse(doctor.start(self.base_url()))
        self.assertEqual(run.result()["state"], "running")
        self.env.flush_all()
        with open_to_all(self):
            self.env.cr.postcommit.run()  # starts the thread, as a commit does
            deadline = time.monotonic() + 60
            while run.state == "running" and time.monotonic() < deadline:
                time.sleep(0.3)
                run.invalidate_recordset()
        result = run.result()
        self.assertEqual((result["state"], result["error"]), ("done", ""))
        states = {finding["code"]: finding["state"] for finding in result["findings"]}
        self.assertEqual((states["reachable"], states["authorization"], states["streaming"]), ("ok", "ok", "ok"))
        self.assertEqual((states["cors"], states["foreign_origin"]), ("ok", "ok"))
        self.assertFalse(run.sudo().nonce_hash)

    def test_what_arrived_is_told_to_a_running_check_only(self):
        url = f"{self.base_url()}/odoo/mcp/check/"
        for path in ("x" * 32, "x" * 32 + "/stream"):
            self.assertEqual(self.opener.get(url + path, timeout=30).status_code, 404)

    def test_an_address_where_nothing_listens_is_a_finding_and_ends_soon(self):
        started = time.monotonic()
        with open_to_all(self):
            probes, echoed = ask_all("http://127.0.0.1:9", "nonce", "https://claude.ai")
        self.assertLess(time.monotonic() - started, 10)
        self.assertIsNone(echoed)
        facts = replace(gather(self.env, ""), probes=probes, base_url="http://127.0.0.1:9")
        states = {finding.code: finding.state for finding in judge(facts, self.env._)}
        self.assertEqual(states["reachable"], "problem")

    def test_the_probe_token_is_no_key(self):
        self.env["mcp.settings"].current().enabled = True
        make_key(self.env, "mcp_anita", groups=MCP_GROUPS)
        self.env.flush_all()
        response = self.opener.post(
            f"{self.base_url()}/odoo/mcp", headers={"Authorization": f"Bearer {PROBE_TOKEN}"}, data="{}", timeout=30
        )
        self.assertEqual(response.status_code, 401)
