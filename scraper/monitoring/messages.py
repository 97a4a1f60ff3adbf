"""The sentences of alerts: what is wrong, what it costs, and where to look. Rendered in the reader's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scraper.coverage.witnesses.registry import WITNESSES
from scraper.models import Alert

LONGEST_ERROR = 240


def sentence(alert: Alert) -> str:
    """What is wrong, since when apart: one or two sentences of plain text.

    An alert that another version of the program wrote may be of a kind, or lack facts, that this one does not know.
    """
    say = KINDS.get(alert.kind)
    if say is None:
        return str(alert)
    try:
        return capfirst(say(alert.subject, alert.facts))
    except (LookupError, TypeError, ValueError, AttributeError):
        return _("%(alert)s (written by another version of the program; its details can't be shown)") % {"alert": alert}


def as_json(alert: Alert) -> dict[str, str]:
    """The alert as plain values, for scripts: `kind`, `subject`, `since` (ISO 8601) and `message`."""
    since = timezone.localtime(alert.opened_at).isoformat(timespec="seconds")
    return {"kind": alert.kind, "subject": alert.subject, "since": since, "message": sentence(alert)}


def link(alert: Alert) -> str:
    """The path of the page where the cause can be looked into."""
    if alert.kind.startswith("day_") and parse_date_or_none(alert.subject):
        return reverse("coverage-day", args=[alert.subject])
    if alert.kind == "archive_overdue":
        return reverse("admin:kinokrakow_job_changelist") + "?kind__exact=prune"
    if alert.kind in ("jobs_stuck", "workers_gone"):
        return reverse("admin:kinokrakow_job_changelist") + "?state__exact=queued"
    if alert.kind == "films_unread":
        return reverse("admin:kinokrakow_job_changelist") + "?state__exact=failed"
    if alert.kind.endswith(("_silent", "_refused")) and alert.kind not in ("heartbeat_refused", "witness_silent"):
        return reverse("admin:kinokrakow_servicestate_changelist")
    if alert.kind == "witness_cinema":
        return reverse("admin:scraper_witnesscinema_changelist") + "?cinema__isnull=True"
    if alert.kind.startswith("witness_") and (name := alert.subject.partition(":")[0]) in WITNESSES:
        return reverse("coverage-witness", args=[name])
    if alert.kind == "review_soon":
        return reverse("review")
    if alert.kind == "refused":
        return reverse("admin:scraper_page_changelist")
    return reverse("coverage")


def day_name(iso: str) -> str:
    """`2026-11-27` as "Friday 27 November"."""
    return date_format(dt.date.fromisoformat(iso), "l j E")  # E: a month as dates have it, "listopada"


def _day_names(dates: list[str]) -> str:
    return ", ".join(date_format(dt.date.fromisoformat(iso), "D j.m") for iso in dates)


def parse_date_or_none(iso: str) -> dt.date | None:
    try:
        return parse_date(iso)
    except ValueError:
        return None


def _moment(iso: str) -> str:
    moment = parse_datetime(iso)
    if moment is None:
        raise ValueError(f"no moment: {iso}")
    return date_format(timezone.localtime(moment), "j.m H:i")


def plain(error: str) -> str:
    """An error as a reader wants it: without the name of its class and the address it is about."""
    site = re.escape(settings.KINO_BASE_URL)
    return re.sub(rf"^[A-Z]\w+: |{site}\S*: |{site}", "", error)


def _short(error: str) -> str:
    error = plain(error).split("; ")[0].rstrip(".")  # one way to a day is enough here; its job tells them all
    return error if len(error) <= LONGEST_ERROR else error[:LONGEST_ERROR] + "…"


def _cost(facts: dict[str, Any]) -> str:
    """What an unread day or week costs."""
    if facts["known"]:
        return " " + ngettext(
            "%(n)s showtime of an earlier reading still stands.",
            "%(n)s showtimes of earlier readings still stand.",
            facts["known"],
        ) % {"n": facts["known"]}
    if facts["expected"]:
        return " " + ngettext("%(n)s showtime was expected.", "%(n)s showtimes were expected.", facts["expected"]) % {
            "n": facts["expected"]
        }
    return ""


def _missing(facts: dict[str, Any]) -> str:
    return ngettext("%(n)s showtime is missing.", "%(n)s showtimes are missing.", facts["missing"]) % {
        "n": facts["missing"]
    }


def _week_failed(_subject: str, facts: dict[str, Any]) -> str:
    return _("No day of the week could be read: %(error)s.") % {"error": _short(facts["error"])} + _cost(facts)


def _day_failed(date: str, facts: dict[str, Any]) -> str:
    return (
        ngettext(
            "%(day)s could not be read in %(n)s attempt: %(error)s.",
            "%(day)s could not be read in %(n)s attempts: %(error)s.",
            facts["attempts"],
        )
        % {"day": day_name(date), "n": facts["attempts"], "error": _short(facts["error"])}
    ) + _cost(facts)


def _dates_missing(_subject: str, facts: dict[str, Any]) -> str:
    return _("The site's calendar offered only %(n)s of 7 dates.") % {"n": facts["dates"]}


def _day_suspicious(date: str, facts: dict[str, Any]) -> str:
    said = _(
        "The page of %(day)s is doubted (showtimes: %(listed)s listed, %(missing)s known and not listed); "
        "nothing was withdrawn."
    ) % {"day": day_name(date), "listed": facts["listed"], "missing": facts.get("not_withdrawn", "?")}
    if facts.get("believed_next"):
        said += " " + _("If the next sync reads the same, it is believed.")
    return f"{said} " + _("Staff can believe it at once, on the day's page.")


def _week_suspicious(_subject: str, _facts: dict[str, Any]) -> str:
    return _(
        "Every day's page lacks much of what was known, so nothing was withdrawn. "
        "Compare a day's page with the site: if the site is right, believe it on the day's page; "
        "if not, its layout has changed and the reader must be mended."
    )


def _day_short(date: str, facts: dict[str, Any]) -> str:
    said = ngettext("%(day)s lists only %(n)s showtime.", "%(day)s lists only %(n)s showtimes.", facts["listed"]) % {
        "day": day_name(date), "n": facts["listed"],
    }  # fmt: skip
    return f"{said} {_missing(facts)}"


def _week_short(_subject: str, facts: dict[str, Any]) -> str:
    return _("The whole week lists far fewer showtimes than expected.") + " " + _missing(facts)


def _cinema_gone(_slug: str, facts: dict[str, Any]) -> str:
    return _("%(cinema)s is gone from %(days)s.") % {
        "cinema": facts["name"], "days": _("the whole week") if facts["week"] else _day_names(facts["dates"]),
    } + " " + _missing(facts)  # fmt: skip


def _cinema_short(_slug: str, facts: dict[str, Any]) -> str:
    said = _("%(cinema)s lists far fewer showtimes this week than usual.") % {"cinema": facts["name"]}
    return f"{said} {_missing(facts)}"


def _field_names() -> dict[str, str]:
    return {
        "ticket_url": _("ticket links"),
        "original_title": _("original titles"),
        "directors": _("directors"),
        "year": _("years"),
        "countries": _("countries"),
        "runtime": _("runtimes"),
        "genres": _("genres"),
    }


def _field_gone(name: str, facts: dict[str, Any]) -> str:
    return _("Hardly any %(field)s are left: %(n)s of %(of)s; %(before)s %% had them. Has the layout changed?") % {
        "field": _field_names().get(name, name), "n": facts["filled"], "of": facts["of"], "before": facts["before"],
    }  # fmt: skip


def _films_unread(_subject: str, facts: dict[str, Any]) -> str:
    said = ngettext(
        "%(n)s film page could not be read: %(error)s.",
        "%(n)s film pages could not be read, the last: %(error)s.",
        facts["films"],
    ) % {"n": facts["films"], "error": _short(facts["error"])}
    held = ngettext("%(n)s showtime is held.", "%(n)s showtimes are held.", facts["held"]) % {"n": facts["held"]}
    return f"{said} {held}" if facts["held"] else said


def _rows_unread(_subject: str, facts: dict[str, Any]) -> str:
    said = ngettext(
        "%(n)s row of the programme was not understood; nothing of its film was withdrawn.",
        "%(n)s rows of the programme were not understood; nothing of their films was withdrawn.",
        facts["rows"],
    ) % {"n": facts["rows"]}
    sample = {"place": facts["place"], "text": _short(facts["text"]), "reason": _short(facts["reason"])}
    return f"{said} " + _("For example %(place)s, “%(text)s”: %(reason)s.") % sample


def _films_doubted(_subject: str, facts: dict[str, Any]) -> str:
    said = ngettext(
        "%(n)s film's address answers something that is not believed to be its page.",
        "%(n)s films' addresses answer something that is not believed to be their pages.",
        facts["films"],
    ) % {"n": facts["films"]}
    example = _("“%(title)s”: %(problem)s.") % {"title": facts["title"], "problem": _short(facts["problem"])}
    return f"{said} {example} " + _("What was known before stands.")


def _matches_contradicted(_subject: str, facts: dict[str, Any]) -> str:
    said = ngettext(
        "%(n)s match made by the program is contradicted by its facts: %(titles)s.",
        "%(n)s matches made by the program are contradicted by their facts: %(titles)s.",
        facts["films"],
    )
    return said % {"n": facts["films"], "titles": ", ".join(facts["titles"])}


def _films_missing(_subject: str, facts: dict[str, Any]) -> str:
    return (
        ngettext(
            "%(n)s film page answered 404: has its address changed?",
            "%(n)s film pages answered 404: have their addresses changed?",
            facts["films"],
        )
        % {"n": facts["films"]}
        + " "
        + _("What was known before stands.")
    )


def _tmdb_rate(_subject: str, facts: dict[str, Any]) -> str:
    return _(
        "Of the week's %(films)s films that TMDB was asked about only %(rate)s %% are matched; "
        "%(held)s showtimes are not published."
    ) % {**facts, "rate": number_format(facts["rate"])}


def _tmdb_silent(_subject: str, facts: dict[str, Any]) -> str:
    said = _("TMDB could not be asked: %(error)s.") % {"error": _short(facts["error"])}
    return f"{said} {_films_wait(facts)}"


def _films_wait(facts: dict[str, Any]) -> str:
    return ngettext("%(n)s film waits for it.", "%(n)s films wait for it.", facts["jobs"]) % {"n": facts["jobs"]}


def _tmdb_refused(_subject: str, facts: dict[str, Any]) -> str:
    said = _("TMDB refuses our key: %(error)s. Put a valid TMDB_TOKEN into .env and restart the program.") % {
        "error": _short(facts["error"])
    }
    return f"{said} {_films_wait(facts)}"


def _geocoder_silent(_subject: str, facts: dict[str, Any]) -> str:
    return _("The geocoder could not be asked for the places of cinemas: %(error)s.") % {
        "error": _short(facts["error"])
    }


def _geocoder_refused(_subject: str, facts: dict[str, Any]) -> str:
    return _(
        "The geocoder refuses our requests: %(error)s. For Google, check GOOGLE_GEOCODING_KEY and its quota; for "
        "Nominatim, set CONTACT, so that it knows who asks. Then restart the program."
    ) % {"error": _short(facts["error"])}


def _host_closed(host: str, facts: dict[str, Any]) -> str:
    said = _("The host %(host)s wants no request before %(until)s; nothing is read from it until then.") % {
        "host": host, "until": _moment(facts["until"]),
    }  # fmt: skip
    if "since" not in facts:
        return said
    return f"{said} " + _("It has asked us to wait since %(since)s.") % {"since": _moment(facts["since"])}


def _heartbeat_refused(_subject: str, facts: dict[str, Any]) -> str:
    return _("The heartbeat has not been taken since %(since)s (%(error)s): check HEARTBEAT_URL.") % {
        "since": _moment(facts["since"]), "error": facts["error"],
    }  # fmt: skip


def _monitor_broken(name: str, facts: dict[str, Any]) -> str:
    return _("The monitor %(name)s is broken, so what it looks for goes unnoticed: %(error)s.") % {
        "name": name, "error": _short(facts["error"]),
    }  # fmt: skip


def _review_soon(_subject: str, facts: dict[str, Any]) -> str:
    rest = facts["films"] - len(facts["titles"])
    return ngettext(
        "%(n)s film that waits for a decision plays within %(hours)s hours: %(titles)s. %(held)s showtimes are held.",
        "%(n)s films that wait for a decision play within %(hours)s hours: %(titles)s. %(held)s showtimes are held.",
        facts["films"],
    ) % {
        "n": facts["films"],
        "hours": settings.ALERT_REVIEW_HOURS,
        "titles": ", ".join(facts["titles"]) + (f" (+{rest})" if rest else ""),
        "held": facts["showtimes"],
    }


def _no_run(_subject: str, facts: dict[str, Any]) -> str:
    return _("No sync has ended since %(since)s: what is shown is getting old.") % {"since": _moment(facts["since"])}


def _jobs_stuck(_subject: str, facts: dict[str, Any]) -> str:
    return ngettext(
        "%(n)s job has been due since %(since)s and nothing moves: look at what the workers do, or restart them.",
        "%(n)s jobs have been due since %(since)s and nothing moves: look at what the workers do, or restart them.",
        facts["jobs"],
    ) % {"n": facts["jobs"], "since": _moment(facts["since"])}


def _workers_gone(_subject: str, facts: dict[str, Any]) -> str:
    said = _("There have been no workers since %(since)s. Start them: python manage.py work.") % {
        "since": _moment(facts["since"])
    }
    if not facts["jobs"]:
        return said
    return f"{said} " + ngettext("%(n)s job waits.", "%(n)s jobs wait.", facts["jobs"]) % {"n": facts["jobs"]}


def _archive_overdue(_subject: str, facts: dict[str, Any]) -> str:
    return ngettext(
        "%(n)s old page or job should have been dropped two days ago: the job “prune” fails, or nobody does it.",
        "%(n)s old pages and jobs should have been dropped two days ago: the job “prune” fails, or nobody does it.",
        facts["rows"],
    ) % {"n": facts["rows"]}


def _refused(_subject: str, facts: dict[str, Any]) -> str:
    return (
        _("The site refused %(requests)s of %(of)s requests of the last sync, the last with HTTP %(status)s.") % facts
    )


def _witness_missing(_subject: str, facts: dict[str, Any]) -> str:
    return ngettext(
        "%(witness)s has %(n)s start at %(cinema)s that we lack (%(days)s), by two looks.",
        "%(witness)s has %(n)s starts at %(cinema)s that we lack (%(days)s), by two looks.",
        facts["missing"],
    ) % {
        "witness": facts["witness"], "n": facts["missing"], "cinema": facts["name"], "days": _day_names(facts["dates"]),
    }  # fmt: skip


def _witness_cinema(_subject: str, facts: dict[str, Any]) -> str:
    return ngettext(
        "%(witness)s lists %(cinema)s with %(n)s start to come, and we know no such cinema.",
        "%(witness)s lists %(cinema)s with %(n)s starts to come, and we know no such cinema.",
        facts["starts"],
    ) % {"witness": facts["witness"], "cinema": facts["name"], "n": facts["starts"]}


def _witness_silent(_subject: str, facts: dict[str, Any]) -> str:
    said = _("%(witness)s has brought nothing since %(since)s, so nobody counts beside us.") % {
        "witness": facts["witness"], "since": _moment(facts["since"]),
    }  # fmt: skip
    return f"{said} {_short(facts['error'])}." if facts["error"] else said


KINDS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "week_failed": _week_failed,
    "day_failed": _day_failed,
    "dates_missing": _dates_missing,
    "day_suspicious": _day_suspicious,
    "week_suspicious": _week_suspicious,
    "day_short": _day_short,
    "week_short": _week_short,
    "cinema_gone": _cinema_gone,
    "cinema_short": _cinema_short,
    "field_gone": _field_gone,
    "films_unread": _films_unread,
    "rows_unread": _rows_unread,
    "films_doubted": _films_doubted,
    "matches_contradicted": _matches_contradicted,
    "films_missing": _films_missing,
    "tmdb_rate": _tmdb_rate,
    "tmdb_silent": _tmdb_silent,
    "tmdb_refused": _tmdb_refused,
    "geocoder_silent": _geocoder_silent,
    "geocoder_refused": _geocoder_refused,
    "host_closed": _host_closed,
    "workers_gone": _workers_gone,
    "archive_overdue": _archive_overdue,
    "heartbeat_refused": _heartbeat_refused,
    "monitor_broken": _monitor_broken,
    "review_soon": _review_soon,
    "no_run": _no_run,
    "jobs_stuck": _jobs_stuck,
    "refused": _refused,
    "witness_missing": _witness_missing,
    "witness_cinema": _witness_cinema,
    "witness_silent": _witness_silent,
}
