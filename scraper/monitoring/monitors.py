"""What is looked for, and what counts as found. One function a monitor; one finding a cause.

Monitors only look: `scraper.monitoring.alerts` remembers. A cause must not speak twice, so the finding that explains
less is dropped: a cinema that is gone is no short day, a day that could not be read is no missing date, and what befell
every day of the week is one finding, not seven.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from events import processing
from events.models import Cinema, ListedFilm, Showtime
from kinokrakow.models import Job, JobAttempt
from review import automatic
from scraper.coverage import readings, week
from scraper.coverage.expectation import rarer
from scraper.coverage.readings import Day
from scraper.coverage.shortfall import shortfall
from scraper.models import Alert, Page, SyncRun
from scraper.sync import second_reading

BAD, WARN = Alert.Level.BAD, Alert.Level.WARN
REFUSALS = (401, 403, 429, 503)
FIELDS = ("original_title", "directors", "year", "countries", "runtime", "genres")
FEW_PAGES, FEW_TICKETS, FEW_FILMS = 8, 50, 10  # less than these says nothing about a share
PAGES_COMPARED = 500
TOO_MANY_TO_NAME = 6
SHOWN_LATELY = dt.timedelta(days=2)  # since a film was listed last: older ones are past


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause found now. `kind` and `subject` name it; `facts` are what its sentence needs (see `messages`)."""

    kind: str
    level: str
    subject: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the monitors look at. `days` are those of `run`, the last that ended, that have not passed."""

    at: dt.datetime
    run: SyncRun | None
    days: tuple[Day, ...]
    names: dict[str, str]

    @property
    def drop(self) -> float:
        return settings.ALERT_DROP_PERCENT / 100


def look(at: dt.datetime) -> list[Finding]:
    """Everything that is wrong now."""
    run = week.last_finished()
    today = timezone.localdate(at)
    dates = [date for date in run.days.values_list("date", flat=True) if date >= today] if run else []
    names = dict(Cinema.objects.values_list("slug", "name"))
    situation = Situation(at, run, readings.days(dates), names)
    return [finding for monitor in MONITORS for finding in monitor(situation)]


# --- the days -----------------------------------------------------------------------------------------


def unread_days(now: Situation) -> Iterator[Finding]:
    """Days that could not be read, and dates that were not even on offer."""
    if now.run is None:
        return
    if now.run.status == SyncRun.Status.FAILED and not any(day.read and not day.failed for day in now.days):
        errors = [day.tried.error for day in now.days if day.tried and day.tried.error]
        yield Finding("week_failed", BAD, facts={"error": now.run.error or next(iter(errors), ""), **_lost(now.days)})
        return
    for day in now.days:
        if day.failed and day.tried:
            facts = {"error": day.tried.error, "attempts": day.tried.attempts, **_lost([day])}
            yield Finding("day_failed", BAD, str(day.date), facts)
    asked = list(now.run.days.values_list("date", flat=True))
    if len(set(asked)) < week.WEEK:
        yield Finding("dates_missing", BAD, facts={"dates": len(set(asked))})


def suspicious_days(now: Situation) -> Iterator[Finding]:
    """Pages with less than half of what was known: nothing was withdrawn, somebody should look."""
    found = [day for day in now.days if day.read and day.read.suspicious and not day.failed]
    if len(found) > 3 and len(found) == len(now.days):
        yield Finding("week_suspicious", BAD)
        return
    believed_next = second_reading.few(len(found), of=sum(1 for day in now.days if day.read and not day.failed))
    for day in found:
        facts = {"listed": day.read.counted if day.read else 0, "believed_next": believed_next}
        yield Finding("day_suspicious", WARN, str(day.date), facts)


def shortfalls(now: Situation) -> Iterator[Finding]:
    """Cinemas that list nothing where they always did; weeks, days and cinemas with far too few showtimes."""
    judged = {str(day.date): day for day in now.days if day.read and not day.failed and not day.read.suspicious}
    found = shortfall(list(judged.values()), now.drop)
    for slug, by_date in found.gone.items():
        facts = {
            "name": now.names.get(slug, slug),
            "dates": sorted(by_date),
            "week": len(by_date) == len(judged) > 1,
            "missing": sum(by_date.values()),
        }
        yield Finding("cinema_gone", BAD, slug, facts)
    if found.week:
        yield Finding("week_short", BAD, facts={"missing": found.week})
    for date, missing in found.days.items():
        read = judged[date].read
        yield Finding("day_short", WARN, date, {"listed": read.counted if read else 0, "missing": missing})
    for slug, missing in found.cinemas.items():
        yield Finding("cinema_short", WARN, slug, {"name": now.names.get(slug, slug), "missing": missing})


def _lost(days: Sequence[Day]) -> dict[str, Any]:
    """What unread days cost: the showtimes that were expected, and whether older readings still stand."""
    return {
        "expected": round(sum(day.expected.usual for day in days if day.expected)),
        "known": sum(day.read.counted for day in days if day.read),
    }


# --- what the pages say -------------------------------------------------------------------------------


def tickets(now: Situation) -> Iterator[Finding]:
    """Ticket links that used to stand in the programme and no longer do."""
    rows = [day.read for day in now.days if day.read and not day.failed]
    before = [row for day in now.days for row in (*day.earlier, *day.past)]
    showtimes, linked = sum(row.counted for row in rows), sum(row.tickets for row in rows)
    then, linked_then = sum(row.counted for row in before), sum(row.tickets for row in before)
    if then and rarer(linked, showtimes, linked_then / then, FEW_TICKETS):
        yield _gone_field("ticket_url", linked, showtimes, linked_then / then)


def film_fields(now: Situation) -> Iterator[Finding]:
    """Facts that film pages used to give and no longer do: the layout is drifting."""
    if now.run is None:
        return
    read = ListedFilm.objects.filter(has_page=True, facts_at__isnull=False).order_by("-facts_at")
    pages = list(read.values_list("facts_at", "facts_given")[:PAGES_COMPARED])
    of_run = sum(1 for read_at, _given in pages if read_at and read_at >= now.run.started_at)
    new, old = pages[: max(FEW_PAGES, of_run)], pages[max(FEW_PAGES, of_run) :]
    for name in FIELDS:
        share = sum(1 for _at, given in old if name in given) / len(old) if len(old) >= FEW_PAGES else 0
        filled = sum(1 for _at, given in new if name in given)
        if rarer(filled, len(new), share, FEW_PAGES):
            yield _gone_field(name, filled, len(new), share)


def film_pages(now: Situation) -> Iterator[Finding]:
    """Film pages that could not be read at last: of their films nothing but a title is known."""
    if now.run is None:
        return
    failed = Job.objects.filter(run=now.run.pk, kind="film", state=Job.State.FAILED).order_by("pk")
    errors = {job.args["slug"]: job.error for job in failed}
    films = ListedFilm.objects.filter(slug__in=errors).exclude(facts_at__gte=now.run.started_at)
    if slugs := list(films.order_by("pk").values_list("slug", flat=True)):
        held = Showtime.objects.listed().filter(film__slug__in=slugs, event=None, starts_at__gt=now.at).count()
        yield Finding("films_unread", WARN, facts={"films": len(slugs), "error": errors[slugs[-1]], "held": held})


def doubted_pages(now: Situation) -> Iterator[Finding]:
    """What answers at films' addresses and is not believed to be their pages: a login, another film, no facts left."""
    films = ListedFilm.objects.exclude(page_problem="").filter(last_seen_at__gte=now.at - SHOWN_LATELY)
    if problems := list(films.order_by("facts_due_at", "pk").values_list("title", "page_problem")):
        title, problem = problems[-1]
        level = BAD if len(problems) >= FEW_PAGES else WARN
        yield Finding("films_doubted", level, facts={"films": len(problems), "title": title, "problem": problem})


def missing_pages(now: Situation) -> Iterator[Finding]:
    """So many film pages answer 404 that their address may have changed."""
    if missing := processing.pages_missing(now.at):
        yield Finding("films_missing", BAD, facts={"films": missing})


def _gone_field(name: str, filled: int, of: int, before: float) -> Finding:
    return Finding("field_gone", WARN, name, {"filled": filled, "of": of, "before": round(100 * before)})


# --- TMDB and review ----------------------------------------------------------------------------------


def tmdb_rate(now: Situation) -> Iterator[Finding]:
    """Fewer films of the week on TMDB than there should be; what is still to be asked about says nothing yet."""
    if not automatic.configured():
        return
    flow = week.funnel(now.days)
    films = flow.films - sum(step.films for step in flow.steps if step.status == ListedFilm.Match.PENDING)
    if films >= FEW_FILMS and 100 * flow.films_matched / films < settings.ALERT_TMDB_PERCENT:
        rate = round(100 * flow.films_matched / films, 1)
        yield Finding("tmdb_rate", WARN, facts={"rate": rate, "films": films, "held": flow.stored - flow.published})


def tmdb_silent(now: Situation) -> Iterator[Finding]:
    """TMDB could not be asked, whatever it would have said."""
    if now.run is None or not automatic.configured():
        return
    failed = Job.objects.filter(run=now.run.pk, kind__in=("match", "now_playing"), state=Job.State.FAILED)
    if errors := list(failed.order_by("pk").values_list("error", flat=True)):
        yield Finding("tmdb_silent", BAD, facts={"jobs": len(errors), "error": errors[-1]})


def review_soon(now: Situation) -> Iterator[Finding]:
    """Films that wait for a decision and play before long: their showtimes are held."""
    soon = now.at + dt.timedelta(hours=settings.ALERT_REVIEW_HOURS)
    waiting = Showtime.objects.listed().filter(
        starts_at__gt=now.at, starts_at__lte=soon, film__match_status=ListedFilm.Match.REVIEW
    )
    films = list(waiting.order_by().values_list("film__title").annotate(first=Min("starts_at")).order_by("first"))
    if films:
        facts = {
            "films": len(films),
            "titles": [title for title, _ in films[:TOO_MANY_TO_NAME]],
            "showtimes": waiting.count(),
        }
        yield Finding("review_soon", WARN, facts=facts)


# --- the machinery ------------------------------------------------------------------------------------


def no_run(now: Situation) -> Iterator[Finding]:
    """No run has ended for too long; a database that never saw one is new, not broken."""
    since = now.at - dt.timedelta(hours=settings.ALERT_RUN_HOURS)
    ended = (
        now.run.finished_at if now.run else SyncRun.objects.order_by("pk").values_list("started_at", flat=True).first()
    )
    if ended and ended < since:
        yield Finding("no_run", BAD, facts={"since": ended.isoformat()})


def stuck_jobs(now: Situation) -> Iterator[Finding]:
    """Jobs are due and nothing moves: no worker, or one that hangs."""
    since = now.at - dt.timedelta(minutes=settings.ALERT_STUCK_MINUTES)
    due = Job.objects.filter(state=Job.State.QUEUED, due_at__lt=since).exclude(kind="deliver")
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=since)
    count = due.count() + lost.count()
    if count and not JobAttempt.objects.filter(finished_at__gte=since, finished_at__lte=now.at).exclude(
        job__kind__in=("watch", "deliver")
    ):
        oldest = due.aggregate(oldest=Min("due_at"))["oldest"] or lost.aggregate(oldest=Min("started_at"))["oldest"]
        yield Finding("jobs_stuck", BAD, facts={"jobs": count, "since": oldest.isoformat()})


def refused(now: Situation) -> Iterator[Finding]:
    """The site refuses us: too fast, or not wanted."""
    if now.run is None:
        return
    pages = Page.objects.filter(run=now.run, status__in=REFUSALS)
    count = pages.count()
    if count >= settings.ALERT_REFUSALS:
        status = pages.order_by("-pk").values_list("status", flat=True).first()
        yield Finding(
            "refused", WARN, facts={"requests": count, "of": Page.objects.filter(run=now.run).count(), "status": status}
        )


MONITORS: tuple[Callable[[Situation], Iterator[Finding]], ...] = (
    unread_days, suspicious_days, shortfalls, tickets, film_fields, film_pages, doubted_pages,
    missing_pages, tmdb_rate, tmdb_silent, review_soon,
    no_run, stuck_jobs, refused,
)  # fmt: skip
