import base64
import io
import zipfile
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

from odoo.fields import Datetime
from odoo.tests import tagged

from ..services.files import office
from ..services.identity import transport
from .http_common import McpHttpCase

HTML = {"Accept": "text/html"}


@tagged("post_install", "-at_install")
class TestFiles(McpHttpCase):
    def setUp(self):
        super().setUp()
        self.partner = self.partners[0]
        # writing contacts takes this group
        self.user.write({"group_ids" if "group_ids" in self.user._fields else "groups_id": [(4, self._manager().id)]})

    def _manager(self):
        return self.env.ref("base.group_partner_manager")

    def file(self, name, raw, **values):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": "res.partner", "res_id": self.partner.id, **values}
        )

    def path_of(self, link):
        return urlsplit(link).path

    def open(self, link, method="GET", **options):
        return self.client.send(method, self.path_of(link), **options)

    # ------------------------------------------------------------------ tools

    def test_the_files_of_a_record_are_listed_without_those_behind_its_fields(self):
        self.partner.image_1920 = base64.b64encode(_png())
        mine = self.file("offer.txt", b"hello")
        self.file("elsewhere.txt", b"x", res_id=self.partners[1].id)
        files = self.client.call("list_files", model="res.partner", id=self.partner.id)["files"]
        self.assertEqual(
            [(file["id"], file["name"], file["type"]) for file in files], [(mine.id, "offer.txt", "text/plain")]
        )
        self.assertIn("5.00 bytes", files[0]["size"])

    def test_the_files_of_a_record_that_may_not_be_seen_are_not_listed(self):
        self.assertIn("ir.cron", self.client.failing("list_files", model="ir.cron", id=1))
        self.assertIn("There is no record", self.client.failing("list_files", model="res.partner", id=2**30))

    def test_texts_of_common_formats_are_read(self):
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "anita@example.com", "Greetings"
        mail.set_content("Dear all")
        mail.add_attachment(b"x", maintype="application", subtype="zip", filename="more.zip")
        word = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        word += "<w:t>One</w:t><w:tab/><w:t>Two</w:t></w:r></w:p><w:p><w:r><w:t>Three</w:t></w:r></w:p>"
        word += "</w:body></w:document>"
        slide = '<p:sld xmlns:p="p" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:t>Hi</a:t></a:p></p:sld>'
        sheet = (
            '<office:d xmlns:office="o" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><table:table table:name="T"><table:table-row>'
            "<table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell>"
            "</table:table-row></table:table><text:h>End</text:h></office:d>"
        )
        for name, raw, text in (
            ("a.txt", "Grüße".encode(), "Grüße"),
            ("b.txt", "Grüße".encode("cp1252"), "Grüße"),
            ("c.csv", b"\xef\xbb\xbfname;city\nA;B", "name;city\nA;B"),
            ("d.html", b"<p>Hello <b>you</b></p><script>x()</script>", "Hello you"),
            ("e.eml", bytes(mail), "From: anita@example.com\nSubject: Greetings\nAttachments: more.zip\n\nDear all"),
            ("f.docx", _zip({"word/document.xml": word}), "One\tTwo\nThree"),
            ("g.pptx", _zip({"ppt/slides/slide1.xml": slide}), "[slide 1]\nHi"),
            ("h.ods", _zip({"content.xml": sheet}), "[T]\na\tb\nEnd"),
            ("i.pdf", _pdf("Invoice 42"), "[page 1]\nInvoice 42"),
        ):
            with self.subTest(name=name):
                self.assertEqual(self.client.call("read_file", file_id=self.file(name, raw).id)["text"], text)

    def test_excel_files_are_read_sheet_by_sheet_or_the_missing_package_is_named(self):
        try:
            import openpyxl
        except ImportError:
            file = self.file("book.xlsx", _zip({"x": "y"}))
            self.assertIn("openpyxl", self.client.failing("read_file", file_id=file.id))
            return
        book, out = openpyxl.Workbook(), io.BytesIO()
        book.active.title = "Sales"
        book.active.append(["Name", 3.0, None, Datetime.to_datetime("2026-05-01")])
        book.save(out)
        text = self.client.call("read_file", file_id=self.file("book.xlsx", out.getvalue()).id)["text"]
        self.assertEqual(text, "[sheet Sales]\nName\t3\t\t2026-05-01")

    def test_a_long_text_comes_in_pieces(self):
        file = self.file("long.txt", b"0123456789" * 5000)
        first = self.client.call("read_file", file_id=file.id)
        self.assertEqual((len(first["text"]), first["shown"]), (20_000, "characters 1-20000 of 50000"))
        last = self.client.call("read_file", file_id=file.id, offset=40_000)
        self.assertEqual(len(last["text"]), 10_000)
        self.assertNotIn("next_offset", last)
        self.assertIn("ends after 50,000", self.client.failing("read_file", file_id=file.id, offset=50_000))

    def test_what_has_no_text_or_is_broken_is_said_with_what_else_to_do(self):
        self.assertIn("get_file_link", self.client.failing("read_file", file_id=self.file("x.png", _png()).id))
        for name in ("x.docx", "x.pdf", "x.ods", "x.xls"):
            with self.subTest(name=name):
                self.assertIn("broken", self.client.failing("read_file", file_id=self.file(name, b"no such thing").id))
        self.settings.file_max_mb = 1
        self.assertIn(
            "up to 1 MB", self.client.failing("read_file", file_id=self.file("x.txt", b"x" * 2**20 + b"x").id)
        )

    def test_a_file_that_unpacks_to_too_much_is_refused(self):
        self.patch(office, "LARGEST_PART", 1024)
        bomb = _zip({"word/document.xml": b"\0" * 5000})
        self.assertIn("unpacks to more", self.client.failing("read_file", file_id=self.file("x.docx", bomb).id))

    def test_files_of_other_records_of_fields_and_of_nobody_are_not_found(self):
        cron = self.env["ir.cron"].search([], limit=1)
        foreign = self.env["res.partner"].create(
            {"name": "Elsewhere", "company_id": self.env["res.company"].create({"name": "Other"}).id}
        )
        self.partner.image_1920 = base64.b64encode(_png())
        image = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_field", "=", "image_1920"), ("res_id", "=", self.partner.id)]
        )
        self.assertTrue(image)
        for file in (
            self.file("x.txt", b"secret", res_model="ir.cron", res_id=cron.id),
            self.file("x.txt", b"secret", res_id=foreign.id, public=True),
            image,
        ):
            for tool in ("read_file", "get_file_link"):
                with self.subTest(file=file.name, tool=tool):
                    self.assertIn("There is no file", self.client.failing(tool, file_id=file.id))

    def test_a_file_is_attached_as_text_or_base64(self):
        self.client.call("attach_file", model="res.partner", id=self.partner.id, name="a.txt", text="Grüße")
        data = base64.b64encode(b"\x00\x01").decode()
        added = self.client.call(
            "attach_file", model="res.partner", id=self.partner.id, name="b.bin", content_base64=data
        )
        attachment = self.env["ir.attachment"].browse(added["id"])
        self.assertEqual((attachment.raw, attachment.create_uid), (b"\x00\x01", self.user))
        for arguments, words in (
            ({}, "Give either"),
            ({"text": "x", "content_base64": data}, "Give either"),
            ({"content_base64": "!!"}, "not valid base64"),
            (
                {"content_base64": base64.b64encode(b"PK\x03\x04 half an Excel file").decode()},
                "a part of it is missing",
            ),
            ({"text": ""}, "empty"),
            ({"text": "x", "name": "../x"}, "name"),
        ):
            with self.subTest(arguments=arguments):
                call = {"model": "res.partner", "id": self.partner.id, "name": "c.txt", **arguments}
                self.assertIn(words, self.client.failing("attach_file", **call))

    def test_nobody_attaches_to_what_they_may_not_change(self):
        for model, record in (("res.company", self.env.company), ("res.country", self.env.ref("base.be"))):
            for tool, more in (("attach_file", {"text": "x"}), ("get_upload_link", {})):
                text = self.client.failing(tool, model=model, id=record.id, name="x.txt", **more)
                self.assertIn("may not change", text)

    # ------------------------------------------------------------------ links

    def test_a_download_link_works_once_without_login_and_saves_rather_than_shows(self):
        file = self.file("page.html", b"<script>alert(1)</script>")
        link = self.client.call("get_file_link", file_id=file.id)
        self.assertEqual(self.open(link["link"], "HEAD").status_code, 200)
        answer = self.open(link["link"])
        self.assertEqual((answer.status_code, answer.content), (200, b"<script>alert(1)</script>"))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("page.html", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertNotIn("html", answer.headers["Content-Type"])
        self.assertNotIn("Set-Cookie", answer.headers)
        again = self.open(link["link"])
        self.assertEqual((again.status_code, b"alert" in again.content), (404, False))
        self.assertEqual(self.open(link["link"], "PUT", data=b"x").status_code, 404)

    def test_only_the_hash_of_a_link_is_kept(self):
        link = self.client.call("get_file_link", file_id=self.file("a.txt", b"x").id)["link"]
        token = link.rpartition("/")[2]
        self.assertGreaterEqual(len(token), 43)
        self.env.cr.execute("SELECT token_hash FROM mcp_file ORDER BY id DESC LIMIT 1")
        self.assertNotIn(token, self.env.cr.fetchone()[0])

    def test_a_link_is_not_kept_for_a_repeated_call_either(self):
        asked = {"model": "res.partner", "id": self.partner.id, "idempotency_key": "once"}
        token = self.client.call("get_upload_link", **asked)["link"].rpartition("/")[2]
        again = self.client.call("get_upload_link", **asked)
        self.assertTrue(again["replayed"])
        self.assertIn("call again with another idempotency_key", again["link"])
        self.env.cr.execute("SELECT answer::text FROM mcp_idempotency")
        self.assertFalse([answer for (answer,) in self.env.cr.fetchall() if token in answer])

    def test_a_link_dies_with_time_right_record_key_connection_user_and_switch(self):
        file = self.file("a.txt", b"x")

        def expired():
            self.env.cr.execute("UPDATE mcp_file SET expires_at = %s", [Datetime.now() - timedelta(days=1)])

        def hidden():
            self.partner.company_id = self.env["res.company"].create({"name": "Other"})

        def no_user():
            self.user.active = False

        for ruin, status in (
            (expired, 404),
            (hidden, 404),
            (file.unlink, 404),
            (self.connection.credential_ids._revoke, 404),
            (no_user, 404),
            (self.settings.action_toggle_enabled, 503),
        ):
            with self.subTest(ruin=ruin.__name__), self.env.cr.savepoint() as savepoint:
                link = self.client.call("get_file_link", file_id=file.id)["link"]
                ruin()
                self.assertEqual(self.open(link).status_code, status)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_links_want_https_where_the_server_does(self):
        link = self.client.call("get_file_link", file_id=self.file("a.txt", b"x").id)["link"]
        self.settings.https_only = True
        self.patch(transport, "is_safe", lambda *_request: False)
        self.assertEqual(self.open(link).status_code, 403)
        self.patch(transport, "is_safe", lambda *_request: True)
        self.assertEqual(self.open(link).status_code, 200)

    def test_somebody_else_who_is_logged_in_is_refused(self):
        link = self.client.call("get_file_link", file_id=self.file("a.txt", b"x").id)["link"]
        self.authenticate("admin", "admin")
        cookies = {"session_id": self.session.sid}
        answer = self.open(link, cookies=cookies)
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.open(link).status_code, 200, "the refused one did not use it up")

    def test_an_upload_link_takes_one_file_by_put(self):
        link = self.client.call("get_upload_link", model="res.partner", id=self.partner.id)["link"]
        answer = self.open(f"{link}", "PUT", data=b"content", params={"name": "sent.txt"})
        self.assertEqual(answer.status_code, 201)
        attachment = self.env["ir.attachment"].browse(answer.json()["id"])
        self.assertEqual(
            (attachment.raw, attachment.name, attachment.res_id, attachment.create_uid),
            (b"content", "sent.txt", self.partner.id, self.user),
        )
        self.assertEqual(self.open(link, "PUT", data=b"again").status_code, 404)

    def test_an_upload_link_shows_people_a_form_that_loads_nothing(self):
        link = self.client.call("get_upload_link", model="res.partner", id=self.partner.id)["link"]
        page = self.open(link, headers=HTML)
        self.assertEqual(page.status_code, 200)
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertIn(self.partner.name, page.text)
        done = self.open(link, "POST", files={"file": ("scan <b>.txt", b"hello")}, headers=HTML)
        self.assertEqual(done.status_code, 201)
        self.assertIn("scan &lt;b&gt;.txt", done.text)
        self.assertEqual(self.env["ir.attachment"].search([("name", "=", "scan <b>.txt")]).raw, b"hello")
        sorry = self.open(link, headers=HTML)
        self.assertEqual((sorry.status_code, "Ask for a new one" in sorry.text), (404, True))

    def test_too_much_nothing_and_what_may_not_be_changed_any_more_leave_the_link_unused(self):
        self.settings.file_max_mb = 1
        link = self.client.call("get_upload_link", model="res.partner", id=self.partner.id, name="x.txt")["link"]
        for data in (b"x" * (2**20 + 1), b""):
            self.assertEqual(self.open(link, "PUT", data=data).status_code, 404)
        self.assertEqual(self.open(link, "POST", data={"file": "text"}).status_code, 404)
        self.assertFalse(self.env["ir.attachment"].search([("name", "=", "x.txt")]))
        self._manager().write({"user_ids" if "user_ids" in self._manager()._fields else "users": [(3, self.user.id)]})
        self.assertEqual(self.open(link, "PUT", data=b"x").status_code, 403)
        self.assertFalse(self.env["ir.attachment"].search([("name", "=", "x.txt")]))

    def test_links_are_on_record_and_swept(self):
        link = self.client.call("get_file_link", file_id=self.file("a.txt", b"x").id)["link"]
        self.open(link)
        row = self.env["mcp.audit.log"].search([("tool", "=", "file link")], limit=1)
        self.assertEqual((row.outcome, row.http_status, row.user_id), ("ok", 200, self.user))
        self.env["mcp.file"]._delete_used_up()
        self.env.cr.execute("SELECT count(*) FROM mcp_file")
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_nobody_reads_the_links(self):
        self.assertIn("does not exist", self.admin_client.failing("search_records", model="mcp.file"))


def _zip(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def _pdf(text):
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.drawString(100, 700, text)
    page.save()
    return out.getvalue()


def _png():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    return out.getvalue()
