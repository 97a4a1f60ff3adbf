# ruff: noqa: E501 - markup in tables of one line each
"""A film's page in the looks that it may have: the facts stay the same."""

from __future__ import annotations

import datetime as dt

import pytest

from events.records import FilmFacts
from scraper.site.extractors import film

TODAY = dt.date(2026, 11, 26)
URL = "https://www.kino.krakow.pl/film/bugonia.html"
FACTS = FilmFacts(
    slug="bugonia",
    title="Bugonia",
    original_title="Save the Green Planet",
    directors=("Jorgos Lantimos",),
    year=2025,
    countries=("USA", "Irlandia"),
    runtime=118,
    cast=("Emma Stone", "Jesse Plemons"),
    genres=("komedia", "science fiction"),
    premiere=dt.date(2025, 11, 7),
    distributor="UIP",
)
PAIRS = {
    "Tytuł oryginalny": "Save the Green Planet",
    "Czas trwania": "118 min.",
    "Produkcja": "USA / Irlandia, 2025",
    "Gatunek": '<a href="/gatunek/1">komedia</a>, <a href="/gatunek/2">science fiction</a>',
    "Premiera": "7 listopada 2025",
    "Dystrybutor filmu": "UIP",
    "Reżyseria": '<a href="/osoba/1">Jorgos Lantimos</a>',
    "Obsada": '<a href="/osoba/2">Emma Stone</a>, <a href="/osoba/3">Jesse Plemons</a>',
}
H1 = "<h1>Bugonia</h1>"
LAYOUTS = {
    "strong": "<p><strong>{0}:</strong> {1}</p>",
    "strong, line breaks": "<strong>\n {0}:\n</strong>\n {1}\n<br>",
    "strong, colon outside": "<p><strong>{0}</strong>: {1}</p>",
    "strong without a colon": "<p><strong>{0}</strong> {1}</p>",
    "bold": "<p><b>{0}:</b> {1}</p>",
    "bold, no-break space": "<p><b>{0}:</b>&nbsp;{1}</p>",
    "a definition list": "<dl><dt>{0}</dt><dd>{1}</dd></dl>",
    "a definition list with colons": "<dl><dt>{0}:</dt><dd>{1}</dd></dl>",
    "table heads": "<table><tr><th>{0}</th><td>{1}</td></tr></table>",
    "table cells": "<table><tr><td>{0}:</td><td>{1}</td></tr></table>",
    "list items": "<ul><li>{0}: {1}</li></ul>",
    "list items in bold": "<ul><li><b>{0}</b>: {1}</li></ul>",
    "spans": '<div><span class="label">{0}:</span> <span class="value">{1}</span></div>',
    "spans without colons": '<div><span class="label">{0}</span> <span class="value">{1}</span></div>',
    "summaries": "<details open><summary>{0}</summary>{1}</details>",
    "divs": '<div class="label">{0}</div><div class="value">{1}</div>',
    "plain lines": "<p>{0}: {1}</p>",
    "plain lines by br": "{0}: {1}<br>",
    "em": "<p><em>{0}:</em> {1}</p>",
    "small headings": "<h4>{0}</h4><p>{1}</p>",
    "one line": "<strong>{0}:</strong> {1} ",
    "labels in capitals": "<p><strong>{2}:</strong> {1}</p>",
    "a value of its own line": "<p><strong>{0}:</strong><br>\n{1}</p>",
    "an attribute": '<div data-label="{0}">{1}</div>',
    "an attribute of cells": '<table><tr><td data-th="{0}:">{1}</td></tr></table>',
    "an icon's title": '<p><i class="icon" title="{0}"></i> {1}</p>',
    "a picture's description": '<p><img src="/i.png" alt="{0}"> {1}</p>',
    "full-width colons": "<p><strong>{0}：</strong> {1}</p>",
    "notes behind values": "<table><tr><th>{0}</th><td>{1}<sup>[1]</sup></td></tr></table>",
    "nested bold": "<p><span><strong>{0}:</strong></span> {1}</p>",
    "upper-case tags": "<P><STRONG>{0}:</STRONG> {1}</P>",
}
VALUES = {
    "118 minut": ("Czas trwania", "118 minut"), "1 godz. 58 min.": ("Czas trwania", "1 godz. 58 min."),
    "1h 58m": ("Czas trwania", "1h 58m"), "118'": ("Czas trwania", "118'"), "1 h 58 min": ("Czas trwania", "1 h 58 min"),
    "1:58": ("Czas trwania", "1:58"), "118": ("Czas trwania", "118"), "118min": ("Czas trwania", "118min"),
    "USA, Irlandia (2025)": ("Produkcja", "USA, Irlandia (2025)"), "2025, USA/Irlandia": ("Produkcja", "2025, USA/Irlandia"),
    "USA/Irlandia 2025": ("Produkcja", "USA/Irlandia 2025"), "USA, Irlandia, 2025 r.": ("Produkcja", "USA, Irlandia, 2025 r."),
    "07.11.2025": ("Premiera", "07.11.2025"), "2025-11-07": ("Premiera", "2025-11-07"),
    "7 lis 2025": ("Premiera", "7 lis 2025"), "piątek, 7 listopada 2025 r.": ("Premiera", "piątek, 7 listopada 2025 r."),
    "7 listopada 2025 (Polska)": ("Premiera", "7 listopada 2025 (Polska), 5 września 2025 (świat)"),
    "names without links": ("Obsada", "Emma Stone, Jesse Plemons"), "names with roles": ("Obsada", "Emma Stone (Michelle), Jesse Plemons (Teddy)"),
    "names in lines": ("Obsada", "Emma Stone<br>Jesse Plemons<br>"),
    "names in lines with roles": ("Obsada", "Emma Stone – Michelle<br>Jesse Plemons – Teddy<br>Zobacz zwiastun"),
    "names and a link to more": ("Obsada", 'Emma Stone, Jesse Plemons <a href="#">więcej...</a>'),
    "a studio beside the countries": ("Produkcja", "Element Pictures, USA / Irlandia, 2025"),
    "prod.": ("Produkcja", "prod. USA/Irlandia 2025"),
    "a distributor with a link to its site": ("Dystrybutor filmu", 'UIP <a href="https://uip.pl">www</a>'),
    "names in a list": ("Obsada", "<ul><li>Emma Stone</li><li>Jesse Plemons</li></ul>"),
    "names and others": ("Obsada", "Emma Stone, Jesse Plemons, i inni"), "genres without links": ("Gatunek", "komedia / science fiction"),
}  # fmt: skip
LABELS = {
    "Reżyser": "Reżyseria", "Reżyserzy": "Reżyseria", "Czas projekcji": "Czas trwania", "Długość": "Czas trwania",
    "Kraj produkcji": "Produkcja", "Premiera w Polsce": "Premiera", "Premiera polska": "Premiera", "Data premiery": "Premiera",
    "Oryginalny tytuł": "Tytuł oryginalny", "Występują": "Obsada", "W rolach głównych": "Obsada", "Dystrybutor": "Dystrybutor filmu",
    "Dystrybucja": "Dystrybutor filmu", "Gatunki": "Gatunek",
    "Directed by": "Reżyseria", "Release date": "Premiera", "Country of origin": "Produkcja", "Starring": "Obsada",
    "Distributed by": "Dystrybutor filmu", "Length": "Czas trwania", "Original name": "Tytuł oryginalny", "Genre(s)": "Gatunek",
    "Rez\u0307yseria": "Reżyseria",
}  # fmt: skip
TITLES = {
    "a badge": '<h1>Bugonia <span class="badge">PREMIERA</span></h1>', "the year": "<h1>Bugonia <small>(2025)</small></h1>",
    "the site's h1 too": '<h1><a href="/">kino.krakow.pl</a></h1><h1>Bugonia</h1>', "a span": "<h1><span itemprop='name'>Bugonia</span></h1>",
    "og:title": '<meta property="og:title" content="Bugonia - repertuar kin - Kraków">', "a title": "<title>Bugonia | kino.krakow.pl</title>",
    "quotation marks": "<h1>„Bugonia”</h1>", "an h2": "<h2>Bugonia</h2><h2>Zwiastun</h2>", "the site's name in h1": "<title>Bugonia - kino.krakow.pl</title><h1>kino.krakow.pl</h1>",
}  # fmt: skip


def page(title: str = H1, layout: str = LAYOUTS["strong"], **pairs: str) -> str:
    lines = "".join(layout.format(label, value, label.upper()) for label, value in (pairs or PAIRS).items())
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{title}<div class="film">{lines}'
        "<p>Opis filmu: Teddy porywa prezeskę.</p></div>"
        '<aside><strong>Reżyseria:</strong> Kto Inny</aside><div id="footer">2026</div></body></html>'
    )


LOOKS = {
    **{f"labels in {name}": page(layout=layout) for name, layout in LAYOUTS.items()},
    **{f"value {name}": page(**{**PAIRS, label: value}) for name, (label, value) in VALUES.items()},
    **{
        f"label {name}": page(**{name if label == of else label: value for label, value in PAIRS.items()})
        for name, of in LABELS.items()
    },
    "labels above their columns": page(layout="").replace(
        '<div class="film">',
        f'<div class="film"><table><tr>{"".join(f"<th>{label}</th>" for label in PAIRS)}</tr>'
        f"<tr>{''.join(f'<td>{value}</td>' for value in PAIRS.values())}</tr></table>",
    ),
    **{f"title from {name}": page(title) for name, title in TITLES.items()},
}


@pytest.mark.parametrize("name", LOOKS)
def test_the_facts_of_a_film_in_any_look(name: str) -> None:
    assert film.extract(LOOKS[name], url=URL, slug="bugonia", today=TODAY) == FACTS


def test_there_are_enough_looks() -> None:
    assert len(LOOKS) >= 60


@pytest.mark.parametrize(
    ("label", "fact"),
    [("Czas trwania", "runtime"), ("Premiera", "premiere"), ("Produkcja", "year"), ("Obsada", "cast")],
)
def test_a_fact_that_makes_no_sense_costs_itself(label: str, fact: str) -> None:
    found = film.extract(page(**{**PAIRS, label: "???"}), url=URL, slug="bugonia", today=TODAY)
    lost = {name for name in FilmFacts.__dataclass_fields__ if getattr(found, name) != getattr(FACTS, name)}
    assert fact in lost <= {"runtime", "premiere", "year", "countries", "cast"}
    assert not getattr(found, fact)
