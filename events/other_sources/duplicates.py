"""Duplicates across sources, kept in line with what the sources say now. Runs in its caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from events.models import (
    BATCH,
    Duplicate,
    EventSource,
    OtherEvent,
    Showtime,
    changes,
    others,
)
from events.other_sources import similarity
from events.other_sources.settling import (
    KEPT,
    OWN,
    Change,
    houses_known,
    near_to,
    of_kind,
    our_screening,
    settle,
    their_screening,
    turn_round,
)

SAMPLE = 300  # screenings of a source whose times are compared


def hold() -> bool:
    """Hold the sources until the transaction ends, so that of two changes the second sees the first; False where there
    is no source. Asked for after films and events are held, never before."""
    return bool(list(EventSource.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)))


def settle_films(films: Collection[int], *, at: dt.datetime) -> int:
    """Compare these films' showtimes; returns how many duplicates came, went or turned round. One query while there is
    no other source."""
    if not hold():
        return 0
    rows = Showtime.objects.filter(film__in=films, starts_at__gt=at - KEPT)
    return _settle_showtimes(rows.values_list("pk", "starts_at", "cinema_id"), at)


def settle_cinemas(cinemas: Collection[int], *, at: dt.datetime) -> int:
    """Compare what is on in these cinemas, of which a name or a place has changed, and in those near to them."""
    if not hold():
        return 0
    near = {pk for source, pk in near_to({(OWN, pk) for pk in cinemas}, houses_known()) if source == OWN}
    rows = Showtime.objects.filter(cinema__in=near | set(cinemas), event__isnull=False, starts_at__gt=at - KEPT)
    return _settle_showtimes(rows.values_list("pk", "starts_at", "cinema_id"), at)


def settle_events(events: Sequence[int], *, at: dt.datetime) -> int:
    """Compare these screenings of other sources."""
    if not events or not hold():
        return 0
    changes: list[Change] = []
    for start in range(0, len(events), BATCH):
        rows = OtherEvent.objects.filter(
            pk__in=events[start : start + BATCH], starts_at__gt=at - KEPT, cinema__isnull=False
        )
        for pk, starts_at, slug, cinema in rows.values_list("pk", "starts_at", "source__slug", "cinema_id"):
            changes.append(Change(("event", pk), starts_at, (slug, cinema)))
    return settle(changes, at)


def rank(source: EventSource, priority: int, *, at: dt.datetime) -> bool:
    """Another priority for a source, and what follows from it; False if it has another than `source` says by now."""
    hold()
    row = EventSource.objects.filter(pk=source.pk, priority=source.priority)
    if not row.update(priority=priority):
        return False
    since = at - KEPT + similarity.APART
    of_it = Q(hidden_event__source=source.pk) | Q(shown_event__source=source.pk)
    to_come = Q(hidden_showtime__starts_at__gt=since) | Q(hidden_event__starts_at__gt=since)
    turn_round(list(Duplicate.objects.filter(of_it, to_come)))
    changes.tell(at)
    return True


def decide(rows: Iterable[Duplicate], verdict: str, *, by: int, at: dt.datetime) -> list[Duplicate]:
    """A person says of each pair whether they are one, for good, or (empty) takes that back; returns those it was
    news for. What is no duplicate any more may be one of another."""
    hold()
    decided = [row for row in rows if row.verdict != verdict and others.decide(row, verdict, by=by, at=at)]
    sides = {key for row in decided for key in row.keys}
    showtimes, events = of_kind(sides, "showtime"), of_kind(sides, "event")
    _settle_showtimes(Showtime.objects.filter(pk__in=showtimes).values_list("pk", "starts_at", "cinema_id"), at)
    settle_events(sorted(events), at=at)
    changes.tell(at)
    return decided


def offset(source: EventSource, *, at: dt.datetime) -> int:
    """The minutes by which all of a source's times to come lie beside ours; 0 where they don't."""
    rows = OtherEvent.objects.live().filter(source=source, starts_at__gt=at).select_related("source")
    theirs = [their_screening(row) for row in rows[:SAMPLE]]
    if not theirs:
        return 0
    first, last = theirs[0].starts_at, theirs[-1].starts_at
    ours = Showtime.objects.listed().filter(
        starts_at__range=(first - similarity.LARGEST_OFFSET, last + similarity.LARGEST_OFFSET)
    )
    return similarity.offset([our_screening(row) for row in ours.select_related("film__movie", "cinema")], theirs)


def _settle_showtimes(rows: Iterable[tuple[int, dt.datetime, int]], at: dt.datetime) -> int:
    return settle([Change(("showtime", pk), start, (OWN, cinema)) for pk, start, cinema in rows], at)
