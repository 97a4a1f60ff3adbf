"""Extracting the records of a day's page beside lxml's parsing of the same page, and beside the usual short scripts.

The scripts, for BeautifulSoup and for selectolax, take film, cinema, hour and ticket link from the tags of this page
and nothing more: they prove no date, and notice nothing that they don't understand.
"""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Callable
from functools import partial

from bs4 import BeautifulSoup
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

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


Row = tuple[str, str, str, str]  # the addresses of film and cinema, the hour, the ticket's address


def main() -> None:
    for showtimes in (300, 3000):
        html = page(showtimes)
        works = (
            partial(programme_by_movie.extract, html, url=URL, date=DAY, today=DAY),
            partial(_parse, html.encode()), partial(_by_beautiful_soup, html), partial(_by_selectolax, html),
        )  # fmt: skip
        found = len(works[0]().showtimes)
        for script in (_by_beautiful_soup, _by_selectolax):
            assert len(set(script(html))) == found, f"{script.__name__} found {len(script(html))} of {found}"
        # One right after the other, so that what else the machine does slows all of them.
        ours, parsed, soup, lexbor = zip(*([_timed(work) for work in works] for _ in range(ROUNDS)), strict=True)
        note = f"{1000 * min(ours):.1f} ms of CPU"
        name = f"extracting {found} showtimes / parsing their page"
        measuring.tell(measuring.ratio(name, ours, parsed, goal="≤ 5", note=note, digits=1))
        name = f"BeautifulSoup / ours, {found} showtimes"
        measuring.tell(measuring.ratio(name, soup, ours, goal="≥ 10", note=f"{1000 * min(soup):.1f} ms"))
        name = f"selectolax / ours, {found} showtimes"
        measuring.tell(measuring.ratio(name, lexbor, ours, note=f"{1000 * min(lexbor):.1f} ms"))


def _parse(raw: bytes) -> None:
    etree.fromstring(raw, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def _by_beautiful_soup(html: str) -> list[Row]:
    rows: list[Row] = []
    film = ""
    for row in BeautifulSoup(html, "lxml").select("table.repert tr"):
        if heading := row.select_one("a.film"):
            film = str(heading["href"])
        elif house := row.select_one("td.cinema_film a"):
            for hour in row.select("span.hour"):
                start, ticket = hour.select_one("a"), hour.select_one("a.buy_ticket")
                if start:
                    rows.append((film, str(house["href"]), start.text.strip(), str(ticket["href"]) if ticket else ""))
    return rows


def _by_selectolax(html: str) -> list[Row]:
    rows: list[Row] = []
    film = ""
    for row in LexborHTMLParser(html).css("table.repert tr"):
        if heading := row.css_first("a.film"):
            film = str(heading.attributes["href"])
        elif house := row.css_first("td.cinema_film a"):
            for hour in row.css("span.hour"):
                start, ticket = hour.css_first("a"), hour.css_first("a.buy_ticket")
                if start:
                    link = str(ticket.attributes["href"]) if ticket else ""
                    rows.append((film, str(house.attributes["href"]), start.text().strip(), link))
    return rows


def _timed(work: Callable[[], object]) -> float:
    """CPU seconds: what else the machine does only adds to those of the clock. Nobody pays for another's garbage."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
