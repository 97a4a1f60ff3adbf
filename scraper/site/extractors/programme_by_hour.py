"""`/cinema_program/by_hour?day=MM-DD`: one day's programme, hour by hour.

One `table.showtimes.repert`: a row with an h3 that says the time, then a row for each showtime that starts then. An
hour that can't be read costs the rows under it, for they must not go to the hour above.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from events.records import Programme

from . import hours, programme, statements
from .hours import Hour, cancelled
from .markup import Page, http_link, open_page
from .programme import Reading, Showing
from .rows import Cell, Link, Row, tables


def extract(html: str, *, url: str, date: dt.date, today: dt.date) -> Programme:
    """The programme of `date`, verified. WrongDay when the page speaks of another; ExtractionError when it names no
    day, or when nothing of it is understood.
    """
    page = open_page(html, url=url)
    found = tables.read(page, date=date, own=programme.own_words(date, today))
    said = statements.verify(page, statements.read(page, found.tables), date, today=today)
    return programme.conclude(page, date, _Rows(page, date, today).read(found.rows), said, whole=page.whole)


def _hour_above(above: Sequence[Cell]) -> Hour | None:
    """The hour that heads a table of its own."""
    texts = [cell.loose for cell in above]
    said = {hour for hour in map(hours.at_the_head, texts) if hour}
    return said.pop() if len(said) == 1 and not any(map(cancelled.is_not_as_written, texts)) else None


class _Rows:
    """Reads rows in order, and knows the hour that they stand under."""

    def __init__(self, page: Page, date: dt.date, today: dt.date) -> None:
        self._page = page
        self._date, self._today = date, today
        self._reading = Reading(in_one_list=True)
        self._hour: Hour | None = None
        self._why = "no hour above it"
        self._heading: Row | None = None
        self._begun = False  # whether an hour was seen
        self._beside_another: set[int] = set()

    def read(self, rows: list[Row]) -> Reading:
        films_of = [programme.films(row) for row in rows]
        self._beside_another = programme.beside_another(rows)
        shapes = {
            row.shape for row, films in zip(rows, films_of, strict=True) if not films and hours.at_the_head(row.text)
        }
        for row, films in zip(rows, films_of, strict=True):
            if row.above is not None:
                self._hour, self._why, self._heading = _hour_above(row.above), "no hour above it", None
            self._read(row, films, shapes)
        return self._reading

    def _read(self, row: Row, films: dict[str, list[Link]], shapes: set[tuple[str, ...]]) -> None:
        if self._reading.another_day or not films:
            first = not self._begun
            if self._reading.is_of_another_day(row, self._date, self._today, first=first, told=bool(films)):
                self._not_an_hour(row, "another day")
                return
        if row.doubt:
            self._not_an_hour(row, row.doubt)
            if row.cells:  # more than is read: nobody knows what it says
                self._reading.not_understood(row, row.doubt)
                self._heading = None
        elif programme.hides_a_film(row, films):
            self._not_an_hour(row, "it hides a part of itself")
            if films:
                self._showing(row, films)
        elif films:
            self._showing(row, films)
        elif programme.names_a_cinema(row) and row.shape not in shapes:
            self._reading.not_understood(row, "no link to a film")
        elif hour := hours.at_the_head(row.text):
            self._hour, self._heading, self._begun = hour, None, True
            if cancelled.is_not_as_written(row.text):
                self._not_an_hour(row, cancelled.NOT_AS_WRITTEN)
        elif programme.is_date_row(row):  # it is read as a statement
            self._not_an_hour(row, "a date, or an hour that was lost")
        elif programme.says_no_programme(row.text):
            self._reading.empty = True
        elif programme.is_titles(row) and row.shape not in shapes:
            pass
        elif programme.looks_like_a_heading(row, shapes):
            if row.shape in shapes or not row.nested:
                self._not_an_hour(row)
        elif not (programme.is_note(row, shapes) or row.nested):
            self._not_an_hour(row)

    def _not_an_hour(self, row: Row, why: str = "no time like 10:30") -> None:
        self._hour, self._why, self._heading = None, why, row

    def _showing(self, row: Row, films: dict[str, list[Link]]) -> None:
        if len(films) > 1:
            self._reading.not_understood(row, "links to several films")
            return
        ((slug, links),) = films.items()
        film = programme.named(slug, links)
        cinema, why = programme.cinema(row)
        if row.number in self._beside_another:
            cinema, why = None, programme.ANOTHER_BESIDE
        hour, hour_why = self._hour_of(row)
        if self._holds_another_hour(row):  # the heading of the rows below: its own row was lost
            hour, hour_why = None, "two hours in a row"
            self._not_an_hour(row)
        if film is None or cinema is None or hour is None:
            if hour is None and self._heading is not None:
                self._reading.not_understood(self._heading, self._why)
                self._heading = None
            why = "a film without a name" if film is None else why if cinema is None else hour_why
            place = f", film {film.name}" if film else ""
            self._reading.not_understood(row, why, film=slug, place=place)
            return
        if row.day is not None and not row.day.is_of(self._date):
            place = f", film {film.name}"
            self._reading.not_understood(row, f"of another day: {row.day}", film=slug, place=place)
            return
        if said := programme.not_as_written(row):
            self._reading.not_understood(row, cancelled.reason(said), film=slug, place=f", film {film.name}")
            return
        tickets = (http_link(self._page.base, href) for href in programme.ticket_links(row))
        version = programme.version_beside(row)
        showing = Showing(hour, next(filter(None, tickets), None), hours.join(hour.version, version))
        self._reading.lists.append((film, cinema, [showing]))

    def _holds_another_hour(self, row: Row) -> bool:
        """Whether a cell of a showing's row is made as a heading is, and says another hour than the one above."""
        said = (hours.at_the_head(cell.loose) for cell in row.cells if cell.headed or cell.tag == "th")
        return any(hour != self._hour for hour in said if hour is not None)

    def _hour_of(self, row: Row) -> tuple[Hour | None, str]:
        """The hour above a row, or its own where it is marked as one; None when they contradict."""
        own = [unit for cell in row.cells for unit in cell.units if hours.has_clock(unit.text)]
        if not own:
            return self._hour, f"its hour is not known: {self._why}"
        written = hours.read(own[0].text, self._date)
        if other := programme.another_day_given(self._date, written, own[0].day):
            return None, f"of another day: {other}"
        if len(own) > 1 or len(written.hours) != 1 or own[0].struck:
            return None, written.reason or "several hours"
        hour = written.hours[0]
        if self._hour is not None and (hour.time, hour.midnight) != (self._hour.time, self._hour.midnight):
            return None, f"another hour than the {self._hour.time:%H:%M} above it"
        return hour, ""
