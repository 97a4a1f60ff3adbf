"""`/cinema_program/by_hour?day=MM-DD`: one day's programme, hour by hour.

One `table.showtimes.repert`: a row with an h3 that says the time, then a row for each showtime that starts then.
Less is known of this page than of the other, so it may state its day in any of four ways: every one that is there must
name the day that was asked for, and one at least must be there.
"""

from __future__ import annotations

import datetime as dt
import re

from parsel import Selector

from events.records import Programme
from scraper.site.polish import find_header_date, header_date, infer_date

from . import programme, verify
from .errors import WrongDay
from .markup import Page, at_most_one, one, open_page, text

_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_HOUR = "h3"
_SHOWTIME = "td.cinema"

_Row = tuple[dt.time, programme.Named, programme.Named, str | None]


def extract(html: str, *, url: str, date: dt.date, today: dt.date) -> Programme:
    """The programme of `date`, verified. WrongDay when the page speaks of another, ExtractionError for whatever
    is unexpected.
    """
    page = open_page(html, url=url)
    table = at_most_one(page, page.root, "table.showtimes.repert", place="programme")
    _verify(page, table, date, today=today)
    rows = _rows(page, table) if table is not None else []
    (starts,) = programme.starts(date, [[time for time, *_ in rows]])
    showtimes = [
        programme.showtime(film=film, cinema=cinema, day=date, starts_at=starts_at, ticket_url=ticket_url)
        for starts_at, (_, cinema, film, ticket_url) in zip(starts, rows, strict=True)
    ]
    return programme.conclude(page, date, showtimes)


def _verify(page: Page, table: Selector | None, date: dt.date, *, today: dt.date) -> None:
    statements = 0
    for header in table.css("th.date") if table is not None else ():
        verify.header(page, header, date)
        statements += 1
    if page.root.css("table.calendar"):
        verify.calendar_day(page, date, today=today)
        statements += 1
    selected = at_most_one(page, page.root, "select#day_select option[selected]", place="day select")
    if selected is not None:
        _require_month_day(page, selected.attrib.get("value", ""), date, today=today)
        statements += 1
    for heading in page.root.css("h1, h2, caption"):
        said = find_header_date(text(heading))
        if said is not None:
            verify.statement(page, said, date, place="heading")
            statements += 1
    if not statements:
        raise page.error("date", expected=f"{header_date(date)}, by header, calendar, select or heading", found="")


def _require_month_day(page: Page, value: str, date: dt.date, *, today: dt.date) -> None:
    match = _MONTH_DAY.fullmatch(value)
    if match is None:
        raise page.error("day select", expected="MM-DD", found=value)
    try:
        said = infer_date(int(match[2]), int(match[1]), today=today)
    except ValueError as error:
        raise page.error("day select", expected="a day of the year", found=value) from error
    if said != date:
        raise page.error("day select", expected=date.isoformat(), found=said.isoformat(), kind=WrongDay)


def _rows(page: Page, table: Selector) -> list[_Row]:
    """(time, cinema, film, ticket) of each showtime, in the page's order."""
    found: list[_Row] = []
    time: dt.time | None = None
    for place, kind, row in programme.rows(page, table, ("th.date", _HOUR, _SHOWTIME)):
        if kind == _HOUR:
            time = programme.time_of(page, one(page, row, _HOUR, place=place), place=place)
        elif kind == _SHOWTIME:
            if time is None:
                raise page.error(place, expected="an hour above its showtimes", found=text(row))
            place = f"{place}, {time:%H:%M}"
            cinema = programme.cinema(page, row, f"{_SHOWTIME} a", place=f"{place}, cinema")
            place = f"{place}, cinema {cinema.name}"
            film = programme.film(page, row, "td a.preview-link.film", place=f"{place}, film")
            found.append((time, cinema, film, programme.ticket_url(page, row)))
    return found
