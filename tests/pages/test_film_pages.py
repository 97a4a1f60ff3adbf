# ruff: noqa: E501 - markup as pages have it, in lines of its own
"""Film pages as different sites write them, each with all that it says: a fact is right or missing, never another's."""

from __future__ import annotations

import datetime as dt

import pytest

from events.records import FilmFacts
from scraper.site.extractors import film

TODAY = dt.date(2026, 11, 26)
URL = "https://www.kino.krakow.pl/film/zimna-wojna.html"


def facts(
    title: str = "Zimna wojna",
    *,
    original: str | None = None,
    by: str = "",
    year: int | None = None,
    of: str = "",
    minutes: int | None = None,
    cast: str = "",
    genres: str = "",
    premiere: dt.date | None = None,
    distributor: str | None = None,
) -> FilmFacts:
    def several(names: str) -> tuple[str, ...]:
        return tuple(filter(None, names.split(", ")))

    return FilmFacts(
        "zimna-wojna", title, original, several(by), year, several(of), minutes, several(cast), several(genres), premiere, distributor
    )  # fmt: skip


H = "<h1>Zimna wojna</h1>"
SCREENING = (
    '{"@type":"ScreeningEvent","workPresented":{"@type":"http://schema.org/Movie","name":"Zimna wojna",'
    '"director":"Paweł Pawlikowski","duration":"PT85M"}}'
)
DAY = dt.date(2018, 6, 8)
FULL = facts(
    original="Cold War", by="Paweł Pawlikowski", year=2018, of="Polska, Francja, Wielka Brytania", minutes=85,
    cast="Joanna Kulig, Tomasz Kot", genres="dramat, romans", premiere=DAY, distributor="Kino Świat",
)  # fmt: skip
COLD = {
    "Tytuł oryginalny": "Cold War", "Reżyseria": "Paweł Pawlikowski", "Obsada": "Joanna Kulig, Tomasz Kot",
    "Gatunek": "dramat, romans", "Produkcja": "Polska, Francja, Wielka Brytania 2018", "Czas trwania": "85 min",
    "Premiera": "8 czerwca 2018", "Dystrybutor": "Kino Świat",
}  # fmt: skip


def lines(form: str, **labels: str) -> str:
    return H + "".join(form.format(labels.get(label.split()[0], label), value) for label, value in COLD.items())


LOOKS: dict[str, tuple[str, FilmFacts]] = {
    # Layouts
    "label and value in paragraphs of their own": (lines("<p>{0}</p><p>{1}</p>"), FULL),
    "label and value in paragraphs, colon": (lines("<p>{0}:</p>\n<p>{1}</p>\n"), FULL),
    "span of a class, value bare": (lines('<div><span class="film-label">{0}</span> {1}</div>'), FULL),
    "span of a class with a colon behind it": (lines('<div><span class="film-label">{0}</span>: {1}</div>'), FULL),
    "value in bold, label plain": (lines("<p>{0}: <b>{1}</b></p>"), FULL),
    "value in italics, label in bold": (lines("<p><b>{0}</b> <i>{1}</i></p>"), FULL),
    "one table row of two columns of pairs": (
        H + "<table><tr><td>Reżyseria</td><td>Paweł Pawlikowski</td><td>Rok produkcji</td><td>2018</td></tr><tr><td>Kraj</td><td>Polska</td><td>Czas</td><td>85 min</td></tr></table>",
        facts(by="Paweł Pawlikowski", year=2018, of="Polska", minutes=85),
    ),
    "a dt for several dd": (
        H + "<dl><dt>Reżyseria</dt><dd>Joel Coen</dd><dd>Ethan Coen</dd><dt>Gatunek</dt><dd>komedia</dd><dt>Kraj</dt><dd>USA</dd><dd>Kanada</dd></dl>",
        facts(by="Joel Coen, Ethan Coen", genres="komedia", of="USA, Kanada"),
    ),
    "dl in divs": (H + "<dl>" + "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in COLD.items()) + "</dl>", FULL),
    "en-dashes for colons": (lines("<p><strong>{0}</strong> – {1}</p>"), FULL),
    "en-dashes for colons, plain": (lines("{0} – {1}<br>"), FULL),
    "no-break spaces in labels": (lines("<p><b>{0}:</b> {1}</p>").replace("Tytuł oryg", "Tytuł\xa0oryg").replace("Czas trw", "Czas&nbsp;trw"), FULL),
    "a colon with spaces around": (lines("<b>{0} : </b>{1}<br/>"), FULL),
    "a colon between spans": (lines("<p><span>{0}</span><span>:</span> <span>{1}</span></p>"), FULL),
    "pipes between": (H + "<p>Reżyseria: Paweł Pawlikowski | Rok: 2018 | Czas trwania: 85 min | Kraj: Polska</p>", facts(by="Paweł Pawlikowski", year=2018, minutes=85, of="Polska")),
    "semicolons between": (H + "<p>reż. Paweł Pawlikowski; prod. Polska 2018; czas: 85 min</p>", facts(by="Paweł Pawlikowski", year=2018, minutes=85, of="Polska")),
    "h3 and a list": (H + "<h3>Obsada</h3><ul><li>Joanna Kulig</li><li>Tomasz Kot</li></ul><h3>Reżyseria</h3><ul><li>Paweł Pawlikowski</li></ul>", facts(cast="Joanna Kulig, Tomasz Kot", by="Paweł Pawlikowski")),
    "label in a link": (H + '<p><a href="/slownik/rez">Reżyseria</a>: <a href="/osoba/9">Paweł Pawlikowski</a></p><p><a href="/x">Gatunek</a>: dramat</p>', facts(by="Paweł Pawlikowski", genres="dramat")),
    "names in spans": (H + "<p><b>Obsada:</b> <span>Joanna Kulig</span>, <span>Tomasz Kot</span></p>", facts(cast="Joanna Kulig, Tomasz Kot")),
    "names in spans without commas": (H + '<div class="f"><b>Obsada:</b> <span class="p">Joanna Kulig</span> <span class="p">Tomasz Kot</span></div>', facts(cast="Joanna Kulig, Tomasz Kot")),
    "names by line breaks": (H + "<p><b>Reżyseria:</b><br>Joel Coen<br>Ethan Coen</p><p><b>Rok:</b> 2018</p>", facts(by="Joel Coen, Ethan Coen", year=2018)),
    "capitals by style only": (lines('<p><span style="text-transform:uppercase">{0}</span><br>{1}</p>'), FULL),
    "labels in capitals": (H + "".join(f"<p>{k.upper()}: {v}</p>" for k, v in COLD.items()), FULL),
    "icons before labels": (lines('<li><i class="fa fa-x"></i> {0}: {1}</li>'), FULL),
    "bullets before labels": (lines("<p>• {0}: {1}</p>"), FULL),
    "hyphens before labels": (lines("<p>- {0}: {1}</p>"), FULL),
    # Labels
    "oryg.": (H + "<p><b>Tyt. oryg.:</b> Cold War</p><p><b>Reż.:</b> Paweł Pawlikowski</p><p><b>Prod.:</b> Polska 2018</p>", facts(original="Cold War", by="Paweł Pawlikowski", year=2018, of="Polska")),
    "Tyt. oryginalny": (H + "<p><b>Tyt. oryginalny:</b> Cold War</p><p><b>Dystr.:</b> Kino Świat</p><p><b>Wyst.:</b> Joanna Kulig</p>", facts(original="Cold War", distributor="Kino Świat", cast="Joanna Kulig")),
    "Główne role": (H + "<p><b>Główne role:</b> Joanna Kulig, Tomasz Kot</p>", facts(cast="Joanna Kulig, Tomasz Kot")),
    "Role główne": (H + "<p><b>Role główne:</b> Joanna Kulig, Tomasz Kot</p>", facts(cast="Joanna Kulig, Tomasz Kot")),
    "W rolach głównych, sentence": (H + "<p>W rolach głównych: Joanna Kulig i Tomasz Kot.</p>", facts(cast="Joanna Kulig, Tomasz Kot")),
    "Scenariusz i reżyseria": (H + "<p><b>Scenariusz i reżyseria:</b> Paweł Pawlikowski</p><p><b>Zdjęcia:</b> Łukasz Żal</p>", facts(by="Paweł Pawlikowski")),
    "Reżyseria i scenariusz": (H + "<p><b>Reżyseria i scenariusz:</b> Paweł Pawlikowski</p><p><b>Muzyka:</b> Marcin Masecki</p>", facts(by="Paweł Pawlikowski")),
    "Kraj / rok": (H + "<p><b>Kraj / rok:</b> Polska / 2018</p><p><b>Kraj i rok produkcji:</b> Polska 2018</p>", facts(year=2018, of="Polska")),
    "Rok i kraj produkcji": (H + "<p><b>Rok i kraj produkcji:</b> 2018, Polska</p>", facts(year=2018, of="Polska")),
    "English labels": (H + "<p><b>Director:</b> Paweł Pawlikowski</p><p><b>Original title:</b> Cold War</p><p><b>Year:</b> 2018</p><p><b>Runtime:</b> 85 min</p><p><b>Cast:</b> Joanna Kulig</p>", facts(by="Paweł Pawlikowski", original="Cold War", year=2018, minutes=85, cast="Joanna Kulig")),
    "Reżyser filmu, twórcy": (H + "<p><b>Reżyser filmu:</b> Paweł Pawlikowski</p><p><b>Rok powstania:</b> 2018</p><p><b>Tytuł oryginału:</b> Cold War</p>", facts(by="Paweł Pawlikowski", year=2018, original="Cold War")),
    "premieres of two kinds": (H + "<p><b>Premiera (świat):</b> 10 maja 2018</p><p><b>Premiera (Polska):</b> 8 czerwca 2018</p>", facts(premiere=DAY)),
    "premieres of two labels": (H + "<p><b>Premiera światowa:</b> 10 maja 2018</p><p><b>Premiera polska:</b> 8.06.2018</p>", facts(premiere=DAY)),
    "Data premiery kinowej": (H + "<p><b>Data premiery kinowej:</b> 2018-06-08 r.</p><p><b>W kinach:</b> od 8 czerwca 2018</p>", facts(premiere=DAY)),
    # Values
    "two hours five": (H + "<p>Czas trwania: 2 godz. 5 min</p><p>Reżyseria: Jan Nowak</p>", facts(minutes=125, by="Jan Nowak")),
    "1h 45'": (H + "<p>Czas trwania: 1h 45'</p><p>Reżyseria: Jan Nowak</p>", facts(minutes=105, by="Jan Nowak")),
    "1h45": (H + "<p>Czas trwania: 1h45</p><p>Rok: 2018</p>", facts(minutes=105, year=2018)),
    "2 godziny i 5 minut": (H + "<p>Czas trwania: 2 godziny i 5 minut</p><p>Rok: 2018</p>", facts(minutes=125, year=2018)),
    "godzina": (H + "<p>Czas trwania: godzina i 25 minut</p><p>Rok: 2018</p>", facts(minutes=85, year=2018)),
    "minutes and hours in brackets": (H + "<p>Czas trwania: 125 min. (2 godz. 5 min.)</p><p>Rok: 2018</p>", facts(minutes=125, year=2018)),
    "nbsp in minutes": (H + "<p>Czas trwania: 85&nbsp;min</p><p>Rok:&nbsp;2018</p>", facts(minutes=85, year=2018)),
    "with advertisements": (H + "<p>Czas trwania: 85 min + 15 min reklam</p><p>Rok: 2018</p>", facts(minutes=85, year=2018)),
    "od lat 12": (H + "<p>Od lat: 12</p><p>Czas trwania: 85 min, od lat 12</p><p>Wiek: 12+</p>", facts(minutes=85)),
    "age without a colon": (H + "<p>Gatunek: dramat, od lat 12</p><p>Rok: 2018</p>", facts(genres="dramat", year=2018)),
    "directors with i": (H + "<p>Reżyseria: Joel Coen i Ethan Coen</p><p>Rok: 2018</p>", facts(by="Joel Coen, Ethan Coen", year=2018)),
    "directors with oraz and &": (H + "<p>Reżyseria: Lana Wachowski oraz Lilly Wachowski &amp; Tom Tykwer</p><p>Rok: 2018</p>", facts(by="Lana Wachowski, Lilly Wachowski, Tom Tykwer", year=2018)),
    "directors with and": (H + "<p>Reżyseria: Joel Coen and Ethan Coen</p><p>Rok: 2018</p>", facts(by="Joel Coen, Ethan Coen", year=2018)),
    "linked directors with i": (H + '<p>Reżyseria: <a href="/o/1">Joel Coen</a> i <a href="/o/2">Ethan Coen</a></p><p>Rok: 2018</p>', facts(by="Joel Coen, Ethan Coen", year=2018)),
    "countries with hyphens and i": (H + "<p>Kraj: Polska-Francja i Wielka Brytania</p><p>Rok: 2018</p>", facts(of="Polska, Francja, Wielka Brytania", year=2018)),
    "a country of two words with i": (H + "<p>Kraj: Bośnia i Hercegowina, Polska</p><p>Rok: 2018</p>", facts(of="Bośnia i Hercegowina, Polska", year=2018)),
    "countries by en-dash": (H + "<p>Produkcja: Polska – Francja, 2018</p><p>Gatunek: dramat</p>", facts(of="Polska, Francja", year=2018, genres="dramat")),
    "linked countries": (H + '<p>Produkcja: <a href="/k/1">Polska</a>, <a href="/k/2">Francja</a> (<a href="/r/2018">2018</a>)</p><p>Gatunek: dramat</p>', facts(of="Polska, Francja", year=2018, genres="dramat")),
    "years of a range": (H + "<p>Produkcja: Polska 2017/2018</p><p>Gatunek: dramat</p>", facts(of="Polska", year=None, genres="dramat")),
    "original title and year": (H + "<p>Tytuł oryginalny: Cold War (2018)</p><p>Gatunek: dramat</p>", facts(original="Cold War", genres="dramat")),
    "original title of a sentence": (H + "<p>Tytuł oryginalny: „Cold War”</p><p>Gatunek: dramat</p>", facts(original="Cold War", genres="dramat")),
    "genres with a slash": (H + "<p>Gatunek: dramat/romans</p><p>Rok: 2018</p>", facts(genres="dramat, romans", year=2018)),
    "unknown values": (H + "<p>Reżyseria: -</p><p>Obsada: brak danych</p><p>Gatunek: nieznany</p><p>Rok: b.d.</p><p>Dystrybutor: brak</p><p>Tytuł oryginalny: –</p>", facts()),
    "empty values": (H + "<p><b>Reżyseria:</b></p><p><b>Obsada:</b></p><p><b>Gatunek:</b> dramat</p><p><b>Dystrybutor:</b></p><p>Film Pawła Pawlikowskiego.</p>", facts(genres="dramat")),
    "an empty dd": (H + "<dl><dt>Reżyseria</dt><dd></dd><dt>Gatunek</dt><dd>dramat</dd><dt>Dystrybutor</dt><dd> </dd></dl><p>Wielka miłość w trudnych czasach.</p>", facts(genres="dramat")),
    "an empty last cell": (H + "<table><tr><th>Gatunek</th><td>dramat</td></tr><tr><th>Obsada</th><td></td></tr></table><p>Wielka miłość w trudnych czasach.</p>", facts(genres="dramat")),
    "a trailing full stop": (H + "<p>Reżyseria: Paweł Pawlikowski.</p><p>Obsada: Joanna Kulig, Tomasz Kot.</p><p>Dystrybutor: Kino Świat.</p>", facts(by="Paweł Pawlikowski", cast="Joanna Kulig, Tomasz Kot", distributor="Kino Świat")),
    "Jr. and initials": (H + "<p>Obsada: Robert Downey Jr., Samuel L. Jackson</p><p>Rok: 2018</p>", facts(cast="Robert Downey Jr., Samuel L. Jackson", year=2018)),
    "and others": (H + "<p>Obsada: Joanna Kulig, Tomasz Kot i inni</p><p>Rok: 2018</p>", facts(cast="Joanna Kulig, Tomasz Kot", year=2018)),
    "roles with jako": (H + "<p>Obsada: Joanna Kulig jako Zula, Tomasz Kot jako Wiktor</p><p>Rok: 2018</p>", facts(cast="Joanna Kulig, Tomasz Kot", year=2018)),
    "roles with dashes": (H + "<ul><li>Obsada:</li></ul><ul><li>Joanna Kulig – Zula</li><li>Tomasz Kot – Wiktor</li></ul>", facts(cast="Joanna Kulig, Tomasz Kot")),
    # Prose: what a sentence says is no fact
    "a director in a sentence": (H + "<p>Gatunek: dramat</p><p>To historia miłości. Reżyser: człowiek, który nie ma nic do stracenia. Obsada: sami znajomi.</p>", facts(genres="dramat")),
    "a director in a sentence, in bold": (H + "<p>Gatunek: dramat</p><p>Film zrobił <strong>reżyser</strong> Idy, a <b>premiera</b> odbyła się w Cannes 10 maja 2018.</p>", facts(genres="dramat")),
    "a sentence begins with a label's word": (H + "<p>Gatunek: dramat</p><p>Reżyser: nieznany w opisie. Produkcja trwała trzy lata, od 2014 do 2017.</p><p>Premiera: huczna, z bankietem.</p>", facts(genres="dramat")),
    "labels in the description only": (H + '<div class="opis"><p>Kiedy Zula poznaje Wiktora, premiera spektaklu jest blisko. Reżyseria: tego nikt nie chce. Czas: lata pięćdziesiąte.</p></div>', facts()),
    "review by another film": (H + "<p>Rok: 2018</p><h2>Podobne filmy</h2><p><b>Ida</b></p><p>Reżyseria: Paweł P.</p><p>Czas trwania: 82 min</p>", facts(year=2018)),
    # Facts for machines
    "JSON-LD": (
        H + '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Movie","name":"Zimna wojna","alternateName":"Cold War","director":[{"@type":"Person","name":"Paweł Pawlikowski"}],"actor":[{"@type":"Person","name":"Joanna Kulig"},{"@type":"Person","name":"Tomasz Kot"}],"duration":"PT1H25M","genre":["dramat","romans"],"countryOfOrigin":{"@type":"Country","name":"Polska"},"dateCreated":"2018"}</script>',
        facts(by="Paweł Pawlikowski", cast="Joanna Kulig, Tomasz Kot", minutes=85, genres="dramat, romans", of="Polska", year=2018),
    ),
    "JSON-LD in a graph, text over it": (
        H + '<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"kino"},{"@type":["Movie"],"name":"Zimna wojna","director":"Kto Inny","duration":"PT85M"}]}</script><p>Reżyseria: Paweł Pawlikowski</p>',
        facts(by="Paweł Pawlikowski", minutes=85),
    ),
    "JSON-LD of other films": (
        H + '<script type="application/ld+json">[{"@type":"Movie","name":"Ida","director":"Paweł Pawlikowski","duration":"PT82M"},{"@type":"Movie","name":"Córka","duration":"PT99M"}]</script><p>Rok: 2018</p>',
        facts(year=2018),
    ),
    "JSON-LD of a movie's screenings": (
        H + '<script type="application/ld+json">//<![CDATA[\n' + f"[{', '.join([SCREENING] * 3)}]" + "\n//]]></script>",
        facts(by="Paweł Pawlikowski", minutes=85),
    ),
    "JSON-LD of two films of one name": (
        H + f'<script type="application/ld+json"><!--[{SCREENING}, {SCREENING.replace("PT85M", "PT99M")}]--></script>', facts(),
    ),
    "RDFa": (
        '<div vocab="https://schema.org/" typeof="Movie"><h1 property="name">Zimna wojna</h1><span property="director">Paweł Pawlikowski</span><time property="duration" datetime="PT85M">tyle</time></div>',
        facts(by="Paweł Pawlikowski", minutes=85),
    ),
    "microdata of an item without a type": (
        '<div itemscope><h1 itemprop="name">Zimna wojna</h1><span itemprop="director">Paweł Pawlikowski</span></div>', facts(by="Paweł Pawlikowski"),
    ),
    "Open Graph": (
        H + '<meta property="og:type" content="video.movie"><meta property="video:director" content="Paweł Pawlikowski"><meta property="video:duration" content="5100">',
        facts(by="Paweł Pawlikowski", minutes=85),
    ),
    "JSON-LD that is broken": (H + '<script type="application/ld+json">{"@type":"Movie", "name":</script><p>Rok: 2018</p>', facts(year=2018)),
    "microdata": (
        '<div itemscope itemtype="https://schema.org/Movie"><h1 itemprop="name">Zimna wojna</h1><span itemprop="director" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Paweł Pawlikowski</span></span><meta itemprop="duration" content="PT1H25M"><span itemprop="genre">dramat</span><span itemprop="actor">Joanna Kulig</span><span itemprop="actor">Tomasz Kot</span></div>',
        facts(by="Paweł Pawlikowski", minutes=85, genres="dramat", cast="Joanna Kulig, Tomasz Kot"),
    ),
    "microdata of another film": (
        H + '<p>Rok: 2018</p><div itemscope itemtype="https://schema.org/Movie"><span itemprop="name">Ida</span><span itemprop="director">Kto Inny</span></div>',
        facts(year=2018),
    ),
    "og:title alone": ('<meta property="og:title" content="Zimna wojna (2018) - repertuar kin - Kraków"><p>Rok: 2018</p>', facts("Zimna wojna (2018)", year=2018)),
    # What stands beside
    "another film beside": (H + '<p>Rok: 2018</p><div class="sidebar"><p>Reżyseria: Kto Inny</p></div><footer>Dystrybutor: Nikt</footer>', facts(year=2018)),
    "a comment beneath": (H + '<p>Reżyseria: Paweł Pawlikowski</p><div class="comments"><p>Ania: Obsada: świetna!</p></div>', facts(by="Paweł Pawlikowski")),
    "a box of other premieres": (H + '<p>Rok: 2018</p><h3>Premiery</h3><ul><li><a href="/film/ida.html">Ida</a><br>Reżyseria: Kto Inny</li></ul>', facts(year=2018)),
}  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_a_film_page_says_its_facts_and_no_others(look: str) -> None:
    body, expected = LOOKS[look]
    html = f'<!DOCTYPE html><html lang="pl"><head><meta charset="utf-8"><title>Zimna wojna - kino.krakow.pl</title></head><body>{body}</body></html>'
    assert film.extract(html, url=URL, slug="zimna-wojna", today=TODAY) == expected
