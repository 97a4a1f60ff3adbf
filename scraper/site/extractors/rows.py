"""The rows of a programme's tables, read once into plain cells: links, hours, and the text beside them.

What follows works on these, never on the tree again: a tree of thousands of showtimes is slow to ask things of.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .hours import has_clock, names_a_clock
from .links import CINEMA, FILM, HOUR, TICKET, Kind, Target, target
from .markup import Element, clean, is_hidden, words

DEEPEST = 40  # elements inside a cell; what is nested deeper is text
LONGEST_ROW = 200  # characters of a row that is shown to people

_HOUR = {"hour", "godzina"}
_BADGE = re.compile(r"badge|label|tag|ribbon|premier|nowosc|new|flag|mark", re.IGNORECASE)
_BADGE_WORDS = re.compile(
    r"(?:przed)?premier[ay]|nowość|nowosc|new|hit|polecamy|przedpremierowo|ostatnie seanse|bestseller|już wkrótce",
    re.IGNORECASE,
)
_TICKET_CLASS = re.compile(r"ticket|bilet|buy", re.IGNORECASE)
_TWO_DIGITS = re.compile(r"\s*[0-9]{2}\s*")
_STRUCK = {"s", "del", "strike"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5"}
_NOT_READ = {"table", "tr", "select", "input", "br"}


@dataclass(frozen=True, slots=True)
class Names:
    """What an element is called by its class."""

    tokens: tuple[str, ...]
    hour: bool
    time: bool  # an hour only if it also looks like one: "118 min" is called a time too
    cinema: bool
    ticket: bool


class Link:
    """A link of a cell, and what it is called."""

    __slots__ = ("_element", "alt", "names", "target", "texts")

    def __init__(self, element: Element, leads_to: Target, names: Names) -> None:
        self._element = element
        self.target = leads_to
        self.names = names
        self.alt = element.get("title") or ""
        self.texts: list[str] = []

    @property
    def href(self) -> str:
        return self._element.get("href") or ""

    @property
    def is_ticket(self) -> bool:
        return self.target.kind is TICKET or self.names.ticket

    @property
    def said(self) -> str:
        """What the link says, without badges unless it says nothing else."""
        return clean("".join(self.texts)) or words(self._element)

    @property
    def name(self) -> str:
        """What the link says, or its image's description."""
        return self.said or clean(self.alt)


class Unit:
    """An hour as the page marks it: its text, its tickets, and what its tooltips say."""

    __slots__ = ("linked", "struck", "texts", "tickets", "titles")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.tickets: list[str] = []
        self.titles: list[str] = []
        self.linked = False
        self.struck = False

    @property
    def text(self) -> str:
        return self.texts[0].strip() if len(self.texts) == 1 else " ".join(self.texts)


@dataclass(slots=True)
class Cell:
    """A cell: its links, hours and loose texts in the page's order."""

    tag: str
    names: Names
    rowspan: int
    items: list[Link | Unit | str] = field(default_factory=list)
    all_links: list[Link] = field(default_factory=list)  # of the items
    units: list[Unit] = field(default_factory=list)  # of the items
    headed: bool = False  # it holds a heading element

    @property
    def classes(self) -> tuple[str, ...]:
        return self.names.tokens

    @property
    def loose(self) -> str:
        return clean(" ".join(self.texts))

    @property
    def texts(self) -> list[str]:
        return [item for item in self.items if isinstance(item, str)]

    def links(self, kind: Kind) -> list[Link]:
        return [link for link in self.all_links if link.target.kind is kind]

    def add_unit(self) -> Unit:
        unit = Unit()
        self.units.append(unit)
        self.items.append(unit)
        return unit

    def add_link(self, link: Link) -> Link:
        self.all_links.append(link)
        self.items.append(link)
        return link


@dataclass(slots=True)
class Row:
    """A table row with the cells that it holds itself; those of tables inside it are rows of their own."""

    element: Element
    number: int
    nested: bool
    classes: tuple[str, ...]
    cells: list[Cell] = field(default_factory=list)
    above: list[Cell] | None = None  # of a table's first row: what stands right above the table

    @property
    def text(self) -> str:
        return words(self.element)[:LONGEST_ROW]

    @property
    def shape(self) -> tuple[str, ...]:
        return tuple(cell.tag for cell in self.cells)

    @property
    def make(self) -> tuple[str, ...]:
        """How the row is marked up: its cells' tags and classes."""
        return tuple(" ".join((cell.tag, *cell.classes)) for cell in self.cells)

    @property
    def place(self) -> str:
        return f"row {self.number}"

    def links(self, kind: Kind) -> list[Link]:
        return [link for cell in self.cells for link in cell.all_links if link.target.kind is kind]

    def is_only_hours(self) -> bool:
        """Whether a row of a table inside a cell holds hours of that cell's row, and nothing else."""
        if self.links(FILM) or self.links(CINEMA):
            return False
        if any(cell.headed for cell in self.cells) or self.shape == ("th",):
            return False  # a heading of the rows below it
        return any(cell.units or any(map(has_clock, cell.texts)) for cell in self.cells)


class Reader:
    """Reads rows of one page, whose host tells its own links from others.

    A day has thousands of hours, and asking the tree is what takes time: each element's class is asked for once, and
    what a class says is worked out once for the page.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._names = _NamesByClass()

    def row(self, element: Element, number: int, *, nested: bool = False) -> Row:
        row = Row(element, number, nested, self._names[element.get("class")].tokens)
        for child in element:
            if child.tag == "td" or child.tag == "th":
                row.cells.append(self.cell(child, str(child.tag)))
            elif child.tag not in ("tr", "table"):
                row.cells.append(self._without_a_cell(child))
        return row

    def _without_a_cell(self, element: Element) -> Cell:
        """What stands in a row itself, because the tag of its cell was lost."""
        cell = Cell("td", self._names[element.get("class")], 1)
        if element.tag == "a":
            self._link(element, cell, None, 0)
        else:
            self._part(element, cell, None, None, 0)
        return cell

    def cell(self, element: Element, tag: str = "td") -> Cell:
        span = element.get("rowspan")
        rowspan = int(span) if span and span.isascii() and span.isdigit() and len(span) < 4 else 1
        cell = Cell(tag, self._names[element.get("class")], rowspan)
        unit = cell.add_unit() if cell.names.hour else None
        self._walk(element, cell, unit, None, 0)
        return cell

    def _walk(self, element: Element, cell: Cell, unit: Unit | None, link: Link | None, depth: int) -> None:
        """Put what an element holds where it belongs: into the hour or the link around it, else beside them."""
        put = _place(cell, unit, link)
        if (text := element.text) and not text.isspace():
            put(text)
        for child in element:
            if child.tag == "a":
                behind = self._link(child, cell, unit, depth + 1)
                if behind is not unit:
                    unit, put = behind, _place(cell, behind, link)
            else:
                self._part(child, cell, unit, link, depth + 1)
            if (text := child.tail) and not text.isspace():
                put(text)

    def _part(self, element: Element, cell: Cell, unit: Unit | None, link: Link | None, depth: int) -> None:
        """Read an element inside a cell that is no link."""
        tag = element.tag
        if tag in _NOT_READ:
            return
        names = self._names[element.get("class")]
        is_hour = names.hour or self._is_hour(element, names)
        if not is_hour and is_hidden(element):
            return
        if unit is None and (is_hour or (tag in _STRUCK and has_clock(words(element)))):
            unit, link = cell.add_unit(), None
        if unit is not None:
            if title := element.get("title"):
                unit.titles.append(title)
            if tag in _STRUCK:
                unit.struck = True
            elif tag == "sup" and _TWO_DIGITS.fullmatch(element.text or ""):
                unit.texts.append(":")  # 20¹⁵
            elif tag == "img":
                unit.texts.append(element.get("alt") or "")
        elif link is not None:
            if tag == "img":
                link.alt = link.alt or element.get("alt") or ""
            elif is_badge(element):
                return
        elif tag in _HEADINGS:
            cell.headed = True
        if depth > DEEPEST:
            _place(cell, unit, link)(words(element))
        elif len(element):
            self._walk(element, cell, unit, link, depth)
        elif (text := element.text) and not text.isspace():
            _place(cell, unit, link)(text)

    def _link(self, element: Element, cell: Cell, unit: Unit | None, depth: int) -> Unit | None:
        """Read a link; returns the hour that the text behind it belongs to."""
        href = element.get("href") or ""
        kind = (leads_to := target(href, self._host)).kind
        names = self._names[element.get("class")]
        is_hour = kind is HOUR or names.hour or (names.time and self._is_hour(element, names))
        behind, says_it = unit, True
        if is_hour:
            if unit is None or unit.linked:
                unit = cell.add_unit()
                behind = None if behind is None else unit
            unit.linked = True
        elif unit is None or kind is FILM:  # no hour leads to a film's page
            link = cell.add_link(Link(element, leads_to, names))
            self._walk(element, cell, None, link, depth)
            return unit
        else:
            says_it = not unit.linked
        if title := element.get("title"):
            unit.titles.append(title)
        if kind is TICKET or names.ticket:
            unit.tickets.append(href)  # its words say nothing more, unless they are the time
            if not (says_it and names_a_clock(words(element))):
                return behind
        if len(element):
            self._walk(element, cell, unit, None, depth)
        elif (text := element.text) and not text.isspace():
            unit.texts.append(text)
        return behind

    def _is_hour(self, element: Element, names: Names) -> bool:
        """Whether an element is marked up as an hour; what is merely called a time must also look like one."""
        return names.hour or ((names.time or element.tag == "time") and has_clock(words(element)[:100]))


class _NamesByClass(dict[str | None, Names]):
    """What each class of a page says, worked out when it is first asked for."""

    def __missing__(self, said: str | None) -> Names:
        said = said or ""
        tokens = tuple(said.lower().split())
        names = self[said] = self[said or None] = Names(
            tokens,
            hour=not _HOUR.isdisjoint(tokens),
            time="time" in said,
            cinema=any("cinema" in token or "kino" in token for token in tokens),
            ticket=_TICKET_CLASS.search(said) is not None,
        )
        return names


def _place(cell: Cell, unit: Unit | None, link: Link | None) -> Callable[[str], None]:
    """Where a text belongs: to the hour or the link around it, else to the cell."""
    if unit is not None:
        return unit.texts.append
    return cell.items.append if link is None else link.texts.append


def is_badge(element: Element) -> bool:
    """Whether a part of a link is a badge ("PREMIERA") rather than of its name."""
    if element.tag not in ("span", "small", "sup", "em", "i", "b", "strong", "mark", "label"):
        return False
    return bool(_BADGE.search(element.get("class") or "")) or bool(_BADGE_WORDS.fullmatch(words(element).strip("!. ")))
