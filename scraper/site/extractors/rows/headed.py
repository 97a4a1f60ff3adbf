"""What heads a programme's table, and which of several tables are of the day asked for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Set
from itertools import islice

from scraper.site.extractors.hours import has_clock
from scraper.site.extractors.hours.other_days import later, named_in
from scraper.site.extractors.links import film_slug
from scraper.site.extractors.markup import Element, attribute_date, is_small, words
from scraper.site.polish import SaidDate, find_dates, is_date, read_date

LONGEST_HEADING = 100  # letters
_DATED = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}$")


def of_day(tables: list[Element], date: dt.date, own: Set[str], *, certain: bool = False) -> list[Element]:
    """Those of some tables that are of a date: not those that are given to programs as another day's, where some are
    given as this one's, nor those headed by what is shown later; prose with a date is not `certain` to head one.
    """
    given = {table: _given_day(table) for table in tables}
    if any(said and said.is_of(date) for said in given.values()):
        tables = [table for table in tables if not (said := given[table]) or said.is_of(date)]
    levels = (True,) if certain else (True, False)
    return [
        table
        for table in tables
        if not any(_names_another(part, date, own, certain=level) for part in heads(table) for level in levels)
    ]


def _names_another(heading: Element, date: dt.date, own: Set[str], *, certain: bool) -> bool:
    """Whether a heading names another day, or what is shown later; a date may be of something else, and isn't certain.
    Nor is a film's name a day, or a date alone, which contradicts the page.
    """
    said = words(heading) if is_small(heading) else ""
    if (
        not said
        or len(said) > LONGEST_HEADING
        or is_date(said)
        or any(film_slug(a.get("href") or "") for a in heading.iter("a"))
    ):
        return False
    if certain == bool(find_dates(said)) or has_clock(said):  # with an hour it announces an event
        return False
    return later(said, own) or (named_in(said, date) and own.isdisjoint(said.lower().split()))


def _given_day(table: Element) -> SaidDate | None:
    """The date that a table, or what it stands in, gives to programs: a tab of several is called "day-2026-11-28"."""
    for element in (table, *table.iterancestors()):
        if said := attribute_date(element):
            return said
        if match := _DATED.search(element.get("id") or ""):
            return read_date(match[0])
    return None


def heads(table: Element) -> Iterator[Element]:
    """What stands right above a table, and its caption."""
    yield from right_above(table, 1)
    yield from islice(table.iterchildren("caption"), 1)


def right_above(table: Element, most: int) -> Iterator[Element]:
    """What stands right above a table, or above what holds it; nothing of the tables before it."""
    element: Element | None = table
    for _ in range(3):
        if element is None or element.tag in ("body", "td", "th"):
            return
        for sibling in islice(element.itersiblings(preceding=True), most):
            if sibling.tag in ("td", "th", "tr", "li") or not is_small(sibling) or _holds_a_table(sibling):
                return
            yield sibling
        element = element.getparent()


def _holds_a_table(element: Element) -> bool:
    return next(element.iter("table"), None) is not None
