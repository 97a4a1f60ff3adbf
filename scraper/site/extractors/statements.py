"""What a page says of its own date. Nothing of a page is stored before it has passed here.

Each place is read by itself: it says a day, or it says nothing. One place that says the day that was asked for, and
none that says another, makes a verified page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import count, islice

from lxml import etree

from scraper.site.polish import LONGEST_DATE, SaidDate, find_dates, header_date, is_date, read_date

from . import calendar
from .errors import ExtractionError, WrongDay
from .hours import has_clock
from .hours.other_days import weekday_of
from .markup import Element, Page, attribute_date, clean, is_aside, is_small, open_page, tokens, words
from .rows import tables
from .rows.headed import right_above

MOST = 50  # of a kind of place are looked at

_CHOICES = {"select", "option", "button", "label"}
_BACK_OR_ON = {"prev", "previous", "next", "prev-day", "next-day", "poprzedni", "nastepny", "następny"}
_POINTS = re.compile(r"[^\w]*|[«‹←◀◄⟵<].*[^»›→▶►⟶>]|[^«‹←◀◄⟵<].*[»›→▶►⟶>]")  # "« czwartek, 26 listopada"
_LEADS_ELSEWHERE = re.compile(rf"{_POINTS.pattern}|.*\b(?:jutro|pojutrze|wczoraj|następn\w+|poprzedn\w+)\b.*", re.I)
_DISPLAY_NONE = re.compile(r"display\s*+:\s*+none", re.IGNORECASE)
_TITLES = {"h1", "h2", "h3", "h4", "h5", "h6", "caption", "tr", "th", "td"}
_FILM = etree.XPath("boolean(.//a[contains(@href, '/film/')])")
_OUTSIDE_LINKS = etree.XPath(".//text()[not(ancestor::a)]", smart_strings=False)
_OWN = {"h1", "h2", "caption"}
_LISTING = re.compile(r"\b(?:repertuar|program|seans(?:e|ów|y)\b)", re.IGNORECASE)
_OF_CINEMAS = re.compile(r"\b(?:kin(?:o|a|ach|ie)?|w|krak\w+|co|gdzie|grają|gramy|grane)\b", re.IGNORECASE)
_UPDATED = re.compile(  # behind the day
    r"\W*\b(?:aktualizacja|aktualizowan\w+|zaktualizowan\w+|ostatnia zmiana|stan na|opublikowan\w+|dodan[oey])\b.*",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(
    r"premier|zapowied|wydarze|konkurs|festiwal|archiw|aktualno|nowo[śs]|aktualiz|stan na|opublikowan|dodan",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A place of the page that names a day."""

    place: str
    text: str
    said: SaidDate

    def date(self, today: dt.date) -> dt.date | None:
        """The date that is meant: without a year the nearest to `today`; None when its weekday doesn't fit that."""
        try:
            return self.said.near(today)
        except ValueError:
            return None


def read(page: Page, programme: Sequence[Element]) -> list[Statement]:
    """All that the page says of its date, in the order in which people look for it; `programme` are its tables."""
    found = [
        *_date_headers(programme),
        *_active_cell(page),
        *_day_select(page),
        *_headings(page, programme),
        *_attributes(programme),
    ]
    return list(dict.fromkeys(found))


def of_page(html: str, *, url: str) -> list[Statement]:
    """All that a programme page says of its date, whatever day that is."""
    page = open_page(html, url=url)
    return read(page, tables.read(page).tables)


def day_of(statements: Sequence[Statement], *, url: str, today: dt.date) -> dt.date:
    """The one date that all statements name; ExtractionError when there is none, WrongDay when they contradict."""
    dates = {statement.date(today): statement for statement in statements}
    if len(dates) > 1:
        found = ", ".join(f"{statement.place}: {statement.text}" for statement in dates.values())
        raise WrongDay(url=url, place="date", expected="one day", found=found)
    date = next(iter(dates), None)
    if date is None:
        raise ExtractionError(url=url, place="date", expected="a day that the page says it is of", found="")
    return date


def verify(page: Page, statements: Sequence[Statement], date: dt.date, *, today: dt.date) -> dict[str, str]:
    """The places that say `date`, with their text. WrongDay when one says another; ExtractionError when none says any.

    A day without a year is the one nearest to `today`; one whose weekday doesn't fit that is another day.
    """
    for statement in statements:
        said = statement.date(today)
        if said != date:
            found = str(said or statement.said)
            raise page.error(statement.place, expected=date.isoformat(), found=found, kind=WrongDay)
    if not statements:
        raise page.error("date", expected=f"{header_date(date)}, said by any place of the page", found="")
    return by_place(statements)


def by_place(statements: Sequence[Statement]) -> dict[str, str]:
    """{place: text}; a second one of a place is numbered."""
    places: dict[str, str] = {}
    for statement in statements:
        numbers = (statement.place if n == 1 else f"{statement.place} {n}" for n in count(1))
        places[next(place for place in numbers if place not in places)] = statement.text
    return places


def _date_headers(programme: Sequence[Element]) -> Iterator[Statement]:
    for table in programme[:MOST]:
        around = set(table.iterancestors())
        called = [*islice(filter(_is_called_a_date, table.iter("th", "td", "caption")), MOST)]
        first = (
            row
            for row in islice(table.iter("tr"), 3)
            if not (len(row) == 1 and row[0] in called and not row.attrib)  # which says the same
            and is_small(row)
            and not has_clock(words(row))
            and is_date(_own_words(row))
        )
        for cell in [*called, *first]:
            if is_small(cell) and not _FILM(cell) and not _is_in_a_link(cell, but=around):
                # Links beside the date lead to other days. A header that itself names two is not of one day.
                own = _UPDATED.sub("", clean(" ".join(_OUTSIDE_LINKS(cell))))
                shown = _own_words(cell)
                dates = {} if read_date(shown) else dict.fromkeys(find_dates(own))
                yield from (Statement("date header", own, said) for said in dates)
                yield from _says("date header", cell, shown)


def _is_called_a_date(cell: Element) -> bool:
    names = cell.get("class")
    return names is not None and ("date" in names or "day" in names) and "premier" not in names


def _active_cell(page: Page) -> Iterator[Statement]:
    """The calendar's active day; a calendar that marks several days says nothing."""
    active = [cell for cell in calendar.cells(page) if cell.active]
    if len({cell.said for cell in active}) == 1 and active[0].said:
        yield Statement("calendar", active[0].text, active[0].said)


def _day_select(page: Page) -> Iterator[Statement]:
    selected = list(calendar.selected_options(page))
    said = {calendar.option_date(option) for option in selected}
    if len(said) == 1 and (date := said.pop()):
        yield Statement("day select", words(selected[0])[:LONGEST_DATE] or str(date), date)


def _headings(page: Page, programme: Sequence[Element]) -> Iterator[Statement]:
    """The page's own headings, and what stands right above the programme.

    A film may be called "Środa, 9 maja", a sidebar tells of premieres, and an h2 with an hour announces an
    event ("Noc Kin: sobota, 28 listopada, godz. 20:00"): none is the page's day.
    """
    films = cache(lambda: {words(link) for link, href in page.links if "/film/" in href})
    above = [element for table in programme[:MOST] for element in right_above(table, 2)]
    # What holds the programme too is not beside it: a banner's table that was left open.
    around = {element for table in programme[:MOST] for element in table.iterancestors()}
    for heading in dict.fromkeys([*islice(page.root.iter("h1", "h2", "caption"), MOST), *above]):
        if is_small(heading) and not is_aside(heading, but=around) and not _FILM(heading):
            if _is_in_a_link(heading, but=around):
                continue
            said = _own_words(heading)
            if (
                said
                and (
                    is_date(said) or weekday_of(said) is not None or (heading.tag in _OWN and _is_of_a_programme(said))
                )
                and (heading.tag != "h2" or _LISTING.search(said) or not has_clock(said))
                and not any(said in film for film in films())
            ):
                yield from _says("heading", heading, said)


def _attributes(programme: Sequence[Element]) -> Iterator[Statement]:
    """Dates that the programme, or what it stands in, gives to programs."""
    for table in programme[:MOST]:
        for element in (table, *table.iterancestors()):
            if date := attribute_date(element):
                yield Statement("date attribute", str(date), date)


def _is_of_a_programme(heading: str) -> bool:
    listing = _LISTING.search(heading) or is_date(_OF_CINEMAS.sub(" ", heading))
    return bool(listing) and not _SOMETHING_ELSE.search(heading)


def _says(place: str, element: Element, own: str) -> Iterator[Statement]:
    """What a small element says by its `own` words, and what by an attribute; each may say nothing."""
    if said := read_date(own):
        yield Statement(place, own, said)
    for part in element.iter():
        if (date := attribute_date(part)) and not any(map(_is_a_choice, (part, *part.iterancestors()))):
            yield Statement("date attribute", str(date), date)


def _is_in_a_link(element: Element, *, but: Set[Element]) -> bool:
    """Whether an element stands in a link; one that was left open, around the programme too, is none of its own."""
    return any(link not in but for link in element.iterancestors("a"))


def _own_words(element: Element) -> str:
    """The clean text of an element without the days that can be chosen there, and without what nobody sees.

    A heading may itself be one link, to the page's own address; of several links, each leads to another day.
    """
    if any(map(_is_not_shown, (element, *element.iterancestors()))):
        return ""
    keeps_link = element.tag in _TITLES and sum(1 for _ in element.iter("a")) == 1
    said = _UPDATED.sub("", clean(" ".join(_own_texts(element, keeps_link))))
    return "" if is_date(said) and _POINTS.fullmatch(said) else said


def _own_texts(part: Element, keeps_link: bool) -> Iterator[str]:
    if _is_a_choice(part) or (part.tag == "a" and (not keeps_link or _LEADS_ELSEWHERE.fullmatch(words(part)))):
        return
    yield part.text or ""
    for child in part:
        yield from _own_texts(child, keeps_link)
        yield child.tail or ""


def _is_a_choice(part: Element) -> bool:
    """Whether a day is offered here, or hidden, rather than said."""
    return part.tag in _CHOICES or _is_not_shown(part) or not _BACK_OR_ON.isdisjoint(tokens(part))


def _is_not_shown(part: Element) -> bool:
    """Whether nobody sees an element. What only a screen reader says is for people, and counts."""
    style = part.get("style")
    return (
        part.get("hidden") is not None
        or (style is not None and _DISPLAY_NONE.search(style) is not None)
        or (part.tag == "details" and part.get("open") is None and next(part.iter("table"), None) is None)
    )
