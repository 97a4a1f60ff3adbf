"""Which kind of page a page is, where its address doesn't say."""

from __future__ import annotations

from . import calendar, film, programme
from .hours import at_the_head
from .links import CINEMA, FILM
from .markup import open_page
from .rows import tables

KINDS = ("by_movie", "by_hour", "film", "calendar")


def guess(html: str, *, url: str) -> str | None:
    """The kind of a page by what it holds; None when it holds nothing that is known."""
    page = open_page(html, url=url)
    found = tables.read(page)
    beside = sum(1 for row in found.rows if row.links_to(FILM) and row.links_to(CINEMA))
    headings = sum(1 for row in found.rows if row.links_to(FILM) and not row.links_to(CINEMA))
    if beside or headings:
        hours = sum(1 for row in found.rows if not row.links_to(FILM) and at_the_head(row.text))
        return "by_hour" if beside > headings or hours > headings else "by_movie"
    if film.knows(page):
        return "film"
    if calendar.options(page):
        return "by_hour"
    if programme.says_empty(page) or found.rows:
        return "by_movie"
    return "calendar" if calendar.cells(page) else None
