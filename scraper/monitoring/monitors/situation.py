"""What monitors look at, what they find, and which alerts they have looked at while doing so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from events import local_time
from events.models import Cinema
from scraper.coverage import readings, week
from scraper.coverage.readings import Day
from scraper.models import Alert, DayScrape, SyncRun
from scraper.sync import runs

BAD, WARN = Alert.Level.BAD, Alert.Level.WARN
READING_AT_MOST = dt.timedelta(minutes=30)  # that a run's half-read week is not judged


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause found now. `kind` and `subject` name it; `facts` are what its sentence needs (see `messages`).

    `causes` are the single things it is about (films, an HTTP status): a new one under an open alert is told.
    """

    kind: str
    level: str
    subject: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    causes: tuple[str, ...] = ()


class Seen(Enum):
    """What a look can say about an alert that it did not find again."""

    WELL = "its subject was looked at, and nothing was wrong"
    UNSEEN = "its subject was not looked at, so nothing is known"
    OVER = "its subject is over: a day that has passed or was never on offer, a service that is no longer used"


class Situation:
    """What all monitors look at. Each part is read when the first monitor asks for it, so what can't be read breaks
    only the monitors that need it."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    @property
    def drop(self) -> float:
        return settings.ALERT_DROP_PERCENT / 100

    @cached_property
    def today(self) -> dt.date:
        return timezone.localdate(self.at)

    @cached_property
    def run(self) -> SyncRun | None:
        """The last run that ended."""
        return week.last_finished()

    @cached_property
    def reading_run(self) -> SyncRun | None:
        """The last run that ended and read at least one day: what it says of pages is not changed by an outage."""
        read = SyncRun.objects.exclude(status__in=(SyncRun.Status.RUNNING, SyncRun.Status.CANCELLED))
        return read.filter(days__status__in=DayScrape.READ).order_by("-pk").first()

    @cached_property
    def horizon(self) -> dt.date:
        """The last date that can be on offer: a week from today, or what the last run with any dates was offered.

        A run whose clock was a month ahead asked for later ones; nobody will look at these before the month is over.
        """
        offered = DayScrape.objects.exclude(run__status__in=(SyncRun.Status.RUNNING, SyncRun.Status.CANCELLED))
        dates = offered.filter(run=offered.order_by("-run_id").values("run_id")[:1]).values_list("date", flat=True)
        return max([self.today + dt.timedelta(days=local_time.WEEK - 1), *dates])

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """Every date up to the horizon that any run asked for, by its last reading, whichever run that was of."""
        ahead = DayScrape.objects.filter(date__range=(self.today, self.horizon))
        dates = ahead.exclude(status=DayScrape.Status.WAITING)
        return readings.days(sorted(set(dates.values_list("date", flat=True))))

    @cached_property
    def names(self) -> dict[str, str]:
        return dict(Cinema.objects.values_list("slug", "name"))

    @cached_property
    def half_read(self) -> bool:
        """A run is reading the week just now: it is judged when it is whole."""
        return self._reading().exists()

    def _reading(self) -> QuerySet[SyncRun]:
        since = self.at - READING_AT_MOST
        return SyncRun.objects.filter(status=SyncRun.Status.RUNNING, started_at__gte=since)

    @cached_property
    def asked_again(self) -> frozenset[dt.date]:
        """The dates of the last run that failed and are about to be asked for once more; and those that a run which is
        reading the week just now has not read yet: what failed it asks for again after its end."""
        dates = set(runs.dates_asked_again(self.run, self.at)) if self.run else set()
        for run in self._reading():
            days = dict(run.days.values_list("date", "status"))
            dates |= {date for date, status in days.items() if status not in DayScrape.READ}
            dates |= set() if days else set(local_time.week_from(self.today))
        return frozenset(dates)

    def current(self, date: dt.date) -> bool:
        """Whether the last ended run, or somebody since, has read this date."""
        day = next((day for day in self.days if day.date == date), None)
        if day is None or day.read is None or day.failed:
            return False
        return self.run is None or day.read.run_id >= self.run.pk

    def all_current(self) -> bool:
        """Whether every date that the last ended run offered, and that has not passed, was read."""
        if self.run is None:
            return False
        dates = [date for date in self.run.days.values_list("date", flat=True) if date >= self.today]
        return bool(dates) and all(map(self.current, dates))


Scope = Callable[[Alert, Situation], Seen]


@dataclass(frozen=True, slots=True)
class Monitor:
    """One thing that is looked for. `kinds` are the kinds of alert it is responsible for ("kind", or "kind:subject"),
    each with the function that says whether a look has looked at such an alert's subject."""

    find: Callable[[Situation], Iterable[Finding]]
    kinds: Mapping[str, Scope]

    @property
    def name(self) -> str:
        return self.find.__name__


MONITORS: list[Monitor] = []


def monitor(**kinds: Scope) -> Callable[[Callable[[Situation], Iterable[Finding]]], Monitor]:
    """Register a function that yields findings of these kinds."""

    def register(find: Callable[[Situation], Iterable[Finding]]) -> Monitor:
        MONITORS.append(Monitor(find, kinds))
        return MONITORS[-1]

    return register


# --- what was looked at -------------------------------------------------------------------------------


def always(_alert: Alert, _now: Situation) -> Seen:
    """For what every look sees: the ledger, the clock, the rows of films."""
    return Seen.WELL


def its_day(alert: Alert, now: Situation) -> Seen:
    """For an alert about one date."""
    date = parse_date(alert.subject)
    if date is None or not now.today <= date <= now.horizon:
        return Seen.OVER
    return Seen.WELL if now.current(date) and not now.half_read else Seen.UNSEEN


def any_day(_alert: Alert, now: Situation) -> Seen:
    """For an alert that one readable day refutes."""
    return Seen.WELL if any(now.current(day.date) for day in now.days) and not now.half_read else Seen.UNSEEN


def whole_week(_alert: Alert, now: Situation) -> Seen:
    """For an alert about the week, which only a whole one refutes."""
    return Seen.WELL if now.all_current() and not now.half_read else Seen.UNSEEN


def its_dates(alert: Alert, now: Situation) -> Seen:
    """For an alert about a cinema on the dates in its facts; about the week where they name none."""
    named = alert.facts.get("dates") if isinstance(alert.facts, dict) else None
    dates = [date for iso in named if (date := parse_date(str(iso)))] if isinstance(named, list) else []
    if not dates:
        return whole_week(alert, now)
    ahead = [date for date in dates if now.today <= date <= now.horizon]
    if not ahead:
        return Seen.OVER
    return Seen.WELL if all(map(now.current, ahead)) and not now.half_read else Seen.UNSEEN
