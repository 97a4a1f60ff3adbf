"""A programme of blocks, without a table: its blocks become rows.

What is one row is told by what it holds: a film's link, or a cinema's link with its hours. The tree is changed, so that
the rest reads it, and doubts it, as any other programme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from itertools import islice
from typing import NamedTuple

from lxml import etree

from scraper.site.extractors.hours import has_clock
from scraper.site.extractors.links import CINEMA, FILM, HOUR, host_of, target
from scraper.site.extractors.markup import Element, Page, is_hidden, is_small, stands_aside, words

MOST_ELEMENTS = 150_000
MOST_FILMS = 50  # whose blocks are looked at, until one holds a programme
MOST_TRIED = 5
_CALLED = re.compile(
    r"(?:^|[ _-])(?:repert|repertuar|repertoire|showtimes|program(?:me)?|schedule|seanse)(?=$|[ _-])", re.IGNORECASE
)
_BLOCKS = {"div", "section", "article", "ul", "ol", "li", "dl", "main", "header", "form"}
_CELLS = {*_BLOCKS, "p", "dd", "dt", "span"}


class _Held(NamedTuple):
    """What an element holds, with all that is in it: films and cinemas, of each not more than two, and hours."""

    films: Set[str] = frozenset()
    cinemas: Set[str] = frozenset()
    hours: bool = False

    def beside(self, other: _Held) -> _Held:
        if other is _NOTHING:
            return self
        films, cinemas = self.films | other.films, self.cinemas | other.cinemas
        return _Held(frozenset(list(films)[:2]), frozenset(list(cinemas)[:2]), self.hours or other.hours)


_NOTHING = _Held()


def make_table(page: Page) -> bool:
    """Make a table of the block that is called a programme, if it holds films, cinemas and hours; else false."""
    host = host_of(page.url)
    films = [link for link, href in page.links if target(href, host).kind is FILM]
    if any(next(link.iterancestors("table", "tr", "td", "th"), None) is not None for link in films):
        return False
    called = dict.fromkeys(block for link in films[:MOST_FILMS] for block in link.iterancestors() if _is_called(block))
    for block in islice(called, MOST_TRIED):
        held = _all_held(block, host)
        if len(held[block].films) > 1 and held[block].cinemas and held[block].hours:
            _make_rows(block, held)
            block.tag = "table"
            return True
    return False


def _is_called(block: Element) -> bool:
    names = f"{block.get('class') or ''} {block.get('id') or ''}"
    return block.tag in _BLOCKS and names != " " and _CALLED.search(names) is not None and not stands_aside(block)


def _all_held(block: Element, host: str) -> Mapping[Element, _Held]:
    """What a block and all elements in it hold; what is hidden or stands aside holds nothing."""
    elements = list(block.iter())[:MOST_ELEMENTS]
    held = dict.fromkeys(elements, _NOTHING)
    for element in reversed(elements):
        own = _NOTHING
        if element.tag == "a":
            leads_to = target(element.get("href") or "", host)
            films = frozenset({leads_to.slug} if leads_to.kind is FILM else ())
            cinemas = frozenset({leads_to.slug} if leads_to.kind is CINEMA else ())
            own = _Held(films, cinemas, leads_to.kind is HOUR)
        if any(text and ":" in text and has_clock(text) for text in (element.text, *(child.tail for child in element))):
            own = own.beside(_Held(hours=True))
        if element is not block and (stands_aside(element) or is_hidden(element)):
            held[element] = _NOTHING
            continue
        held[element] = held[element].beside(own)
        up = element.getparent()
        if up is not None and element is not block:
            held[up] = held[up].beside(held[element])
    return held


def _make_rows(block: Element, held: Mapping[Element, _Held]) -> None:
    """Make rows of a block's parts: the largest that hold one film at most, and one cinema."""
    todo = [block]
    while todo:
        for part in list(todo.pop()):
            if stands_aside(part) or is_hidden(part):
                part.clear(keep_tail=True)
                continue
            if part.tag in _BLOCKS and _holds_rows(part, held):
                todo.append(part)
            else:
                _make_row(part)


def _holds_rows(part: Element, held: Mapping[Element, _Held]) -> bool:
    films, cinemas, hours = held.get(part, _NOTHING)
    if len(cinemas) > 1 or (len(films) > 1 and (cinemas or hours)):
        return True
    inside = [held.get(child, _NOTHING) for child in part]
    if films and cinemas:  # a film's own block, or the row of one showing
        return any(one.cinemas and (one.hours or one.films) for one in inside)
    alone = len(part) == 1 and part[0].tag in _BLOCKS and len(part[0]) > 1 and is_small(part)
    return alone and words(part[0]) == words(part)


def _make_row(part: Element) -> None:
    if part.tag in _BLOCKS or part.tag in ("p", "dd"):
        part.tag = "tr"
        for child in part:
            if child.tag in _CELLS:
                child.tag = "td"
    else:
        row = etree.Element("tr")
        part.addprevious(row)
        row.append(part)
