"""The charts of the runs: films on TMDB and run times, over the last month or year, ready to be drawn. Reads only."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kinokrakow import people
from scraper.models import SyncRun

RANGES = {"month": 30, "year": 365}  # days
FIELDS = ("started_at", "finished_at", "films", "films_matched", "requests")
WIDTH, HEIGHT = 600, 120  # of a chart's plot, in its own units
STEPS = (1, 2, 5, 10, 15, 20, 30, 50, 60, 100)  # of an axis, times a power of ten


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its place, width and height, the height of its lower part, and what its tooltip says."""

    x: float
    width: float
    height: float
    lower: float
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of an axis: where it is, from the left or from above, and its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`summary` says in words what the bars show; empty charts have no bars."""

    name: str
    summary: str
    bars: list[Bar]
    rows: list[Tick]
    columns: list[Tick]


@dataclass(frozen=True, slots=True)
class Trend:
    """`range`: "month" or "year"."""

    range: str
    rates: Chart
    times: Chart


@dataclass(frozen=True, slots=True)
class _Point:
    """A run, or the runs of a week together: when, its value, and the lower part of that."""

    at: dt.datetime
    value: float
    lower: float
    title: str


def of(at: dt.datetime, range_: str = "") -> Trend:
    """In a year the runs of each week are one bar, their mean."""
    chosen = range_ if range_ in RANGES else "month"
    since = at - dt.timedelta(days=RANGES[chosen])
    ended = SyncRun.objects.filter(started_at__gte=since, finished_at__isnull=False).order_by("started_at", "pk")
    runs = list(ended.exclude(status=SyncRun.Status.CANCELLED).only(*FIELDS))
    rates, times = list(_rates(runs)), list(_times(runs))
    if chosen == "year":
        rates, times = list(_by_week(rates, _percent)), list(_by_week(times, _seconds))
    return Trend(
        chosen,
        _chart(_("Films on TMDB by run"), rates, since, at, 100, lambda value: f"{value:.0f} %"),
        _chart(_("Run time (dark: minimum at the allowed request rate)"), times, since, at, None, _seconds),
    )


def _percent(value: float) -> str:
    return f"{value:.1f} %"


def _seconds(value: float) -> str:
    return people.duration(dt.timedelta(seconds=value)) if value else "0"


def _rates(runs: Iterable[SyncRun]) -> Iterator[_Point]:
    for run in runs:
        if run.films:
            rate = 100 * (run.films_matched or 0) / run.films
            said = _("%(percent)s %% (%(n)s of %(of)s)") % {
                "percent": f"{rate:.1f}", "n": run.films_matched or 0, "of": run.films,
            }  # fmt: skip
            yield _Point(run.started_at, rate, 0, said)


def _times(runs: Iterable[SyncRun]) -> Iterator[_Point]:
    for run in runs:
        if run.finished_at:
            took = (run.finished_at - run.started_at).total_seconds()
            least = max(0, (run.requests or 0) - 1) * settings.KINO_REQUEST_INTERVAL
            yield _Point(run.started_at, took, min(least, took), _seconds(took))


def _by_week(points: Iterable[_Point], told: object) -> Iterator[_Point]:
    for _week, group in groupby(points, key=lambda point: point.at.isocalendar()[:2]):
        rows = list(group)
        value = sum(row.value for row in rows) / len(rows)
        said = told(value) if callable(told) else ""
        title = _("%(value)s, the mean of %(n)s runs") % {"value": said, "n": len(rows)}
        yield _Point(rows[0].at, value, sum(row.lower for row in rows) / len(rows), title)


def _chart(
    name: str, points: list[_Point], since: dt.datetime, until: dt.datetime, top: float | None, label: object
) -> Chart:
    highest = top or _nice(max((point.value for point in points), default=1))
    whole = (until - since).total_seconds()
    # One bar a run: where runs lie close, each takes what there is up to the next.
    places = [WIDTH * (point.at - since).total_seconds() / whole for point in points]
    gaps = [after - here for here, after in pairwise([*places, float(WIDTH)])]
    bars = [
        Bar(
            round(place, 1), round(max(1.0, min(gap - 0.6, 12)), 1), round(HEIGHT * point.value / highest, 1),
            round(HEIGHT * point.lower / highest, 1),
            f"{date_format(timezone.localtime(point.at), 'j.m.Y H:i')}: {point.title}",
        )
        for place, gap, point in zip(places, gaps, points, strict=True)
    ]  # fmt: skip
    said = label if callable(label) else str
    rows = [Tick(HEIGHT * (1 - share), said(highest * share)) for share in (0, 0.5, 1)]
    last = f"{name}: {points[-1].title}" if points else name
    return Chart(name, last, bars, rows, _columns(since, until))


def _nice(value: float) -> float:
    """The next round number from `value` on."""
    power = 10 ** max(0, math.floor(math.log10(value)) - 1) if value > 0 else 1
    return next((step * power for step in STEPS if step * power >= value), value)


def _columns(since: dt.datetime, until: dt.datetime) -> list[Tick]:
    """A label for each week, or for every second month."""
    days = (until - since).days
    step = dt.timedelta(days=7 if days <= RANGES["month"] else 61)
    ticks, at = [], since + (until - since) % step
    while at <= until - step / 4:
        ticks.append(Tick(round(WIDTH * (at - since) / (until - since), 1), date_format(timezone.localtime(at), "j.m")))
        at += step
    return ticks
