"""E-mails from records: previews, real ones, tests to oneself, and mailings that a person sends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from odoo.tools.mail import email_normalize, plaintext2html

from ..files.files import reachable
from ..governance.atomic import atomic
from ..governance.rights import lacking
from ..records.domains import checked_domain
from ..records.writing_links import Links
from ..reports.printing import makes_pdf
from ..text.markup import plain_text
from ..tools.call import Call
from ..tools.errors import RefusedError, ToolError, UnknownNameError
from .people import named, partners_of
from .threads import followers_of, thread

LONGEST_PREVIEW = 6_000
_PLACEHOLDER = re.compile(r"\bt-(out|esc|field|if|foreach|set)=")


def template_of(call: Call, wanted: str, model_name: str | None):
    """The e-mail template of this id or name.

    :raises ToolError: there is none for the model, or several
    """
    templates = call.gate.model("mail.template")
    domain = [("model", "=", model_name)] if model_name else []
    if wanted.strip().isdecimal():
        found = templates.search([("id", "=", int(wanted[:10])), *domain], limit=1)
    else:
        found = templates.search([("name", "=ilike", wanted.strip()), *domain], limit=2)
    if len(found) == 1:
        return found
    if found:
        raise ToolError(f"Several templates are named {wanted!r}. Give the id of one: {found.ids}.")
    known = [(template.name, str(template.id)) for template in templates.search(domain, limit=200)]
    what = f"E-mail template of {model_name}" if model_name else "E-mail template"
    raise UnknownNameError(what, wanted, known, "search_records finds them in mail.template.")


def _check_printable(template) -> None:
    """Templates may attach reports, which only a server that makes PDF can print."""
    reports = template.report_template_ids if template else None
    # sudo: the titles of the reports of a template that may be read
    if reports and not makes_pdf(reports):
        raise ToolError(
            f"The template {template.name!r} attaches {', '.join(reports.sudo().mapped('name'))} as PDF, and this "
            "server makes no PDF because wkhtmltopdf is missing. Send your own subject and body instead."
        )


def send_email(
    call: Call,
    model_name: str,
    record_id: int,
    template: str | None,
    subject: str | None,
    body: str | None,
    to: Sequence[Any],
    file_ids: Sequence[int],
    send: bool,
) -> dict[str, Any]:
    """What the e-mail of a record would be, or was; a preview leaves no trace.

    :param to: further recipients; a template has its own
    """
    if not template and not (subject and body):
        raise ToolError("Give a template, or a subject and a body.")
    if send:
        return _compose(call, model_name, record_id, template, subject, body, to, file_ids, send=True)
    with atomic(call.gate.env, keep=False):
        return _compose(call, model_name, record_id, template, subject, body, to, file_ids, send=False)


def _compose(call, model_name, record_id, template, subject, body, to, file_ids, send: bool) -> dict[str, Any]:
    people = partners_of(call, to, "to")
    files = [reachable(call, file_id).id for file_id in file_ids]
    record = thread(call, model_name, record_id)
    chosen = template_of(call, template, model_name) if template else None
    _check_printable(chosen)
    values = {"composition_mode": "comment", "model": model_name, "res_ids": str(record.ids)}
    values["template_id"] = chosen.id if chosen else False
    composer = record.env["mail.compose.message"].create(values)
    changes = {
        "subject": subject,
        "body": plaintext2html(body) if body else None,
        "partner_ids": [(4, partner.id) for partner in people],
        "attachment_ids": [(4, file_id) for file_id in files],
    }
    composer.write({name: value for name, value in changes.items() if value})
    recipients = composer.partner_ids
    if not recipients:
        raise ToolError("The e-mail has no recipient: say to whom with `to`.")
    silent = recipients.filtered(lambda partner: not email_normalize(partner.email or ""))
    if silent:
        raise ToolError(f"{', '.join(silent.mapped('display_name'))} has no valid e-mail address.")
    text = plain_text(composer.body or "")
    mail: dict[str, Any] = {
        "subject": composer.subject or "",
        "to": [named(partner) for partner in recipients],
        "text": text[:LONGEST_PREVIEW],
    }
    followers = [name for name in followers_of(record) if name not in recipients.mapped("display_name")]
    if followers:
        mail["also_followers"] = followers
    if composer.attachment_ids:
        mail["files"] = composer.attachment_ids.mapped("name")
    if not send:
        return {"sent": False, **mail, "hint": "A preview. Repeat the call with send=true when the user agrees."}
    _mails, messages = composer._action_send_mail()
    del mail["text"]
    return {"sent": True, **mail, "message_id": messages[:1].id}


def send_test(call: Call, template: str, record_id: int) -> dict[str, Any]:
    """Send a template, filled in for a record, to the caller's own address only."""
    chosen = template_of(call, template, None)
    _check_printable(chosen)
    record = thread(call, chosen.model, record_id, reading=True)
    address = email_normalize(call.gate.env.user.email or "")
    if not address:
        raise ToolError("Your user has no e-mail address to send the test to.")
    values = {"email_to": address, "email_cc": False, "recipient_ids": [], "reply_to": address}
    mail_id = chosen.send_mail(record.id, email_values=values)
    mail = record.env["mail.mail"].sudo().browse(mail_id)  # sudo: the mail just made, in the queue
    mail.subject = f"[TEST] {mail.subject or ''}"
    return {"sent": True, "to": [address], "subject": mail.subject}


def _check_placeholders(template, target: str, subject: str | None) -> None:
    """What a template says of its own model cannot be filled in for records of another."""
    body = template.body_html or ""
    has_placeholders = "{{" in (subject or template.subject or "") + body or _PLACEHOLDER.search(body)
    if has_placeholders and template.model != target:
        raise ToolError(
            f"The template {template.name!r} has placeholders for {template.model}, which cannot be filled in for "
            f"{target}. Choose a template of {target}, or one without placeholders."
        )


def stage_mailing(
    call: Call,
    template: str,
    name: str | None,
    subject: str | None,
    lists: Sequence[Any],
    model_name: str | None,
    domain: Any,
) -> dict[str, Any]:
    """A mass mailing as a draft, from a template; a person looks at it and sends it.

    :param lists: mailing lists; or else ``model_name`` and ``domain`` say who gets it
    """
    env = call.gate.env
    if not env["mailing.mailing"].has_access("create"):
        raise RefusedError(f"You may not stage mailings: {lacking(env['mailing.mailing'], 'create')}.")
    mailings = call.gate.model("mailing.mailing", "create")
    if bool(lists) == bool(model_name):
        raise ToolError("Say who gets it: either lists, or a model and a domain.")
    if model_name and not getattr(call.gate.model(model_name), "_mailing_enabled", False):
        raise ToolError(f"Mailings cannot be sent to records of {model_name}. Use mailing.contact or res.partner.")
    chosen = template_of(call, template, None)
    _check_placeholders(chosen, "mailing.contact" if lists else model_name, subject)
    values: dict[str, Any] = {
        "subject": subject or chosen.subject or chosen.name,
        "body_arch": chosen.body_html,
        "body_html": chosen.body_html,
        "mailing_type": "mail",
        "user_id": env.uid,
    }
    if name:
        values["name"] = name
    if lists:
        links = Links(call.gate)
        ids = [links.one("mailing.list", "lists", one) for one in lists]
        links.check()
        target = "mailing.list"
        values["contact_list_ids"] = [(6, 0, ids)]
    else:
        target = model_name
        model = call.gate.model(target)
        with checked_domain(call.gate, model, domain).search() as conditions:
            found = model.search_count(conditions)
        if not found:
            raise ToolError("The domain finds nobody.")
        values["mailing_domain"] = repr(list(domain or []))
    # sudo: only administrators read the list of models
    values["mailing_model_id"] = env["ir.model"].sudo()._get(target).id
    mailing = mailings.create(values)
    call.facts.res_model, call.facts.res_ids = mailing._name, mailing.ids
    return {
        "id": mailing.id,
        "subject": mailing.subject,
        "state": mailing.state,
        "recipients": len(mailing._get_remaining_recipients()),
        "hint": "A draft in Email Marketing: nothing is sent until a person presses Send there.",
    }
