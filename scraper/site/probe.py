"""Every assumption about the site, asked of the site: in at most fourteen polite requests.

Nobody who built this has seen the live site. `manage.py probe`, run where it can be reached, says which of the
assumptions (scraper/site/extractors, scraper/site/client.py) hold, which ways to a day work, what of the pages is not
understood, and which settings to use.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone

from events import local_time
from events.records import CalendarDay, Programme, film_path, plain_slug
from kinokrakow import http
from scraper.models import Page
from scraper.site import client
from scraper.site.extractors import calendar
from scraper.site.extractors.errors import ExtractionError
from scraper.site.offer import Offer, days_on_offer

HOLDS, FAILS, UNKNOWN = "holds", "does not hold", "could not be asked"
ABSENT = "is not there"  # and need not be
MOST_REQUESTS = 14
SHOWN = 5  # rows not understood, of a page
FACTS = ("original_title", "directors", "year", "countries", "runtime", "cast", "genres", "premiere", "poster_url")
REFUSALS = (400, 401, 403, 419, 422)  # of a wrong token
MAP = "/kino/map"

FRONT = "the programme answers at /cinema_program/by_movie"


@dataclass(frozen=True, slots=True)
class Finding:
    """One assumption, and what the site said to it. `way` names the way to a day that it stands for; `statements` are
    the places that said the page's date, `unread` the rows of it that were not understood; `host` is the address that
    a host answers at in the end."""

    assumption: str
    verdict: str
    detail: str = ""
    way: str = ""
    statements: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    host: str = ""


class _Over(Exception):
    """Fourteen requests have been made."""


class _Requests:
    """Counts the requests of a probe."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()
        self.at = ""  # where the site answered the first one

    def allow(self, more: int) -> None:
        if sum(self.made.values()) + more > MOST_REQUESTS:
            raise _Over(f"not asked: {MOST_REQUESTS} requests are the most that a probe makes")


def probe() -> Iterator[Finding]:
    """Ask the configured site, a request at a time through its rate limit, each tried once. Pages go to the archive."""
    requests = _Requests()
    token = http.meter.set(requests.made)
    try:
        yield from _probe(requests, timezone.localdate())
    finally:
        http.meter.reset(token)


def settings_to_use(findings: list[Finding]) -> dict[str, str]:
    """What to put into .env, by what was found; {} when the settings are right as they are."""
    wanted = {}
    answered = next((f.host for f in findings if f.host and f.assumption == FRONT), "")
    if not answered:
        answered = next((f.host for f in findings if f.host and f.verdict == HOLDS), "")
    if answered and answered != settings.KINO_BASE_URL:
        wanted["KINO_BASE_URL"] = answered
    return wanted


def _probe(requests: _Requests, today: dt.date) -> Iterator[Finding]:
    with _visit("front") as visit:
        try:
            front = visit.get(client.BY_MOVIE)
        except http.HttpError as error:
            yield Finding(FRONT, FAILS, str(error), host=_redirected(error))
            yield from _other_hosts(requests)
            return
        requests.at = _root(front.url)
        yield Finding(FRONT, HOLDS, f"at {requests.at}", host=requests.at)
        yield _robots()
        yield _check("the page carries a csrf-token", lambda: calendar.csrf_token(front.text, url=front.url)[:4] + "…")
        cells: list[CalendarDay] = []
        yield _check("its calendar names the days on offer", lambda: _calendar(front, today, cells))
        offer = days_on_offer(front, today=today)
        yield _check("seven days are on offer, one after the other", lambda: _seven(offer))
        first: list[Programme] = []
        yield _programme("the page is the programme of its own today", front, client.Way.SESSION, offer.shown, first)
        yield _check("showtimes carry ticket links (some)", lambda: _tickets(first))
        yield _check("a film is linked under an address of its own", lambda: _uuids(first))
        other = next((cell for cell in cells if not cell.active), None)
        yield _session_way(requests, visit, front, other, first)
    date = other.date if other else offer.dates[-1]
    for way, path in ((client.Way.URL, client.BY_MOVIE), (client.Way.HOUR, client.BY_HOUR)):
        yield _way_by_url(requests, way, path, date, first)
    yield from _film_pages(requests, first, today)
    yield _map(requests)
    yield from _other_hosts(requests)
    if other:
        yield _bad_token(requests, other)


def _visit(what: str, at: str = "") -> client.Visit:
    return client.Visit(f"probe:{what}", patience=None, tries=1, at=at)


def _check(assumption: str, ask: Callable[[], str], way: str = "") -> Finding:
    try:
        return Finding(assumption, HOLDS, ask(), way)
    except _Over as error:
        return Finding(assumption, UNKNOWN, str(error), way)
    except (ExtractionError, http.HttpError, ValueError) as error:
        return Finding(assumption, FAILS, str(error), way)


def _programme(
    assumption: str, fetched: client.Fetched, way: str, date: dt.date, keep: list[Programme], stands_for: str = ""
) -> Finding:
    """Whether a page is the programme of `date`: which places say so, how much was read, and what was not."""
    try:
        programme = client.parse_day(fetched, way, date=date, today=timezone.localdate())
    except ExtractionError as error:
        return Finding(assumption, FAILS, str(error), stands_for)
    keep.append(programme)
    unread = tuple(f"{row.place}: {row.text[:200]!r}: {row.reason}" for row in programme.unread[:SHOWN])
    detail = f"{date}: {len(programme.showtimes)} showtimes, the date said by {', '.join(programme.statements)}"
    if programme.unread:
        detail += f"; {len(programme.unread)} rows not understood"
    if not programme.whole:
        detail += "; the page's end is missing"
    return Finding(assumption, HOLDS, detail, stands_for, dict(programme.statements), unread)


def _robots() -> Finding:
    """Read before the first page; here only told."""
    row = Page.objects.filter(purpose="robots").order_by("-id").first()
    said = f"HTTP {row.status}, {len(row.body)} bytes" if row else "kept from an earlier reading"
    return Finding("robots.txt allows what we read", HOLDS, said)


def _calendar(front: client.Fetched, today: dt.date, cells: list[CalendarDay]) -> str:
    cells.extend(calendar.extract(front.text, url=front.url, today=today))
    return f"{cells[0].date} to {cells[-1].date}"


def _seven(offer: Offer) -> str:
    if not offer.source or len(offer.dates) != local_time.WEEK:
        raise ValueError(", ".join(map(str, offer.dates)) if offer.source else "the page names none")
    return f"by the {offer.source}"


def _tickets(programmes: list[Programme]) -> str:
    showtimes = [s for p in programmes for s in p.showtimes]
    linked = sum(1 for s in showtimes if s.ticket_url)
    if not linked:
        raise ValueError(f"none of {len(showtimes)}")
    return f"{linked} of {len(showtimes)}"


def _uuids(programmes: list[Programme]) -> str:
    slugs = {s.film_slug for p in programmes for s in p.showtimes}
    if not slugs:
        raise ValueError("no film is listed today")
    return f"{sum(1 for slug in slugs if plain_slug(slug) != slug)} of {len(slugs)} with a UUID"


def _session_way(
    requests: _Requests, visit: client.Visit, front: client.Fetched, cell: CalendarDay | None, keep: list[Programme]
) -> Finding:
    assumption = "set_day changes the day of its own session"
    if cell is None:
        return Finding(assumption, UNKNOWN, "no calendar says which day is which offset", client.Way.SESSION)
    try:
        requests.allow(3)
        visit.set_day(cell.offset, calendar.csrf_token(front.text, url=front.url))
        page = visit.get(client.BY_MOVIE)
    except (_Over, ExtractionError, http.HttpError) as error:
        return Finding(assumption, FAILS, str(error), client.Way.SESSION)
    return _programme(assumption, page, client.Way.SESSION, cell.date, keep, client.Way.SESSION)


def _way_by_url(requests: _Requests, way: str, path: str, date: dt.date, keep: list[Programme]) -> Finding:
    assumption = f"{path}?day=MM-DD answers with that day"
    try:
        requests.allow(2)
        with _visit(way, requests.at) as visit:
            page = visit.get(path, day=date)
    except (_Over, http.HttpError) as error:
        return Finding(assumption, FAILS, str(error), way)
    return _programme(assumption, page, way, date, keep, way)


def _film_pages(requests: _Requests, programmes: list[Programme], today: dt.date) -> Iterator[Finding]:
    """The page of a film with a UUID, if one is listed, and of one without."""
    titles = {s.film_slug: s.film_title for p in programmes for s in p.showtimes}
    slugs = sorted(titles)
    with_uuid = [slug for slug in slugs if plain_slug(slug) != slug]
    asked = [*with_uuid[:1], *[slug for slug in slugs if slug not in with_uuid][: 1 if with_uuid else 2]]
    if not asked:
        yield Finding("a film has a page with its facts", UNKNOWN, "no film is listed")
    for slug in asked:

        def ask(slug: str = slug) -> str:
            requests.allow(http.REDIRECTS + 1)
            with _visit(f"film:{slug}", requests.at) as visit:
                fetched = visit.get(film_path(slug))
            page = client.parse_film(fetched, slug, today=today)
            filled = [name for name in FACTS if getattr(page.facts, name)]
            said = page.facts.title + ("" if page.slug == slug else f" (redirected to {page.path})")
            if _words(page.facts.title).isdisjoint(_words(f"{titles[slug]} {slug}")):
                raise ValueError(f"it is headed {said}, not {titles[slug]}")
            if not filled:
                raise ValueError(f"{said}: a title only")
            return f"{said}: {', '.join(filled)}"

        yield _check(f"a film has a page with its facts: {slug}", ask)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


def _other_hosts(requests: _Requests) -> Iterator[Finding]:
    """The other names that the site may have."""
    base = urlsplit(settings.KINO_BASE_URL)
    known = client.hosts()
    for name in (*(f"www.{name}" for name in known if name == client.SITE[0]), *known):
        if name == base.hostname:
            continue
        root = f"{base.scheme}://{name}" + (f":{base.port}" if base.port else "")
        try:
            requests.allow(2)
            with _visit(f"host:{name}", at=root) as visit:
                at = _root(visit.get(client.BY_MOVIE).url)
        except _Over as error:
            yield Finding(f"{name} is the site too", UNKNOWN, str(error))
        except http.HttpError as error:
            yield Finding(f"{name} is the site too", FAILS, str(error), host=_redirected(error))
        else:
            yield Finding(f"{name} is the site too", HOLDS, "itself" if at == root else f"redirects to {at}", host=at)


def _map(requests: _Requests) -> Finding:
    """Whether the site has a page of all cinemas' streets; cinemas are located without it too."""
    assumption = f"{MAP} lists the cinemas' addresses (CINEMA_MAP)"
    try:
        requests.allow(2)
        with _visit("map", requests.at) as visit:
            page = visit.get(MAP)
    except _Over as error:
        return Finding(assumption, UNKNOWN, str(error))
    except http.NotFound as error:
        return Finding(assumption, ABSENT, str(error))
    except http.HttpError as error:
        return Finding(assumption, FAILS, str(error))
    return Finding(assumption, HOLDS, f"{len(page.text)} letters, {page.text.count('ul. ')} times “ul.”")


def _bad_token(requests: _Requests, cell: CalendarDay) -> Finding:
    """A set_day that must be refused, for otherwise tokens would mean nothing."""
    assumption = "a wrong csrf-token is refused"
    try:
        requests.allow(1)
        with _visit("bad token", requests.at) as visit:
            visit.set_day(cell.offset, "not-a-token")
    except _Over as error:
        return Finding(assumption, UNKNOWN, str(error))
    except http.HttpError as error:
        refused = error.response is not None and error.response.status in REFUSALS
        return Finding(assumption, HOLDS if refused else UNKNOWN, str(error))
    return Finding(assumption, FAILS, "it was accepted")


def _root(url: str) -> str:
    return urljoin(url, "/").rstrip("/")


def _redirected(error: http.HttpError) -> str:
    """Where an answer that was refused wanted to send us: a host that is not known to be the site's."""
    target = error.response.headers.get("location", "") if error.response else ""
    return _root(target) if target.startswith(("http://", "https://")) else ""
