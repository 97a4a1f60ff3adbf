"""The rows of a programme as plain cells: links, hours, and the text beside them.

`reader` makes them in the page's order; what follows works on these, never on the tree again: a tree of thousands of
showtimes is slow to ask things of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.site.extractors.hours import has_clock
from scraper.site.extractors.links import CINEMA, FILM, TICKET, Kind, Target
from scraper.site.extractors.markup import Element, clean, is_called_unseen, words
from scraper.site.polish import SaidDate

SOME_FILM = "?"  # that an attribute without its closing quote may hide
MOST_SAID = 50  # tickets and tooltips of an hour, and hidden films of a cell, that are kept
LONGEST_ROW = 200  # characters of a row that is shown to people

_BADGE = re.compile(r"badge|label|tag|ribbon|premier|nowosc|new|flag|mark", re.I)
_BADGE_WORDS = re.compile(
    r"(?:przed)?premier[ay]|nowość|nowosc|new|hit|polecamy|przedpremierowo|ostatnie seanse|bestseller|już wkrótce",
    re.IGNORECASE,
)
_TICKET_CLASS = re.compile(r"ticket|bilet|buy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """What an element is called by its class."""

    tokens: tuple[str, ...]
    hour: bool
    time: bool  # an hour only if it also looks like one: "118 min" is called a time too
    cinema: bool
    ticket: bool
    date: bool
    struck: bool
    unseen: bool
    swallows: bool  # a quote was lost, so that it holds markup


_STRUCK = {"line-through", "text-decoration-line-through", "strike", "striked", "strikethrough", "odwolany",
           "odwolane", "cancelled", "canceled", "przekreslone", "przekreslony"}  # fmt: skip
_DATE_CLASS = re.compile(r"(?:.*[-_])?(?:date|day|data|dzien)")


class NamesByClass(dict[str | None, Names]):
    """What each class of a page says, worked out when it is first asked for."""

    def __missing__(self, said: str | None) -> Names:
        said = said or ""
        tokens = tuple(said.lower().split())
        names = self[said] = self[said or None] = Names(
            tokens,
            hour="hour" in tokens or "godzina" in tokens,
            time="time" in said,
            cinema=any("cinema" in token or "kino" in token for token in tokens),
            ticket=_TICKET_CLASS.search(said) is not None,
            date=any(map(_DATE_CLASS.fullmatch, tokens)),
            struck=not _STRUCK.isdisjoint(tokens),
            unseen=is_called_unseen(set(tokens)),
            swallows="<" in said,
        )
        return names


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

    tickets: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    day: SaidDate | None = None  # that an attribute gives
    cinema = ""  # to whose hours it links
    linked = False
    struck = False

    def __init__(self) -> None:
        self.texts: list[str] = []

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

    __slots__ = ("films", "headed", "hidden_films", "items", "links", "names", "parts", "rowspan", "tag", "units")

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

    @property
    def loose(self) -> str:
        return clean(" ".join(self.texts))

    @property
    def texts(self) -> list[str]:
        return [item for item in self.items if isinstance(item, str)]

    def links_to(self, kind: Kind) -> list[Link]:
        return [link for link in self.links if link.target.kind is kind]

    def add_unit(self) -> Unit:
        unit = Unit()
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

    def __init__(self, number: int, names: Names, *, nested: bool = False) -> None:
        self.number = number
        self.names = names
        self.nested = nested
        self.cells: list[Cell] = []
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


def is_badge(element: Element) -> bool:
    """Whether a part of a link is a badge ("PREMIERA") rather than of its name."""
    if element.tag not in ("span", "small", "sup", "em", "i", "b", "strong", "mark", "label"):
        return False
    return bool(_BADGE.search(element.get("class") or "")) or bool(_BADGE_WORDS.fullmatch(words(element).strip("!. ")))
