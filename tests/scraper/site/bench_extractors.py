"""How long extracting a day takes beside lxml's parsing of it: `python -m tests.scraper.site.bench_extractors`."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from lxml import etree

from scraper.site.extractors import programme_by_movie

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


def best(work: Callable[[], object], times: int = 7) -> float:
    """The shortest of several runs, in CPU seconds: a noisy machine only adds."""
    return min(_timed(work) for _ in range(times))


def _timed(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    for showtimes in (300, 3000):
        html = page(showtimes)
        raw = html.encode()
        found = programme_by_movie.extract(html, url=URL, date=DAY, today=DAY)
        parse = best(lambda raw=raw: etree.fromstring(raw, etree.HTMLParser(encoding="utf-8", huge_tree=True)))  # type: ignore[misc]
        extract = best(lambda html=html: programme_by_movie.extract(html, url=URL, date=DAY, today=DAY))  # type: ignore[misc]
        print(
            f"{len(found.showtimes)} showtimes: parse {parse * 1000:.1f} ms, extract {extract * 1000:.1f} ms, "
            f"{extract / parse:.1f} times"
        )


if __name__ == "__main__":
    main()
