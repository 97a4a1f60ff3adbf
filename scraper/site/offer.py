"""Which days the site offers, as its programme page says."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from events.local_time import week_from
from events.records import CalendarDay
from scraper.site.client import Fetched
from scraper.site.extractors import calendar
from scraper.site.extractors.errors import ExtractionError

FARTHEST, MOST_DAYS = dt.timedelta(days=30), 14  # of a day on offer; more would be no week


@dataclass(frozen=True, slots=True)
class Offer:
    """The days to ask for; `source` says who names them: "calendar", "day select", or "" where no page does and a week
    from our own today is asked for.

    `today` is the site's own: the day that the calendar marks, if it is the first or (after midnight) the second one.
    `shown` is the day of the page itself, which is another one where the site answers another day's.
    """

    dates: tuple[dt.date, ...]
    today: dt.date
    source: str
    shown: dt.date


def days_on_offer(fetched: Fetched | None, *, today: dt.date) -> Offer:
    """Read the days on offer off a programme page; None: it never came. Each day's own page proves its date itself,
    so nothing is lost where this page can't be read."""
    cells: tuple[CalendarDay, ...] = ()
    offered: tuple[dt.date, ...] = ()
    if fetched is not None:
        with suppress(ExtractionError):
            cells = calendar.extract(fetched.text, url=fetched.url, today=today)
        with suppress(ExtractionError):
            offered = calendar.days_on_offer(fetched.text, url=fetched.url, today=today)
    dates = {date for date in {*offered, *(cell.date for cell in cells)} if abs(date - today) < FARTHEST}
    if not dates:
        return Offer(week_from(today), today, "", today)
    first, last = min(dates), max(dates)
    # A day between two others that could not be read is on offer too.
    week = tuple(first + dt.timedelta(days=n) for n in range(min((last - first).days + 1, MOST_DAYS)))
    active = next((cell.date for cell in cells if cell.active), None)
    shown = active or first
    return Offer(week, shown if shown in week[:2] else first, "calendar" if cells else "day select", shown)
