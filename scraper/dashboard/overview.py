"""What the coverage page shows, ready for its template: cards, heat map, funnel, trend. Reads only.

A constant number of queries, whatever the history (tests/scraper/bench_coverage.py measures it).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Cinema, ListedFilm
from kinokrakow.models import Job
from review import automatic
from scraper.coverage import readings, week
from scraper.coverage.readings import Day
from scraper.dashboard.heat_map import Heat, heat_map
from scraper.models import Alert, DayScrape, Delivery, Page, SyncRun
from scraper.monitoring import delivery
from scraper.monitoring.messages import plain

CHECKED_EVERY = dt.timedelta(hours=1)  # at least; the schedule says every ten minutes
GOOD, WARN, BAD, NONE = "good", "warn", "bad", "none"


@dataclass(frozen=True, slots=True)
class Mark:
    """A status as a reader meets it: a sign, a word and a colour, never the colour alone."""

    sign: str
    label: str
    tone: str


def mark(status: str) -> Mark:
    return {
        "verified": Mark("✓", _("verified"), GOOD),
        "empty": Mark("✓", _("empty, says the page"), GOOD),
        "suspicious": Mark("!", _("suspicious"), WARN),
        "stale": Mark("◔", _("stale"), WARN),
        "unread": Mark("…", _("not read yet"), NONE),
        "failed": Mark("✕", _("failed"), BAD),
        SyncRun.Status.RUNNING.value: Mark("▸", _("running"), NONE),
        SyncRun.Status.COMPLETE.value: Mark("✓", _("complete"), GOOD),
        SyncRun.Status.INCOMPLETE.value: Mark("!", _("incomplete"), WARN),
        SyncRun.Status.CANCELLED.value: Mark("–", _("cancelled"), NONE),
    }[status]


# --- the week -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Card:
    """A day of the week to come."""

    day: Day
    status: str
    gone: tuple[str, ...]  # names of cinemas

    @property
    def mark(self) -> Mark:
        return mark(self.status)

    @property
    def percent(self) -> int | None:
        """The share of the expected showtimes that is there; None when nothing is expected."""
        if not self.day.expected or not self.day.expected.usual:
            return None
        return round(100 * (self.day.read.counted if self.day.read else 0) / self.day.expected.usual)

    @property
    def bar(self) -> int:
        return min(100, self.percent or 0)

    @property
    def expected(self) -> int:
        return round(self.day.expected.usual) if self.day.expected else 0

    @property
    def why(self) -> str:
        """Why it could not be read."""
        return plain(self.day.tried.error) if self.day.failed and self.day.tried else ""

    @property
    def way(self) -> str:
        """How it was read; the day whose page the calendar came with was not asked for."""
        return str(DayScrape.Way(self.day.read.way).label) if self.day.read and self.day.read.way else ""


def cards(days: Iterable[Day], alerts: Iterable[Alert], at: dt.datetime) -> list[Card]:
    gone = week.gone_cinemas(alerts)
    return [Card(day, week.status_of(day, at, gone), tuple(gone.get(str(day.date), ()))) for day in days]


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

    @property
    def percent(self) -> int:
        """Of the work known so far; the days come first and bring the films."""
        known = self.days + self.films
        return round(100 * (self.days_read + self.days_failed + self.films_done) / known) if known else 0


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
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A run of the trend; what was never counted is None. Heights are of 100, for bars."""

    run: SyncRun

    @property
    def mark(self) -> Mark:
        return mark(self.run.status)

    @property
    def seconds(self) -> int | None:
        return round((self.run.finished_at - self.run.started_at).total_seconds()) if self.run.finished_at else None

    @property
    def least(self) -> int | None:
        """The seconds that its requests take at least when they keep their distance."""
        return (
            round(max(0, (self.run.requests or 0) - 1) * settings.KINO_REQUEST_INTERVAL) if self.run.requests else None
        )

    @property
    def rate(self) -> float | None:
        return 100 * (self.run.films_matched or 0) / self.run.films if self.run.films else None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a small chart: place and height of 100, and a lower part of it."""

    x: float
    height: float
    lower: float


def bars(values: Sequence[tuple[float, float]]) -> list[Bar]:
    """Values and their lower parts as bars, in the order given; as high as the highest allows."""
    most = max((value for value, _lower in values), default=0) or 1
    return [Bar(3 * n, 100 * value / most, 100 * min(lower, value) / most) for n, (value, lower) in enumerate(values)]


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
    review_open: int
    heat: Heat
    progress: Progress | None
    points: list[Point]  # the newest first
    tmdb_configured: bool

    @property
    def days_verified(self) -> int:
        return sum(1 for card in self.cards if card.status in week.VERIFIED)

    @property
    def check_is_old(self) -> bool:
        """Nobody has looked for gaps lately, so that no alert means nothing."""
        return self.checked_at is not None and self.at - self.checked_at > CHECKED_EVERY

    @property
    def rates(self) -> list[Bar]:
        """TMDB success by run, the oldest first."""
        return bars([(point.rate, 0) for point in reversed(self.points) if point.rate is not None])

    @property
    def times(self) -> list[Bar]:
        """Seconds by run and, as the lower part, the least that politeness allows."""
        ended = [point for point in reversed(self.points) if point.seconds is not None]
        return bars([(point.seconds or 0, point.least or 0) for point in ended])


def board(at: dt.datetime) -> Board:
    days = readings.days(week.week_from(timezone.localdate(at)))
    names = dict(Cinema.objects.values_list("slug", "name"))
    runs = week.last_runs()
    alerts = list(Alert.objects.open().order_by("level", "-opened_at").select_related("acknowledged_by"))
    return Board(
        at=at,
        alerts=alerts,
        checked_at=week.checked_at(),
        troubles=delivery.troubles(),
        channels=len(delivery.channels()),
        cards=cards(days, alerts, at),
        funnel=week.funnel(days),
        review_open=ListedFilm.objects.filter(match_status=ListedFilm.Match.REVIEW).count(),
        heat=heat_map(days, names),
        progress=next((progress(run) for run in runs if run.status == SyncRun.Status.RUNNING), None),
        points=[Point(run) for run in runs],
        tmdb_configured=automatic.configured(),
    )
