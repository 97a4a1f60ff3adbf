"""Which tables of a page are its programme, and their rows.

The site calls it `table.repert`. Where nothing is called so, it is the table whose rows are a programme's. Tables
beside the content, and hidden ones, are it only when no other is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import partial

from lxml import etree

from scraper.site.extractors.hours.other_days import says_another_day
from scraper.site.extractors.links import host_of
from scraper.site.extractors.markup import Element, Page, is_hidden, is_small, stands_aside, tokens, words
from scraper.site.extractors.swallowed import SWALLOWED

from . import Row, blocks
from .cells import MOST_PARTS_OF_A_PAGE, TooMuch
from .headed import heads, of_day, right_above
from .making import MOST_ROWS
from .reader import Reader

MOST_TABLES = 300  # that are looked at

_TABLE_PARTS = ("table", "tbody", "thead", "tfoot")
# Elements, and where they stand as they should.
_PLACES = {
    "table": (),
    "tbody": ("table",),
    "thead": ("table",),
    "tfoot": ("table",),
    "tr": _TABLE_PARTS,
    "td": ("tr", *_TABLE_PARTS),
    "th": ("tr", *_TABLE_PARTS),
    SWALLOWED: _TABLE_PARTS,
}
_TABLES = etree.XPath("//table")
_CLOCK = re.compile(r"(?<![0-9.])[0-9]{1,2}[:.][0-9]{2}(?![0-9.])")
_CALLED = re.compile(
    r"(?:^|[ _-])(?:repertuar|repertoire|showtimes|program(?:me)?|schedule|seanse)(?=$|[ _-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The programme's tables, and all rows that belong to it in the page's order."""

    tables: list[Element]
    rows: list[Row]


def read(page: Page, *, date: dt.date | None = None, own: Set[str] = frozenset()) -> Tables:
    """The programme's tables and rows; both empty when the page has none. `own` are words like "jutro" that name the
    day asked for, which is `date`.
    """
    table_of = _rows_of(page)
    tables = _chosen(page, table_of.values(), date, own)
    if not tables and blocks.make_table(page):
        table_of = _rows_of(page)
        tables = _chosen(page, table_of.values(), date, own)
    if not tables:
        return Tables([], [])
    tops = {table: [part for part in heads(table) if is_small(part)] for table in tables}
    astray = _astray(table_of, tops)
    regions = [*tables, *astray]
    around: set[Element] = set()
    if astray:
        region = _around_all(regions)
        around = {element for table in tables for element in table.iterancestors()}
        regions = [region]
    reader = Reader(host_of(page.url), partial(_holding, regions), around=around, tops=tops)
    try:
        for region in regions:
            if astray:
                _read_between(reader, region, first=tables[0], last=astray[-1])
            else:
                reader.read(region)
    except TooMuch:
        expected = f"at most {MOST_ROWS} rows, and {MOST_PARTS_OF_A_PAGE} elements in them"
        raise page.error("programme", expected=expected, found="more") from None
    return Tables(tables, list(_filled(reader.rows)))


def _filled(rows: list[Row]) -> Iterator[Row]:
    """The rows that hold something. What stands above a table is said of the first of these."""
    above = None
    for row in rows:
        row.above = above if row.above is None else row.above
        above = None
        if row.cells or row.doubt:
            yield row
        else:
            above = row.above


def _astray(table_of: Mapping[Element, Element | None], tops: Collection[Element]) -> list[Element]:
    """The rows behind the programme's tables that stand in no table, or in one around it, because a table was closed
    too soon.
    """
    around = {outer for table in tops for outer in table.iterancestors("table")}
    inside: dict[Element | None, bool] = {}
    astray: list[Element] = []
    ours = False  # whether the last row belongs to the programme
    for row, table in table_of.items():
        if table not in inside:
            inside[table] = table in tops or (
                table is not None and any(outer in tops for outer in table.iterancestors("table"))
            )
        if not inside[table] and ours and (table is None or table in around):
            if not any(table_of.get(outer) in tops for outer in row.iterancestors("tr")):
                astray.append(row)
            continue
        ours = inside[table]
    return astray if any(map(_shows_something, astray)) else []


def _shows_something(row: Element) -> bool:
    """Whether a row has what only a programme has."""
    return any("film/" in (href := link.get("href") or "") or "by_cinema/" in href for link in row.iter("a"))


def _around_all(elements: list[Element]) -> Element:
    """The innermost element that all of these stand in."""
    common = list(elements[0].iterancestors())
    for element in elements[1:]:
        theirs = set(element.iterancestors())
        common = [outer for outer in common if outer in theirs]
    return common[0]


def _holding(regions: list[Element]) -> set[Element]:
    """The elements that hold rows or cells without being a table, or a part of one."""
    holding: set[Element] = set()
    for region in regions:
        for element in region.iter(*_PLACES):
            up = element.getparent()
            if up is None or element is region or up.tag in _PLACES[str(element.tag)]:
                continue
            while up is not None and up is not region and up.tag not in _TABLE_PARTS and up not in holding:
                holding.add(up)
                up = up.getparent()
    return holding


def _read_between(reader: Reader, region: Element, *, first: Element, last: Element) -> None:
    """Read what a region holds from the programme's first table to the last row that stands astray."""
    begins, ends = {first, *first.iterancestors()}, {last, *last.iterancestors()}
    begun = False
    for child in region:
        begun = begun or child in begins
        if begun:
            reader.read(child)
            reader.text(child.tail)
        if child in ends:
            break


def _rows_of(page: Page) -> dict[Element, Element | None]:
    rows = dict(_nearest(page))
    if len(rows) > MOST_ROWS:
        raise page.error("programme", expected=f"at most {MOST_ROWS} rows", found=f"{len(rows)}")
    return rows


def _nearest(page: Page) -> Iterator[tuple[Element, Element | None]]:
    """Each row of the page, and each cell outside rows, with the table that it stands in."""
    parent, table = None, None
    for element in page.root.iter("tr", "td", "th"):
        up = element.getparent()
        if up is None or (element.tag != "tr" and up.tag == "tr"):
            continue
        if up is not parent:
            parent = up
            table = next(element.iterancestors("table"), None)
        yield element, table


def _chosen(page: Page, filled: Collection[Element | None], date: dt.date | None, own: Set[str]) -> list[Element]:
    """The outermost tables that are called a programme, else the one that is filled like one.

    What is headed by another day's name is none. What stands aside is one only when nothing else is; then come those
    headed by the own day's name ("jutro"), and what is hidden only when all is.
    """
    filled = set(filled)
    named = [(t, _another_day(t)) for t in _TABLES(page.root)[:MOST_TABLES] if t in filled]
    tables = [table for table, word in named if not word]
    around = {table: [table, *table.iterancestors()] for table in tables}
    places = set().union(*around.values())  # asked once: tables share what is around them
    hidden = set(filter(is_hidden, places))
    seen = [table for table in tables if hidden.isdisjoint(around[table])]
    left_open = set(page.end.iterancestors())  # a banner around all that follows is none
    aside = set(filter(stands_aside, places - left_open))
    content = [table for table in seen if aside.isdisjoint(around[table])]
    today = [table for table, word in named if word in own]
    # What is headed by another day is read only where nothing else is in the same place.
    for candidates, even in (
        (content, False),
        (today, False),
        (content, True),
        (seen, True),
        (today, True),
        (tables, True),
    ):
        if chosen := _programme(page, candidates, date, own, even=even):
            return [table for table in chosen if set(chosen).isdisjoint(table.iterancestors("table"))]
    return []


def _programme(
    page: Page, candidates: list[Element], date: dt.date | None, own: Set[str], *, even: bool
) -> list[Element]:
    """Those of some tables that are called a programme, else the one filled like one; `even` those of another day."""
    called = [table for table in candidates if "repert" in tokens(table)]
    alike = [t for t in candidates if _CALLED.search(f"{t.get('class') or ''} {t.get('id') or ''}")]
    if date is None:
        return called or alike or _with_films(page, set(candidates))
    for kind in (called, alike):
        if found := of_day(kind, date, own):
            return found
    for kind in (called, alike, _with_films(page, {*candidates}.difference(called, alike))):
        if found := of_day(kind, date, own, certain=True):
            return found
    return (called or alike or _with_films(page, set(candidates))) if even else []


def _with_films(page: Page, filled: set[Element]) -> list[Element]:
    """The table that links to the most films, if there is a time in it."""
    films: dict[Element, set[str]] = {}
    for link, href in page.links:
        if "film/" in href:
            table = next(link.iterancestors("table"), None)
            if table is not None and table in filled:
                films.setdefault(table, set()).add(href)
    best = sorted(films, key=lambda table: -len(films[table]))[:3]
    return next(([table] for table in best if _CLOCK.search(words(table))), [])


def _another_day(table: Element) -> str:
    """The word by which what stands right above a table says that it is of another day."""
    return next(filter(None, (says_another_day(words(part)) for part in right_above(table, 1))), "")
