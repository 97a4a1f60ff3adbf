"""The rows of a programme as plain cells: links, hours, and the text beside them.

`reader` makes them in the page's order; what follows works on these, never on the tree again: a tree of thousands of
showtimes is slow to ask things of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scraper.site.extractors.hours import has_clock
from scraper.site.extractors.links import CINEMA, FILM, TICKET, Kind, Target
from scraper.site.extractors.markup import Element, clean, words
from scraper.site.polish import SaidDate

from .names import Names

SOME_FILM = "?"  # that an attribute without its closing quote may hide
MOST_SAID = 50  # tickets and tooltips of an hour, and hidden films of a cell, that are kept
LONGEST_ROW = 200  # characters of a row that is shown to people


class Link:
    """A link of a cell, and what it is called."""

    __slots__ = ("_element", "alt", "href", "names", "target", "texts")

    def __init__(self, element: Element, href: str, leads_to: Target, names: Names, title: str | None) -> None:
        self._element = element
        self.href = href
        self.target = leads_to
        self.names = names
        self.alt = title or ""
        self.texts: list[str] = []

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

    __slots__ = ("cinema", "day", "linked", "struck", "texts", "tickets", "titles")

    def __init__(
        self,
        texts: list[str],
        tickets: tuple[str, ...] = (),
        titles: tuple[str, ...] = (),
        day: SaidDate | None = None,
        cinema: str = "",
        linked: bool = False,
        struck: bool = False,
    ) -> None:
        self.texts = texts
        self.tickets = tickets
        self.titles = titles
        self.day = day  # that an attribute gives
        self.cinema = cinema  # to whose hours it links
        self.linked = linked
        self.struck = struck

    @property
    def text(self) -> str:
        return self.texts[0].strip() if len(self.texts) == 1 else " ".join(self.texts)

    def add(self, text: str) -> None:
        self.texts.append(text)

    def add_title(self, title: str) -> None:
        if len(self.titles) < MOST_SAID:
            self.titles += (title,)

    def add_ticket(self, href: str) -> None:
        if len(self.tickets) < MOST_SAID:
            self.tickets += (href,)


class Cell:
    """A cell: its links, hours and loose texts in the page's order."""

    __slots__ = (
        "alike",
        "films",
        "headed",
        "hidden_films",
        "items",
        "links",
        "names",
        "parts",
        "rowspan",
        "tag",
        "units",
    )

    def __init__(self, tag: str, names: Names, rowspan: int = 1) -> None:
        self.tag = tag
        self.names = names
        self.rowspan = rowspan
        self.items: list[Link | Unit | str] = []
        # Of the items; most cells have none of these, and a page has thousands of cells.
        self.links: list[Link] | tuple[()] = ()
        self.units: list[Unit] | tuple[()] = ()
        self.films: list[Link] | tuple[()] = ()  # of the links
        self.hidden_films: tuple[str, ...] = ()  # films that hidden parts of it link to
        self.headed = False  # it holds a heading element
        self.parts = 0  # elements in it
        self.alike: int | str | None = None  # the same for cells that differ in hours, tickets and hour links only

    @property
    def times(self) -> Iterable[tuple[str, str | None, str]] | None:
        """The cell's hours with their tickets and cinemas, where each says its time and there is nothing else."""
        return None

    @property
    def loose(self) -> str:
        return clean(" ".join(self.texts))

    @property
    def texts(self) -> list[str]:
        return [item for item in self.items if isinstance(item, str)]

    def links_to(self, kind: Kind) -> list[Link]:
        return [link for link in self.links if link.target.kind is kind]

    def add_unit(self) -> Unit:
        unit = Unit([])
        if isinstance(self.units, list):
            self.units.append(unit)
        else:
            self.units = [unit]
        self.items.append(unit)
        return unit

    def add_link(self, link: Link) -> Link:
        if isinstance(self.links, list):
            self.links.append(link)
        else:
            self.links = [link]
        self.items.append(link)
        if link.target.kind is FILM:
            if isinstance(self.films, list):
                self.films.append(link)
            else:
                self.films = [link]
        return link

    def hides(self, slug: str) -> None:
        """Keep that a part of the cell that isn't shown links to a film."""
        slug = slug if len(self.hidden_films) < MOST_SAID else SOME_FILM
        if slug not in self.hidden_films:
            self.hidden_films += (slug,)


class Row:
    """A table row, or what stands between rows, with the cells that it holds itself: those of rows inside it are
    rows of their own.
    """

    __slots__ = ("_shape", "_text", "above", "cells", "day", "doubt", "names", "nested", "number", "parts")

    def __init__(self, number: int, names: Names, *, nested: bool = False, cells: list[Cell] | None = None) -> None:
        self.number = number
        self.names = names
        self.nested = nested
        self.cells: list[Cell] = [] if cells is None else cells
        self.parts: list[Element | str] = []  # what its text is read from
        self.above: Sequence[Cell] | None = None  # of a table's first row: what stands right above the table
        self.doubt = ""  # why nothing of it is believed
        self.day: SaidDate | None = None  # that an attribute gives
        self._text: str | None = None
        self._shape: tuple[str, ...] | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            said = (part if isinstance(part, str) else " ".join(part.itertext()) for part in self.parts)
            self._text = clean(" ".join(said))[:LONGEST_ROW]
        return self._text

    @property
    def shape(self) -> tuple[str, ...]:
        if self._shape is None:
            self._shape = tuple([cell.tag for cell in self.cells])
        return self._shape

    @property
    def alike(self) -> tuple[int | str | None, ...]:
        """The same for rows that differ in hours, tickets and hour links only; None in it says nothing."""
        return tuple([cell.alike for cell in self.cells])

    @property
    def make(self) -> tuple[str, ...]:
        """How the row is marked up: its cells' tags and classes."""
        return tuple(" ".join((cell.tag, *cell.names.tokens)) for cell in self.cells)

    @property
    def classes(self) -> list[str]:
        """The names of the row and of its cells."""
        return [*self.names.tokens, *(name for cell in self.cells for name in cell.names.tokens)]

    @property
    def place(self) -> str:
        return f"row {self.number}"

    def links_to(self, kind: Kind) -> list[Link]:
        return [link for cell in self.cells for link in cell.links if link.target.kind is kind]

    def shows_a_picture(self) -> bool:
        return any(not isinstance(part, str) and next(part.iter("img"), None) is not None for part in self.parts)

    def is_only_hours(self) -> bool:
        """Whether a row of a table inside a cell holds hours of that cell's row, and nothing else."""
        if self.doubt or self.links_to(FILM) or self.links_to(CINEMA):
            return False
        if any(cell.headed for cell in self.cells) or self.shape == ("th",):
            return False  # a heading of the rows below it
        return any(cell.units or any(map(has_clock, cell.texts)) for cell in self.cells)
