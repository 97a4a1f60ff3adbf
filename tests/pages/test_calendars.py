# ruff: noqa: E501 - markup in tables of one line each
"""The calendar in the looks that it may have: every day that it offers, and the one that it marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from scraper.site.extractors import calendar

from .variants import MONTHS, SHORT, TODAY, URL, WEEKDAYS

Cell = Callable[[int, dt.date, str], str]
DAYS = [TODAY + dt.timedelta(days=n) for n in range(7)]
LOOKS: dict[str, Cell] = {
    "cells": lambda n, d, c: f'<td class="{c}"><a href="/settings/set_day/{n}">{SHORT[d.weekday()]}<br>{d.day} {d.month}</a></td>',
    "divs marked around their links": lambda n, d, c: (
        f'<div class="day {c}"><a href="/settings/set_day/{n}"><b>{d.day}</b> {MONTHS[d.month - 1]}</a></div>'
    ),
    "links": lambda n, d, c: f'<a class="{c}" href="/settings/set_day/{n}">{d.day} {MONTHS[d.month - 1]}</a>',
    "the date in a tooltip": lambda n, d, c: (
        f'<li class="{c}"><a title="{WEEKDAYS[d.weekday()]}, {d:%d.%m.%Y}" href="/settings/set_day/{n}">{d.day}</a></li>'
    ),
    "the date in a label for readers": lambda n, d, c: (
        f'<li class="{c}"><a aria-label="{d.day} {MONTHS[d.month - 1]}" href="/settings/set_day/{n}">{d.day}</a></li>'
    ),
    "weekday and date run together": lambda n, d, c: (
        f'<td class="{c}"><a href="/settings/set_day/{n}">{SHORT[d.weekday()]}{d.day}.{d.month}</a></td>'
    ),
    "the month in a part called mon": lambda n, d, c: (
        f'<td class="{c}"><a href="/settings/set_day/{n}"><span class="dow">{SHORT[d.weekday()]}</span>'
        f'<span class="num">{d.day}</span><span class="mon">{MONTHS[d.month - 1][:3]}</span></a></td>'
    ),
    "the month first": lambda n, d, c: f'<td class="{c}"><a href="/settings/set_day/{n}">{d:%m-%d}</a></td>',
    "buttons of forms": lambda n, d, c: (
        f'<form action="/settings/set_day/{n}"><button class="{c}">{d.day}.{d.month:02}</button></form>'
    ),
    "addresses with entities": lambda n, d, c: (
        f'<td class="{c}"><a href="&#x2F;settings&#x2F;set_day&#x2F;{n}">{d.day}.{d.month:02}</a></td>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOKS)
def test_a_calendar_offers_its_days_and_marks_one(name: str) -> None:
    cells = "".join(LOOKS[name](n, day, "active" if n == 1 else "") for n, day in enumerate(DAYS))
    tag = "tr" if "<td" in cells else "ul"
    html = f"<html><body><table><{tag}>{cells}</{tag}></table></body></html>"
    days = calendar.extract(html, url=URL, today=TODAY)
    assert [(day.offset, day.date) for day in days] == list(enumerate(DAYS))
    assert calendar.active_date(days) == DAYS[1]


@pytest.mark.parametrize(
    ("labels", "read"),
    [
        (["11-08", "11-09"], ["08.11", "09.11"]),
        (["08-11", "09-11"], ["08.11", "09.11"]),
        (["12-31", "Pt 01-01"], ["31.12", "Pt 01.01"]),
        (["30-10", "01-11"], ["30.10", "01.11"]),
        (["10-11"], [" "]),  # nothing tells
        (["11-11"], ["11.11"]),
        (["2026-11-10", "10.11"], ["2026-11-10", "10.11"]),
    ],
)
def test_which_of_two_numbers_is_the_month_is_told_by_the_other_days(labels: list[str], read: list[str]) -> None:
    assert calendar._day_first(labels) == read
