"""kino.krakow.pl over the wire: which address is which page, and the three ways to a day.

Each way opens a session of its own and closes it again: no cookie, token or day outlives a call, so two
days can't meet. Every exchange is archived as a `Page` the moment it ends.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings

from events.records import FilmFacts, Programme, film_path, plain_slug
from kinokrakow import http
from scraper import archive
from scraper.models import DayScrape, Page
from scraper.site.extractors import calendar, film, programme_by_hour, programme_by_movie
from scraper.site.extractors.errors import ExtractionError

_FILM_PATH = re.compile(r"/film/([^/]+?)(?:\.html)?/?")

SITE = ("kino.krakow.pl", "krakow.repertuary.pl")  # names of one site
BY_MOVIE = "/cinema_program/by_movie"
BY_HOUR = "/cinema_program/by_hour"
TRIES_A_WAY = 2  # of one request: three ways that all hang must end within Q_TIMEOUT and be told apart

Way = DayScrape.Way
WAY_NAMES: dict[str, str] = {
    Way.URL: "by URL",
    Way.SESSION: "by session",
    Way.HOUR: "by the hour programme",
}  # in errors


def hosts() -> tuple[str, ...]:
    """The names of the configured site, besides the one with or without "www."."""
    own = (urlsplit(settings.KINO_BASE_URL).hostname or "").removeprefix("www.")
    return (*(SITE if own in SITE else ()), *sorted(settings.KINO_HOST_ALIASES))


def service() -> http.Service:
    return http.Service(
        name="kino",
        base_url=settings.KINO_BASE_URL,
        interval=settings.KINO_REQUEST_INTERVAL,
        timeout=settings.KINO_TIMEOUT,
        robots=True,
        hosts=frozenset(hosts()),
        headers={"Accept": "text/html", "Accept-Language": "pl"},
    )


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page in hand: its text, where it came from and its row in the archive (None when not archived)."""

    url: str
    text: str
    page_id: int | None


def fetched_from(page: Page) -> Fetched:
    """A page of the archive as if it had just been fetched."""
    response = http.Response(page.url, page.status or 0, page.headers, page.body, page.sent_at, page.seconds)
    return Fetched(page.url, response.text, page.pk)


class Visit:
    """One session with the site whose exchanges are archived under `purpose`."""

    def __init__(
        self,
        purpose: str,
        *,
        run: int | None = None,
        patience: float | None = http.PATIENCE,
        tries: int = http.TRIES,
        at: str = "",
    ) -> None:
        self.purpose = purpose
        self.run = run
        self._last_page: int | None = None
        self._at = at or settings.KINO_BASE_URL  # where the site answers, which may be another of its names
        self._session = http.Session(service(), patience=patience, tries=tries, on_exchange=self._archive)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()

    def get(self, path: str, *, day: dt.date | None = None) -> Fetched:
        response = self._session.get(self._at + path, params={"day": f"{day:%m-%d}"} if day else None)
        self._at = urljoin(response.url, "/").rstrip("/")
        return Fetched(response.url, response.text, self._last_page)

    def set_day(self, offset: int, token: str) -> None:
        """Make `offset` the day of this session (and of no other)."""
        self._session.post(
            f"{self._at}/settings/set_day/{offset}",
            headers={
                "X-CSRF-Token": token,
                "X-Requested-With": "XMLHttpRequest",
                "Referer": self._at + BY_MOVIE,
            },
        )

    def _archive(self, exchange: http.Exchange) -> None:
        purpose = "robots" if exchange.url.endswith("/robots.txt") else self.purpose
        self._last_page = archive.keep(exchange, purpose, self.run)


@dataclass(frozen=True, slots=True)
class DayRead:
    """A day's verified programme, the way that brought it and its page."""

    programme: Programme
    way: str
    page_id: int | None


@dataclass(frozen=True, slots=True)
class FilmPage:
    """What a film's address answered: the facts on the page, the path it came from in the end, and the slug there
    (None: that is no film's address)."""

    facts: FilmFacts
    path: str
    slug: str | None


class DayUnreadable(http.Unavailable):
    """No way brought the day; says of each what it brought instead."""


def read_calendar(*, run: int | None = None, patience: float | None = http.PATIENCE) -> Fetched:
    with Visit("calendar", run=run, patience=patience) as visit:
        return visit.get(BY_MOVIE)


def read_day(
    date: dt.date,
    *,
    today: dt.date,
    first: str = "",
    by_address: bool = False,
    run: int | None = None,
    patience: float | None = http.PATIENCE,
) -> DayRead:
    """Fetch `date` by the way `first`, then by the others, until a page says it is that day.

    `by_address`: only by the two ways whose address names the day, each tried once; the page that a session begins
    with did not come. A page whose end is missing is taken only when no way brings a whole one. Raises `DayUnreadable`
    when none says it, `http.NotYet` when the site wants to be left alone.
    """
    problems: list[tuple[str, Exception]] = []
    part: DayRead | None = None
    ways = [way for way in WAYS if not (by_address and way == Way.SESSION)]
    for way in sorted(ways, key=lambda name: name != first):
        try:
            tries = 1 if by_address else TRIES_A_WAY
            with Visit(f"day:{date}:{way}", run=run, patience=patience, tries=tries) as visit:
                fetched = WAYS[way](visit, date, today)
            read = DayRead(parse_day(fetched, way, date=date, today=today), way, fetched.page_id)
            if read.programme.whole:
                return read
            part = part or read
        except http.NotYet:
            if not (problems or part):
                raise
            break  # our own failed request moved the gate: that was an attempt
        except (http.HttpError, ExtractionError) as error:
            problems.append((way, error))
    if part:
        return part
    asked = [error.retry_after or 0.0 for _, error in problems if isinstance(error, http.Unavailable)]
    raise DayUnreadable(
        "; ".join(f"{WAY_NAMES[way]}: {error}" for way, error in problems), retry_after=max(asked, default=0.0)
    )


def parse_day(fetched: Fetched, way: str, *, date: dt.date, today: dt.date) -> Programme:
    """The records of a programme page in hand, verified to be of `date`."""
    extract = programme_by_hour.extract if way == Way.HOUR else programme_by_movie.extract
    return extract(fetched.text, url=fetched.url, date=date, today=today)


def read_film(slug: str, *, today: dt.date, run: int | None = None) -> FilmPage | None:
    """What answers at a film's address, wherever the site redirects it; None when it has no page (404).

    The address is asked for as the programme links it. One with a UUID, which the site adds where another film has
    the plain name, is asked for without it only when it answers 404.
    """
    for name in dict.fromkeys((slug, plain_slug(slug))):
        try:
            with Visit(f"film:{slug}", run=run) as visit:
                fetched = visit.get(film_path(name))
        except http.NotFound:
            continue
        return parse_film(fetched, slug, today=today)
    return None


def parse_film(fetched: Fetched, slug: str, *, today: dt.date) -> FilmPage:
    """The facts on a page in hand that answered at the address of the film `slug`."""
    path = unquote(urlsplit(fetched.url).path)
    found = _FILM_PATH.fullmatch(path)
    return FilmPage(film.extract(fetched.text, url=fetched.url, slug=slug, today=today), path, found and found[1])


def _by_url(visit: Visit, date: dt.date, _today: dt.date) -> Fetched:
    return visit.get(BY_MOVIE, day=date)


def _by_session(visit: Visit, date: dt.date, today: dt.date) -> Fetched:
    """GET → its token and calendar → set_day with the offset that *this* session's calendar names → GET."""
    front = visit.get(BY_MOVIE)
    cells = calendar.extract(front.text, url=front.url, today=today)
    cell = next((cell for cell in cells if cell.date == date), None)
    if cell is None:
        offered = ", ".join(str(c.date) for c in cells)
        raise ExtractionError(url=front.url, place="calendar", expected=f"a cell for {date}", found=offered)
    if cell.active:
        return front
    visit.set_day(cell.offset, calendar.csrf_token(front.text, url=front.url))
    return visit.get(BY_MOVIE)


def _by_hour(visit: Visit, date: dt.date, _today: dt.date) -> Fetched:
    return visit.get(BY_HOUR, day=date)


WAYS: dict[str, Callable[[Visit, dt.date, dt.date], Fetched]] = {
    Way.URL: _by_url,
    Way.SESSION: _by_session,
    Way.HOUR: _by_hour,
}
