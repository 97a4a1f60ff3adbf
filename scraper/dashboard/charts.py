"""Small bar charts of runs and looks, in numbers that a template draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from scraper.models import SyncRun


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a small chart: place and height of 100, a lower part of it, what it is of, and that with its value."""

    x: float
    height: float
    lower: float
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, the oldest first; `top`: the value at the upper end of the axis."""

    bars: list[Bar]
    top: float


def chart(values: Sequence[tuple[SyncRun, float, float]], unit: str) -> Chart:
    """Runs with their values and a lower part of those, in the order given; as high as the highest allows."""
    top = max((value for _run, value, _lower in values), default=0) or 1
    bars = [
        Bar(
            3 * n,
            100 * value / top,
            100 * min(lower, value) / top,
            (label := date_format(timezone.localtime(run.started_at), "j.m H:i")),
            f"{label}: {value:.0f} {unit}",
        )
        for n, (run, value, lower) in enumerate(values)
    ]
    return Chart(bars, top)
