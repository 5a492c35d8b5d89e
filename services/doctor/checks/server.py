"""The Odoo server itself: workers, clock, crons, and what it needs beside it."""

# There is no self here: the language is that of the request.
# pylint: disable=prefer-env-translation
from __future__ import annotations

from ..cloud_texts import odoo_sh
from ..facts import Facts, Reply
from ..finding import ATTENTION, NOT_APPLICABLE, OK, PROBLEM, Finding
from ..remedies import nginx_websocket, odoo_conf


def check(facts: Facts, translate) -> list[Finding]:
    return [_workers(facts, translate), _evented(facts, translate), _time_limit(facts, translate),
            _crons(facts, translate), _clock(facts, translate), _wkhtmltopdf(facts, translate),
            _redis(facts, translate)]  # fmt: skip


def _workers(facts: Facts, _) -> Finding:
    group, title = _("Server"), _("Workers")
    workers = facts.server.workers
    if workers >= 2:
        return Finding("workers", group, title, OK, _("%s workers.", workers))
    remedies = (
        odoo_conf("# about two per processor core", "workers = 4", "max_cron_threads = 1"),
        odoo_sh(_),
    )
    if workers == 1:
        seen = _("One worker: while an AI tool waits for an answer, everybody else waits, too.")
        return Finding("workers", group, title, ATTENTION, seen, _("Use two at least."), remedies)
    seen = _("Odoo runs with threads in one process. That is fine to try it out.")
    advice = _("With more than a few users, let Odoo run with workers: one process uses one processor core only.")
    return Finding("workers", group, title, ATTENTION, seen, advice, remedies)


def _evented(facts: Facts, _) -> Finding:
    group, title = _("Server"), _("Evented worker (live connections)")
    if not facts.reached:
        return Finding("evented", group, title, NOT_APPLICABLE, _("Not asked, because the address does not lead here."))
    reply = facts.probes.websocket
    if isinstance(reply, Reply) and reply.status == 101:
        return Finding("evented", group, title, OK, _("Live connections are answered."))
    status = reply.status if isinstance(reply, Reply) else _("no answer")
    seen = _("A live connection (/websocket) got status %s: Odoo's notifications do not arrive either.", status)
    advice = _("Let the web server pass /websocket on to the port of the evented worker.")
    return Finding("evented", group, title, ATTENTION, seen, advice, (nginx_websocket(facts), odoo_sh(_)))


def _time_limit(facts: Facts, _) -> Finding:
    group, title = _("Server"), _("Time limits")
    server, limit = facts.server, facts.server.limit_time_real
    if not server.workers:
        return Finding("time_limit", group, title, NOT_APPLICABLE, _("Without workers, Odoo ends no long call."))
    seen = _(
        "A worker may take %(limit)s seconds for a call, one query %(query)s.",
        limit=limit,
        query=facts.statement_timeout,
    )
    if limit and limit <= facts.statement_timeout:
        advice = _(
            "Odoo kills the worker before the query is ended, and the AI tool gets no answer. Raise limit_time_real."
        )
        wanted = max(120, facts.statement_timeout * 3)
        return Finding("time_limit", group, title, PROBLEM, seen, advice, (odoo_conf(f"limit_time_real = {wanted}"),))
    return Finding("time_limit", group, title, OK, seen)


def _crons(facts: Facts, _) -> Finding:
    group, title = _("Server"), _("Scheduled actions")
    if facts.server.cron_threads:
        return Finding("crons", group, title, OK, _("Scheduled actions run."))
    seen = _("max_cron_threads is 0 in this process: it runs no scheduled actions.")
    advice = _(
        "Unless another process of Odoo runs them: keys are not rotated, and logs and jobs are not looked after."
    )
    return Finding("crons", group, title, ATTENTION, seen, advice, (odoo_conf("max_cron_threads = 1"),))


def _clock(facts: Facts, _) -> Finding:
    group, title = _("Server"), _("Clocks")
    skew = abs(facts.server.clock_skew)
    seen = _("Odoo's clock and the database's differ by %s seconds.", f"{skew:.1f}")
    if skew < 5:
        return Finding("clock", group, title, OK, seen)
    advice = _("Keys and logins end too early or too late. Let both machines set their clocks by NTP.")
    return Finding("clock", group, title, PROBLEM if skew > 60 else ATTENTION, seen, advice)


def _wkhtmltopdf(facts: Facts, _) -> Finding:
    group, title = _("Server"), _("Reports as PDF (wkhtmltopdf)")
    state = facts.server.wkhtmltopdf
    if state == "ok":
        return Finding("wkhtmltopdf", group, title, OK, _("Reports can be made as PDF."))
    if state == "workers":
        seen = _("With fewer than two workers, a report that loads pictures from Odoo itself can wait for ever.")
        advice = _("Let Odoo run with two workers or more.")
        return Finding("wkhtmltopdf", group, title, ATTENTION, seen, advice, (odoo_conf("workers = 4"),))
    texts = {
        "upgrade": _("wkhtmltopdf is too old: header and footer of reports are missing."),
        "broken": _("wkhtmltopdf is there, but does not start."),
    }
    seen = texts.get(state) or _("wkhtmltopdf is not installed: AI tools get reports as HTML only.")
    advice = _("Install version 0.12.6 with patched Qt, from wkhtmltopdf.org, on the machine that Odoo runs on.")
    return Finding("wkhtmltopdf", group, title, ATTENTION, seen, advice, (odoo_sh(_),) if facts.server.odoo_sh else ())


def _redis(facts: Facts, _) -> Finding:
    group, title = _("Server"), _("Counting requests (Redis)")
    if not facts.redis.configured:
        return Finding(
            "redis", group, title, NOT_APPLICABLE, _("Not used. PostgreSQL counts calls, which is exact, too.")
        )
    if facts.redis.failure:
        seen = _("Redis does not answer: %s", facts.redis.failure)
        advice = _("Calls go on, counted by PostgreSQL. Check the Redis URL in Server Settings, and that Redis runs.")
        return Finding("redis", group, title, ATTENTION, seen, advice)
    return Finding("redis", group, title, OK, _("Redis answered after %s ms.", round(facts.redis.seconds * 1000, 1)))
