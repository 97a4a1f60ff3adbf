"""What is on: the one reading behind the page, the API, the feeds and the export. A fixed number of queries.

Shown are our published showtimes and other sources' screenings, less those that give way to their doubles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Q

from events import dedup, versions
from events.models import Cinema, Double, Event, ListedFilm, Movie, OtherEvent, Showtime
from events.processing import KRAKOW, runtime

IMAGES = "https://image.tmdb.org/t/p/w342"
OWN_SOURCE = "kino.krakow.pl"
DOUBLE = "double"  # the status of an event whose every showing gives way to another source's
CANCELLED_KNOWN = dt.timedelta(days=7)  # for how long a cancelled event is still told of


@dataclass(frozen=True, slots=True)
class Film:
    """`key` names it in addresses: "tmdb-701387", or the slug of what is no single film of TMDB's. `year`, `tmdb_id`:
    None if unknown. `runtime` in minutes. `image_url` may be empty."""

    key: str
    title: str
    original_title: str = ""
    tmdb_id: int | None = None
    year: int | None = None
    runtime: int | None = None
    image_url: str = ""
    special: bool = False  # a play, a concert, several films: more than one film, or none


@dataclass(frozen=True, slots=True)
class Venue:
    """Degrees of WGS 84, None where nobody knows. `slug` is empty for a cinema that our own site does not list."""

    slug: str
    name: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Showing:
    """One occurrence, in Kraków's time. `event_id` is None, and `source` another's, for one that is not our own."""

    id: str
    event_id: int | None
    film: Film
    venue: Venue
    starts_at: dt.datetime
    ends_at: dt.datetime
    version: versions.Version
    ticket_url: str
    source_url: str
    source: str = OWN_SOURCE


@dataclass(frozen=True, slots=True)
class Published:
    """One film at one cinema with its showings in order of start. `status`: "scheduled"; "cancelled" when none is left;
    "double" when all of them give way to another source's. `event_id` is None for another source's."""

    event_id: int | None
    external_id: str
    film: Film
    venue: Venue
    status: str
    showings: tuple[Showing, ...]
    source_url: str


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=KRAKOW)


def showings(first: dt.date | None, last: dt.date | None = None, *, cinema: str = "", film: str = "") -> list[Showing]:
    """What starts from `first` to `last` (both included, Kraków's dates; None: no bound), in order of start.

    `cinema` is a slug, `film` a `Film.key`; either empty means all.
    """
    span = Q()
    if first:
        span &= Q(starts_at__gte=midnight(first))
    if last:
        span &= Q(starts_at__lt=midnight(last + dt.timedelta(days=1)))
    venues = {row.pk: venue(row) for row in Cinema.objects.all()}
    found = [*_own(span & _asked(cinema, film), venues), *_others(span, list(venues.values()))]
    if cinema or film:
        found = [s for s in found if cinema in ("", s.venue.slug) and film in ("", s.film.key)]
    found.sort(key=lambda s: (s.starts_at, s.film.title, s.venue.name, s.id))
    return found


def events(first: dt.date | None, last: dt.date | None = None, *, cinema: str = "", film: str = "") -> list[Published]:
    """The showings as `showings` gives them, by event; and of the events without any the cancelled and the doubles.

    With `first`, only what was cancelled since a week before it. In order of the first showing; those without, last.
    """
    found: dict[tuple[str, str, str], list[Showing]] = {}
    for showing in showings(first, last, cinema=cinema, film=film):
        found.setdefault((showing.film.key, showing.venue.slug or showing.venue.name, showing.source), []).append(
            showing
        )
    live = [_published(group) for group in found.values()]
    return live + _without(first, {event.event_id for event in live}, cinema, film)


def event(event_id: int, first: dt.date) -> Published | None:
    """One of our own events with its showings from `first` on; None where there is no such event."""
    row = Event.objects.select_related("movie", "film", "cinema").filter(pk=event_id).first()
    if row is None:
        return None
    what, _ = _film_of(row)
    of_film = events(None, cinema=row.cinema.slug, film=what.key)
    whole = next((found for found in of_film if found.event_id == event_id), None)
    if whole is None:
        return None
    return replace(whole, showings=tuple(s for s in whole.showings if s.starts_at >= midnight(first)))


def as_dict(showing: Showing) -> dict[str, Any]:
    """An occurrence as the export and the API write it; times with Kraków's offset, None for what is unknown."""
    return {
        "external_id": showing.id,
        "starts_at": showing.starts_at.isoformat(timespec="seconds"),
        "ends_at": showing.ends_at.isoformat(timespec="seconds"),
        "language": showing.version.language,
        "subtitles": showing.version.subtitles,
        "voice": showing.version.voice,
        "format": showing.version.format,
        "ticket_url": showing.ticket_url or None,
        "source_url": showing.source_url or None,
    }


def _published(group: list[Showing]) -> Published:
    first = group[0]
    own = first.source == OWN_SOURCE
    return Published(
        event_id=first.event_id,
        external_id=_external_id(first.film, first.venue) if own else first.id,
        film=first.film,
        venue=first.venue,
        status=Event.Status.SCHEDULED,
        showings=tuple(group),
        source_url=first.source_url,
    )


def _without(first: dt.date | None, live: Collection[int | None], cinema: str, film: str) -> list[Published]:
    """Events that have nothing to show: every occurrence withdrawn, or a double."""
    since = Q(updated_at__gte=midnight(first - CANCELLED_KNOWN)) if first else Q()
    hidden = Double.objects.in_force().filter(hidden_showtime__isnull=False)
    if first:
        hidden = hidden.filter(hidden_showtime__starts_at__gte=midnight(first))
    rows = (
        Event.objects.filter(
            Q(status=Event.Status.CANCELLED) & since | Q(pk__in=hidden.values("hidden_showtime__event"))
        )
        .exclude(pk__in=[pk for pk in live if pk is not None])
        .select_related("movie", "cinema", "film")
        .order_by("pk")
    )
    if cinema:
        rows = rows.filter(cinema__slug=cinema)
    told = [(row, *_film_of(row)) for row in rows]
    return [
        Published(
            event_id=row.pk,
            external_id=_external_id(what, venue(row.cinema)),
            film=what,
            venue=venue(row.cinema),
            status=row.status if row.status == Event.Status.CANCELLED else DOUBLE,
            showings=(),
            source_url=page,
        )
        for row, what, page in told
        if film in ("", what.key)
    ]


def _film_of(row: Event) -> tuple[Film, str]:
    """The film of an event, and the site's page about it."""
    if row.film:
        return _film(row.film, None), page_of(row.film)
    assert row.movie is not None, "an event is of a movie or of a film"
    return _movie(row.movie), str(settings.KINO_BASE_URL)


def _external_id(film: Film, venue: Venue) -> str:
    return f"{film.key}@{venue.slug}"


def _asked(cinema: str, film: str) -> Q:
    asked = Q(cinema__slug=cinema) if cinema else Q()
    if film:
        number = film.removeprefix("tmdb-")
        of_tmdb = number != film and number.isdecimal() and len(number) < 19
        asked &= Q(event__movie__tmdb_id=int(number)) if of_tmdb else Q(event__film__slug=film)
    return asked


def _own(asked: Q, venues: dict[int, Venue]) -> Iterator[Showing]:
    """Ours. Plain columns, and each film and cinema once: six thousand rows of models would take ten times as long."""
    hidden = Double.objects.in_force().filter(hidden_showtime__isnull=False).values("hidden_showtime")
    rows = list(
        Showtime.objects.filter(asked, event__isnull=False)
        .exclude(pk__in=hidden)
        .values_list("external_id", "event_id", "film_id", "event__movie_id", "cinema_id", "starts_at", "ticket_url")
    )
    listed = ListedFilm.objects.select_related("movie").in_bulk({row[2] for row in rows})
    movies = Movie.objects.in_bulk({row[3] for row in rows if row[3]})
    films = {(film, movie): _film(listed[film], movies.get(movie or 0)) for _, _, film, movie, *_ in rows}
    shown = {pk: (versions.read(film.title)[1], page_of(film), runtime(film)) for pk, film in listed.items()}
    seen: set[tuple[int, int, dt.datetime]] = set()
    for external_id, event_id, film_id, movie_id, cinema_id, starts_at, ticket_url in rows:
        if (film_id, cinema_id, starts_at) in seen:  # of a cinema that the site lists twice
            continue
        seen.add((film_id, cinema_id, starts_at))
        version, page, minutes = shown[film_id]
        yield Showing(
            id=external_id,
            event_id=event_id,
            film=films[film_id, movie_id],
            venue=venues[cinema_id],
            starts_at=starts_at.astimezone(KRAKOW),
            ends_at=(starts_at + minutes).astimezone(KRAKOW),
            version=version,
            ticket_url=ticket_url or "",
            source_url=page,
        )


def _others(span: Q, venues: Collection[Venue]) -> Iterator[Showing]:
    """Other sources'. One that stands for a showtime of ours takes over what we know of its film."""
    rows = list(OtherEvent.objects.shown().filter(span).select_related("source"))
    if not rows:
        return
    stands_for = {
        double.shown_event_id: double.hidden_showtime
        for double in Double.objects.in_force()
        .filter(shown_event__in=rows, hidden_showtime__isnull=False)
        .select_related("hidden_showtime__film__movie")
    }
    for row in rows:
        ours = stands_for.get(row.pk)
        same = (venue for venue in venues if dedup.same_name(venue.name, row.cinema_name))
        yield Showing(
            id=f"{row.source.slug}:{row.external_id}",
            event_id=None,
            film=_film(ours.film, ours.film.movie) if ours else _other_film(row),
            venue=next(same, Venue("", row.cinema_name, row.latitude, row.longitude)),
            starts_at=row.starts_at.astimezone(KRAKOW),
            ends_at=row.ends_at.astimezone(KRAKOW),
            version=versions.read(row.title)[1],
            ticket_url=row.ticket_url,
            source_url=row.url,
            source=row.source.name,
        )


def venue(row: Cinema) -> Venue:
    return Venue(row.slug, row.name, row.latitude, row.longitude)


def _film(listed: ListedFilm, movie: Movie | None) -> Film:
    if movie is None:
        return Film(
            key=listed.slug,
            title=listed.title,
            original_title=listed.original_title,
            year=listed.year,
            runtime=listed.runtime,
            special=listed.match_status in (ListedFilm.Match.NOT_A_FILM, ListedFilm.Match.SEVERAL_FILMS),
        )
    return _movie(movie)


def _movie(movie: Movie) -> Film:
    return Film(
        key=f"tmdb-{movie.tmdb_id}",
        title=movie.title,
        original_title=movie.original_title,
        tmdb_id=movie.tmdb_id,
        year=movie.year,
        runtime=movie.runtime,
        image_url=IMAGES + movie.poster_path if movie.poster_path else "",
    )


def _other_film(row: OtherEvent) -> Film:
    bare, _ = versions.read(row.title)
    return Film(
        key=f"{row.source.slug}-{row.pk}", title=bare, original_title=row.original_title, image_url=row.image_url
    )


def page_of(film: ListedFilm) -> str:
    """The address of the site's page about a film, or of its programme when it has none."""
    path = "/cinema_program/by_movie" if film.has_page is False else f"/film/{quote(film.slug)}.html"
    return str(settings.KINO_BASE_URL) + path
