"""Which tables of a page are its programme, and their rows.

The site calls it `table.repert`. Where nothing is called so, it is the table whose rows are a programme's. Tables
beside the content, and hidden ones, are it only when no other is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from lxml import etree

from .links import CINEMA, FILM, host_of
from .markup import Element, Page, is_hidden, is_small, stands_aside, tokens, words
from .rows import Reader, Row

MOST_TABLES = 300  # that are looked at
MOST_ROWS = 10_000  # of all tables of a page; a day of 6,000 showtimes has some 2,500

_TABLES = etree.XPath("//table")
_ROWS = etree.XPath("//tr")
_CLOCK = re.compile(r"(?<![0-9.])[0-9]{1,2}[:.][0-9]{2}(?![0-9.])")
_ANOTHER_DAY = re.compile(r"(?:jutro|pojutrze|wczoraj)\b", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:^|[ _-])(?:repertuar|repertoire|showtimes|program(?:me)?|schedule|seanse)(?=$|[ _-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The programme's tables, and all rows that belong to it in the page's order."""

    tables: list[Element]
    rows: list[Row]


def read(page: Page) -> Tables:
    """The programme's tables and rows; both empty when the page has none."""
    table_of = dict(_nearest(page))
    if len(table_of) > MOST_ROWS:
        raise page.error("programme", expected=f"at most {MOST_ROWS} rows", found=f"{len(table_of)}")
    tables = _chosen(page, {table for table in table_of.values() if table is not None})
    if not tables:
        return Tables([], [])
    reader = Reader(host_of(page.url))
    chosen = set(tables)
    around = {outer for table in tables for outer in table.iterancestors("table")}
    inside: dict[Element | None, bool] = {}
    rows: list[Row] = []
    current: Element | None = None
    ours = False  # whether the last row that stands in a table belongs to the programme
    for element, table in table_of.items():
        if table not in inside:
            inside[table] = table is not None and not chosen.isdisjoint(table.iterancestors("table"))
            if inside[table] and rows and _says_another_day(rows[-1]):
                inside[table] = False
        # Rows behind a table that was closed too soon stand in no table, or in one around it.
        astray = ours and (table is None or table in around)
        if table not in chosen and not inside[table] and not astray:
            ours = False
            continue
        ours = True
        row = reader.row(element, len(rows) + 1, nested=inside[table])
        if row.nested and rows and row.is_only_hours() and _is_inside(element, rows[-1].element):
            rows[-1].cells += row.cells
            continue
        if table is not None and table in chosen and table is not current:
            current = table
            row.above = [reader.cell(part) for part in right_above(table, 1) if is_small(part)]
        rows.append(row)
    return Tables(tables, rows)


def right_above(table: Element, most: int) -> Iterator[Element]:
    """What stands right above a table, or above what holds it; nothing of the tables before it."""
    element: Element | None = table
    for _ in range(3):
        if element is None or element.tag in ("body", "td", "th"):
            return
        for sibling in islice(element.itersiblings(preceding=True), most):
            if sibling.tag in ("table", "td", "th", "tr", "li") or not is_small(sibling):
                return
            yield sibling
        element = element.getparent()


def _is_inside(element: Element, row: Element) -> bool:
    """Whether a row stands in a table inside another row."""
    table = next(element.iterancestors("table"), None)
    return table is not None and next(table.iterancestors("tr"), None) is row


def _nearest(page: Page) -> Iterator[tuple[Element, Element | None]]:
    """Each row of the page with the table that it stands in."""
    parent, table = None, None
    for row in _ROWS(page.root):
        if row.getparent() is not parent:
            parent = row.getparent()
            table = next(row.iterancestors("table"), None)
        yield row, table


def _chosen(page: Page, filled: set[Element]) -> list[Element]:
    """The outermost tables that are called a programme, else the one that is filled like one.

    What is headed by another day's name is none; what is hidden or stands aside is one only when nothing else is.
    """
    tables = [t for t in _TABLES(page.root)[:MOST_TABLES] if t in filled and not _is_of_another_day(t)]
    left_out = cache(lambda element: is_hidden(element) or stands_aside(element))  # tables share what is around them
    seen = [t for t in tables if not any(map(left_out, (t, *t.iterancestors())))]
    for candidates in (seen, tables):
        called = [table for table in candidates if "repert" in tokens(table)]
        called = called or [t for t in candidates if _CALLED.search(f"{t.get('class') or ''} {t.get('id') or ''}")]
        if chosen := called or _with_films(page, set(candidates)):
            return [table for table in chosen if set(chosen).isdisjoint(table.iterancestors("table"))]
    return []


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


def _says_another_day(row: Row) -> bool:
    return not row.links(FILM) and not row.links(CINEMA) and _ANOTHER_DAY.match(row.text) is not None


def _is_of_another_day(table: Element) -> bool:
    return any(_ANOTHER_DAY.match(words(part)) for part in right_above(table, 1))
