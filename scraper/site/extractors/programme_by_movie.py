"""`/cinema_program/by_movie`: one day's programme, film by film.

One `table.repert`: a row with the date, then for each film a row that names it and a row for each of its cinemas.
A film without cinemas is only announced. The page shows its session's day, so both the date header and the calendar
must name the day that was asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from parsel import Selector

from events.records import ListedShowtime, Programme

from . import programme, statements
from .selectors import Page, at_most_one, one, open_page, text

_TIME_LINK = 'a[href*="/by_cinema/"]'
_HEADING = "a.preview-link.film"
_CINEMA = "td.cinema_film"

_Hour = tuple[dt.time, str | None]  # when, and its ticket
_Row = tuple[programme.Named, programme.Named, list[_Hour]]  # film, cinema, its hours


def extract(html: str, *, url: str, date: dt.date, today: dt.date) -> Programme:
    """The programme of `date`, verified. WrongDay when the page speaks of another, ExtractionError for whatever
    is unexpected.
    """
    page = open_page(html, url=url)
    said = statements.of_day(html, url=url, date=date, today=today)
    table = at_most_one(page, page.root, "table.repert", place="programme")
    if table is None:
        return programme.conclude(page, date, (), said)
    return programme.conclude(page, date, tuple(_showtimes(page, table, date)), said)


def _showtimes(page: Page, table: Selector, date: dt.date) -> Iterator[ListedShowtime]:
    rows = list(_rows(page, table))
    starts = programme.starts(date, [[time for time, _ in hours] for _, _, hours in rows])
    for (film, cinema, hours), row_starts in zip(rows, starts, strict=True):
        for (_, ticket_url), starts_at in zip(hours, row_starts, strict=True):
            yield programme.showtime(film=film, cinema=cinema, day=date, starts_at=starts_at, ticket_url=ticket_url)


def _rows(page: Page, table: Selector) -> Iterator[_Row]:
    film: programme.Named | None = None
    for place, kind, row in programme.rows(page, table, ("th.date", _HEADING, _CINEMA)):
        if kind == _HEADING:
            film = programme.film(page, row, _HEADING, place=f"{place}, film")
        elif kind == _CINEMA:
            if film is None:
                raise page.error(place, expected="a film above its cinemas", found=text(row))
            yield film, *_cinema_row(page, row, place=f"{place}, film {film.name}")


def _cinema_row(page: Page, row: Selector, *, place: str) -> tuple[programme.Named, list[_Hour]]:
    cinema = programme.cinema(page, row, f"{_CINEMA} a", place=f"{place}, cinema")
    place = f"{place}, cinema {cinema.name}"
    hours = row.css("span.hour")
    # Counted both ways, so that an hour that is marked up differently is not lost without a word.
    if not hours or len(hours) != len(row.css(_TIME_LINK)):
        raise page.error(place, expected="hours, each with its link", found=text(row))
    times = [programme.time_of(page, one(page, hour, _TIME_LINK, place=place), place=place) for hour in hours]
    return cinema, [(time, programme.ticket_url(page, hour)) for time, hour in zip(times, hours, strict=True)]
