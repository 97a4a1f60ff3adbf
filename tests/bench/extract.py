"""Extracting the records of a day's page beside lxml's parsing of the same page."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import partial

from lxml import etree

from scraper.site.extractors import programme_by_movie
from tests.bench import measuring

ROUNDS = 7
DAY = dt.date(2026, 11, 27)
URL = "https://www.kino.krakow.pl/cinema_program/by_movie"


def page(showtimes: int) -> str:
    """Films in ten cinemas each, three hours a cinema, most with a ticket."""
    rows = ['<tr><th class="date" colspan="2">piątek, 27 listopada</th></tr>']
    for film in range(showtimes // 30):
        rows.append(f'<tr><th><a class="preview-link film" href="/film/film-{film}.html">Film {film}</a></th></tr>')
        for cinema in range(10):
            hours = "\n".join(
                f'<span class="hour"><a href="/cinema_program/by_cinema/{cinema}">{hour}:{film % 60:02}</a>\n'
                f'<a class="buy_ticket" href="https://bilety.example.com/{film}/{cinema}/{hour}">kup bilet</a></span>'
                for hour in (10, 15, 20)
            )
            rows.append(
                f'<tr><td class="cinema_film"><a href="/kino-{cinema}">Kino {cinema}</a></td>\n'
                f'<td class="hours">{hours}</td></tr>'
            )
    table = "\n".join(rows)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>'
        f'<table class="showtimes repert"><tbody>{table}</tbody></table></body></html>'
    )


def main() -> None:
    for showtimes in (300, 3000):
        html = page(showtimes)
        found = programme_by_movie.extract(html, url=URL, date=DAY, today=DAY)
        parsed, extracted = [], []
        for _ in range(ROUNDS):
            parsed.append(_timed(partial(_parse, html.encode())))
            extracted.append(_timed(partial(programme_by_movie.extract, html, url=URL, date=DAY, today=DAY)))
        note = f"{1000 * min(extracted):.1f} ms of CPU"
        name = f"extracting {len(found.showtimes)} showtimes / parsing their page"
        measuring.tell(measuring.ratio(name, extracted, parsed, goal="≤ 5", note=note, digits=1))


def _parse(raw: bytes) -> None:
    etree.fromstring(raw, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def _timed(work: Callable[[], object]) -> float:
    """CPU seconds: what else the machine does only adds to those of the clock."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
