"""Whether anything is missing: the week, the funnel from listed to published, and the runs. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from events.local_time import week_from
from events.models import ListedFilm, Showtime
from scraper.coverage import readings
from scraper.coverage.readings import Day
from scraper.coverage.witnesses import standing
from scraper.models import Alert, DayScrape, Page, SyncRun, WatchState

TREND = 30  # runs
VERIFIED = (*DayScrape.READ, "suspicious")  # statuses of days whose page said that it was of that day

Match = ListedFilm.Match
NOT_TO_BE_MATCHED = (Match.NOT_A_FILM, Match.SEVERAL_FILMS)


def gone_cinemas(alerts: Iterable[Alert]) -> dict[str, list[str]]:
    """By date, the names of the cinemas that open alerts say are gone; an older version's may name none."""
    found: dict[str, list[str]] = {}
    for alert in alerts:
        facts = alert.facts if alert.kind == "cinema_gone" and isinstance(alert.facts, dict) else {}
        dates = facts.get("dates")
        for date in dates if isinstance(dates, list) else ():
            found.setdefault(str(date), []).append(str(facts.get("name", alert.subject)))
    return found


def status_of(day: Day, at: dt.datetime, gone: Mapping[str, list[str]]) -> str:
    """`verified`, `empty`, `failed`, `suspicious`, `stale` or `unread`: how the day stands, the worst first.

    `gone` is what `gone_cinemas` found.
    """
    if day.failed:
        return "failed"
    if day.read is None:
        return "unread"
    if at - readings.read_at(day.read) > dt.timedelta(hours=settings.ALERT_RUN_HOURS):
        return "stale"
    if day.read.suspicious or str(day.date) in gone or day.missing(settings.ALERT_DROP_PERCENT / 100):
        return "suspicious"
    return day.read.status


def days_verified(days: Iterable[Day], at: dt.datetime) -> int:
    """Of these days, those whose page proved to be of that day and was read in time."""
    gone = gone_cinemas(Alert.objects.open())
    return sum(status_of(day, at, gone) in VERIFIED for day in days)


# --- from listed to published ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """Showtimes of the week whose films stand at one match status."""

    status: str
    showtimes: int
    published: int
    films: int

    @property
    def label(self) -> str:
        return str(Match(self.status).label)

    @property
    def held(self) -> int:
        return self.showtimes - self.published


@dataclass(frozen=True, slots=True)
class Funnel:
    """From the showtimes the pages listed to those that are published, for some dates."""

    listed: int
    steps: tuple[Step, ...]

    @property
    def stored(self) -> int:
        return sum(step.showtimes for step in self.steps)

    @property
    def matched(self) -> int:
        return sum(step.showtimes for step in self.steps if step.status in ListedFilm.LINKED)

    @property
    def published(self) -> int:
        return sum(step.published for step in self.steps)

    @property
    def held(self) -> tuple[Step, ...]:
        """What is not published and why, the most showtimes first."""
        return tuple(sorted((step for step in self.steps if step.held), key=lambda step: -step.held))

    @property
    def films(self) -> int:
        """Films that TMDB should know: neither what is no film nor what is several."""
        return sum(step.films for step in self.steps if step.status not in NOT_TO_BE_MATCHED)

    @property
    def films_matched(self) -> int:
        return sum(step.films for step in self.steps if step.status in ListedFilm.LINKED)

    @property
    def film_rate(self) -> float | None:
        """TMDB success in percent of the films; None without films."""
        return 100 * self.films_matched / self.films if self.films else None

    @property
    def showtime_rate(self) -> float | None:
        """TMDB success in percent of the showtimes of these films."""
        return 100 * self.matched / self.to_match if self.to_match else None

    @property
    def to_match(self) -> int:
        """The showtimes of the films that TMDB should know."""
        return sum(step.showtimes for step in self.steps if step.status not in NOT_TO_BE_MATCHED)


def funnel(days: Collection[Day]) -> Funnel:
    rows = (
        Showtime.objects.listed()
        .filter(day__in=[day.date for day in days])
        .order_by()
        .values_list("film__match_status")
        .annotate(Count("pk"), Count("event"), Count("film", distinct=True))
    )
    return Funnel(sum(day.read.counted for day in days if day.read), tuple(Step(*row) for row in rows))


# --- runs ------------------------------------------------------------------------------------------


def last_runs() -> list[SyncRun]:
    """The newest runs, the newest first."""
    return list(SyncRun.objects.order_by("-pk")[:TREND])


def last_finished() -> SyncRun | None:
    """The last run that ended by itself; one that a person cancelled says nothing."""
    ended = SyncRun.objects.exclude(status__in=(SyncRun.Status.RUNNING, SyncRun.Status.CANCELLED))
    return ended.order_by("-pk").first()


def run_counts(run: int, at: dt.datetime) -> dict[str, int]:
    """What an ended run left behind, by the names of SyncRun's fields."""
    flow = funnel(readings.days(week_from(timezone.localdate(at))))
    return {
        "requests": Page.objects.filter(run=run).count(),
        "films": flow.films,
        "films_matched": flow.films_matched,
        "showtimes": flow.stored,
        "showtimes_published": flow.published,
    }


def checked_at() -> dt.datetime | None:
    """When the monitors were last evaluated."""
    return WatchState.objects.values_list("looked_at", flat=True).first()


# --- for machines -----------------------------------------------------------------------------------


def summary(at: dt.datetime) -> dict[str, Any]:
    """The coverage as plain values; the fields are a contract with scripts (README.md)."""
    days = readings.days(week_from(timezone.localdate(at)))
    flow = funnel(days)
    gone = gone_cinemas(Alert.objects.open())
    listed = [_day(day, status_of(day, at, gone)) for day in days]
    complete = SyncRun.objects.filter(status=SyncRun.Status.COMPLETE).order_by("-pk").first()
    return {
        "days": listed,
        "days_verified": sum(1 for day in listed if day["status"] in VERIFIED),
        "unique_dates": unique_dates(days),
        "tmdb_success_rate": None if flow.film_rate is None else round(flow.film_rate, 1),
        "tmdb_success_rate_showtimes": None if flow.showtime_rate is None else round(flow.showtime_rate, 1),
        "films": sum(step.films for step in flow.steps),
        "showtimes": flow.stored,
        "showtimes_listed": flow.listed,
        "showtimes_published": flow.published,
        "showtimes_held": flow.stored - flow.published,
        "review_open": ListedFilm.objects.open_questions(at).count(),
        "last_complete_run": _iso(complete.finished_at) if complete else None,
        "last_check": _iso(checked_at()),
        "witnesses": standing.summary(at),
    }


def unique_dates(days: Sequence[Day]) -> int:
    """The different dates that pages said they were the programme of; 7 when nothing is missing."""
    return len({day.read.date_said for day in days if day.read and not day.failed})


def _day(day: Day, status: str) -> dict[str, Any]:
    return {
        "date": str(day.date),
        "status": status,
        "showtimes": day.read.counted if day.read else None,
        "films": day.read.films if day.read else None,
        "cinemas": len(day.read.by_cinema) if day.read else None,
        "expected": round(day.expected.usual) if day.expected else None,
        "unread_rows": day.read.unread_rows if day.read else None,
        "cancelled": day.read.cancelled if day.read else None,
        "read_at": _iso(day.read.finished_at) if day.read else None,
        "method": day.read.way or None if day.read else None,
        "error": day.tried.error or None if day.tried else None,
    }


def _iso(moment: dt.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
