"""What is shown, one showing after the other: our published showtimes and other sources' screenings, less those that
give way to their duplicates. A fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from events.local_time import ZONE
from events.models import Cinema, Duplicate, ListedFilm, Showtime
from events.other_sources import similarity
from events.public.choosing import NIGHT_ENDS, Choices, Only, programme_day
from events.public.rows import other_showings, own_showings
from events.public.showings import Showing, Venue, venue

EVERYTHING = Choices()
AHEAD = dt.timedelta(days=92)  # how far a reading without an end goes
NEW = dt.timedelta(days=7)  # for how long a film is new; and a premiere that is so near is one
LAST = dt.timedelta(days=3)  # what nobody lists from then on is shown for the last time


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=ZONE)


def between(first: dt.date | None, last: dt.date | None = None, wanted: Choices = EVERYTHING) -> list[Showing]:
    """What is wanted of what starts from `first` to `last` (both included, Kraków's dates; None: no bound), in order
    of start."""
    return within(*span_of(first, last), wanted)


def within(
    since: dt.datetime | None, until: dt.datetime | None, wanted: Choices = EVERYTHING, cinemas: Iterable[Cinema] = ()
) -> list[Showing]:
    """As `between`, of moments; the last one is not included. `cinemas`: all of them, where they are read already."""
    asked = Asked.of(since, until, wanted, cinemas)
    found = [*asked.ours(), *asked.others()]
    found.sort(key=lambda s: (s.starts_at, s.film.title, s.venue.name, s.id))
    return found


def span_of(first: dt.date | None, last: dt.date | None) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The moments from the first day's beginning to the last one's end; without a last day, of as many as are read."""
    if first and not last:
        last = first + AHEAD
    return midnight(first) if first else None, midnight(last + dt.timedelta(days=1)) if last else None


def evening(day: dt.date) -> dt.datetime:
    """When a programme's day begins: what starts earlier is part of the evening before."""
    return dt.datetime.combine(day, NIGHT_ENDS, tzinfo=ZONE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reading is of: `own` filters our showtimes; `cinemas` are the slugs of the cinemas meant."""

    span: Q
    own: Q
    venues: dict[int, Venue]
    cinemas: frozenset[str]
    wanted: Choices

    @classmethod
    def of(
        cls, since: dt.datetime | None, until: dt.datetime | None, wanted: Choices, cinemas: Iterable[Cinema] = ()
    ) -> Asked:
        span = Q()
        if since:
            span &= Q(starts_at__gte=since)
        if until:
            span &= Q(starts_at__lt=until)
        rows = list(cinemas) or list(Cinema.objects.select_related("same_as"))
        venues = {row.pk: venue(row) for row in rows}
        slugs = {row.slug: (row.same_as or row).slug for row in rows}
        meant = frozenset(slugs.get(slug, slug) for slug in wanted.cinema)
        own = span & Q(event__isnull=False)
        if meant:
            own &= Q(cinema__in=[pk for pk, place in venues.items() if place.slug in meant])
        if wanted.film:
            number = wanted.film.removeprefix("tmdb-")
            of_tmdb = number != wanted.film and number.isdecimal() and len(number) < 19
            own &= Q(event__movie__tmdb_id=int(number)) if of_tmdb else Q(event__film__slug=wanted.film)
        if wanted.only:
            own &= _new(timezone.now()) if wanted.only == Only.NEW else _last(timezone.now())
        return cls(span, own, venues, meant, wanted)

    def ours(self, events: Collection[int] | None = None) -> Iterator[Showing]:
        """Our own showings; with `events` only theirs."""
        own = self.own if events is None else self.own & Q(event__in=events)
        found = own_showings(own, self.venues)
        return filter(self.wanted.fit, found) if self.wanted.looks_at_showings else found

    def others(self) -> list[Showing]:
        """Other sources' showings, in order of start. Of those that are ours too we know whether the film is new."""
        span = self.span
        if self.wanted.only:
            span &= Q(shown_for__hidden_showtime__in=Showtime.objects.filter(self.own))
        return [
            showing
            for showing in other_showings(span, self.venues.values())
            if (not self.cinemas or showing.venue.slug in self.cinemas)
            and self.wanted.film in ("", showing.film.key)
            and self.wanted.fit(showing)
        ]


def _new(now: dt.datetime) -> Q:
    """Showtimes of films that are new: the premiere is near, or, where no listing of the film has one, all are new.
    Of a programme that was first read this week only premieres say anything."""
    since = midnight(programme_day(now.astimezone(ZONE)) - NEW)
    near = (since.date(), (since + 2 * NEW).date())
    premieres = ListedFilm.objects.filter(premiere__range=near)
    known = ListedFilm.objects.filter(Q(premiere__isnull=False) | Q(first_seen_at__lt=since))
    fresh = ~_of(known) & Q(Exists(ListedFilm.objects.filter(first_seen_at__lt=since)))
    return _of(premieres) | fresh


def _last(now: dt.datetime) -> Q:
    """Showtimes of films that are listed no more from a day to come on, where others are."""
    end = evening(programme_day(now.astimezone(ZONE))) + LAST
    later = Showtime.objects.filter(starts_at__gte=end, event__isnull=False)
    still = ListedFilm.objects.filter(pk__in=later.values("film"))
    return ~_of(still) & Q(Exists(later))


def _of(films: QuerySet[ListedFilm]) -> Q:
    """Showtimes of these listed films, or of any other listing of their movies."""
    return Q(film__in=films.values("pk")) | Q(film__movie__in=films.filter(movie__isnull=False).values("movie"))


def with_same(found: Iterable[Showing]) -> list[Showing]:
    """The showings, each with the ids of those that give way to it."""
    rows = list(found)
    if not rows:
        return rows
    since, until = min(row.starts_at for row in rows), max(row.starts_at for row in rows)
    span = (since - similarity.APART, until + similarity.APART)
    near = Q(hidden_showtime__starts_at__range=span) | Q(hidden_event__starts_at__range=span)
    given_way: dict[str, list[str]] = {}
    ids = Duplicate.objects.in_force().filter(near).order_by("pk").values_list(
        "shown_showtime__external_id", "shown_event__source__slug", "shown_event__external_id",
        "hidden_showtime__external_id", "hidden_event__source__slug", "hidden_event__external_id",
    )  # fmt: skip
    for shown, source, event, hidden, other_source, other in ids:
        given_way.setdefault(shown or f"{source}:{event}", []).append(hidden or f"{other_source}:{other}")
    return [row._replace(same=tuple(given_way[row.id])) if row.id in given_way else row for row in rows]
