"""What the two kinds of programme page share: who is named, the hours of a row, when a time after midnight starts, and
what comes of it all.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree

from events.records import ListedShowtime, Programme, UnreadRow
from scraper.site.polish import SaidDate, find_dates, is_date, read_date, weekday_number

from . import hours
from .hours import Hour
from .links import CINEMA, FILM, TICKET
from .markup import Page, http_link, is_aside, is_small, words
from .rows import LONGEST_ROW, Cell, Link, Row, Unit

NOON = dt.time(12)
SMALL_HOURS_END = dt.time(5)
SIDE_BY_SIDE = "days side by side"
NEAR = dt.timedelta(days=31)  # in which a date in a row is a day of the programme, and no film's name
LONGEST_NAME = 255  # characters of a title or a cinema's name; what the database keeps is more
LONGEST_SENTENCE = 300  # in which a page says that it has no programme

_NO_PROGRAMME = re.compile(r"brak repertuaru(?! dla filmu| ?\?)", re.IGNORECASE)
_SENTENCES = etree.XPath(
    "(//text()[contains(translate(., 'REPTUA', 'reptua'), 'repertuaru')]/parent::*)[position() <= 20]"
)
_TITLE = re.compile(r"[^\W\d_](?:[^\d]*[^\W\d_])?[.:]?")
_DAYS_AHEAD = {"wczoraj": -1, "jutro": 1, "pojutrze": 2}
_LESS_OF_A_NAME = re.compile(
    r"(?:więcej|zwiastun|trailer|szczegóły|opis|zobacz|czytaj|recenzj\w*)\b|[»›…]", re.IGNORECASE
)
_NOTE_CLASS = re.compile(
    r"(?:.*[-_])?(?:ads?|advert\w*|banner|reklama|promo\w*|sponsor|legend\w*|note|info|uwag[ai]|spacer|separator)"
)
_NOTE_WORDS = re.compile(
    r"reklam|legend|objaśni|oznacz|uwag|sponsor|promoc|konkurs|bilet|\bkup |newsletter|polec|partner|zobacz|więcej"
    r"|pobierz|aplikacj|rabat|zniżk|cennik|informacj|kliknij|sprawdź|napisy =|[–=-] (?:napisy|dubbing|lektor)|^[*(]",
    re.IGNORECASE,
)
_HEADING_CLASS = re.compile(r"(?:.*[-_])?(?:film|movie|title|tytul|preview-link)")


@dataclass(frozen=True, slots=True)
class Named:
    """A film or a cinema as a programme names it."""

    slug: str
    name: str


class Showing(NamedTuple):
    """An hour of a row, with its ticket."""

    hour: Hour
    ticket_url: str | None = None
    version: str = ""


@dataclass(slots=True)
class Reading:
    """What a page's rows came to: (film, cinema, showings) of each row, and what was not understood."""

    lists: list[tuple[Named, Named, list[Showing]]] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)
    another_day: str = ""  # under which the rows stand
    empty: bool = False  # a row says that there is no programme
    in_one_list: bool = False  # the page lists the whole day's hours in order

    def not_understood(self, row: Row, reason: str, *, film: str = "", text: str = "", place: str = "") -> None:
        place = f"{row.place}{place}"
        self.unread.append(UnreadRow(place[:LONGEST_ROW], text[:LONGEST_ROW] or row.text, reason, film))

    def is_of_another_day(self, row: Row, date: dt.date, today: dt.date, *, first: bool, told: bool) -> bool:
        """Whether a row is the heading of another day, or stands under one; `told` keeps it as not understood."""
        if self.another_day == SIDE_BY_SIDE or has_days_side_by_side(row):
            self.another_day = SIDE_BY_SIDE
            if told:
                self.not_understood(row, f"it is of several days: {SIDE_BY_SIDE}")
            return True
        said = another_day(row, date, today, first=first)
        if said is not None:
            self.another_day = row.text if said else ""
        elif self.another_day and told:
            self.not_understood(row, f"it stands under another day: {self.another_day}")
        return bool(self.another_day)


def films(row: Row) -> dict[str, list[Link]]:
    """The links of a row to films, by slug; a poster beside its title is of the same film."""
    found: dict[str, list[Link]] = {}
    for cell in row.cells:
        for link in cell.films:
            found.setdefault(link.target.slug, []).append(link)
    return found


def hides_a_film(row: Row, films: Mapping[str, object]) -> bool:
    """Whether a part of a row that isn't shown links to a film that nothing else in it does."""
    return any(slug not in films for cell in row.cells if cell.hidden_films for slug in cell.hidden_films)


def named(slug: str, found: Iterable[Link]) -> Named | None:
    """What links to one page call it; None when they say nothing."""
    links = list(found)
    names = [said for link in links if (said := link.said)] or [name for link in links if (name := link.name)]
    best = next((name for name in names if not _LESS_OF_A_NAME.match(name)), names[0] if names else "")
    return Named(slug, best[:LONGEST_NAME].strip()) if best else None


def hour_cells(row: Row, *, marked: bool) -> list[Cell]:
    """The cells of a row that hold hours; only where the page marks them up as hours, if `marked`."""
    cells = []
    for cell in row.cells:
        units = cell.units
        if marked or units:
            # Beside a film's link alone, a time that links nowhere is how long the film is.
            alone = marked and not row.links_to(CINEMA)
            holds = any(not marked or unit.linked or (not alone and hours.has_clock(unit.text)) for unit in units)
        else:
            holds = not cell.names.cinema and any(map(hours.has_clock, cell.texts))
        if holds:
            cells.append(cell)
    return cells


def names_a_cinema(row: Row) -> bool:
    """Whether a row without hours is a cinema's."""
    if any(cell.names.cinema for cell in row.cells):
        return True
    return len(row.cells) > 1 and any(not link.is_ticket for link in row.links_to(CINEMA))


def is_film_cell(row: Row, of_hours: Sequence[Cell]) -> bool:
    """Whether a row's link to a film stands in a cell of its own ahead of the hours, as a heading would."""
    for cell in row.cells:
        if cell in of_hours:
            return False
        for link in cell.links_to(FILM):
            called = any("film" in name for name in link.names.tokens)
            called = called or cell.tag == "th" or any(map(_HEADING_CLASS.fullmatch, cell.names.tokens))
            return called and not cell.links_to(CINEMA) and not _LESS_OF_A_NAME.match(link.name)
    return False


NO_CINEMA = "no link to a cinema"


def cinema(row: Row, *, of_hours: Sequence[Cell] = ()) -> tuple[Named | None, str]:
    """The cinema that a row names, or None and the reason; `of_hours` are the cells that hold its hours.

    Its cell is called so, or else links to it and holds no hours: a ticket's link must not become a cinema.
    """
    cells = [cell for cell in row.cells if cell.names.cinema]
    cells = cells or [cell for cell in row.cells if cell not in of_hours] or row.cells[:1]
    found: dict[str, list[Link]] = {}
    for cell in cells:
        for item in cell.items:
            if isinstance(item, Unit) or (isinstance(item, str) and hours.has_clock(item)):
                break  # what follows an hour is its ticket
            if isinstance(item, Link) and item.target.kind is CINEMA and not item.is_ticket:
                found.setdefault(item.target.slug, []).append(item)
    if len(found) != 1:
        return None, "several cinemas" if found else NO_CINEMA
    ((slug, of_it),) = found.items()
    name = named(slug, of_it)
    return (name, "") if name else (None, "a cinema without a name")


def cinema_span(row: Row) -> int:
    """The rows that the cell of a row's cinema covers."""
    cells = [cell for cell in row.cells if cell.names.cinema or cell.links_to(CINEMA)]
    return cells[0].rowspan if cells else 1


def showings(page: Page, cells: Sequence[Cell], date: dt.date) -> tuple[list[Showing], list[tuple[str, str]]]:
    """The showings in the cells of hours, and (text, reason) of each hour that can't be read."""
    found: list[Showing] = []
    problems: list[tuple[str, str]] = []
    for cell in cells:
        label, begun, leads = "", False, False
        for item in cell.items:
            if isinstance(item, Unit):
                begun = True
                said = "struck out" if item.struck else ""
                text = item.text
                written = hours.read(text)
                if said or not written.hours:
                    problems.append((text.strip(), said or written.reason))
                    continue
                if item.day and not _is_of(item.day, date, written.hours):
                    problems.append((text.strip(), f"of another day: {item.day}"))
                    continue
                ticket = None
                for href in item.tickets:
                    ticket = ticket or http_link(page.base, href)
                title = ""
                for tooltip in item.titles:
                    title = title or (hours.version(tooltip) if hours.is_version(tooltip) else "")
                ahead = label if leads else ""
                for hour in written.hours:
                    version = hours.join(ahead, hour.version, title) if ahead or title else hour.version
                    found.append(Showing(hour, ticket, version))
            elif isinstance(item, str):
                if hours.has_clock(item):
                    begun = True
                    written = hours.read(item)
                    if written.hours and all(not h.version or hours.is_version(h.version) for h in written.hours):
                        found.extend(Showing(h, None, hours.join(label, h.version)) for h in written.hours)
                    else:
                        problems.append((item.strip(), written.reason or "words beside a time"))
                elif hours.is_version(item):
                    if not begun:
                        leads = True
                    if leads:
                        label = hours.version(item)
                    elif found:
                        found[-1] = _with(found[-1], version=hours.join(found[-1].version, hours.version(item)))
                elif hours.hides_an_hour(item):
                    problems.append((item.strip(), "no time like 10:30"))
            elif found and item.is_ticket and found[-1].ticket_url is None:
                found[-1] = _with(found[-1], ticket=http_link(page.base, item.href))
    return found, problems


def _is_of(said: SaidDate, date: dt.date, hours_: Sequence[Hour]) -> bool:
    """Whether the day that is given with hours is the programme's; what starts after midnight may be of the next."""
    by_night = all(hour.midnight or hour.time < SMALL_HOURS_END for hour in hours_)
    return said.is_of(date) or (by_night and said.is_of(date + dt.timedelta(days=1)))


def _with(showing: Showing, *, version: str | None = None, ticket: str | None = None) -> Showing:
    return Showing(showing.hour, ticket or showing.ticket_url, showing.version if version is None else version)


def ticket_links(row: Row) -> list[str]:
    """The addresses at which a row's links sell tickets."""
    found: list[str] = []
    for cell in row.cells:
        for item in cell.items:
            if isinstance(item, Unit):
                found += item.tickets
            elif isinstance(item, Link) and item.is_ticket:
                found.append(item.href)
    return found


def version_beside(row: Row) -> str:
    """What a row says of its one showing: in texts, badges and tooltips beside its links."""
    said = []
    for cell in row.cells:
        for item in cell.items:
            if isinstance(item, str) and hours.is_version(item):
                said.append(hours.version(item))
            elif isinstance(item, Unit):
                said += [hours.version(text) for text in item.titles if hours.is_version(text)]
    return hours.join(*said)


def is_date_row(row: Row) -> bool:
    """Whether a row says a date and nothing else."""
    return is_called_date(row) or (len(row.cells) <= 2 and is_date(row.text))


def own_words(date: dt.date, today: dt.date) -> set[str]:
    """The words like "jutro" that name `date`."""
    return {word for word, ahead in _DAYS_AHEAD.items() if today + dt.timedelta(days=ahead) == date}


def has_days_side_by_side(row: Row) -> bool:
    """Whether a row heads columns of several days: a showing is then of the day above it."""
    if len(row.cells) < 2:
        return False
    said = {date for cell in row.cells if cell.tag == "th" or not cell.units for date in find_dates(cell.loose)[:1]}
    return len(said) > 1


def another_day(row: Row, date: dt.date, today: dt.date, *, first: bool) -> bool | None:
    """Whether a row says that what stands under it is of another day than `date`; None when it says no day. The
    `first` heading of a page may call its own day "jutro".
    """
    if row.links_to(FILM) or row.links_to(CINEMA):
        return None
    text = row.text
    if is_date(text) or hours.at_the_head(text):
        said = read_date(text)
        try:
            day = said.near(today) if said else None
        except ValueError:  # a film may be called "Środa, 9 maja"
            day = None
        if day is not None and (day == date or abs(day - date) <= NEAR or (said and said.weekday is not None)):
            return day != date
    if word := hours.says_another_day(text):
        return not (first and today + dt.timedelta(days=_DAYS_AHEAD[word]) == date)
    with suppress(ValueError):
        return weekday_number(text.strip(" :.,-")) != date.weekday()
    return None


def is_called_date(row: Row) -> bool:
    """Whether a row or a cell of it is called a date, or a day."""
    return row.names.date or any(cell.names.date for cell in row.cells)


def is_note(row: Row, shapes: Set[tuple[str, ...]]) -> bool:
    """Whether a row says something that is no part of the programme: an advertisement, a legend, nothing at all."""
    if any(map(_NOTE_CLASS.fullmatch, row.classes)):
        return True
    return not _may_be_a_heading(row, shapes) and (not row.text or bool(_NOTE_WORDS.search(row.text)))


def is_blank(row: Row, shapes: Set[tuple[str, ...]]) -> bool:
    """Whether a row says nothing: at most it shows a picture that leads elsewhere. A heading's cell that is empty has
    lost its film.
    """
    if row.text or _may_be_a_heading(row, shapes):
        return False
    return bool(row.links_to(TICKET)) or not row.shows_a_picture()


def _may_be_a_heading(row: Row, shapes: Set[tuple[str, ...]]) -> bool:
    return any(cell.headed for cell in row.cells) or ("th" in row.shape and any("th" in shape for shape in shapes))


def is_titles(row: Row) -> bool:
    """Whether a row names the columns: "Kino", "Godziny"."""
    named = [cell.loose for cell in row.cells if cell.tag == "th" and cell.loose]
    return len(named) > 1 and all(map(_TITLE.fullmatch, named))


def looks_like_a_heading(row: Row, shapes: Set[tuple[str, ...]]) -> bool:
    """Whether a row without the link of a heading is made like one: like the page's others, or by its classes."""
    if len(row.cells) > 1 and row.shape not in shapes:
        return False
    return (
        row.shape in shapes
        or any(cell.tag == "th" or cell.headed for cell in row.cells)
        or any(map(_HEADING_CLASS.fullmatch, row.classes))
    )


def starts(day: dt.date, lists: Sequence[Sequence[dt.time]]) -> list[list[dt.datetime | None]]:
    """The start of each time of a page's lists under one day, in their order; None where nothing says which night.

    How the site dates a time after midnight is not known. Our reading: a time before 05:00 that stands behind one
    from noon on belongs to the night that follows, on the next date; one that stands ahead of the day's others is on
    the page's own. Where a list says neither, such as a cinema's only showtime, it is as all lists of the page say
    that say anything; where they say nothing or contradict, it is not known.
    """
    said = [_nights(times) for times in lists]
    told = {night for row in said for night in row if night is not None}
    otherwise = next(iter(told)) if len(told) == 1 else None
    next_day = day + dt.timedelta(days=1)

    def start(time: dt.time, night: bool | None) -> dt.datetime | None:
        if time >= SMALL_HOURS_END:
            return dt.datetime.combine(day, time)
        by_night = otherwise if night is None else night
        return None if by_night is None else dt.datetime.combine(next_day if by_night else day, time)

    return [list(map(start, times, row)) for times, row in zip(lists, said, strict=True)]


def _nights(times: Sequence[dt.time]) -> list[bool | None]:
    """Of each time whether its list has it in the night after the day; None where it doesn't say."""
    nights: list[bool | None] = [None] * len(times)
    if not any(time < SMALL_HOURS_END for time in times):
        return nights
    last_of_day = max((n for n, time in enumerate(times) if time >= SMALL_HOURS_END), default=-1)
    after_noon = False
    for n, time in enumerate(times):
        if time < SMALL_HOURS_END:
            nights[n] = True if after_noon else (False if n < last_of_day else None)
        after_noon = after_noon or time >= NOON
    return nights


def conclude(page: Page, date: dt.date, reading: Reading, statements: Mapping[str, str], *, whole: bool) -> Programme:
    """The programme of a verified page; ExtractionError when not one showtime was understood, unless it says why.

    A showtime listed twice is one record: the first that has a ticket link, else the first.
    """
    unique: dict[str, ListedShowtime] = {}
    times = [[showing.hour.time for showing in row] for _, _, row in reading.lists]
    if reading.in_one_list:
        (line,) = starts(date, [[time for row in times for time in row]])
        dated = [[start] for start in line]
    else:
        dated = starts(date, times)
    for (film, cinema, row), row_starts in zip(reading.lists, dated, strict=True):
        for showing, start in zip(row, row_starts, strict=True):
            if start is None and not showing.hour.midnight:
                place = f"film {film.name}, cinema {cinema.name}"
                text = f"{showing.hour.time:%H:%M}"
                reading.unread.append(UnreadRow(place[:LONGEST_ROW], text, "nothing says of which night", film.slug))
                continue
            if start is None or showing.hour.midnight:
                start = dt.datetime.combine(date + dt.timedelta(days=1), showing.hour.time)
            listed = showtime(film, cinema, date, start, showing)
            known = unique.setdefault(listed.external_id, listed)
            if known is not listed:
                unique[listed.external_id] = _merged(known, listed)
    empty = not unique and not reading.unread and (reading.empty or says_empty(page))
    if not unique and not empty:
        if reading.unread:
            first = reading.unread[0]
            raise page.error("programme", expected="a row that is understood", found=f"{first.reason}: {first.text}")
        raise page.error(
            "programme", expected="showtimes or 'Brak repertuaru': the layout changed", found="neither of them"
        )
    return Programme(
        date=date,
        empty=empty,
        showtimes=tuple(unique.values()),
        statements=statements,
        unread=tuple(reading.unread),
        whole=whole,
    )


def showtime(film: Named, cinema: Named, day: dt.date, start: dt.datetime, showing: Showing) -> ListedShowtime:
    """The record of one showing. The only place where an `external_id` is made, so that both page kinds agree on it."""
    return ListedShowtime(
        f"{film.slug}|{cinema.slug}|{start.isoformat('T', 'minutes')}",
        film.slug,
        film.name,
        cinema.slug,
        cinema.name,
        day,
        start,
        showing.ticket_url,
        showing.version,
    )


def _merged(one: ListedShowtime, other: ListedShowtime) -> ListedShowtime:
    """One record of a showtime that is listed twice."""
    first, second = (other, one) if one.ticket_url is None and other.ticket_url is not None else (one, other)
    return first if first.version or not second.version else replace(first, version=second.version)


def says_empty(page: Page) -> bool:
    """Whether the programme's own place says that there is none: a sentence of its own, in the page's content."""
    return any(
        is_small(element) and not is_aside(element) and says_no_programme(words(element))
        for element in _SENTENCES(page.root)
    )


def says_no_programme(text: str) -> bool:
    return len(text) <= LONGEST_SENTENCE and _NO_PROGRAMME.match(text) is not None
