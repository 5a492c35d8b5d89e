import base64
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import tagged

from ..services.reports.html import guarded, self_contained
from .http_common import McpHttpCase

TEMPLATE = """<t t-name="odoo_mcp.test_sheet"><t t-call="web.basic_layout">
<div class="page" t-foreach="docs" t-as="doc">
<h2 t-field="doc.name"/><table><tr><td>City</td><td><span t-field="doc.city"/></td></tr></table></div></t></t>"""
PDF = b"%PDF-1.4 the sheet"


@tagged("post_install", "-at_install")
class TestReports(McpHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.ui.view"].create({"name": "sheet", "type": "qweb", "key": "odoo_mcp.test_sheet", "arch": TEMPLATE})
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Contact Sheet",
                "model": "res.partner",
                "report_type": "qweb-pdf",
                "report_name": "odoo_mcp.test_sheet",
                "print_report_name": "'Sheet of %s' % object.name",
                "attachment": "'kept.pdf'",
                "binding_model_id": cls.env["ir.model"]._get("res.partner").id,
            }
        )
        cls.names = {"report": "odoo_mcp.test_sheet", "model": "res.partner", "ids": cls.partners[:1].ids}

    def with_pdf(self):
        """As on a server with wkhtmltopdf; Odoo's tests never run it."""
        reports = type(self.env["ir.actions.report"])
        self.patch(reports, "get_wkhtmltopdf_state", lambda _self: "ok")
        self.patch(reports, "_render_qweb_pdf", lambda _self, *_args, **_more: (PDF, "pdf"))

    def without_pdf(self):
        self.patch(type(self.env["ir.actions.report"]), "get_wkhtmltopdf_state", lambda _self: "install")

    def read(self, uri, client=None):  # pylint: disable=method-required-super
        return (client or self.client).request("resources/read", {"uri": uri})

    def test_reports_of_the_print_menu_are_listed(self):
        reports = self.client.call("list_reports", model="res.partner")["reports"]
        self.assertIn({"name": "odoo_mcp.test_sheet", "title": "Contact Sheet"}, reports)
        self.report.unlink_action()
        self.assertNotIn("odoo_mcp.test_sheet", str(self.client.call("list_reports", model="res.partner")))
        self.assertTrue(self.client.failing("generate_report", **{**self.names, "report": "Contact Sheet"}))

    def test_a_report_is_printed_as_pdf_behind_a_link(self):
        self.with_pdf()
        printed = self.client.call("generate_report", **self.names)
        self.assertEqual((printed["report"], printed["name"]), ("Contact Sheet", "Sheet of Ground 00.pdf"))
        self.assertNotIn("text", printed)
        answer = self.client.send("GET", urlsplit(printed["link"]).path)
        self.assertEqual((answer.content, answer.headers["Content-Type"]), (PDF, "application/pdf"))
        self.assertEqual(self.client.send("GET", urlsplit(printed["link"]).path).status_code, 404)

    def test_html_comes_with_its_text_and_without_pdf_it_is_what_there_is(self):
        self.without_pdf()
        for kind in ("html", "pdf"):
            printed = self.client.call("generate_report", **self.names, format=kind)
            self.assertEqual(printed["text"], "Ground 00\nCity | Gent")
            self.assertTrue(printed["name"].endswith(".html"))
            self.assertEqual("wkhtmltopdf" in str(printed.get("notes")), kind == "pdf")
        page = self.client.send("GET", urlsplit(printed["link"]).path)
        self.assertIn(b"Ground 00", page.content)
        self.assertNotIn(b"<script", page.content)
        self.assertEqual(page.headers["Content-Type"], "application/octet-stream")

    def test_a_report_is_found_by_its_title_and_a_wrong_name_is_answered_with_the_right_one(self):
        self.without_pdf()
        self.client.call("generate_report", **{**self.names, "report": "contact sheet"})
        text = self.client.failing("generate_report", **{**self.names, "report": "Contact Shet"})
        self.assertIn("odoo_mcp.test_sheet", text)

    def test_a_report_for_other_groups_or_other_records_is_none(self):
        groups = "group_ids" if "group_ids" in self.report._fields else "groups_id"
        self.report[groups] = self.env.ref("base.group_system")
        self.assertNotIn("Sheet", str(self.client.call("list_reports", model="res.partner")))
        self.assertTrue(self.client.failing("generate_report", **self.names))
        self.assertEqual(self.read("odoo://report/odoo_mcp.test_sheet/1")["error"]["code"], -32002)
        self.report[groups] = False
        self.partners[0].company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertIn("There is no record", self.client.failing("generate_report", **self.names))

    def test_a_report_with_a_condition_is_for_records_that_fulfil_it(self):
        if "domain" not in self.report._fields:
            self.skipTest("Reports of this Odoo have no condition.")
        self.without_pdf()
        self.report.domain = "[('city', '=', 'Brugge')]"
        self.assertIn("Ground 00", self.client.failing("generate_report", **self.names))
        self.client.call("generate_report", **{**self.names, "ids": self.partners[1:2].ids})

    def test_printing_leaves_no_trace(self):
        self.without_pdf()
        before = self.env["ir.attachment"].search_count([("res_model", "=", "res.partner")])
        self.client.call("generate_report", **self.names)
        self.assertEqual(self.env["ir.attachment"].search_count([("res_model", "=", "res.partner")]), before)

    def test_an_administrator_can_switch_reports_off(self):
        self.settings.report_generation = False
        for tool, arguments in (("list_reports", {"model": "res.partner"}), ("generate_report", self.names)):
            self.assertIn("switched off", self.client.failing(tool, **arguments))
        self.assertIn("error", self.read("odoo://report/odoo_mcp.test_sheet/1"))

    # ------------------------------------------------------------------ resources

    def test_a_report_is_a_resource_pdf_as_blob_html_as_text(self):
        uri = f"odoo://report/odoo_mcp.test_sheet/{self.partners[0].id},{self.partners[1].id}"
        self.without_pdf()
        content = self.read(uri)["result"]["contents"][0]
        self.assertEqual(content["mimeType"], "text/html")
        self.assertIn("Ground 01", content["text"])
        self.assertIn("wkhtmltopdf", str(content["_meta"]))
        self.with_pdf()
        content = self.read(uri)["result"]["contents"][0]
        self.assertEqual((content["mimeType"], base64.b64decode(content["blob"])), ("application/pdf", PDF))
        self.assertEqual(content["_meta"]["odoo_mcp/title"], "Contact Sheet")
        self.assertEqual(content["_meta"]["odoo_mcp/size"], len(PDF))
        content = self.read(f"{uri}?format=html")["result"]["contents"][0]
        self.assertEqual(content["mimeType"], "text/html")

    def test_reports_and_records_that_are_not_there_are_not_found(self):
        for path in ("no.such/1", "odoo_mcp.test_sheet/0", "odoo_mcp.test_sheet/x", "odoo_mcp.test_sheet/1,,2"):
            self.assertEqual(self.read(f"odoo://report/{path}")["error"]["code"], -32002)

    def test_reports_and_records_are_completed(self):
        template = "odoo://report/{report}/{ids}{?format}"

        def complete(name, value, **others):
            params = {
                "ref": {"type": "ref/resource", "uri": template},
                "argument": {"name": name, "value": value},
                "context": {"arguments": others},
            }
            return self.client.request("completion/complete", params)["result"]["completion"]["values"]

        self.assertIn("odoo_mcp.test_sheet", complete("report", "contact sh"))
        ids = complete("ids", f"{self.partners[0].id},Ground 07", report="odoo_mcp.test_sheet")
        self.assertEqual(ids, [f"{self.partners[0].id},{self.partners[7].id}"])
        self.assertEqual(complete("ids", "x", report="no.such"), [])
        self.assertEqual(complete("format", "h"), ["html"])

    # ------------------------------------------------------------------ what a report may load

    def test_nothing_is_loaded_from_where_a_record_says(self):
        document = """<html><head><script>x()</script><style>a{background:url(http://10.0.0.1/s)}</style></head>
        <body onload="subst()"><img src="http://169.254.169.254/a"><img src="/web/image/1">
        <img src="data:image/png;base64,AA">
        <iframe src="file:///etc/passwd"></iframe><div style="background:url('//evil/b')">x</div>
        <link rel="stylesheet" href="https://evil/c.css"><a href="https://evil/d">d</a><object data="http://evil/e"></object>
        <a href="javascript:alert(1)">e</a></body></html>"""
        for clean in (guarded, self_contained):
            result = clean(document, "https://odoo.example.com")
            for foreign in ("169.254", "10.0.0.1", "passwd", "evil/b", "evil/c", "evil/e", "javascript:"):
                self.assertNotIn(foreign, result)
            self.assertIn("https://odoo.example.com/web/image/1", result)
            self.assertIn("data:image/png", result)
            self.assertIn("https://evil/d", result, "a link that a person opens stays")
        self.assertIn("subst()", guarded(document, "https://odoo.example.com"), "page numbers need it")
        self.assertNotIn("subst()", self_contained(document, "https://odoo.example.com"))

    def test_what_makes_the_pdf_gets_the_guarded_document(self):
        seen = []
        base = self.env.registry["ir.actions.report"].__mro__
        owner = next(
            cls for cls in base if "_run_wkhtmltopdf" in cls.__dict__ and "base" in cls.__module__.split(".")[2:3]
        )
        with patch.object(owner, "_run_wkhtmltopdf", lambda _self, bodies, *_a, **_k: seen.extend(bodies) or PDF):
            for context in ({"mcp_report": True}, {}):
                printer = self.env["ir.actions.report"].with_context(**context)
                printer._run_wkhtmltopdf(['<html><body><img src="http://10.0.0.1/"></body></html>'])
        self.assertEqual([("10.0.0.1" in body) for body in seen], [False, True])
