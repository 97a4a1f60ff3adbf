"""Which film and which cinema a row names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scraper.site.extractors import hours
from scraper.site.extractors.links import CINEMA, FILM
from scraper.site.extractors.markup import clean
from scraper.site.extractors.rows import Cell, Link, Row, Unit

LONGEST_NAME = 255  # characters of a title or a cinema's name; what the database keeps is more
NO_CINEMA = "no link to a cinema"
ANOTHER_BESIDE = "another name beside the cinema's"
_LESS_OF_A_NAME = re.compile(
    r"(?:więcej|zwiastun|trailer|szczegóły|opis|zobacz|czytaj|recenzj\w*)\b|[»›…]", re.IGNORECASE
)
_NAME = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ][^\W\d_]{2,}")
_NO_NAMES = {"kino", "kina", "kinie", "cinema", "sala", "nowe", "nowość", "dziś", "seanse", "repertuar", "kraków"}
HEADING_CLASS = re.compile(r"(?:.*[-_])?(?:film|movie|title|tytul|preview-link)")


class Named(NamedTuple):
    """A film or a cinema as a programme names it."""

    slug: str
    name: str


def films(row: Row) -> dict[str, list[Link]]:
    """The links of a row to films, by slug; a poster beside its title is of the same film."""
    found: dict[str, list[Link]] = {}
    for cell in row.cells:
        for link in cell.films:
            found.setdefault(link.target.slug, []).append(link)
    return found


def hides_a_film(row: Row, films: Mapping[str, object]) -> bool:
    """Whether a part of a row that isn't shown links to a film that nothing else in it does."""
    hidden = [cell.hidden_films for cell in row.cells if cell.hidden_films]
    return any(slug not in films for slugs in hidden for slug in slugs)


def named(slug: str, found: Iterable[Link]) -> Named | None:
    """What links to one page call it; None when they say nothing."""
    links = list(found)
    names = [said for link in links if (said := link.said)] or [name for link in links if (name := link.name)]
    best = names[0] if names else ""
    if len(names) > 1:
        best = next((name for name in names if not _LESS_OF_A_NAME.match(name)), best)
    best = best[:LONGEST_NAME].rstrip(" »›→▸▶") or best
    return Named(slug, best.strip()) if best else None


def names_a_cinema(row: Row) -> bool:
    """Whether a row without hours is a cinema's."""
    for cell in row.cells:
        if cell.names.cinema:
            return True
    return len(row.cells) > 1 and any(not link.is_ticket for link in row.links_to(CINEMA))


def lists_hours_of_a_cinema(row: Row) -> bool:
    """Whether the one cell of a row holds a link to a cinema, times behind it and not a word more."""
    (cell, *more) = row.cells
    if more or not cell.items or not isinstance(cell.items[0], Link) or cell.items[0].target.kind is not CINEMA:
        return False
    texts = [item for item in cell.items[1:] if isinstance(item, str)]
    return len(texts) == len(cell.items) - 1 and not any(map(str.isalpha, "".join(texts)))


def advertises(row: Row) -> bool:
    """Whether a row names a film, a cinema and a time in one cell that marks no hours: it heads nothing."""
    return any(cell.films and cell.links_to(CINEMA) and hours.has_clock(cell.loose) for cell in row.cells)


def is_film_cell(row: Row, of_hours: Sequence[Cell]) -> bool:
    """Whether a row's link to a film stands in a cell of its own ahead of the hours, as a heading would."""
    for cell in row.cells:
        if cell in of_hours:
            return False
        for link in cell.links_to(FILM):
            called = any("film" in name for name in link.names.tokens)
            called = called or cell.tag == "th" or any(map(HEADING_CLASS.fullmatch, cell.names.tokens))
            return called and not cell.links_to(CINEMA) and not _LESS_OF_A_NAME.match(link.name)
    return False


def cinema(row: Row, *, of_hours: Sequence[Cell] = ()) -> tuple[Named | None, str]:
    """The cinema that a row names, or None and the reason; `of_hours` are the cells that hold its hours.

    Its cell is called so, or else links to it and holds no hours: a ticket's link must not become a cinema.
    """
    cells = [cell for cell in row.cells if cell.names.cinema]
    cells = cells or [cell for cell in row.cells if cell not in of_hours] or row.cells
    found: dict[str, list[Link]] = {}
    for cell in cells:
        for item in cell.items:
            if isinstance(item, Link):
                if item.target.kind is CINEMA and not item.is_ticket:
                    found.setdefault(item.target.slug, []).append(item)
            elif isinstance(item, Unit) or hours.has_clock(item):
                break  # what follows an hour is its ticket
    if len(found) != 1:
        return None, "several cinemas" if found else NO_CINEMA
    ((slug, of_it),) = found.items()
    name = named(slug, of_it)
    return (name, "") if name else (None, "a cinema without a name")


def beside_another(rows: Sequence[Row]) -> set[int]:
    """The numbers of rows in whose cinema's cell another cinema seems to have lost its link: its name stands there, or
    one ahead of the link. What stands in most of a cinema's rows is its own.
    """
    if not any(
        cell.texts for cell in {cell for row in rows for cell in row.cells if cell.links} if cell.links_to(CINEMA)
    ):
        return set()
    linked = [
        (row.number, cell, link)
        for row in rows
        for cell in row.cells
        for link in cell.links
        if link.target.kind is CINEMA and not link.is_ticket
    ]
    slugs = {link.name: link.target.slug for _, _, link in linked if _NAME.match(link.name)}
    rows_of = Counter(link.target.slug for _, _, link in linked)
    usual = Counter((link.target.slug, cell.loose) for _, cell, link in linked)
    ahead = {number for number, cell, link in linked if _has_a_name_ahead(cell, link)}
    found = ahead if 2 * len(ahead) <= len(linked) else set()  # else it is how this page names its cinemas
    for number, cell, link in linked:
        slug, said = link.target.slug, cell.loose
        if said and any(name in said and other != slug for name, other in slugs.items()):
            found.add(number)
        if said and rows_of[slug] > 1 and 2 * usual[slug, said] > rows_of[slug]:
            found.discard(number)
    return found


def _has_a_name_ahead(cell: Cell, link: Link) -> bool:
    """Whether something is called by a name ahead of a cinema's link that isn't a part of the cinema's own."""
    texts = [item for item in cell.items[: cell.items.index(link)] if isinstance(item, str)]
    own = f"{link.target.slug} {link.name}".lower()
    names = {name.lower() for name in _NAME.findall(clean(" ".join(texts)))}
    return any(name not in own for name in names - _NO_NAMES)


def cinema_span(row: Row) -> int:
    """The rows that the cell of a row's cinema covers."""
    for cell in row.cells:
        if cell.names.cinema or cell.links_to(CINEMA):
            return cell.rowspan
    return 1
