"""Charts of bars over time: axes in numbers that a template draws, and the bars as SVG. Pure.

A month of runs is two charts of 150 bars. A template takes longer to draw these than all else on their page.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 600, 120  # of a chart's plot, in its own units
STEPS = (1, 2, 5, 10, 15, 20, 30, 50, 60, 100)  # of an axis, times a power of ten
NARROW, WIDE = 3.0, 12.0  # of a bar: one of a run that another follows at once can still be seen and pointed at
FEW, WEEKLY = 16, 45  # days up to which every third day or each week has a label, else every second month


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its place, width and height, the height of its lower part, and what its tooltip says."""

    x: float
    width: float
    height: float
    lower: float
    title: str

    @property
    def drawn(self) -> str:
        """As SVG. Its tooltip's place is as high as the plot, however small the bar."""
        place = f'x="{self.x}" width="{self.width}"'
        lower = f'<rect class="c-lower" {place} height="{self.lower}"/>' if self.lower else ""
        return (
            f'<g><title>{escape(self.title)}</title><rect class="c-hit" {place} height="{HEIGHT}"/>'
            f'<rect {place} height="{self.height}"/>{lower}</g>'
        )


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

    @property
    def drawn(self) -> SafeString:
        return mark_safe("".join(bar.drawn for bar in self.bars))  # of numbers and escaped titles


@dataclass(frozen=True, slots=True)
class Point:
    """One bar: when it was, its value, the lower part of that, and the value in words."""

    at: dt.datetime
    value: float
    lower: float
    title: str


def chart(
    name: str,
    points: Sequence[Point],
    since: dt.datetime,
    until: dt.datetime,
    top: float | None,
    label: Callable[[float], str],
    unit: float = 1,
) -> Chart:
    """Of points in the order of time. `top`: the upper end of the axis, else what the highest bar needs, a round number
    of `unit`s."""
    highest = top or unit * _nice(max((point.value for point in points), default=unit) / unit)
    whole = (until - since).total_seconds()
    # One bar a run: where runs lie close, each takes what there is up to the next. The newest ends at the chart's end.
    places = [WIDTH * (point.at - since).total_seconds() / whole for point in points]
    zone = timezone.get_current_timezone()
    gaps = [after - here for here, after in pairwise([*places, float(WIDTH)])]
    widths = [max(NARROW, min(gap - 0.6, WIDE)) for gap in gaps]
    bars = [
        Bar(
            round(min(place, WIDTH - width), 1), round(width, 1), round(HEIGHT * point.value / highest, 1),
            round(HEIGHT * point.lower / highest, 1),
            f"{_moment(point.at, zone)}: {point.title}",
        )
        for place, width, point in zip(places, widths, points, strict=True)
    ]  # fmt: skip
    rows = [Tick(HEIGHT * (1 - share), label(highest * share)) for share in (0, 0.5, 1)]
    last = f"{name}: {points[-1].title}" if points else name
    return Chart(name, last, bars, rows, _columns(since, until))


def _moment(at: dt.datetime, zone: dt.tzinfo) -> str:
    """As Django's "j.m.Y H:i", which takes ten times as long."""
    local = at.astimezone(zone)
    return f"{local.day}.{local:%m.%Y %H:%M}"


def _nice(value: float) -> float:
    """The next round number from `value` on."""
    power = 10 ** max(0, math.floor(math.log10(value)) - 1) if value > 0 else 1
    return next((step * power for step in STEPS if step * power >= value), value)


def _columns(since: dt.datetime, until: dt.datetime) -> list[Tick]:
    """A label for every third day, each week, or every second month."""
    days = (until - since).days
    step = dt.timedelta(days=3 if days <= FEW else 7 if days <= WEEKLY else 61)
    ticks, at = [], since + (until - since) % step
    while at <= until - step / 4:
        ticks.append(Tick(round(WIDTH * (at - since) / (until - since), 1), date_format(timezone.localtime(at), "j.m")))
        at += step
    return ticks
