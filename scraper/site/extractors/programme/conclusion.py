"""What a page's rows came to, and the programme that is made of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from events.records import ListedShowtime, Programme, UnreadRow
from scraper.site.extractors.markup import Page, is_aside, is_small, words
from scraper.site.extractors.rows import LONGEST_ROW, Row

from .hour_links import contradicting, names_by_cinema
from .naming import Named
from .nights import starts
from .row_kinds import another_day, has_days_side_by_side
from .showings import Showing

NO_NIGHT = "nothing says of which night"
SIDE_BY_SIDE = "days side by side"
LONGEST_SENTENCE = 300  # in which a page says that it has no programme
_NO_PROGRAMME = re.compile(r"brak repertuaru(?! dla filmu| ?\?)", re.IGNORECASE)
_SENTENCES = etree.XPath(
    "(//text()[contains(translate(., 'REPTUA', 'reptua'), 'repertuaru')]/parent::*)[position() <= 20]"
)


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


def conclude(page: Page, date: dt.date, reading: Reading, statements: Mapping[str, str], *, whole: bool) -> Programme:
    """The programme of a verified page; ExtractionError when not one showtime was understood, unless it says why,
    or all are cancelled.

    A showtime listed twice is one record: the first that has a ticket link, else the first.
    """
    unique: dict[str, ListedShowtime] = {}
    times = [[showing.hour.time for showing in row] for _, _, row in reading.lists]
    if reading.in_one_list:
        (line,) = starts(date, [[time for row in times for time in row]])
        dated = [[start] for start in line]
    else:
        dated = starts(date, times)
    elsewhere = contradicting(names_by_cinema((cinema.slug, row) for _, cinema, row in reading.lists))
    written: dict[dt.datetime, str] = {}
    for (film, cinema, row), row_starts in zip(reading.lists, dated, strict=True):
        (film_slug, title), (cinema_slug, name) = film, cinema
        for (hour, ticket, version, linked), start in zip(row, row_starts, strict=True):
            if (start is None and not hour.midnight) or (elsewhere and (cinema_slug, linked) in elsewhere):
                place = f"film {title}, cinema {name}"
                reason = NO_NIGHT if start is None else "its link leads to another cinema's hours"
                reading.unread.append(UnreadRow(place[:LONGEST_ROW], f"{hour.time:%H:%M}", reason, film_slug))
                continue
            if start is None or hour.midnight:
                start = dt.datetime.combine(date + dt.timedelta(days=1), hour.time)
            said = written.get(start) or written.setdefault(start, start.isoformat("T", "minutes"))
            # The only place where an `external_id` is made, so that both page kinds agree on it.
            key = f"{film_slug}|{cinema_slug}|{said}"
            listed = ListedShowtime(key, film_slug, title, cinema_slug, name, date, start, ticket, version)
            if unique.setdefault(key, listed) is not listed:
                unique[key] = _merged(unique[key], listed)
    empty = not unique and not reading.unread and (reading.empty or says_empty(page))
    if not unique and not empty:
        if first := next((row for row in reading.unread if not row.is_cancelled), None):
            raise page.error("programme", expected="a row that is understood", found=f"{first.reason}: {first.text}")
        if not reading.unread:
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


def _merged(one: ListedShowtime, other: ListedShowtime) -> ListedShowtime:
    """One record of a showtime that is listed twice."""
    first, second = (other, one) if one.ticket_url is None and other.ticket_url is not None else (one, other)
    return first if first.version or not second.version else first._replace(version=second.version)


def says_empty(page: Page) -> bool:
    """Whether the programme's own place says that there is none: a sentence of its own, in the page's content."""
    return any(
        is_small(element) and not is_aside(element) and says_no_programme(words(element))
        for element in _SENTENCES(page.root)
    )


def says_no_programme(text: str) -> bool:
    return len(text) <= LONGEST_SENTENCE and _NO_PROGRAMME.match(text) is not None
