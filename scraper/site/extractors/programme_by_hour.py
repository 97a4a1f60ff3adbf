"""`/cinema_program/by_hour?day=MM-DD`: one day's programme, hour by hour.

One `table.showtimes.repert`: a row with an h3 that says the time, then a row for each showtime that starts then.
Less is known of this page than of the other, so it may state its day in any of four ways: every one that is there must
name the day that was asked for, and one at least must be there.
"""

from __future__ import annotations

import datetime as dt

from parsel import Selector

from events.records import Programme

from . import programme, statements
from .selectors import Page, at_most_one, one, open_page, text

_HOUR = "h3"
_SHOWTIME = "td.cinema"

_Row = tuple[dt.time, programme.Named, programme.Named, str | None]


def extract(html: str, *, url: str, date: dt.date, today: dt.date) -> Programme:
    """The programme of `date`, verified. WrongDay when the page speaks of another, ExtractionError for whatever
    is unexpected.
    """
    page = open_page(html, url=url)
    table = at_most_one(page, page.root, "table.showtimes.repert", place="programme")
    said = statements.of_day(html, url=url, date=date, today=today)
    rows = _rows(page, table) if table is not None else []
    (starts,) = programme.starts(date, [[time for time, *_ in rows]])
    showtimes = [
        programme.showtime(film=film, cinema=cinema, day=date, starts_at=starts_at, ticket_url=ticket_url)
        for starts_at, (_, cinema, film, ticket_url) in zip(starts, rows, strict=True)
    ]
    return programme.conclude(page, date, showtimes, said)


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
