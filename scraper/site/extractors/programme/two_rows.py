"""A cinema's name in a row of its own, and its hours in the next."""

from __future__ import annotations

from itertools import pairwise

from scraper.site.extractors.links import CINEMA
from scraper.site.extractors.rows import Link, Row, Unit


def joined(rows: list[Row]) -> list[Row]:
    """The rows, with those of cinemas and of their hours made one, where a page has each cinema's hours below its name.

    A cinema without hours below it makes that unsure for all of the page: they may be of another, whose name was lost.
    """
    below = dict(pairwise(rows))
    cinemas = set(filter(_is_a_cinema, rows))
    if len(cinemas) < 2 or not all(row in below and _is_hours(below[row]) for row in cinemas):
        return rows
    for row, hours in pairwise(rows):
        if row in cinemas:
            hours.cells = [*row.cells, *hours.cells]
            hours.parts = [*row.parts, *hours.parts]
    return [row for row in rows if row not in cinemas]


def _is_a_cinema(row: Row) -> bool:
    """Whether a row holds a link to a cinema and nothing else."""
    if row.doubt or row.above is not None or len(row.cells) != 1 or len(row.cells[0].items) != 1:
        return False
    (item,) = row.cells[0].items
    return isinstance(item, Link) and item.target.kind is CINEMA and not item.is_ticket


def _is_hours(row: Row) -> bool:
    """Whether a row holds marked hours and nothing else."""
    items = [item for cell in row.cells for item in cell.items]
    return not row.doubt and row.above is None and bool(items) and all(isinstance(item, Unit) for item in items)
