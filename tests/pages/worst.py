# ruff: noqa: E501 - markup in tables of one line each
"""How long the worst markup takes: `python -m tests.pages.worst [--bytes 1000000]`. Pages of one megabyte that repeat
one thing, each read as every kind of page.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator

from scraper.site.extractors import calendar, film, kinds, programme_by_hour, programme_by_movie
from scraper.site.extractors.errors import ExtractionError

TODAY, DAY = dt.date(2026, 11, 26), dt.date(2026, 11, 27)
URL = "https://www.kino.krakow.pl/cinema_program/by_movie"

ROW = (
    '<tr><td class="cinema_film"><a href="/kijow">Kijów</a></td><td class="hours"><span class="hour">'
    '<a href="/cinema_program/by_cinema/kijow">10:30</a></span></td></tr>'
)
TABLE = '<table class="repert"><tr><th class="date">piątek, 27 listopada</th></tr>'
FILM = '<tr><th><a class="film" href="/film/bugonia.html">Bugonia</a></th></tr>'
# What is repeated, by name: in the body of a page, and inside its programme.
REPEATED = {
    "div": "<div>", "table": "<table>", "tr": "<tr>", "td": "<td>", "th": "<th>", "tables in cells": "<table><tr><td>",
    "rows in divs": "<div><tr><td>", "a": "<a>", "links": '<a href="/film/a.html">', "hours' links":
    '<a href="/cinema_program/by_cinema/1">10:30', "b": "<b>", "b and i, crossed": "<b><i></b></i>", "p": "<p>",
    "b in p": "<p><b>", "span": "<span>", "hour spans": "<span class=hour>", "time spans": "<span class=time>10:30",
    "time": "<time>10:30", "font": "<font>", "li": "<ul><li>", "dl": "<dl><dt>Reżyseria:<dd>", "strong": "<strong>",
    "labels": "<strong>Reżyseria:</strong> A, ", "labels unclosed": "<strong>Obsada: ", "plain labels": "Gatunek: x\n",
    "h1": "<h1>Film</h1>", "h1 unclosed": "<h1>", "h2": "<h2>27 listopada", "h3": "<h3>10:30</h3>", "end tags": "</div>",
    "table ends": "</table>", "body ends": "</body>", "html ends": "</html>", "open comments": "<!--",
    "comments": "<!-- a -->", "comments of rows": "<!-- <tr><td> -->", "scripts": "<script></script>",
    "open scripts": "<script>", "styles": "<style>a</style>", "svg": "<svg>", "templates": "<template><tr><td>",
    "selects": "<select>", "options": "<select id=day_select><option selected value=11-27>", "entities": "&amp;&#261;",
    "bad entities": "&#xD800;&foo", "lt": "<", "gt": ">", "dates": "27 listopada, ", "date rows":
    "<tr><th class=date>27.11</th></tr>", "digits": "27.11.", "colons": ":", "clocks": "10:30 ", "clock digits": "10:3",
    "date digits": "1-", "spaces": " ", "no-break spaces": "&nbsp;", "newlines": "\n", "letters": "a", "words": "jutro ",
    "empty rows": "<tr></tr>", "rows": ROW, "films": FILM, "titles": "<tr><th>Kino</th><th>Godziny</th></tr>",
    "rows of text": "<tr>10:30", "text": "Reżyser: a, b; ", "set_day": '<a href="/settings/set_day/1">Pt 27 11</a>',
    "calendar cells": '<td class="active"><a href="/settings/set_day/1">27 11</a></td>', "forms": "<form action=/x>",
    "attributes": "<td a=1 b=2 c=3>", "odd tags": "<tr<th", "quotes": '<td class="', "struck": "<s>10:30</s>",
    "aside": "<aside>", "hidden": "<div hidden>", "images": "<img src=/dbimages/a>", "breaks": "<br>", "hr": "<hr>",
    "captions": "<caption>27.11</caption>", "bases": "<base href=/>", "frames": "<iframe>", "metas":
    "<meta property=og:title content=x>", "processing": "<?x>", "doctypes": "<!DOCTYPE html>", "hours in one row":
    "<td class=hours>10:30</td>", "dashes": "–", "no programme": "<p>Brak repertuaru</p>", "nulls": "\0",
    "hour cells": "<td class=hour>10:30</td>", "versions": "2D, ", "cancelled": "<b>10:30</b> odwołany ", "moved": "<b class=hour>10:30</b><i>przeniesiony na 11:00</i>", "formats": "10:30 2D napisy, ", "combining": "\u0301", "no-width": "\u200b", "surrogates": "\U0001f3ac",
    "tokens": "hour ", "rowspans": "<td rowspan=999 colspan=999>x</td>", "rows of one cell": "<tr><td>x</td></tr>",
    "rows of hours": "<tr><td>10:30</td></tr>", "cdata": "<![CDATA[x]]>", "open cdata": "<![CDATA[", "lists": "<ul>",
    "hours of links": '<span class=hour><a href="/cinema_program/by_cinema/1">10:30</a></span>', "tickets":
    '<a href="https://b.pl/1">kup</a>', "hours with tickets": '<span class=hour>10:30 <a href="https://b.pl/1">kup</a></span>',
    "one hour of links": '<span class=hour><a title=2D href=/bilety/1>10:30', "hidden films":
    '<b hidden><a href="/film/a.html">A</a></b>', "other days": "<tr><th>28 listopada</th></tr>", "jutro": "<h2>jutro</h2>",
    "days": '<option value="11-27">27 listopada</option>', "weekdays": "piątek, ", "months": "27 lis ", "limits": "od 5 grudnia ",
    "dates in attributes": "<p data-date=2026-11-27>", "json-ld": '<script type="application/ld+json">{"@type":"Movie"}</script>',
    "json": '[{"@graph":', "items": "<p itemscope itemtype=http://schema.org/Movie>", "properties": "<b itemprop=name>A</b>",
    "cards": '<li><a href="/film/c.html">C</a></li>', "h2s of others": "<h2>Podobne</h2>", "brackets": "(", "years": "2025 ",
    "minutes": "118 min ", "godz": "godz. ", "names": "Jan Kowalski, ", "labels in lines": "Obsada: A\n", "slashes": "/",
    "prices": "od 20 zł ", "raised": "20³⁰ ", "ranges": "10:30-12:30 ", "weekday links": '<a href="/cinema_program/by_movie?day=11-28">Pt 28.11</a>',
    "noscript": "<noscript>", "plaintext": "<plaintext>", "details": "<details><summary>", "buttons": "<button>",
    "nested lists": "<ul><li><ul><li>", "nested spans": "<span><b><i><u>", "ids": "<p id=x>", "names of tags": "<a-b-c>",
    "captions open": "<caption>", "col": "<col>", "tbody": "<tbody>", "nested tables": "<table><tr><td>10:30</td></tr>",
}  # fmt: skip


FRAME = (
    f"<!DOCTYPE html><html><head><title>A</title></head><body><h1>Film</h1>{{}}{TABLE}{FILM}{ROW}{{}}{ROW}</table>{{}}"
    "</body></html>"
)
PLACES = {  # which gap of the frame, and what is around the thing there
    "before": (0, "%"),
    "between rows": (1, "%"),
    "in a cell": (1, "<tr><td class=cinema_film><a href=/kijow>K</a><td class=hours>%"),
    "in a heading": (1, '<tr><th><a class=film href="/film/b.html">%'),
    "behind": (2, "%"),
    "without rows": (1, "</tr><div><td class=cinema>x</td>%"),
    "in an attribute": (1, '<tr class="%"><td title="%">x</td></tr>'),
}


def pages(size: int) -> Iterator[tuple[str, str]]:
    """(name, page) of about `size` bytes each: a thing repeated in every place that it may stand in."""
    for name, thing in REPEATED.items():
        for place in PLACES:
            if '"' not in thing or place != "in an attribute":
                yield f"{name}, {place}", page(f"{name}, {place}", size)


def page(name: str, size: int) -> str:
    """The page of this name, such as "links, in a cell"."""
    name, _, place = name.rpartition(", ")
    thing = REPEATED[name]
    at, around = PLACES[place]
    parts = ["", "", ""]
    parts[at] = around.replace("%", thing * (size // len(thing.encode())))
    return FRAME.format(*parts)


READERS: dict[str, Callable[[str], object]] = {
    "by_movie": lambda html: programme_by_movie.extract(html, url=URL, date=DAY, today=TODAY),
    "by_hour": lambda html: programme_by_hour.extract(html, url=URL, date=DAY, today=TODAY),
    "calendar": lambda html: calendar.extract(html, url=URL, today=TODAY),
    "film": lambda html: film.extract(html, url=URL, slug="bugonia", today=TODAY),
    "kind": lambda html: kinds.guess(html, url=URL),
}


def seconds(read: Callable[[str], object], html: str) -> float:
    """The CPU time that reading a page takes; that it is refused is no fault."""
    begun = time.process_time()
    with contextlib.suppress(ExtractionError):
        read(html)
    return time.process_time() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=1_000_000)
    parser.add_argument("--above", type=float, default=1.0, help="seconds from which a page is told")
    given = parser.parse_args()
    slow = 0
    worst: dict[str, tuple[float, str]] = {}
    count = 0
    for name, html in pages(given.bytes):
        for kind, read in READERS.items():
            took = seconds(read, html)
            count += 1
            worst[kind] = max(worst.get(kind, (0.0, "")), (took, name))
            if took > given.above:
                slow += 1
                print(f"{took:.2f} s  {kind}: {name}", flush=True)
    print(f"{count} pages of {given.bytes} bytes, {slow} above {given.above} s")
    for kind, (took, name) in worst.items():
        print(f"{kind}: at most {took:.2f} s ({name})")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
