"""Reading one cell of a programme: which of its parts are hours, links, or text beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

from scraper.site.extractors.hours import clocks, has_clock, is_clock
from scraper.site.extractors.links import FILM, HOUR, TICKET, Target, film_slug, target
from scraper.site.extractors.markup import Element, attribute_date, is_hidden, words
from scraper.site.polish import SaidDate

from . import SOME_FILM, Cell, Link, Unit
from .alike import Alike
from .names import NamesByClass, is_badge

DEEPEST = 40  # elements inside a cell; what is nested deeper is text
MOST_PARTS = 2000  # elements of a cell; a cinema's hours of one day are some fifty
MOST_PARTS_OF_A_PAGE = 150_000  # a day of 6,000 showtimes has some 30,000


class TooMuch(Exception):
    """There is more to read than any programme has."""


MOST_OPTIONS = 50  # of a choice of hours
_TWO_DIGITS = re.compile(r"\s*[0-9]{2}\s*")
_STRUCK = {"s", "del", "strike"}
_LINE_THROUGH = re.compile(r"line-through")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_NOT_READ = {"table", "tr", "select", "input", "br"}
_COMMON = {"span", "b", "i", "em", "strong", "small", "div", "p", "li", "ul"}
# A tag whose ">" was lost, so that its name holds what stood behind it: "<h320:15".
BROKEN = re.compile(r"(?!(?:t[rdh]|tbody|table)(?:<(?:t[rdh]|tbody|table))+$)(?:.*[<.]|.*[0-9].*[0-9]|h[1-6].)")


class CellReader:
    """Reads cells of one page, whose host tells its own links from others.

    A day has thousands of hours, and asking the tree is what takes time: each element's class is asked for once, and
    what a class says is worked out once for the page.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self.alike = Alike(self.target, self.cell, self.count)
        self.names = NamesByClass()
        self._targets: dict[str, Target] = {}
        self._parts = 0

    def cell(self, element: Element, tag: str = "td") -> Cell:
        span = element.get("rowspan")
        rowspan = int(span) if span and span.isascii() and span.isdigit() and len(span) < 4 else 1
        names = self.names[element.get("class")]
        cell = Cell(tag, names, rowspan)
        if names.swallows:
            cell.hides(SOME_FILM)
        unit = cell.add_unit() if names.hour else None
        self._walk(element, cell, unit, None, 0)
        if cell.units:
            _give_day(cell.units, attribute_date(element))
        self.count(min(cell.parts, MOST_PARTS))
        return cell

    def count(self, parts: int) -> None:
        """Count what is read; TooMuch when no programme is so large."""
        self._parts += parts
        if self._parts > MOST_PARTS_OF_A_PAGE:
            raise TooMuch

    def of_text(self, text: str) -> Cell:
        """A cell made of what stands in a row itself."""
        cell = Cell("td", self.names[None])
        cell.items.append(text)
        return cell

    def part(self, element: Element, cell: Cell) -> None:
        """Read what stands in no cell of its own, because the tag of its cell was lost, into `cell`."""
        before = cell.parts
        unit = cell.units[-1] if cell.names.hour and cell.units else None
        if element.tag == "a":
            self._link(element, cell, unit, 0)
        else:
            self._part(element, cell, unit, None, 0)
        self.count(1 + min(cell.parts - before, MOST_PARTS))

    def opened_link(self, element: Element, cell: Cell) -> None:
        """Read a link that was left open, so that rows stand in it: its words are those ahead of them."""
        href, text = element.get("href") or "", element.text or ""
        leads_to = self.target(href)
        if leads_to.kind is HOUR:
            cell.add_unit().add(text)
        elif leads_to.kind is not TICKET:
            cell.add_link(
                Link(element, href, leads_to, self.names[element.get("class")], element.get("title"))
            ).texts.append(text)

    def _walk(self, element: Element, cell: Cell, unit: Unit | None, link: Link | None, depth: int) -> None:
        """Put what an element holds where it belongs: into the hour or the link around it, else beside them."""
        cell.parts += len(element)
        if cell.parts > MOST_PARTS:
            return  # the row is not believed
        put = _place(cell, unit, link)
        if (text := element.text) and not text.isspace():
            put(text)
        depth += 1
        for child in element:
            if child.tag == "a":
                behind = self._link(child, cell, unit, depth)
                if behind is not unit:
                    unit, put = behind, _place(cell, behind, link)
            else:
                self._part(child, cell, unit, link, depth)
            if (text := child.tail) and not text.isspace():
                put(text)

    def _part(self, element: Element, cell: Cell, unit: Unit | None, link: Link | None, depth: int) -> None:
        """Read an element inside a cell that is no link."""
        tag = element.tag
        if tag not in _COMMON:
            if tag in _NOT_READ:
                for option in islice(element.iter("option"), MOST_OPTIONS) if tag == "select" else ():
                    if has_clock(said := words(option)[:100]):
                        cell.add_unit().add(said)
                return
            if BROKEN.match(str(tag)):
                cell.hides(SOME_FILM)
        called = element.get("class")
        more = len(element.attrib) != (called is not None)  # else nothing but its class need be asked for
        names = self.names[called]
        is_hour = names.hour or ((names.time or tag == "time") and has_clock(words(element)[:100]))
        if not is_hour and (names.unseen or (more and is_hidden(element))):
            for hidden in element.iter("a"):
                if slug := film_slug(hidden.get("href") or "", self._host):
                    cell.hides(slug)
            return
        struck = names.struck or tag in _STRUCK or (more and _is_line_through(element.get("style")))
        if unit is None and (is_hour or (struck and has_clock(words(element)))):
            unit, link = cell.add_unit(), None
        if unit is not None:
            if more:
                unit.day = attribute_date(element) or unit.day
                if title := element.get("title"):
                    unit.add_title(title)
            if struck:
                unit.struck = True
            elif tag == "sup" and _TWO_DIGITS.fullmatch("".join(element.itertext())):
                unit.add(":")  # 20¹⁵, or two elements
            elif tag == "img":
                unit.add(element.get("alt") or "")
        elif link is not None:
            if tag == "img":
                link.alt = link.alt or element.get("alt") or ""
            elif is_badge(element):
                return
        elif tag in HEADINGS:
            cell.headed = True
        if depth > DEEPEST:
            _place(cell, unit, link)(words(element))
        elif len(element):
            before = len(cell.units)
            self._walk(element, cell, unit, link, depth)
            if more and unit is None and len(cell.units) > before:
                _give_day(cell.units[before:], attribute_date(element))
        elif (text := element.text) and not text.isspace():
            _place(cell, unit, link)(text)

    def _link(self, element: Element, cell: Cell, unit: Unit | None, depth: int) -> Unit | None:
        """Read a link; returns the hour that the text behind it belongs to."""
        href, called, title, style = "", None, None, None
        for name, value in element.items():
            if name == "href":
                href = value
            elif name == "class":
                called = value
            elif name == "title":
                title = value
            elif name == "style":
                style = value
        names = self.names[called]
        leads_to = self.target(href)
        kind = leads_to.kind
        if names.swallows or "<" in href:
            cell.hides(SOME_FILM)
        if (
            kind is TICKET
            and unit is not None
            and unit.linked
            and not (names.hour or names.time or names.struck or title or style)
        ):
            unit.add_ticket(href)  # the most usual link
            return unit
        is_hour = kind is HOUR or names.hour or (names.time and has_clock(words(element)[:100]))
        if unit is None and kind is TICKET and not is_hour:
            is_hour = is_clock(words(element))
        behind, says_it = unit, True
        if is_hour:
            if unit is None or unit.linked:
                unit = cell.add_unit()
                behind = None if behind is None else unit
            unit.linked = True
            unit.cinema = unit.cinema or leads_to.slug
        elif unit is None or kind is FILM:  # no hour leads to a film's page
            link = cell.add_link(Link(element, href, leads_to, names, title))
            self._walk(element, cell, None, link, depth)
            return unit
        else:
            says_it = not unit.linked
        if title:
            unit.add_title(title)
        if names.struck or (style and _is_line_through(style)):
            unit.struck = True
        if kind is TICKET or names.ticket:
            unit.add_ticket(href)  # its words say nothing more, unless they are the time
            if not (says_it and clocks(words(element))):
                return behind
        if len(element):
            self._walk(element, cell, unit, None, depth)
        elif (text := element.text) and not text.isspace():
            unit.texts.append(text)
        return behind

    def target(self, href: str) -> Target:
        """Where a link leads; what leads elsewhere is hardly ever met again, and not kept."""
        if known := self._targets.get(href):
            return known
        leads_to = target(href, self._host)
        if leads_to.kind is not TICKET:
            self._targets[href] = leads_to
        return leads_to


def _give_day(units: Iterable[Unit], day: SaidDate | None) -> None:
    """The day that what stands around hours gives to programs is theirs, where they have none themselves."""
    for unit in units if day else ():
        unit.day = unit.day or day


def _is_line_through(style: str | None) -> bool:
    return style is not None and _LINE_THROUGH.search(style) is not None


def _place(cell: Cell, unit: Unit | None, link: Link | None) -> Callable[[str], None]:
    """Where a text belongs: to the hour or the link around it, else to the cell."""
    if unit is not None:
        return unit.texts.append
    return cell.items.append if link is None else link.texts.append
