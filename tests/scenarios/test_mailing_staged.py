"""A mass mailing is staged from a template; nothing leaves until a person sends it."""

import re
from uuid import uuid4

import pytest
from assistant import listed, meant

MAILER = ("mass_mailing.group_mass_mailing_user", "sales_team.group_sale_salesman_all_leads")
MARK = uuid4().hex[:6]
TEMPLATE, SUBJECT = f"Winter opening hours {MARK}", f"We open later {MARK}"
STAGE = "stage_mass_mailing_from_template"


@pytest.fixture(scope="module")
def newsletter(backend):
    """The demo list, and a template without placeholders, as the marketing people made it."""
    model = backend.rows("ir.model", [("model", "=", "res.partner")])[0]["id"]
    body = "<p>From December on, we open at <b>nine</b>.</p>"
    values = {"name": TEMPLATE, "model_id": model, "subject": SUBJECT, "body_html": body}
    backend.do("mail.template", "create", values)
    return backend.row("mailing.list", backend.ref("mass_mailing.mailing_list_data"), "name")


@pytest.fixture
def mailer(person):
    return person(*MAILER, name="Mia Mailer")


def _mails(backend):
    return backend.do("mail.mail", "search_count", []) + backend.do("mailing.trace", "search_count", [])


def _draft(backend, mailing_id):
    names = ("state", "subject", "body_html", "contact_list_ids", "mailing_model_real", "mailing_domain", "sent")
    row = backend.row("mailing.mailing", mailing_id, *names)
    assert (row["state"], row["sent"]) == ("draft", 0)
    return row


def test_a_mailing_to_a_list_is_tried_staged_and_changed_and_nothing_is_sent(mailer, backend, newsletter):
    assert mailer.find("prepare a newsletter to a mailing list")[0] == STAGE
    lists = mailer.call("search_records", model="mailing.list", fields=["name", "contact_count"])["records"]
    wanted = next(row for row in lists if row["id"] == newsletter["id"])
    before = _mails(backend)

    tried = mailer.call(STAGE, template=TEMPLATE, lists=[wanted["name"]], dry_run=True)
    assert tried["dry_run"]["changes"]
    assert not backend.rows("mailing.mailing", [("subject", "=", SUBJECT)])
    staged = mailer.call(STAGE, template=TEMPLATE, lists=[wanted["name"]], name="Hours")
    row = _draft(backend, staged["id"])
    assert (row["subject"], row["contact_list_ids"]) == (SUBJECT, [newsletter["id"]])
    assert "<b>nine</b>" in row["body_html"]
    on_it = backend.do("mailing.contact", "search_count", [("list_ids", "in", [newsletter["id"]])])
    assert staged["recipients"] == wanted["contact_count"] == on_it

    mailer.call("update_record", model="mailing.mailing", id=staged["id"], values={"subject": "Open from nine"})
    assert _draft(backend, staged["id"])["subject"] == "Open from nine"
    assert _mails(backend) == before


def test_a_mailing_to_the_records_of_a_domain_uses_the_placeholders_of_its_template(person, backend):
    mailer = person(*MAILER, "mail.group_mail_template_editor", name="Tess Template")
    before = _mails(backend)
    domain = [["type", "=", "lead"], ["email_from", "!=", False]]
    staged = mailer.call(STAGE, template="Welcome Demo", model="crm.lead", domain=domain)
    row = _draft(backend, staged["id"])
    assert row["mailing_model_real"] == "crm.lead"
    assert staged["recipients"] == backend.do("crm.lead", "search_count", domain) > 0
    assert "object." in row["body_html"]
    assert _mails(backend) == before


def test_wrong_names_lead_to_the_template_and_the_list(mailer, backend, newsletter):
    template = meant(mailer.fails(STAGE, template=TEMPLATE.replace("opening", "openning"), lists=["Newsleter"]))
    error = mailer.fails(STAGE, template=template, lists=["Newsleter"])
    mailing_list = int(re.search(r"Nearest: [^.]*?\(id (\d+)\)", error)[1])
    staged = mailer.call(STAGE, template=template, lists=[mailing_list])
    assert _draft(backend, staged["id"])["contact_list_ids"] == [newsletter["id"]]


def test_placeholders_that_cannot_be_filled_in_lead_to_another_template(mailer, backend, newsletter):
    error = mailer.fails(STAGE, template="Welcome Demo", lists=["Newsletter"])
    wanted = re.search(r"Choose a template of (\S+), or one without placeholders", error)[1]
    assert wanted == "mailing.contact"
    found = mailer.call("search_records", model="mail.template", fields=["name", "body_html"], limit=100)["records"]
    plain = [row["name"] for row in found if row["name"] == TEMPLATE]
    staged = mailer.call(STAGE, template=plain[0], lists=["Newsletter"])
    assert _draft(backend, staged["id"])["contact_list_ids"] == [newsletter["id"]]


def test_records_that_get_no_mailings_and_nobody_at_all_lead_to_those_who_do(mailer, backend, newsletter):
    error = mailer.fails(STAGE, template=TEMPLATE, model="mail.template", domain=[])
    model = re.search(r"Use (\S+) or", error)[1]
    assert "finds nobody" in mailer.fails(STAGE, template=TEMPLATE, model=model, domain=[["email", "=", "x@x.x"]])
    staged = mailer.call(STAGE, template=TEMPLATE, model=model, domain=[["email", "!=", False]])
    assert _draft(backend, staged["id"])["mailing_model_real"] == model


def test_who_lacks_the_right_is_told_which_group_has_it(person, backend, newsletter):
    robin = person(name="Rita Reader")
    error = robin.fails(STAGE, template=TEMPLATE, lists=["Newsletter"])
    assert "Rita Reader lacks the right" in error
    assert "Email Marketing / User" in error.partition("Members of")[2]
    assert not backend.rows("mailing.mailing", [("user_id.name", "=", "Rita Reader")])


def test_a_mailing_that_was_sent_is_copied_because_the_error_says_what_is_left(mailer, backend, newsletter):
    sent = backend.rows("mailing.mailing", [("state", "=", "done")], "subject")[0]
    error = mailer.fails("run_action", model="mailing.mailing", ids=[sent["id"]], action="Send")
    assert "present state" in error and "Duplicate" in listed(error, "There is now:")
    again = mailer.call("run_action", model="mailing.mailing", ids=[sent["id"]], action="Duplicate")
    (copy,) = again["opened"]["records"]
    assert _draft(backend, copy["id"])["subject"].startswith(sent["subject"])


def test_sending_after_reading_waits_for_a_person(mailer, backend, newsletter):
    staged = mailer.call(STAGE, template=TEMPLATE, lists=["Newsletter"])["id"]
    mailer.call("search_records", model="res.partner", fields=["name", "email"])
    error = mailer.fails("run_action", model="mailing.mailing", ids=[staged], action="Send")
    assert "Waiting for approval" in error and "sends the mass mailing" in error
    _draft(backend, staged)
    status = mailer.call("approval_status", approval_id=re.search(r"approval_id='(\w+)'", error)[1])
    assert status["status"] == "pending"
