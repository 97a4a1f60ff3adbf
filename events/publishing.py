"""Showtimes become occurrences of events, by their films' matches. Every verb here runs in its caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from events.models import BATCH, Cinema, Event, ListedFilm, Movie, Showtime, bulk, changes
from events.other_sources import duplicates

EventKey = tuple[int | None, int | None, int]  # movie, listed film, cinema: one of the first two


class _Row(NamedTuple):
    """What decides which event a showtime is an occurrence of, no more: storing a day reads a whole week of them."""

    pk: int
    event: int | None
    film: int
    cinema: int
    film__match_status: str
    film__movie: int | None
    film__title: str
    film__movie__title: str
    cinema__name: str

    def event_key(self) -> EventKey | None:
        """(movie, None, cinema) or (None, listed film, cinema); None: of no event."""
        if self.film__match_status in ListedFilm.PUBLISHED_ALONE:
            return None, self.film, self.cinema
        if self.film__match_status in ListedFilm.PUBLISHED and self.film__movie is not None:
            return self.film__movie, None, self.cinema
        return None

    def title(self) -> str:
        """What its event is called."""
        alone = self.film__match_status in ListedFilm.PUBLISHED_ALONE
        return _title(self.film__title if alone else self.film__movie__title, self.cinema__name)


def publish(film_ids: Collection[int], at: dt.datetime) -> int:
    """Bring the events of these films in line with their showtimes and matches; returns the showtimes moved.

    Published films' listed showtimes become occurrences of one event per movie (or, without one, listed film)
    and cinema; others are taken out of theirs; an event left without any is cancelled, and scheduled again if
    one returns.
    """
    known = {(e.movie_id, e.film_id, e.cinema_id): e for e in _held(film_ids)}
    matched = Q(film__match_status__in=(*ListedFilm.PUBLISHED, *ListedFilm.PUBLISHED_ALONE))
    listed = Showtime.objects.listed().filter(matched | Q(event__isnull=False), film_id__in=film_ids).order_by("pk")
    rows = [_Row(*values) for values in listed.values_list(*_Row._fields)]
    wanted = {key: row.title() for row in rows if (key := row.event_key()) and key not in known}
    known |= _new_events(wanted, at)
    events = {key: event.pk for key, event in known.items()}
    moves: list[tuple[int, int | None]] = []
    touched = set(events.values())
    held: set[int | None] = set()
    for row in rows:
        key = row.event_key()
        target = events[key] if key else None
        held.add(target)
        if row.event != target:
            touched |= {pk for pk in (row.event, target) if pk is not None}
            moves.append((row.pk, target))
    bulk.assign(Showtime, "event_id", moves)
    # Scheduled, and with a listed showtime that is among `rows`: nothing to settle.
    _settle_events(touched - {e.pk for e in known.values() if e.pk in held and e.status == Event.Status.SCHEDULED}, at)
    duplicates.settle_films(film_ids, at=at)
    changes.tell(at)
    return len(moves)


def _held(film_ids: Collection[int]) -> list[Event]:
    """The events that these films' showtimes are in or may go to, held until the transaction ends.

    Two days that each lose a showtime of one event come one after the other, so the second sees that none is left.
    """
    movies = ListedFilm.objects.filter(pk__in=film_ids, movie__isnull=False).values("movie")
    inside = Showtime.objects.filter(film__in=film_ids, event__isnull=False).order_by().values("event")
    # Lists that an index finds each: an "or" of them would look at every event of all years.
    of_movies = Event.objects.filter(movie__in=movies).order_by().values("pk")
    of_films = Event.objects.filter(film__in=film_ids).order_by().values("pk")
    near = Event.objects.filter(pk__in=of_movies.union(of_films, inside))
    return list(near.order_by("pk").select_for_update(no_key=True))


def _new_events(titles: Mapping[EventKey, str], at: dt.datetime) -> dict[EventKey, Event]:
    """Events of these titles; one that somebody else has made meanwhile is that one.

    In one order for all who make events at this moment: each waits for who was first, nobody for each other.
    """
    made = {
        (movie, film, cinema): Event(
            title=titles[movie, film, cinema],
            movie_id=movie,
            film_id=film,
            cinema_id=cinema,
            published_at=at,
            updated_at=at,
        )
        for movie, film, cinema in sorted(titles, key=lambda key: [part or 0 for part in key])
    }
    for owner in ("movie", "film"):
        Event.objects.bulk_create(
            [event for event in made.values() if getattr(event, f"{owner}_id")],
            update_conflicts=True,
            unique_fields=[owner, "cinema"],
            update_fields=["updated_at"],
        )
    return made


def _title(film: str, cinema: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("%(film)s at %(cinema)s") % {"film": film, "cinema": cinema}


def published(at: dt.datetime) -> int:
    """Showtimes to come that are published."""
    return Showtime.objects.listed().filter(starts_at__gt=at, event__isnull=False).count()


def link(film: ListedFilm, movie: Movie | None, status: str, *, at: dt.datetime, score: float | None) -> int:
    """Set a film's match and publish what follows from it, in the caller's transaction; returns the showtimes moved."""
    set_match(film, movie, status, at=at, score=score)
    film.refresh_from_db()
    return publish([film.pk], at)


def set_match(film: ListedFilm, movie: Movie | None, status: str, *, at: dt.datetime, score: float | None) -> None:
    """Set a film's match; `publish` is for whoever sets several, once."""
    ListedFilm.objects.filter(pk=film.pk).update(
        movie=movie, match_status=status, score=score, match_asked_at=at, revision=F("revision") + 1
    )


def unite(cinema: Cinema, same_as: Cinema | None, *, at: dt.datetime) -> int:
    """The site lists one cinema under two slugs (or, None, does not after all): move its showtimes, those to come
    and those stored later; returns how many moved. In the caller's transaction."""
    target = (same_as.same_as or same_as) if same_as else cinema
    changed = Q(pk=cinema.pk) | Q(same_as=cinema)
    list(Cinema.objects.filter(changed).order_by("pk").select_for_update(no_key=True))
    Cinema.objects.filter(changed).exclude(pk=target.pk).update(same_as=target)
    if same_as is None:
        Cinema.objects.filter(pk=cinema.pk).update(same_as=None)
    of_it = Q(cinema=cinema) | Q(external_id__contains=f"|{cinema.slug}|")
    moved = Showtime.objects.filter(of_it).exclude(cinema=target)
    films = ListedFilm.objects.filter(pk__in=moved.values("film")).order_by("pk").select_for_update(no_key=True)
    held = set(films.values_list("pk", flat=True))  # as a page that is stored at this moment holds them
    count = moved.update(cinema=target)
    publish(held, at)
    return count


def rename(events: QuerySet[Event], *, at: dt.datetime) -> int:
    """Call events after their films and cinemas as these are called now; returns how many had another title.
    In the caller's transaction."""
    stale = []
    held = events.order_by("pk").select_for_update(of=("self",), no_key=True)
    for event in held.select_related("movie", "film", "cinema"):
        title = _title((event.movie or event.film).title, event.cinema.name)  # type: ignore[union-attr]
        if event.title != title:
            event.title, event.updated_at = title, at
            stale.append(event)
    Event.objects.bulk_update(stale, ["title", "updated_at"], batch_size=BATCH)
    return len(stale)


def _settle_events(event_ids: Collection[int], at: dt.datetime) -> None:
    """An event has occurrences or is cancelled."""
    if not event_ids:
        return
    events = Event.objects.filter(pk__in=list(event_ids))
    live = Showtime.objects.listed().filter(event_id__in=list(event_ids)).values("event_id")
    events.filter(status=Event.Status.SCHEDULED).exclude(pk__in=live).update(
        status=Event.Status.CANCELLED, updated_at=at
    )
    events.filter(status=Event.Status.CANCELLED, pk__in=live).update(status=Event.Status.SCHEDULED, updated_at=at)
