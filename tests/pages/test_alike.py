"""Cells that are made like earlier ones are read as if each were read from its tree."""

from __future__ import annotations

import random

import pytest

from events.records import Programme
from scraper.site.extractors import programme_by_movie
from scraper.site.extractors.errors import ExtractionError
from scraper.site.extractors.rows.alike import Alike

from . import fuzz, variants
from .test_variants import LOOKS, READERS

PARTS = ("10:00", "15:00", "bilety.example", "href", "by_cinema", "Kup bilet", "</a>", "<span", "class=", "?f=1")
INSTEAD = (
    "24:00", "9:05", "10.30", "20:15*", "odwołany", "jutro", "12.11", "<b>NAP</b>", "&amp;", "&lt;", "&quot;", "",
    'x href=" bilet="', "/film/x.html", "/by_cinema/x", "https://www.kino.krakow.pl/x", 'x" hidden="', 'x" title="od 2',
    'x" style="text-decoration: line-through', "</td><td>10:00", "<a href='/kino-9'>Kino 9</a>", "<!-- <tr> -->",
)  # fmt: skip


def page() -> str:
    """Four films in six cinemas, at one to three hours, half of them with a ticket."""
    rows = []
    for film in range(4):
        rows.append(f'<tr><th><a class="film" href="/film/film-{film}.html">Film {film}</a></th></tr>')
        for cinema in range(6):
            hours = " ".join(
                f'<span class="hour"><a href="/cinema_program/by_cinema/kino-{cinema}">{hour}:{film}0</a>'
                + f'<a class="buy" href="https://bilety.example/{film}?f=1&amp;c={hour}">Kup bilet</a>' * (film % 2)
                + "</span>"
                for hour in (10, 15, 20)[: 1 + cinema % 3]
            )
            rows.append(f'<tr><td class="cinema"><a href="/kino-{cinema}">Kino {cinema}</a></td><td>{hours}</td></tr>')
    date = variants.long_date(variants.DAY)
    return f'<html><body><h1>{date}</h1><table class="repert">{"".join(rows)}</table></body></html>'


def changed(html: str, chance: random.Random) -> str:
    """The page with one or two of its parts changed, and perhaps damaged."""
    for part in chance.sample(PARTS, 2):
        pieces = html.split(part)
        if len(pieces) > 1:
            at = chance.randrange(1, len(pieces))
            html = part.join(pieces[:at]) + chance.choice(INSTEAD) + part.join(pieces[at:])
    return fuzz.damaged(html, chance) if chance.random() < 0.3 else html


def read(html: str, kind: str) -> Programme | str:
    try:
        return READERS[kind][1](html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
    except ExtractionError as error:
        return str(error)


def test_what_is_read_is_the_same_as_if_each_cell_were_read_from_its_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(10)
    pages = [(page(), "by_movie"), *((changed(page(), chance), "by_movie") for _ in range(150))]
    pages += [(READERS[kind][0]([look]), kind) for look in LOOKS[::5] for kind in look.kinds]
    as_alike = [read(*one) for one in pages]
    monkeypatch.setattr(Alike, "cells", lambda *_: None)
    assert as_alike == [read(*one) for one in pages]


def test_cells_made_alike_are_not_read_from_their_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    cells = Alike.cells

    def counted(self: Alike, *given: object) -> object:
        read = self._read
        self._read = lambda *one: found.append(one) or read(*one)  # type: ignore[func-returns-value]
        answer = cells(self, *given)  # type: ignore[arg-type]
        self._read = read
        return answer

    monkeypatch.setattr(Alike, "cells", counted)
    programme = programme_by_movie.extract(page(), url=variants.URL, date=variants.DAY, today=variants.TODAY)
    assert len(programme.showtimes) == 48
    assert len(found) == 4 + 6 + 2 * 3  # films, cinemas, and hours by how many and whether with tickets
