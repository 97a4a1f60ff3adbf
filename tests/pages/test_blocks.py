"""Programmes made of blocks, without a table: read as tables are, and doubted as tables are."""

from __future__ import annotations

import datetime as dt
import random
import re
from html import escape

import pytest

from scraper.site.extractors import programme_by_hour, programme_by_movie
from scraper.site.extractors.errors import ExtractionError

from . import fuzz, variants
from .test_variants import keys
from .variants import CINEMAS, FILMS, Parts

# of a film {film} with its {rows}, and of a row with its {cinema} and {hours}
STYLES = {
    "a grid": (
        '<div class="row title">{film}</div>{rows}',
        '<div class="row"><div class="cell cinema">{cinema}</div><div class="cell hours">{hours}</div></div>',
    ),
    "boxes": (
        '<section class="film"><h2>{film}</h2><div class="cinemas">{rows}</div></section>',
        '<div class="row"><div class="cinema">{cinema}</div><div>{hours}</div></div>',
    ),
    "lists": ("<article><h3>{film}</h3><ul>{rows}</ul></article>", "<li>{cinema}: {hours}</li>"),
    "paragraphs": ("<h3>{film}</h3>{rows}", "<p>{cinema} {hours}</p>"),
    "lines": ('<div class="film-title">{film}</div>{rows}', "<div>{cinema} {hours}</div>"),
    "definitions": ("<dt>{film}</dt>{rows}", "<dd><b>{cinema}</b> {hours}</dd>"),
}


def page(style: str) -> str:
    film_of, row_of = STYLES[style]
    films = []
    for slug, (title, cinemas) in FILMS.items():
        rows = [
            row_of.format(
                cinema=f'<a href="/{cinema}">{CINEMAS[cinema]}</a>',
                hours=" ".join(Parts().hour(cinema, time) for time in times),
            )
            for cinema, times in cinemas.items()
        ]
        link = f'<a class="film" href="/film/{slug}.html">{escape(title)}</a>'
        films.append(film_of.format(film=link, rows="".join(rows)))
    day = f'<div class="date">{variants.long_date(variants.DAY)}</div>'
    block = f'<div class="showtimes repert">{day}{"".join(films)}</div>'
    return re.sub(r'<table class="showtimes repert">.*?</table>', lambda _: block, variants.by_movie([]), flags=re.S)


def read(html: str, date: dt.date = variants.DAY) -> set[variants.Key]:
    return keys(programme_by_movie.extract(html, url=variants.URL, date=date, today=variants.TODAY))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("was", "becomes", "lost"),
    [
        ("", "", {}),
        (r'<a class="film" href="/film/dom-dobry.html">(.*?)</a>', r"\1", {"dom-dobry"}),
        ("(Dom dobry</a>)", r'\1 + <a href="/film/inny.html">Inny</a>', {"dom-dobry"}),
        (r'<a href="/agrafka">(.*?)</a>', r"\1", {"sroda-9-maja"}),
        (r'(<a href="/kijow">)', r'<a href="/kijow/mapa">mapa</a> \1', {}),
        (r"(Bugonia</a></[a-z0-9]+>)", r'\1<aside><a href="/film/inny.html">Inny</a> 20:00</aside>', {}),
        (r"(Środa, 9 maja</a>)", r"\1 <small>1:58</small>", {}),
    ],
)  # fmt: skip
def test_blocks_are_read_as_rows(style: str, was: str, becomes: str, lost: set[str]) -> None:
    html = re.sub(was, becomes, page(style)) if was else page(style)
    assert read(html) == {key for key in variants.truth() if key[0] not in lost}


@pytest.mark.parametrize("style", STYLES)
def test_blocks_of_another_day_are_none_of_the_page_s(style: str) -> None:
    """Nor are those that stand in blocks which nothing calls a programme."""
    with pytest.raises(ExtractionError):
        read(page(style), variants.DAY + dt.timedelta(days=1))
    first = STYLES[style][0].partition("{film}")[0]
    with pytest.raises(ExtractionError, match="another day"):
        read(page(style).replace(first, f"<div>Sobota</div>{first}"))
    with pytest.raises(ExtractionError, match="the layout changed"):
        read(page(style).replace("showtimes repert", "news"))


@pytest.mark.parametrize("heading", ["<h3>{}</h3>", '<div class="time">{}</div>', "<b>{}</b>"])
@pytest.mark.parametrize("row", ["<div><div>{}</div><div>{}</div></div>", "<li>{} – {}</li>", "<p>{}: {}</p>"])
def test_blocks_of_the_hour_programme_are_read_as_rows(heading: str, row: str) -> None:
    html = re.sub(r"<tr><th[^>]*><h3>(.*?)</h3></th></tr>", heading.format(r"\1"), variants.by_hour([]))
    html = re.sub(r'<tr><td class="cinema">(.*?)</td><td>(.*?)</td></tr>', row.format(r"\1", r"\2"), html)
    html = html.replace('<table class="showtimes repert">', '<div class="box repert">').replace('"date" colspan', "x")
    before, _, rest = html.partition('<div class="box repert">')
    rest = re.sub(r"</?t(?:body|r|h)[^>]*>", "", rest).replace("</table>", "</div>")
    programme = programme_by_hour.extract(
        f'{before}<div class="box repert">{rest}', url=variants.URL, date=variants.DAY, today=variants.TODAY
    )
    assert keys(programme) == variants.truth()


def test_damaged_blocks_are_refused_or_read_right() -> None:
    chance = random.Random(150)
    truth = {(film, cinema, start.time()) for film, cinema, start in variants.truth()}
    read_whole = 0
    for _ in range(150):
        html = fuzz.damaged(page(chance.choice(list(STYLES))), chance)
        try:
            found = read(html)
        except ExtractionError:
            continue
        assert {(film, cinema, start.time()) for film, cinema, start in found} <= truth
        read_whole += len(found) == len(truth)
    assert read_whole > 20
