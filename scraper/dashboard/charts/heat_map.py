"""The heat map of the coverage page: showtimes by cinema and day, gaps as gaps. Reads only."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from scraper.coverage import readings
from scraper.coverage.readings import Day

PAST = 14  # days before today
SHADES = 9


@dataclass(frozen=True, slots=True)
class Column:
    """A date of the heat map. `failed`: its last attempt, `unread`: nobody ever read it."""

    date: dt.date
    past: bool
    today: bool
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Showtimes of a cinema on a date. `state`: count, none, gap, low, failed or unread; `shade` 0 to SHADES."""

    state: str
    showtimes: int
    expected: int
    shade: int
    past: bool
    url: str
    today: bool = False
    unseen: int = 0  # starts that a witness has and we lack


@dataclass(frozen=True, slots=True)
class Heat:
    columns: list[Column]
    rows: list[tuple[str, list[Cell]]]  # cinema, cells


def heat_map(
    days: Sequence[Day], names: dict[str, str], unseen: Mapping[tuple[str, dt.date], int] | None = None
) -> Heat:
    """Cinemas × days: PAST days back, and `days`, which begin with today. `names` of cinemas by slug; `unseen`: the
    starts by cinema and day that a witness has and we lack."""
    unseen = unseen or {}
    today = days[0].date
    past = readings.last_read(_past_dates(today))
    before = [Day(date, read=past.get(date)) for date in _past_dates(today)]
    known = {slug for day in (*before, *days) for slug in day.slugs}
    slugs = sorted(known | {slug for slug, _date in unseen}, key=lambda slug: names.get(slug, slug))
    most = max((day.listed(slug) for day in (*before, *days) for slug in slugs), default=0)
    columns = [
        Column(day.date, day.date < today, day.date == today, reverse("coverage-day", args=[day.date.isoformat()]))
        for day in (*before, *days)
    ]
    return Heat(
        columns,
        [
            (
                names.get(slug, slug),
                [
                    _cell(day, slug, column, most, unseen.get((slug, day.date), 0))
                    for day, column in zip((*before, *days), columns, strict=True)
                ],
            )
            for slug in slugs
        ],
    )


def _past_dates(today: dt.date) -> list[dt.date]:
    return [today - dt.timedelta(days=back) for back in range(PAST, 0, -1)]


def _cell(day: Day, slug: str, column: Column, most: int, unseen: int) -> Cell:
    listed = day.listed(slug)
    missing = (
        0 if column.past or day.failed or day.read is None else day.missing_at(slug, settings.ALERT_DROP_PERCENT / 100)
    )
    if day.failed:
        state = "failed"
    elif day.read is None:
        state = "unread"
    elif missing:
        state = "low" if listed else "gap"
    else:
        state = "count" if listed else "none"
    shade = math.ceil(SHADES * math.sqrt(listed / most)) if listed else 0
    url = f"{column.url}?cinema={quote(slug)}"
    return Cell(state, listed, listed + missing, shade, column.past, url, column.today, unseen)
