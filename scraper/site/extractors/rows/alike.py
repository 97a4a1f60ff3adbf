"""Reading cells that are made like earlier ones of their page: only their hours, tickets and hour links differ.

A day has thousands of hours and a handful of ways to write them, and asking the tree is what takes time. So each row is
written out once, and a cell is read from the tree only if none with the same markup was. Cells with the same markup
are equal but for what `CellReader` passes on without looking further: the digits of an hour that is a text of its own,
the address of a ticket, and the cinema that the hours link to. So what comes of them is equal but for these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from scraper.site.extractors.links import CINEMA, FILM, HOUR, TICKET, Target
from scraper.site.extractors.markup import LONGEST_LINK, Element

from . import Cell, Unit

MOST_CELLS = 20  # of a row that is read so
LONGEST_ROW = 8000  # characters: too little for more elements in a cell than are read

_HREF = ' href="'
_NO_HREF = re.compile(r' href="(?:[ >]|/>)')  # the end of another attribute
_CLOCK = re.compile(r">([0-9]{1,2}[:.][0-9]{2})(?=<|\Z)")
_FAR = re.compile(r"https?://[a-z0-9.-]+/\w", re.ASCII)  # the beginning of an address
_ATTRIBUTES = r'(?: [a-z][a-z0-9-]*+="[^"<>]*+")*+'
# A row's first cell, or a further one, with nothing in it that rows are made of, and without names that could be taken
# for something else.
_PLAIN = re.compile(
    rf"(?:<tr{_ATTRIBUTES}>)?\s*+<t[dh]{_ATTRIBUTES}>"
    rf'(?:[^<>"]++|</?(?!(?:t[rdh]|tbody|thead|tfoot|table|swallowed)[ />])[a-z][a-z0-9]*+{_ATTRIBUTES}/?>)*+'
)

# Of each link and what is ahead of the first: where it leads, and the number of the markup behind it.
_Key = tuple[int | str, ...]
_A_TICKET, _AN_HOUR, _NOT_PLAIN = -1, -2, -3  # where addresses lead; others are told by themselves


class _Values(NamedTuple):
    """In what a cell may differ from others with its markup."""

    clocks: list[str]
    tickets: list[str]
    cinema: str


class _Hour(NamedTuple):
    """An hour of a cell, to be filled in."""

    like: Unit
    more: list[str]  # texts behind its time
    ticket: int | None  # which of the cell's
    named: bool  # whether it links to its cinema


class _Make(NamedTuple):
    """How a cell with hours is made."""

    like: Cell
    texts: dict[int, str]  # beside the hours, by their place
    hours: list[_Hour]
    plain: bool  # each hour says its time and nothing else, and all or none link to their cinema


class _Filled(Cell):
    """A cell that is made like another, with its own values; its hours are made when they are asked for."""

    __slots__ = ("_make", "_values")

    def __init__(self, make: _Make, values: _Values) -> None:
        like = make.like
        self._make, self._values = make, values
        self.tag, self.names, self.rowspan, self.headed = like.tag, like.names, like.rowspan, like.headed
        self.parts, self.alike = like.parts, like.alike
        self.links = self.films = self.hidden_films = ()

    @property
    def times(self) -> Iterator[tuple[str, str | None, str]] | None:
        make, (clocks, tickets, cinema) = self._make, self._values
        if not make.plain:
            return None
        cinema = cinema if make.hours[0].named else ""
        return (
            (clock, None if hour.ticket is None else tickets[hour.ticket], cinema)
            for clock, hour in zip(clocks, make.hours, strict=True)
        )

    def __getattr__(self, name: str) -> Any:
        if name not in ("items", "units"):
            raise AttributeError(name)
        _, texts, hours, _ = self._make
        clocks, tickets, cinema = self._values
        self.units = [
            Unit(
                [clock, *more],
                () if ticket is None else (tickets[ticket],),
                like.titles,
                like.day,
                cinema if named else "",
                like.linked,
                like.struck,
            )
            for (like, more, ticket, named), clock in zip(hours, clocks, strict=True)
        ]
        self.items = [*self.units]
        for place, text in texts.items():  # in their order
            self.items.insert(place, text)
        return self.items if name == "items" else self.units


class Alike:
    """The cells of one page by their markup."""

    def __init__(
        self, target: Callable[[str], Target], read: Callable[[Element, str], Cell], count: Callable[[int], None]
    ):
        self._target = target
        self._read = read
        self._count = count
        self._cells: dict[str, Cell] = {}
        self._makes: dict[_Key, _Make | None] = {}
        self._markup: dict[str, tuple[int, tuple[str, ...]]] = {}  # its number, and the hours in it
        self._numbers: dict[tuple[object, ...], int] = {}  # of markup but for the hours
        self._begins: set[int | str] = set()  # how cells with hours begin
        self._hrefs: dict[str, tuple[int | str, str]] = {}  # where addresses lead that are met again
        self._sells: set[str] = set()  # how addresses elsewhere begin

    def cells(self, row: Element, written: str) -> list[Cell] | None:
        """The cells of a row that is written so; None when there is more in it than plain cells."""
        *parts, end = written.replace("</th>", "</td>").split("</td>")
        if len(parts) > MOST_CELLS or len(written) > LONGEST_ROW or end.strip() != "</tr>":
            return None
        found: list[Cell] = []
        count = len(parts)
        for part in parts:
            if cell := self._cells.get(part):
                count += cell.parts
            elif (apart := self._apart(part)) and (make := self._makes.get(apart[0])):
                cell = _Filled(make, apart[1])
                count += cell.parts
            elif _PLAIN.fullmatch(part) and not _NO_HREF.search(part):
                place = row[len(found)]
                cell = self._read(place, str(place.tag))  # which counts its parts
                if not cell.units:
                    self._cells[part] = cell
                    cell.alike = part
                elif (apart := self._apart(part, known=False)) and apart[0] not in self._makes:
                    self._begins.add(apart[0][0])
                    cell.alike = len(self._makes)
                    self._makes[apart[0]] = _make(cell, apart[1])
            else:
                return None
            found.append(cell)
        self._count(count)
        return found

    def _apart(self, part: str, *, known: bool = True) -> tuple[_Key, _Values] | None:
        """A cell's markup and its values; None where it has no hours, or what an address says isn't plain, or (if only
        what is `known` is asked for) no other cell begins so.
        """
        ahead, *links = part.split(_HREF)
        markup, sells, hrefs = self._markup, self._sells, self._hrefs
        number, said = markup.get(ahead) or self._without_hours(ahead)
        if known and number not in self._begins:
            return None
        key: list[int | str] = [number]
        clocks = [*said]
        tickets: list[str] = []
        cinema = ""
        for link in links:
            href, _, behind = link.partition('"')
            leads_to = hrefs.get(href)
            begins = href[: href.find("/", 8) + 2]
            if not leads_to and begins in sells and "&" not in href and len(href) <= LONGEST_LINK:
                tickets.append(href)  # the most usual link
                kind: int | str = _A_TICKET
            else:
                kind, value = leads_to or self._leads_to(href)
                if kind == _A_TICKET:
                    tickets.append(value)
                elif kind == _AN_HOUR and cinema in ("", value):
                    cinema = value
                elif kind in (_AN_HOUR, _NOT_PLAIN):
                    return None
            number, said = markup.get(behind) or self._without_hours(behind)
            key += (kind, number)
            if said:
                clocks += said
        return (tuple(key), _Values(clocks, tickets, cinema)) if clocks else None

    def _leads_to(self, written: str) -> tuple[int | str, str]:
        """Where an address leads, and what differs in it from others that lead there."""
        href = written.replace("&amp;", "&")
        leads_to = self._target(href)
        kind = leads_to.kind
        found: tuple[int | str, str] = (href, "")
        unplain = kind in (FILM, CINEMA) or (kind is HOUR and not leads_to.slug)
        if unplain or written.count("&") != written.count("&amp;"):
            found = _NOT_PLAIN, ""
        elif kind is TICKET:
            if (far := _FAR.match(href)) and self._target(far[0]).kind is TICKET:
                self._sells.add(far[0])  # whatever is behind it
            return _A_TICKET, href  # and hardly ever met again
        elif kind is HOUR:
            found = _AN_HOUR, leads_to.slug
        self._hrefs[written] = found
        return found

    def _without_hours(self, markup: str) -> tuple[int, tuple[str, ...]]:
        """The number of a piece of markup whatever its hours are, and these."""
        split = _CLOCK.split(markup)
        clocks = tuple(split[1::2])
        made = (*split[::2], *[(len(clock), clock[-3]) for clock in clocks])
        found = self._markup[markup] = self._numbers.setdefault(made, len(self._numbers) + 1), clocks
        return found


def _make(cell: Cell, values: _Values) -> _Make | None:
    """How a cell is made that was read from the tree; None where its values could not be told apart in it."""
    clocks, tickets, cinema = values
    texts = {n: item for n, item in enumerate(cell.items) if isinstance(item, str)}
    told_apart = len({*clocks, *tickets}) == len(clocks) + len(tickets) and len(clocks) == len(cell.units)
    if not told_apart or cell.links or cell.hidden_films or not {*clocks}.isdisjoint(texts.values()):
        return None
    hours: list[_Hour] = []
    for unit, clock in zip(cell.units, clocks, strict=True):
        more = unit.texts[1:]
        if unit.texts[:1] != [clock] or not {*clocks}.isdisjoint(more):
            return None
        if len(unit.tickets) > 1 or unit.cinema not in ("", cinema) or not set(unit.tickets).issubset(tickets):
            return None
        hours.append(_Hour(unit, more, next(map(tickets.index, unit.tickets), None), bool(unit.cinema)))
    usual = hours[0]
    plain = not texts and not any(
        hour.more or hour.like.titles or hour.like.struck or hour.like.day or hour.named != usual.named
        for hour in hours
    )
    return _Make(cell, texts, hours, plain)
