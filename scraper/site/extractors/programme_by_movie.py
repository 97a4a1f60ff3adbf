"""`/cinema_program/by_movie`: one day's programme, film by film.

One `table.repert`: a row with the date, then for each film a row that names it and a row for each of its cinemas.
A film without cinemas is only announced. A row that can't be understood costs itself; a film's heading that can't be
understood costs the rows under it too, for they must not go to the film above.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from events.records import Programme

from . import hours, programme, statements
from .hours import cancelled, other_days
from .links import CINEMA
from .markup import Page, open_page
from .programme import Named, Reading
from .rows import Cell, Link, Row, tables
from .rows.names import NamesByClass


def extract(html: str, *, url: str, date: dt.date, today: dt.date) -> Programme:
    """The programme of `date`, verified. WrongDay when the page speaks of another; ExtractionError when it names no
    day, or when nothing of it is understood.
    """
    page = open_page(html, url=url)
    found = tables.read(page, date=date, own=programme.own_words(date, today))
    said = statements.verify(page, statements.read(page, found.tables), date, today=today)
    return programme.conclude(page, date, _Rows(page, date, today).read(found.rows), said, whole=page.whole)


def _lines_under_headings(rows: list[Row], films_of: list[dict[str, list[Link]]]) -> set[tuple[str, ...]]:
    """How rows are made that this page puts right under its films' headings, under more than half of them.

    A row made as a heading is none: it may be one whose link was lost.
    """
    headings = [n for n, films in enumerate(films_of) if len(films) == 1]
    below = Counter(
        rows[n + 1].make
        for n in headings
        if n + 1 < len(rows) and not films_of[n + 1] and not programme.hour_cells(rows[n + 1], marked=False)
    )
    often = {make for make, times in below.items() if times > 1 and 2 * times > len(headings)}
    return often - {rows[n].make for n in headings}


class _Usual(NamedTuple):
    """What is known of a row with a cinema's hours by how it is made."""

    hours: list[int]  # the places of their cells
    cinema: Named
    span: int  # rows that the cinema's cell covers


def _beside(row: Row, cells: list[Cell]) -> list[str]:
    """The texts of a row's cells but for those of its hours."""
    return [text for cell in row.cells if cell not in cells for text in cell.texts]


class _Rows:
    """Reads rows in order, and knows the film and the cinema that they stand under."""

    def __init__(self, page: Page, date: dt.date, today: dt.date) -> None:
        self._page = page
        self._date, self._today = date, today
        self._reading = Reading()
        self._film: Named | None = None
        self._slug = ""  # known even of a film whose heading gives no name
        self._why = "no film above it"  # when the film is not known
        self._heading: Row | None = None  # one that was not understood: told once a row stands under it
        self._cinema: Named | None = None  # whose cell covers the rows below its own
        self._covered = 0
        self._begun = False  # whether a film's heading was seen
        self._right_under = False  # whether the row above is a film's heading
        self._under_headings: set[tuple[str, ...]] = set()
        self._beside_another: set[int] = set()
        self._shapes: set[tuple[str, ...]] = set()  # of the rows that are films' headings
        self._usual: dict[tuple[object, ...], _Usual] = {}  # rows of a cinema's hours, by how they are made

    def read(self, rows: list[Row]) -> Reading:
        rows = programme.joined(rows)
        films_of = [programme.films(row) for row in rows]
        shapes = self._shapes = {row.shape for row, films in zip(rows, films_of, strict=True) if len(films) == 1}
        self._under_headings = _lines_under_headings(rows, films_of)
        self._beside_another = programme.beside_another(rows)
        for row, films in zip(rows, films_of, strict=True):
            if row.above is not None:
                self._open_table(row.above)
            self._read(row, films, shapes)
            self._right_under = self._film is not None and len(films) == 1
            self._covered -= 1
        return self._reading

    def _read(self, row: Row, films: dict[str, list[Link]], shapes: set[tuple[str, ...]]) -> None:
        if not (films or row.doubt or self._reading.another_day) and (usual := self._usual.get(row.alike)):
            self._hours(row, [row.cells[place] for place in usual.hours], usual)
            return
        cells = programme.hour_cells(row, marked=bool(films))
        has_units = any(cell.units for cell in cells)
        if self._reading.another_day or not has_units:
            first = not self._begun
            if self._reading.is_of_another_day(row, self._date, self._today, first=first, told=bool(cells)):
                self._not_a_film(row, "another day")
                return
        if row.doubt:
            self._not_a_film(row, row.doubt)
            if row.cells:  # more than is read: nobody knows what it says
                self._not_read(row, row.doubt)
                self._heading = None
        elif programme.hides_a_film(row, films):
            self._not_a_film(row, "it hides a film")
            if cells:
                self._hours(row, cells)
        elif len(films) > 1:
            self._not_a_film(row, "links to several films")
        elif films and not cells and programme.advertises(row):
            self._not_a_film(row, "a film, a cinema and an hour in one cell")
        elif films and not cells:
            self._open_film(row, films)
        elif films:
            self._film_beside_hours(row, films, cells)
        elif not has_units and programme.is_date_row(row):
            if self._begun:
                self._not_a_film(row, "a date, or a film's name without a link")
        elif has_units and self._lost_its_film(row, shapes):
            self._not_a_film(row, "no link to a film")
        elif cells and (len(row.cells) > 1 or has_units or programme.lists_hours_of_a_cinema(row)):
            self._hours(row, cells, keep=has_units and programme.names_a_cinema(row))
        elif programme.says_no_programme(row.text):
            self._reading.empty = True
            self._not_a_film(row, "no programme, or a film's name without a link")
        elif programme.names_a_cinema(row):
            self._not_read(row, "a cinema without hours")
        elif programme.is_blank(row, shapes) or (programme.is_titles(row) and row.shape not in shapes):
            pass
        elif self._right_under and row.make in self._under_headings:
            pass  # it says more of its film: "dramat, 118 min"
        elif programme.looks_like_a_heading(row, shapes):
            if row.shape in shapes or not row.nested:
                self._not_a_film(row, "no link to a film")
                if cells and row.links_to(CINEMA):
                    self._not_read(row, "a time without a cinema")
                    self._heading = None
        elif cells:
            if not programme.tells_no_showing(row):
                self._not_read(row, "a time without a cinema")
        elif not (programme.is_note(row, shapes) or row.nested):
            self._not_a_film(row, "neither a film nor a cinema")

    def _lost_its_film(self, row: Row, shapes: set[tuple[str, ...]]) -> bool:
        """Whether a row is made as a film's heading, and nothing in it that is called an hour is one."""
        if programme.names_a_cinema(row) or (self._right_under and row.make in self._under_headings):
            return False
        made_so = row.shape in shapes or any(cell.tag == "th" or cell.headed for cell in row.cells)
        return made_so and not any(hours.clocks(unit.text) for cell in row.cells for unit in cell.units)

    def _open_table(self, above: Sequence[Cell]) -> None:
        """A table of its own has its films in it, or its one film in the heading right above."""
        row = Row(0, NamesByClass()[None])
        row.cells = list(above)
        films = programme.films(row)
        self._film, self._slug, self._why, self._heading = None, "", "no film above it", None
        if len(films) == 1:
            self._open_film(row, films)

    def _open_film(self, row: Row, films: dict[str, list[Link]]) -> None:
        self._begun = True
        ((slug, links),) = films.items()
        if self._film is None or slug != self._slug or not self._right_under:  # else a link to read more of it
            self._film = programme.named(slug, links)
        self._slug = slug
        self._why, self._heading = "a film without a name", None if self._film else row
        if any(cancelled.is_not_as_written(text) for cell in row.cells for text in cell.texts):
            self._film, self._why, self._heading = None, cancelled.NOT_AS_WRITTEN, row
        self._covered = 0

    def _not_a_film(self, row: Row, why: str) -> None:
        """The rows below may be of a film that is not known: they must not go to the one above."""
        self._film, self._slug, self._why, self._heading = None, "", why, row
        self._covered = 0

    def _film_beside_hours(self, row: Row, films: dict[str, list[Link]], cells: list[Cell]) -> None:
        """A row that names its film itself; a link to another film beside a cinema is no heading."""
        (slug,) = films
        if self._film is None or slug != self._film.slug:
            if not programme.is_film_cell(row, cells):
                self._not_a_film(row, "a link to another film beside hours")
                self._not_read(row, "a link to another film beside hours")
                return
            self._open_film(row, films)
        self._hours(row, cells)

    def _hours(self, row: Row, cells: list[Cell], usual: _Usual | None = None, *, keep: bool = False) -> None:
        """Read a row with hours; `keep` what rows that are made so are, if all that told it is in their markup."""
        if self._film is None:
            if self._heading is not None:
                self._reading.not_understood(self._heading, self._why, film=self._slug)
                self._heading = None
            self._reading.not_understood(row, f"its film is not known: {self._why}", film=self._slug)
            return
        if row.day is not None and not row.day.is_of(self._date):
            self._not_read(row, f"of another day: {row.day}")
            return
        cinema, why = (usual.cinema, "") if usual else programme.cinema(row, of_hours=cells)
        if row.number in self._beside_another:
            cinema, why = None, programme.ANOTHER_BESIDE
        if cinema is None and why == programme.NO_CINEMA and self._covered > 0:
            if programme.names_a_cinema(row):  # whose link was lost, so that it isn't the one above
                self._covered = 0
            else:
                cinema = self._cinema
        if cinema is None:
            self._not_read(row, why)
            if why == programme.NO_CINEMA and row.shape in self._shapes:
                # A heading without its link: what looks like an hour there is how long the film is.
                self._not_a_film(row, "no link to a film")
                self._heading = None  # told already
            return
        span = usual.span if usual else programme.cinema_span(row)
        if span > 1:
            self._cinema, self._covered = cinema, span
        place = f", film {self._film.name}, cinema {cinema.name}"
        beside = () if usual else _beside(row, cells)
        if keep and not beside and None not in (alike := row.alike):
            self._usual[alike] = _Usual([n for n, cell in enumerate(row.cells) if cell in cells], cinema, span)
        showings, problems = programme.showings(self._page, cells, self._date, beside=beside)
        for text, reason in problems:
            if showings and other_days.is_left_out(reason, self._date, self._today):
                continue
            self._reading.not_understood(row, reason, film=self._film.slug, text=text, place=place)
        if not showings and not problems:
            self._reading.not_understood(row, "no hours", film=self._film.slug, place=place)
        self._reading.lists.append((self._film, cinema, showings))

    def _not_read(self, row: Row, why: str) -> None:
        place = f", film {self._film.name}" if self._film else ""
        self._reading.not_understood(row, why, film=self._slug, place=place)
