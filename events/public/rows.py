"""The database's rows as showings: our published showtimes, and other sources' screenings.

Both leave out what gives way to its duplicate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from events.local_time import ZONE
from events.models import Duplicate, Fill, ListedFilm, Movie, OtherEvent, Showtime
from events.other_sources import similarity
from events.public.showings import OWN_SOURCE, Film, Showing, Venue, film_of, link
from events.titles import versions


def visible(own: Q) -> QuerySet[Showtime]:
    """Our published showtimes, less those that give way to their duplicates."""
    hidden = Duplicate.objects.in_force().filter(hidden_showtime__isnull=False).values("hidden_showtime")
    return Showtime.objects.filter(own).exclude(pk__in=hidden)


def own_showings(own: Q, venues: dict[int, Venue]) -> Iterator[Showing]:
    """Ours. Plain columns, and each film and cinema once: six thousand rows of models would take ten times as long."""
    rows = list(
        visible(own)
        .annotate(start=Cast("starts_at", CharField()))  # making each a moment takes as long as all the rest
        .values_list(
            "external_id",
            "event_id",
            "film_id",
            "event__movie_id",
            "cinema_id",
            "start",
            "ticket_url",
            "version",
        )
    )
    listed = ListedFilm.objects.select_related("movie").in_bulk({row[2] for row in rows})
    movies = Movie.objects.in_bulk({row[3] for row in rows if row[3]})
    pairs = {(row[2], row[3]) for row in rows}
    films = {(film, movie): film_of(listed[film], movies.get(movie or 0)) for film, movie in pairs}
    shown = {pk: (versions.read(film.title)[1], film.site_address(), film.length) for pk, film in listed.items()}
    fills = _fills(own)
    starting = cache(_moment)  # many start or end together

    @cache
    def ending(start: str, minutes: dt.timedelta) -> dt.datetime:
        return (starting(start).astimezone(dt.UTC) + minutes).astimezone(ZONE)

    @cache
    def heard(film_id: int, hour: str) -> versions.Version:
        version: versions.Version = shown[film_id][0]
        return versions.beside(version, hour) if hour else version

    seen: set[tuple[int, int, str]] = set()
    for external_id, event_id, film_id, movie_id, cinema_id, start, ticket_url, hour in rows:
        once = (film_id, cinema_id, start)
        if once in seen:  # of a cinema that the site lists twice
            continue
        seen.add(once)
        _, page, minutes = shown[film_id]
        version = heard(film_id, hour)
        filled: tuple[tuple[str, str], ...] = ()
        if fill := fills.get(external_id):
            if fill.version and version == versions.Version():
                version = versions.beside(version, fill.version)
                filled += (("version", fill.source),)
            if fill.ticket_url and not ticket_url:
                ticket_url = fill.ticket_url
                filled += (("ticket_url", fill.source),)
            if fill.length and not (listed[film_id].runtime or films[film_id, movie_id].runtime):
                minutes = fill.length
                filled += (("ends_at", fill.source),)
        yield Showing(
            external_id,
            event_id,
            films[film_id, movie_id],
            venues[cinema_id],
            starting(start),
            ending(start, minutes),
            version,
            link(ticket_url or ""),
            page,
            OWN_SOURCE,
            filled,
        )


def _moment(stored: str) -> dt.datetime:
    """In Kraków's time, what a database writes of a moment: PostgreSQL with its offset, SQLite in UTC without one."""
    moment = dt.datetime.fromisoformat(stored)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(ZONE)


def _fills(own: Q) -> dict[str, Fill]:
    """What other listings fill of our showtimes, by their ids; nothing where nobody wants that (WITNESS_FILLS)."""
    if not settings.WITNESS_FILLS:
        return {}
    rows = Fill.objects.filter(showtime__in=visible(own).values("pk")).select_related("showtime")
    return {row.showtime.external_id: row for row in rows}


def other_showings(span: Q, venues: Collection[Venue]) -> Iterator[Showing]:
    """Other sources'. One that stands for a showtime of ours takes over what we know of its film."""
    shown = OtherEvent.objects.shown().filter(span)
    rows = list(shown.select_related("source"))
    if not rows:
        return
    stands_for = {
        duplicate.shown_event_id: duplicate.hidden_showtime
        for duplicate in Duplicate.objects.in_force()
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
            starts_at=row.starts_at.astimezone(ZONE),
            ends_at=row.ends_at.astimezone(ZONE),
            version=_version(row),
            ticket_url=link(row.ticket_url),
            source_url=link(row.url),
            source=row.source.name,
        )


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


def _other_film(row: OtherEvent) -> Film:
    bare, _ = versions.read(row.title)
    return Film(
        key=f"{row.source.slug}-{row.pk}", title=bare, original_title=row.original_title, image_url=link(row.image_url)
    )
