"""What is on, by event: the one reading behind the API and the export. A fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Min, Q

from events.models import Duplicate, Event
from events.public.choosing import Choices
from events.public.rows import visible
from events.public.screenings import EVERYTHING, Asked, midnight, span_of
from events.public.showings import OWN_SOURCE, Film, Showing, Venue, film_of, movie_of, venue

DOUBLE = "double"  # the status of an event whose every showing gives way to another source's
CANCELLED_KNOWN = dt.timedelta(days=7)  # for how long a cancelled event is still told of


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


def events(first: dt.date | None, last: dt.date | None = None, wanted: Choices = EVERYTHING) -> list[Published]:
    """All of them, as `page` has them."""
    return page(first, last, wanted)[0]


def page(
    first: dt.date | None, last: dt.date | None, wanted: Choices, *,
    start: int = 0, size: int | None = None, empty: bool = True,
) -> tuple[list[Published], int]:  # fmt: skip
    """At most `size` events from number `start` on with what is wanted of their showings, and how many there are.

    In order of the first showing. Behind them (`empty`) those without any: the duplicates and, with `first`, only what
    was cancelled since a week before it. Only this page's showtimes are read, for a week has six thousand; but all of
    them where something is wanted that only a showing says.
    """
    asked = Asked.of(*span_of(first, last), wanted)
    mine: dict[int, list[Showing]] = {}
    if wanted.looks_at_showings:
        for showing in asked.ours():
            mine.setdefault(showing.event_id or 0, []).append(showing)
        begins = {pk: min(showing.starts_at for showing in group) for pk, group in mine.items()}
    else:
        begins = dict(visible(asked.own).order_by().values_list("event_id").annotate(Min("starts_at")))
    others: dict[tuple[str, str, str], list[Showing]] = {}
    for showing in asked.others():
        key = (showing.film.key, showing.venue.slug or showing.venue.name, showing.source)
        others.setdefault(key, []).append(showing)
    entries: list[tuple[dt.datetime, int, list[Showing]]] = [(at, pk, mine.get(pk, [])) for pk, at in begins.items()]
    entries += [(group[0].starts_at, 0, group) for group in others.values()]
    entries.sort(key=lambda entry: entry[:2])
    without = _without(first, begins, asked) if empty and wanted.of_place_and_film else []
    end = len(entries) + len(without) if size is None else start + size

    chosen = entries[start:end]
    groups = {pk: group for _, pk, group in chosen if pk}
    if not wanted.looks_at_showings:
        for showing in asked.ours(None if size is None else groups):
            groups[showing.event_id or 0].append(showing)
    for group in groups.values():
        group.sort(key=lambda s: (s.starts_at, s.id))
    behind = without[max(0, start - len(entries)) : max(0, end - len(entries))]
    return [*(_published(group) for *_, group in chosen), *behind], len(entries) + len(without)


def event(event_id: int, first: dt.date) -> Published | None:
    """One of our own events with its showings from `first` on; None where there is no such event."""
    row = Event.objects.select_related("movie", "film", "cinema").filter(pk=event_id).first()
    if row is None:
        return None
    what, page = _film_of(row)
    shown = events(first, None, Choices(cinema=[row.cinema.slug], film=what.key))
    nothing_left = Published(
        row.pk, _external_id(what, venue(row.cinema)), what, venue(row.cinema), row.status, (), page
    )
    return next((found for found in shown if found.event_id == event_id), nothing_left)


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
        "access": list(showing.version.access),
        "ticket_url": showing.ticket_url or None,
        "source_url": showing.source_url or None,
        "filled": dict(showing.filled),
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


def _without(first: dt.date | None, live: Collection[int], asked: Asked) -> list[Published]:
    """Events that have nothing to show: every occurrence withdrawn, or a duplicate."""
    since = Q(updated_at__gte=midnight(first - CANCELLED_KNOWN)) if first else Q()
    hidden = Duplicate.objects.in_force().filter(hidden_showtime__isnull=False)
    if first:
        hidden = hidden.filter(hidden_showtime__starts_at__gte=midnight(first))
    # Two lists, each of which an index finds: an "or" of them would look at every event of all years.
    cancelled = Event.objects.filter(since, status=Event.Status.CANCELLED).order_by()
    duplicates = hidden.filter(hidden_showtime__event__isnull=False).order_by().values("hidden_showtime__event")
    rows = (
        Event.objects.filter(pk__in=cancelled.values("pk").union(duplicates))
        .exclude(pk__in=list(live))
        .select_related("movie", "cinema", "film")
        .order_by("pk")
    )
    if asked.cinemas:
        rows = rows.filter(cinema__slug__in=asked.cinemas)
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
        if asked.wanted.film in ("", what.key)
    ]


def _film_of(row: Event) -> tuple[Film, str]:
    """The film of an event, and the site's page about it."""
    if row.film:
        return film_of(row.film, None), row.film.site_address()
    assert row.movie is not None, "an event is of a movie or of a film"
    return movie_of(row.movie), str(settings.KINO_BASE_URL)


def _external_id(film: Film, venue: Venue) -> str:
    return f"{film.key}@{venue.slug}"
