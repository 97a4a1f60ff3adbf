"""Every assumption about the site, asked of the site: in at most ten polite requests.

Nobody who built this has seen the live site. Whoever can reach it runs `manage.py probe` and learns in
a minute which of the assumptions (scraper/extractors, scraper/site/client.py) hold and which way to a day works.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from parsel import Selector

from events.records import CalendarDay, Programme
from kinokrakow import http
from scraper.models import Page
from scraper.site import client
from scraper.site.extractors import calendar, film
from scraper.site.extractors.errors import ExtractionError

HOLDS, FAILS, UNKNOWN = "holds", "does not hold", "could not be asked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One assumption, and what the site said to it. `way` names the way to a day that it stands for."""

    assumption: str
    verdict: str
    detail: str = ""
    way: str = ""


def probe() -> Iterator[Finding]:
    """Ask the configured site, one request at a time through its gate, each tried once. Pages go to the archive."""
    today = timezone.localdate()
    with _visit("front") as visit:
        try:
            front = visit.get(client.BY_MOVIE)
        except http.HttpError as error:
            yield Finding("the programme answers at /cinema_program/by_movie", FAILS, str(error))
            return
        yield Finding("the programme answers at /cinema_program/by_movie", HOLDS)
        yield _robots()
        page = Selector(front.text)
        yield _check("the page carries a csrf-token", lambda: calendar.csrf_token(front.text, url=front.url)[:4] + "…")
        cells: list[CalendarDay] = []
        yield _check("its calendar names the days on offer", lambda: _calendar(front, today, cells))
        yield _check("seven days are on offer, one after the other", lambda: _seven(cells))
        active = next((cell.date for cell in cells if cell.active), today)
        first: list[Programme] = []
        yield _check(
            "the page is the programme of the calendar's active day",
            lambda: _programme(front, client.Way.SESSION, active, today, first),
        )
        yield _check("showtimes carry ticket links (some)", lambda: _tickets(first))
        slugs = page.css("table.repert a.film::attr(href)").getall()
        yield _check("film links may carry a UUID, which the film's own page does not", lambda: _uuids(slugs))
        other = next((cell for cell in cells if not cell.active), None)
        if other is None:
            return
        yield _session_way(visit, front, other, today)
    yield from _ways_by_url(other, today)
    yield from _film_page(first, today)
    yield _json_of("/film/actual.js", "title")
    yield _json_of("/kino/index.js", "name")
    yield _bad_token(other)


def _visit(what: str) -> client.Visit:
    return client.Visit(f"probe:{what}", patience=None, tries=1)


def _check(assumption: str, ask: Callable[[], str], way: str = "") -> Finding:
    try:
        return Finding(assumption, HOLDS, ask(), way)
    except (ExtractionError, http.HttpError, ValueError) as error:
        return Finding(assumption, FAILS, str(error), way)


def _robots() -> Finding:
    """Read before the first page; here only told."""
    row = Page.objects.filter(url__endswith="/robots.txt").order_by("-id").first()
    said = f"HTTP {row.status}, {len(row.body)} bytes" if row else "kept from an earlier reading"
    return Finding("robots.txt allows what we read", HOLDS, said)


def _calendar(front: client.Fetched, today: dt.date, cells: list[CalendarDay]) -> str:
    cells.extend(calendar.extract(front.text, url=front.url, today=today))
    return f"{cells[0].date} to {cells[-1].date}"


def _seven(cells: list[CalendarDay]) -> str:
    dates = sorted(cell.date for cell in cells)
    if len(dates) != 7 or dates[-1] - dates[0] != dt.timedelta(days=6):
        raise ValueError(", ".join(map(str, dates)) or "none")
    return ""


def _programme(fetched: client.Fetched, way: str, date: dt.date, today: dt.date, keep: list[Programme]) -> str:
    programme = client.parse_day(fetched, way, date=date, today=today)
    keep.append(programme)
    return f"{date}: {len(programme.showtimes)} showtimes"


def _tickets(programmes: list[Programme]) -> str:
    showtimes = [s for p in programmes for s in p.showtimes]
    linked = sum(1 for s in showtimes if s.ticket_url)
    if not linked:
        raise ValueError(f"none of {len(showtimes)}")
    return f"{linked} of {len(showtimes)}"


def _uuids(links: list[str]) -> str:
    with_uuid = sum(1 for link in links if len(link.rpartition("/")[2]) > 42 and link.count("-") >= 5)
    return f"{with_uuid} of {len(links)} links have one"


def _session_way(visit: client.Visit, front: client.Fetched, cell: CalendarDay, today: dt.date) -> Finding:
    def ask() -> str:
        visit.set_day(cell.offset, calendar.csrf_token(front.text, url=front.url))
        return _programme(visit.get(client.BY_MOVIE), client.Way.SESSION, cell.date, today, [])

    return _check("set_day changes the day of its own session", ask, client.Way.SESSION)


def _ways_by_url(cell: CalendarDay, today: dt.date) -> Iterator[Finding]:
    for way, path in ((client.Way.URL, client.BY_MOVIE), (client.Way.HOUR, client.BY_HOUR)):

        def ask(way: str = way, path: str = path) -> str:
            with _visit(way) as visit:
                return _programme(visit.get(path, day=cell.date), way, cell.date, today, [])

        yield _check(f"{path}?day=MM-DD answers with that day", ask, way)


def _film_page(programmes: list[Programme], today: dt.date) -> Iterator[Finding]:
    slug = next((s.film_slug for p in programmes for s in p.showtimes), None)
    if slug is None:
        yield Finding("a film has a page with its facts", UNKNOWN, "no film is listed today")
        return

    def ask() -> str:
        with _visit(f"film:{slug}") as visit:
            fetched = visit.get(client.film_path(slug))
        facts = film.extract(fetched.text, url=fetched.url, slug=slug, today=today)
        filled = [
            name
            for name in ("original_title", "directors", "year", "countries", "runtime", "cast", "genres", "premiere")
            if getattr(facts, name)
        ]
        return f"{facts.title}: {', '.join(filled) or 'a title only'}"

    yield _check("a film has a page with its facts", ask)


def _json_of(path: str, key: str) -> Finding:
    def ask() -> str:
        with _visit(path) as visit:
            values = json.loads(visit.get(path).text)
        if not isinstance(values, dict) or not all(isinstance(v, dict) and key in v for v in values.values()):
            raise ValueError(f"expected an object of objects with a {key!r}")
        return f"{len(values)} entries"

    return _check(f"{path} lists them as JSON (not used)", ask)


def _bad_token(cell: CalendarDay) -> Finding:
    """The tenth request: a set_day that must be refused, for otherwise tokens would mean nothing."""
    try:
        with _visit("bad token") as visit:
            visit.set_day(cell.offset, "not-a-token")
    except http.HttpError as error:
        refused = error.response is not None and 400 <= error.response.status < 500
        return Finding("a wrong csrf-token is refused", HOLDS if refused else UNKNOWN, str(error))
    return Finding("a wrong csrf-token is refused", FAILS, "it was accepted")
