"""The charts of the runs: films on TMDB and run times, over the last month or year, ready to be drawn. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kinokrakow.staff import readable as people
from scraper.dashboard.charts.bars import Chart, Point, chart
from scraper.models import SyncRun

RANGES = {"month": 30, "year": 365}  # days


class Run(NamedTuple):
    """What the charts show of a SyncRun."""

    started_at: dt.datetime
    finished_at: dt.datetime | None
    films_done_at: dt.datetime | None
    films: int | None
    films_matched: int | None
    requests: int | None


@dataclass(frozen=True, slots=True)
class Trend:
    """`range`: "month" or "year"."""

    range: str
    rates: Chart
    times: Chart


def of(at: dt.datetime, range_: str = "") -> Trend:
    """In a year the runs of each week are one bar, their mean."""
    chosen = range_ if range_ in RANGES else "month"
    since = at - dt.timedelta(days=RANGES[chosen])
    ended = SyncRun.objects.filter(started_at__gte=since, finished_at__isnull=False).order_by("started_at", "pk")
    rows = ended.exclude(status=SyncRun.Status.CANCELLED).values_list(*Run._fields)
    runs = [Run(*row) for row in rows]
    rates, times = list(_rates(runs)), list(_times(runs))
    if chosen == "year":
        rates, times = list(_by_week(rates, _percent)), list(_by_week(times, _seconds))
    return Trend(
        chosen,
        chart(_("Films on TMDB by run"), rates, since, at, 100, lambda value: f"{value:.0f} %"),
        chart(
            _("Run time with film pages (dark: minimum at the allowed request rate)"),
            times,
            since,
            at,
            None,
            _minutes,
            60,
        ),
    )


def _percent(value: float) -> str:
    return f"{people.decimal(value)} %"


def _seconds(value: float) -> str:
    return people.duration(dt.timedelta(seconds=value)) if value else "0"


def _minutes(value: float) -> str:
    """Minutes, whole where they are, so that an axis says "30 min" and not "30.0 min"."""
    minutes = round(value / 60, 1)
    return _("%(n)s min") % {"n": number_format(minutes, 0 if minutes.is_integer() else 1)}


def _rates(runs: Iterable[Run]) -> Iterator[Point]:
    told = _("%(percent)s %% (%(n)s of %(of)s)")
    for run in runs:
        if run.films:
            rate = 100 * (run.films_matched or 0) / run.films
            said = told % {
                "percent": people.decimal(rate), "n": run.films_matched or 0, "of": run.films,
            }  # fmt: skip
            yield Point(run.started_at, rate, 0, said)


def _times(runs: Iterable[Run]) -> Iterator[Point]:
    told = _("%(took)s, at least %(least)s for its requests")
    said: dict[float, str] = {}  # many runs send equally many requests, and words take most of a chart's time
    for run in runs:
        if until := run.films_done_at or run.finished_at:
            took = (until - run.started_at).total_seconds()
            least = max(0, (run.requests or 0) - 1) * settings.KINO_REQUEST_INTERVAL
            if least not in said:
                said[least] = _seconds(least)
            title = told % {"took": _seconds(took), "least": said[least]} if least else _seconds(took)
            yield Point(run.started_at, took, min(least, took), title)


def _by_week(points: Iterable[Point], told: Callable[[float], str]) -> Iterator[Point]:
    for _week, group in groupby(points, key=lambda point: point.at.isocalendar()[:2]):
        rows = list(group)
        value = sum(row.value for row in rows) / len(rows)
        form = ngettext("%(value)s, the week's %(n)s run", "%(value)s, the mean of the week's %(n)s runs", len(rows))
        title = form % {"value": told(value), "n": len(rows)}
        yield Point(rows[0].at, value, sum(row.lower for row in rows) / len(rows), title)
