"""What the coverage page shows, ready for its template: cards, heat map, funnel, trend. Reads only.

A constant number of queries, whatever the history (tests/bench/history.py measures it).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from events.local_time import week_from
from events.models import Cinema, ListedFilm
from kinokrakow.models import Job, ServiceState
from kinokrakow.staff import failures, names
from kinokrakow.staff import readable as people
from review import automatic
from scraper.coverage import readings, week
from scraper.coverage.witnesses import standing
from scraper.dashboard import verdict, witnesses
from scraper.dashboard.charts import trend
from scraper.dashboard.charts.heat_map import Heat, heat_map
from scraper.dashboard.marks import Card, Mark, cards, mark
from scraper.models import Alert, DayScrape, Delivery, Page, SyncRun
from scraper.monitoring import delivery
from scraper.monitoring.messages import day_name
from scraper.monitoring.supervisor import stands_still

CHECKED_EVERY = dt.timedelta(hours=1)  # at least; the schedule says every ten minutes
RETRIES_SHOWN = 8


# --- runs ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """A running sync, in figures."""

    run: SyncRun
    days_read: int
    days_failed: int
    days: int
    films_done: int
    films: int
    requests: int
    seconds_left: int
    retries: list[Retry]  # the next first
    nobody_works: bool  # jobs have been due for half a minute, and no worker has taken one

    @property
    def percent(self) -> int:
        """Of the work known so far; the days come first and bring the films."""
        known = self.days + self.films
        return round(100 * (self.days_read + self.days_failed + self.films_done) / known) if known else 0


@dataclass(frozen=True, slots=True)
class Retry:
    """A job of the run whose last attempt failed, and that will be tried again."""

    job: Job
    name: str

    @property
    def why(self) -> str:
        return failures.said(self.job.error)


def _retries(run: SyncRun) -> list[Retry]:
    failed = Job.objects.filter(run=run.pk, state=Job.State.QUEUED).exclude(error="").order_by("due_at", "pk")
    return [Retry(job, _name(job)) for job in failed[:RETRIES_SHOWN]]


def _name(job: Job) -> str:
    if job.kind == "day" and "date" in job.args:
        return day_name(str(job.args["date"]))
    return job.said


def progress(run: SyncRun) -> Progress:
    days = Counter(run.days.values_list("status", flat=True))
    films = Counter(Job.objects.filter(run=run.pk, kind="film").values_list("state", flat=True))
    left = sum(films[state] for state in Job.ACTIVE) + days[DayScrape.Status.WAITING]
    return Progress(
        run,
        sum(days[status] for status in DayScrape.READ),
        days[DayScrape.Status.FAILED],
        sum(days.values()),
        sum(films.values()) - sum(films[state] for state in Job.ACTIVE),
        sum(films.values()),
        Page.objects.filter(run=run).count(),
        round(left * settings.KINO_REQUEST_INTERVAL),
        _retries(run),
        stands_still(),
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A run of the table of runs; what was never counted is empty."""

    run: SyncRun

    @property
    def mark(self) -> Mark:
        return mark(self.run.status)

    @property
    def took(self) -> str:
        """With its film pages, since `least` is of all its requests."""
        return people.duration(self.run.took_with_films) if self.run.took_with_films else ""

    @property
    def least(self) -> str:
        """What its requests take at least when they keep their distance."""
        gaps = max(0, (self.run.requests or 0) - 1)
        return people.duration(dt.timedelta(seconds=gaps * settings.KINO_REQUEST_INTERVAL)) if self.run.requests else ""


# --- the page -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Board:
    at: dt.datetime
    alerts: list[Alert]
    checked_at: dt.datetime | None
    troubles: list[Delivery]
    channels: int
    cards: list[Card]
    funnel: week.Funnel
    review_open: int  # what the tab "Open" of the review pages counts
    heat: Heat
    progress: Progress | None
    points: list[Point]  # the newest first
    trend: trend.Trend
    services: list[tuple[str, ServiceState]]  # those that do not answer, by their names
    paused: list[tuple[str, ServiceState]]
    failed: SyncRun | None  # the last sync, if it read nothing
    tmdb_configured: bool
    witnesses: list[witnesses.Line]

    @property
    def days_verified(self) -> int:
        return sum(1 for card in self.cards if card.status in week.VERIFIED)

    @property
    def verdict(self) -> verdict.Verdict:
        return verdict.of(self.cards, self.heat)

    @property
    def check_is_old(self) -> bool:
        """Nobody has looked for gaps lately, so that no alert means nothing."""
        return self.checked_at is not None and self.at - self.checked_at > CHECKED_EVERY


def board(at: dt.datetime, range_: str = "") -> Board:
    days = readings.days(week_from(timezone.localdate(at)))
    cinemas = dict(Cinema.objects.values_list("slug", "name"))
    runs = week.last_runs()
    alerts = list(Alert.objects.open().order_by("level", "-opened_at").select_related("acknowledged_by"))
    states = list(ServiceState.objects.exclude(name__startswith=names.WITNESS))  # a witness's line tells of its own
    ended = (run for run in runs if run.status not in (SyncRun.Status.RUNNING, SyncRun.Status.CANCELLED))
    last = next(ended, None)
    failed = last if last and last.status == SyncRun.Status.FAILED else None
    return Board(
        at=at,
        alerts=alerts,
        checked_at=week.checked_at(),
        troubles=delivery.troubles(),
        channels=len(delivery.channels()),
        cards=cards(days, alerts, at, failed),
        funnel=week.funnel(days),
        review_open=ListedFilm.objects.open_questions(at).count(),
        heat=heat_map(days, cinemas, standing.marks(at)),
        progress=next((progress(run) for run in runs if run.status == SyncRun.Status.RUNNING), None),
        points=[Point(run) for run in runs],
        trend=trend.of(at, range_),
        services=[(str(state), state) for state in states if state.silent_since and not state.paused(at)],
        paused=[(str(state), state) for state in states if state.paused(at)],
        failed=failed,
        tmdb_configured=automatic.configured(),
        witnesses=witnesses.lines(at),
    )
