"""What is shown, one showing after the other: our published showtimes and other sources' screenings, less those that
give way to their doubles. A fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from django.conf import settings
from django.db.models import Q, QuerySet

from events.local_time import KRAKOW
from events.models import Cinema, Double, ListedFilm, Movie, OtherEvent, Showtime
from events.other_sources import similarity
from events.titles import versions

AHEAD = dt.timedelta(days=92)  # how far a reading without an end goes
IMAGES = "https://image.tmdb.org/t/p/w342"
OWN_SOURCE = "kino.krakow.pl"
_LINK = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
_IMDB = re.compile(r"tt\d{5,12}")
_POSTER = re.compile(r"/[A-Za-z0-9_-]+\.(?:jpg|png|webp)")  # what TMDB's paths look like; anything else is none


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
    imdb_id: str = ""
    special: bool = False  # a play, a concert, several films: more than one film, or none

    @property
    def poster(self) -> str:
        """The image in the page's size, empty unless it is TMDB's: no other host learns who looks."""
        return self.image_url.replace("/w342/", "/w185/") if self.image_url.startswith(f"{IMAGES}/") else ""

    @property
    def initial(self) -> str:
        """What stands where a poster is missing."""
        return next((mark.upper() for mark in self.title if mark.isalnum()), "·")


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
    same: tuple[str, ...] = ()  # the ids of those that give way to it


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=KRAKOW)


def between(first: dt.date | None, last: dt.date | None = None, *, cinema: str = "", film: str = "") -> list[Showing]:
    """What starts from `first` to `last` (both included, Kraków's dates; None: no bound), in order of start.

    `cinema` is a slug, `film` a `Film.key`; either empty means all.
    """
    asked = Asked.of(first, last, cinema, film)
    found = [*own_showings(asked.own, asked.venues), *asked.others()]
    found.sort(key=lambda s: (s.starts_at, s.film.title, s.venue.name, s.id))
    return found


def cinema_called(slug: str) -> Cinema | None:
    """The cinema of a slug, or the one that it is the same as; None where there is none."""
    row = next((row for row in Cinema.objects.select_related("same_as") if row.slug == slug), None)
    return (row.same_as or row) if row else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reading is of: `own` filters our showtimes; `cinema` is the slug of the cinema meant."""

    span: Q
    own: Q
    venues: dict[int, Venue]
    cinema: str
    film: str

    @classmethod
    def of(cls, first: dt.date | None, last: dt.date | None, cinema: str, film: str) -> Asked:
        span = Q()
        if first and not last:
            last = first + AHEAD
        if first:
            span &= Q(starts_at__gte=midnight(first))
        if last:
            span &= Q(starts_at__lt=midnight(last + dt.timedelta(days=1)))
        rows = Cinema.objects.select_related("same_as")
        venues = {row.pk: venue(row) for row in rows}
        slugs = {row.slug: (row.same_as or row).slug for row in rows}
        meant = slugs.get(cinema, cinema)
        own = span & Q(event__isnull=False)
        if cinema:
            own &= Q(cinema__in=[pk for pk, place in venues.items() if place.slug == meant])
        if film:
            number = film.removeprefix("tmdb-")
            of_tmdb = number != film and number.isdecimal() and len(number) < 19
            # PostgreSQL takes no NUL.
            own &= Q(event__movie__tmdb_id=int(number)) if of_tmdb else Q(event__film__slug=film.replace("\0", ""))
        return cls(span, own, venues, meant, film)

    def others(self) -> list[Showing]:
        """Other sources' showings, in order of start."""
        return [
            showing
            for showing in _others(self.span, self.venues.values())
            if self.cinema in ("", showing.venue.slug) and self.film in ("", showing.film.key)
        ]


def visible(own: Q) -> QuerySet[Showtime]:
    """Our published showtimes, less those that give way to their doubles."""
    hidden = Double.objects.in_force().filter(hidden_showtime__isnull=False).values("hidden_showtime")
    return Showtime.objects.filter(own).exclude(pk__in=hidden)


def own_showings(own: Q, venues: dict[int, Venue]) -> Iterator[Showing]:
    """Ours. Plain columns, and each film and cinema once: six thousand rows of models would take ten times as long."""
    rows = list(
        visible(own).values_list(
            "external_id",
            "event_id",
            "film_id",
            "event__movie_id",
            "cinema_id",
            "starts_at",
            "ticket_url",
            "version",
        )
    )
    listed = ListedFilm.objects.select_related("movie").in_bulk({row[2] for row in rows})
    movies = Movie.objects.in_bulk({row[3] for row in rows if row[3]})
    pairs = {(row[2], row[3]) for row in rows}
    films = {(film, movie): film_of(listed[film], movies.get(movie or 0)) for film, movie in pairs}
    shown = {pk: (versions.read(film.title)[1], page_of(film), film.length) for pk, film in listed.items()}
    seen: set[tuple[int, int, dt.datetime]] = set()
    for external_id, event_id, film_id, movie_id, cinema_id, starts_at, ticket_url, hour in rows:
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
            version=versions.beside(version, hour) if hour else version,
            ticket_url=link(ticket_url or ""),
            source_url=page,
        )


def _others(span: Q, venues: Collection[Venue]) -> Iterator[Showing]:
    """Other sources'. One that stands for a showtime of ours takes over what we know of its film."""
    shown = OtherEvent.objects.shown().filter(span)
    rows = list(shown.select_related("source"))
    if not rows:
        return
    stands_for = {
        double.shown_event_id: double.hidden_showtime
        for double in Double.objects.in_force()
        .filter(shown_event__in=shown.values("pk"), hidden_showtime__isnull=False)
        .select_related("hidden_showtime__film__movie")
    }
    for row in rows:
        ours = stands_for.get(row.pk)
        same = (venue for venue in venues if similarity.same_name(venue.name, row.cinema_name))
        yield Showing(
            id=f"{row.source.slug}:{row.external_id}",
            event_id=None,
            film=film_of(ours.film, ours.film.movie) if ours else _other_film(row),
            venue=next(same, Venue("", row.cinema_name, row.latitude, row.longitude)),
            starts_at=row.starts_at.astimezone(KRAKOW),
            ends_at=row.ends_at.astimezone(KRAKOW),
            version=_version(row),
            ticket_url=link(row.ticket_url),
            source_url=link(row.url),
            source=row.source.name,
        )


def with_same(found: Iterable[Showing]) -> list[Showing]:
    """The showings, each with the ids of those that give way to it."""
    rows = list(found)
    if not rows:
        return rows
    since, until = min(row.starts_at for row in rows), max(row.starts_at for row in rows)
    span = (since - similarity.APART, until + similarity.APART)
    near = Q(hidden_showtime__starts_at__range=span) | Q(hidden_event__starts_at__range=span)
    given_way: dict[str, list[str]] = {}
    ids = Double.objects.in_force().filter(near).order_by("pk").values_list(
        "shown_showtime__external_id", "shown_event__source__slug", "shown_event__external_id",
        "hidden_showtime__external_id", "hidden_event__source__slug", "hidden_event__external_id",
    )  # fmt: skip
    for shown, source, event, hidden, other_source, other in ids:
        given_way.setdefault(shown or f"{source}:{event}", []).append(hidden or f"{other_source}:{other}")
    return [replace(row, same=tuple(given_way[row.id])) if row.id in given_way else row for row in rows]


def _version(row: OtherEvent) -> versions.Version:
    """What the title says, and where it says nothing what the source does."""
    said = versions.read(row.title)[1]
    subtitles = row.subtitles if row.subtitles in ("pl", "en", "uk") else None
    return replace(
        said,
        language=said.language or row.language or None,
        subtitles=said.subtitles or subtitles,
        format=said.format or row.format or None,
    )


def venue(row: Cinema) -> Venue:
    return Venue(row.slug, row.name, row.latitude, row.longitude)


def film_of(listed: ListedFilm, movie: Movie | None) -> Film:
    if movie is None:
        return Film(
            key=listed.slug,
            title=listed.title,
            original_title=listed.original_title,
            year=listed.year,
            runtime=listed.runtime,
            special=listed.match_status in (ListedFilm.Match.NOT_A_FILM, ListedFilm.Match.SEVERAL_FILMS),
        )
    return movie_of(movie)


def movie_of(movie: Movie) -> Film:
    return Film(
        key=f"tmdb-{movie.tmdb_id}",
        title=movie.title,
        original_title=movie.original_title,
        tmdb_id=movie.tmdb_id,
        year=movie.year,
        runtime=movie.runtime,
        imdb_id=movie.imdb_id if _IMDB.fullmatch(movie.imdb_id) else "",
        image_url=IMAGES + movie.poster_path if _POSTER.fullmatch(movie.poster_path) else "",
    )


def _other_film(row: OtherEvent) -> Film:
    bare, _ = versions.read(row.title)
    return Film(
        key=f"{row.source.slug}-{row.pk}", title=bare, original_title=row.original_title, image_url=link(row.image_url)
    )


def page_of(film: ListedFilm) -> str:
    """The address of the site's page about a film, or of its programme when it has none."""
    path = "/cinema_program/by_movie" if film.has_page is False else f"/film/{quote(film.slug)}.html"
    return str(settings.KINO_BASE_URL) + path


def link(address: str) -> str:
    """The address if it is one of the web, in one line; whoever stored it has checked too."""
    return address if _LINK.fullmatch(address) else ""
