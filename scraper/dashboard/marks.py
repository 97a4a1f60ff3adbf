"""How a status meets a reader (a sign, a word, a colour), and the cards of the seven days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kinokrakow.staff import failures
from scraper.coverage import week
from scraper.coverage.readings import Day
from scraper.models import Alert, DayScrape, SyncRun

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
        "empty": Mark("✓", _("empty (according to the page)"), GOOD),
        "suspicious": Mark("!", _("suspicious"), WARN),
        "stale": Mark("◔", _("stale"), WARN),
        "unread": Mark("…", _("not read yet"), NONE),
        "failed": Mark("✕", _("failed"), BAD),
        SyncRun.Status.RUNNING.value: Mark("▸", _("running"), NONE),
        SyncRun.Status.COMPLETE.value: Mark("✓", _("complete"), GOOD),
        SyncRun.Status.INCOMPLETE.value: Mark("!", _("incomplete"), WARN),
        SyncRun.Status.CANCELLED.value: Mark("–", pgettext("a run", "cancelled"), NONE),
    }[status]


@dataclass(frozen=True, slots=True)
class Card:
    """A day of the week to come."""

    day: Day
    status: str
    gone: tuple[str, ...]  # names of cinemas
    missed: bool = False  # by the last sync, which failed before it could ask for this day

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
        return failures.said(self.day.tried.error) if self.day.failed and self.day.tried else ""

    @property
    def way(self) -> str:
        """How it was read; the day whose page the calendar came with was not asked for."""
        return str(DayScrape.Way(self.day.read.way).label) if self.day.read and self.day.read.way else ""


def cards(days: Iterable[Day], alerts: Iterable[Alert], at: dt.datetime, failed: SyncRun | None = None) -> list[Card]:
    """`failed`: the last sync, if it read nothing."""
    gone = week.gone_cinemas(alerts)
    return [
        Card(day, week.status_of(day, at, gone), tuple(gone.get(str(day.date), ())), _missed(day, failed))
        for day in days
    ]


def _missed(day: Day, failed: SyncRun | None) -> bool:
    return failed is not None and day.tried is not None and day.tried.run_id < failed.pk
