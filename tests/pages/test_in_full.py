# ruff: noqa: E501 - markup in tables of one line each
"""What is made of each look, in full: what was not understood and why, what says the day, versions and tickets."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import asdict
from functools import cache
from typing import Any

import pytest

from events.records import Programme
from scraper.site.extractors import calendar
from scraper.site.extractors.errors import ExtractionError
from tests import approved

from . import fuzz, variants
from .test_blocks import STYLES
from .test_blocks import page as page_of_blocks
from .test_variants import LOOKS, READERS, keys

PARTS = 20
EACH = [(look, kind) for look in LOOKS for kind in look.kinds]


def outcome(html: str, kind: str, date: dt.date = variants.DAY) -> Any:
    """What is told of a page, but for what is told of a plain one."""
    found, usual = whole(html, kind, date), plain_page(kind)
    return {name: value for name, value in found.items() if value != usual[name]} if isinstance(found, dict) else found


@cache
def plain_page(kind: str) -> Any:
    return whole(READERS[kind][0]([]), kind, variants.DAY)


def whole(html: str, kind: str, date: dt.date) -> Any:
    try:
        found: Programme = READERS[kind][1](html, url=variants.URL, date=date, today=variants.TODAY)
    except ExtractionError as error:
        return f"{type(error).__name__}: {error}"
    titles = {(s.film_slug, s.film_title) for s in found.showtimes}
    return {
        "lost": sorted(map(str, variants.truth() - keys(found))),
        "more": sorted(map(str, keys(found) - variants.truth())),
        "unread": [asdict(row) for row in found.unread],
        "statements": found.statements,
        "titles": {slug: title for slug, title in titles if variants.FILMS.get(slug, ("", {}))[0] != title},
        "cinemas": {s.cinema_slug: s.cinema_name for s in found.showtimes if variants.CINEMAS.get(s.cinema_slug) != s.cinema_name},
        "versions": Counter(s.version for s in found.showtimes if s.version),
        "tickets": Counter(str(s.ticket_url).partition("?")[0][:60] for s in found.showtimes if s.ticket_url),
        "ids": len({s.external_id for s in found.showtimes}) - len(found.showtimes),
        "empty": found.empty, "cut": not found.whole,
    }  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
def test_looks(part: int) -> None:
    made = {f"{kind}: {look.name}": outcome(READERS[kind][0]([look]), kind) for look, kind in EACH[part::PARTS]}
    approved.compare("looks", made)


@pytest.mark.parametrize("part", range(4))
def test_two_looks_at_once_and_damaged_pages(part: int) -> None:
    made = {}
    for number in range(part, 120, 4):
        dice = random.Random(number)
        look, kind = dice.choice(EACH)
        html = READERS[kind][0]([look, *dice.sample([other for other, _ in EACH], 1)])
        if number % 2:
            html = fuzz.damaged(html, dice)
        date = variants.DAY + dt.timedelta(days=dice.choice((0, 0, 0, 0, 0, 0, 1)))
        made[f"{number:03} {kind}: {look.name}"] = outcome(html, kind, date)
    approved.compare("pages", made)


@pytest.mark.parametrize("style", STYLES)
def test_blocks(style: str) -> None:
    html = page_of_blocks(style)
    made = {style: outcome(html, "by_movie")}
    for number in range(12):
        made[f"{style} {number:02}"] = outcome(fuzz.damaged(html, random.Random(number)), "by_movie")
    approved.compare("blocks", made)


ROW = '<tr><td{0}><a href="/mikro">Mikro</a>{1}</td><td class="hours"><span class="hour">{2}</span></td></tr>'
REST = '<tr><td class="hours"><span class="hour">{}</span></td></tr>'
#: What stands before the programme or at its end.
MORE = {
    "a select that names the day": ("before", '<select name="day"><option value="2026-11-27" selected>27.11</option></select>'),
    "a select of another day": ("before", '<select name="day"><option value="2026-11-28" selected>28.11</option></select>'),
    "a select by its id": ("before", '<select id="day_select"><option value="1" selected>sobota, 28 listopada</option></select>'),
    "a select of something else": ("before", '<select name="city"><option value="2026-11-28" selected>28.11</option></select>'),
    "a cinema's cell over two rows": ("last_row", ROW.format(' rowspan="2"', "", "18:00") + REST.format("19:00") + REST.format("20:00")),
    "a called one over two rows": ("last_row", ROW.format(' class="cinema" rowspan="2"', "", "18:00") + REST.format("19:00") + REST.format("20:00")),
    "another cinema's name beside": ("last_row", ROW.format("", " Agrafka", "18:00") + ROW.format("", "", "19:00") + ROW.format("", "", "20:00")),
    "a word beside in most rows": ("last_row", ROW.format("", " Nowa Sala", "18:00") + ROW.format("", " Nowa Sala", "19:00") + ROW.format("", "", "20:00")),
    "a word beside in one of two": ("last_row", ROW.format("", " Agrafka", "18:00") + ROW.format("", "", "19:00")),
    "a name ahead": ("last_row", '<tr><td>Agrafka <a href="/mikro">Mikro</a></td><td class="hours"><span class="hour">18:00</span></td></tr>'),
    "titles of links": ("last_row", '<tr><td class="cinema"><a href="/mikro" title="Kino Mikro">M</a></td><td class="hours"><span class="hour" title="odwołany">18:00</span> <a href="/x" title="odwołane">19:00</a></td></tr>'),
    "an advertisement": ("last_row", '<tr><td><a href="/film/inny.html">Inny</a> w <a href="/mikro">Mikro</a> o 20:00</td></tr>'),
    "a list of hours": ("last_row", ROW.format(' class="cinema"', "", "18:00") .replace("18:00", "18:00</span>, <span>19.30</span> i <span class='hour'>21<sup>15</sup>")),
    "an hour of another day": ("last_row", ROW.format(' class="cinema"', "", "18:00 (28.11)")),
    "an hour until a day": ("last_row", ROW.format(' class="cinema"', "", "18:00 do 26.11")),
    "afternoon in English": ("last_row", ROW.format(' class="cinema"', "", "6:30 PM")),
    "a version ahead": ("last_row", ROW.format(' class="cinema"', "", "2D napisy: 18:00, dubbing 20:00")),
}  # fmt: skip


@pytest.mark.parametrize("name", MORE)
def test_more_parts(name: str) -> None:
    part, html = MORE[name]
    made = {f"{kind} {name}": outcome(READERS[kind][0]([variants.Look(name, {part: html})]), kind) for kind in READERS}
    approved.compare("parts", made)


#: The options and links that choose a day, with what marks the one that is shown.
CALENDARS: dict[str, str] = {
    "a select": '<select id="day_select"><option value="0" selected>26.11</option><option value="1">27.11</option></select>',
    "a select by name": '<select name="day"><option value="2026-11-26">dziś</option><option value="2026-11-27" selected>jutro</option></select>',
    "two selects": '<select name="day"><option>26.11</option></select><select name="month"><option selected>12</option></select>',
    "links": '<a href="/settings/set_day/0">26.11</a><a class="active" href="/settings/set_day/1">27.11</a><a href="/settings/set_day/2">x</a>',
    "two active": '<a class="active" href="/settings/set_day/0">26.11</a><a class="selected" href="/settings/set_day/1">27.11</a>',
    "dates in attributes": '<td data-date="2026-11-26"><a href="/settings/set_day/0">dziś</a></td><td data-date="11-27" class="current"><a href="/settings/set_day/1">27</a></td>',
    "dates that contradict": '<td data-date="2026-11-26"><a href="/settings/set_day/0">27.11</a></td><td data-day="2026-11-27"><a href="/settings/set_day/1">27.11</a></td>',
    "times": '<a href="/settings/set_day/0"><time datetime="2026-11-26T00:00">dziś</time></a><a href="/settings/set_day/1"><time datetime="11-27">jutro</time></a>',
    "weekdays alone": '<a href="/settings/set_day/0">czwartek</a><a href="/settings/set_day/1">piątek</a>',
    "another week": '<a href="/settings/set_day/0">1.12</a><a href="/settings/set_day/1">2.12</a>',
    "across the year": '<a href="/settings/set_day/0">31.12</a><a href="/settings/set_day/1">1.01</a>',
    "no number": '<a href="/settings/set_day/x">26.11</a><a href="/settings/set_day/1">27.11</a>',
    "twice": '<a href="/settings/set_day/1">27.11</a><a href="/settings/set_day/1">27.11</a>',
    "nothing": "<p>26.11</p>",
}


@pytest.mark.parametrize("name", CALENDARS)
def test_calendars(name: str) -> None:
    html = f"<html><body><table><tr>{CALENDARS[name]}</tr></table></body></html>"
    try:
        days = calendar.extract(html, url=variants.URL, today=variants.TODAY)
        made: Any = [days, calendar.active_date(days)]
    except ExtractionError as error:
        made = f"{type(error).__name__}: {error}"
    approved.compare("calendars", {name: made})
