"""The rows of a programme's tables, read once into plain cells: links, hours, and the text beside them.

What follows works on these, never on the tree again: a tree of thousands of showtimes is slow to ask things of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .hours import has_clock, names_a_clock
from .links import Kind, Target, target
from .markup import Element, clean, words

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


class Link:
    """A link of a cell, and what it is called."""

    __slots__ = ("_element", "alt", "classes", "target", "texts")

    def __init__(self, element: Element, leads_to: Target) -> None:
        self._element = element
        self.target = leads_to
        self.alt = element.get("title") or ""
        self.classes = (element.get("class") or "").lower()
        self.texts: list[str] = []

    @property
    def href(self) -> str:
        return self._element.get("href") or ""

    @property
    def is_ticket(self) -> bool:
        return self.target.kind is Kind.TICKET or _TICKET_CLASS.search(self.classes) is not None

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
    classes: list[str]
    rowspan: int
    items: list[Link | Unit | str] = field(default_factory=list)
    headed: bool = False  # it holds a heading element

    @property
    def loose(self) -> str:
        return clean(" ".join(self.texts))

    @property
    def texts(self) -> list[str]:
        return [item for item in self.items if isinstance(item, str)]

    @property
    def units(self) -> list[Unit]:
        return [item for item in self.items if isinstance(item, Unit)]

    def links(self, kind: Kind) -> Iterator[Link]:
        return (item for item in self.items if isinstance(item, Link) and item.target.kind is kind)


@dataclass(slots=True)
class Row:
    """A table row with the cells that it holds itself; those of tables inside it are rows of their own."""

    element: Element
    number: int
    nested: bool
    classes: list[str]
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
        return [link for cell in self.cells for link in cell.links(kind)]

    def is_only_hours(self) -> bool:
        """Whether a row of a table inside a cell holds hours of that cell's row, and nothing else."""
        if self.links(Kind.FILM) or self.links(Kind.CINEMA):
            return False
        return any(cell.units or any(map(has_clock, cell.texts)) for cell in self.cells)


class Reader:
    """Reads rows of one page, whose host tells its own links from others."""

    def __init__(self, host: str, hidden: set[Element]) -> None:
        self._host = host
        self._hidden = hidden

    def row(self, element: Element, number: int, *, nested: bool = False) -> Row:
        row = Row(element, number, nested, (element.get("class") or "").lower().split())
        for child in element:
            if child.tag not in ("tr", "table"):
                row.cells.append(self.cell(child, "th" if child.tag == "th" else "td"))
        return row

    def cell(self, element: Element, tag: str = "td") -> Cell:
        span = element.get("rowspan")
        rowspan = int(span) if span and span.isascii() and span.isdigit() and len(span) < 4 else 1
        cell = Cell(tag, (element.get("class") or "").lower().split(), rowspan)
        unit = None
        if not _HOUR.isdisjoint(cell.classes):
            unit = Unit()
            cell.items.append(unit)
        self._walk(element, cell, unit, None, 0)
        return cell

    def _walk(self, element: Element, cell: Cell, unit: Unit | None, link: Link | None, depth: int) -> None:
        """Put what an element holds where it belongs: into the hour or the link around it, else beside them."""
        text = element.text
        if text and not text.isspace():
            _put(text, cell, unit, link)
        for child in element:
            if child.tag == "a":
                unit = self._link(child, cell, unit, depth + 1)
            else:
                self._part(child, cell, unit, link, depth + 1)
            text = child.tail
            if text and not text.isspace():
                _put(text, cell, unit, link)

    def _part(self, element: Element, cell: Cell, unit: Unit | None, link: Link | None, depth: int) -> None:
        """Read an element inside a cell that is no link."""
        tag = element.tag
        if tag in ("table", "tr", "select", "input", "br"):
            return
        is_hour = _is_hour(element)
        if self._hidden and element in self._hidden and not is_hour:
            return
        if unit is None and (is_hour or (tag in _STRUCK and has_clock(words(element)))):
            unit, link = Unit(), None
            cell.items.append(unit)
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
            _put(words(element), cell, unit, link)
        else:
            self._walk(element, cell, unit, link, depth)

    def _link(self, element: Element, cell: Cell, unit: Unit | None, depth: int) -> Unit | None:
        """Read a link; returns the hour that the text behind it belongs to."""
        href = element.get("href") or ""
        leads_to = target(href, self._host)
        if leads_to.kind is not Kind.HOUR and not _is_hour(element):
            if unit is None:
                link = Link(element, leads_to)
                cell.items.append(link)
                self._walk(element, cell, None, link, depth)
            else:
                self._link_of_an_hour(element, leads_to, cell, unit, depth, says_it=not unit.linked)
            return unit
        behind = unit
        if unit is None or unit.linked:
            unit = Unit()
            cell.items.append(unit)
            behind = None if behind is None else unit
        unit.linked = True
        self._link_of_an_hour(element, leads_to, cell, unit, depth, says_it=True)
        return behind

    def _link_of_an_hour(
        self, element: Element, leads_to: Target, cell: Cell, unit: Unit, depth: int, *, says_it: bool
    ) -> None:
        """A link inside an hour: the time itself, or where its ticket is sold, whose words say nothing more."""
        if title := element.get("title"):
            unit.titles.append(title)
        sells = leads_to.kind is Kind.TICKET or _TICKET_CLASS.search(element.get("class") or "")
        if sells:
            unit.tickets.append(element.get("href") or "")
        if not sells or (says_it and names_a_clock(words(element))):
            self._walk(element, cell, unit, None, depth)


def _put(text: str, cell: Cell, unit: Unit | None, link: Link | None) -> None:
    if unit is not None:
        unit.texts.append(text)
    elif link is not None:
        link.texts.append(text)
    else:
        cell.items.append(text)


def _is_hour(element: Element) -> bool:
    """Whether an element is marked up as an hour; what is merely called a time ("118 min") must also look like one."""
    names = element.get("class")
    if names is not None and not _HOUR.isdisjoint(names.lower().split()):
        return True
    return (element.tag == "time" or (names is not None and "time" in names)) and has_clock(words(element)[:100])


def is_badge(element: Element) -> bool:
    """Whether a part of a link is a badge ("PREMIERA") rather than of its name."""
    if element.tag not in ("span", "small", "sup", "em", "i", "b", "strong", "mark", "label"):
        return False
    return bool(_BADGE.search(element.get("class") or "")) or bool(_BADGE_WORDS.fullmatch(words(element).strip("!. ")))
