"""Past weeks of the demo's Kraków, as runs would have left them behind."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable

from django.utils import timezone

from scraper.demo.world import Showtime
from scraper.models import DayScrape, SyncRun


def remember(today: dt.date, on: Callable[[dt.date], Iterable[Showtime]], *, weeks: int) -> None:
    """A complete run on each day of so many past weeks; each date was read on each of the seven days before it."""
    past = [today + dt.timedelta(days=n) for n in range(-7 * weeks, 0)]
    counts = {date: _counts(on(date)) for date in past}
    runs, readings = [], []
    for read_on in (past[0] - dt.timedelta(days=6) + dt.timedelta(days=n) for n in range(7 * weeks + 6)):
        at = timezone.make_aware(dt.datetime.combine(read_on, dt.time(14, 2)))
        run = SyncRun(
            status="complete", started_at=at, finished_at=at + dt.timedelta(seconds=120 + read_on.day),
            site_today=read_on, requests=44 + read_on.day, films=58, films_matched=55 + read_on.day % 4,
            showtimes=1700, showtimes_published=1640,
        )  # fmt: skip
        runs.append(run)
        dates = [date for ahead in range(7) if (date := read_on + dt.timedelta(days=ahead)) in counts]
        readings += [
            DayScrape(
                run=run, date=date, date_said=date, ahead=(date - read_on).days, status="verified", way="url",
                attempts=1, finished_at=at, showtimes=sum(n for n, _ in counts[date].values()), films=40,
                cinemas=len(counts[date]), by_cinema=counts[date],
            )
            for date in dates
        ]  # fmt: skip
    SyncRun.objects.bulk_create(runs)
    DayScrape.objects.bulk_create(readings)


def _counts(showtimes: Iterable[Showtime]) -> dict[str, tuple[int, int]]:
    rows = list(showtimes)
    total, linked = Counter(s.cinema_slug for s in rows), Counter(s.cinema_slug for s in rows if s.ticket)
    return {slug: (count, linked[slug]) for slug, count in total.items()}
