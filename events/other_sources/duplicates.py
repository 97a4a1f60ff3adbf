"""Doubles across sources, kept in line with what the sources say now. Runs in its caller's transaction.

Whichever side arrives last, both are compared then: an import calls `settle`, and so does what publishes showtimes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from events.models import Double, EventSource, OtherEvent, Showtime
from events.other_sources import models, similarity
from events.other_sources.models import OWN_PRIORITY

OWN = ""  # our own programme's name among the sources; no source can have it
KEPT = dt.timedelta(hours=6)  # what began longer ago is not compared again

SIDES = ("hidden_showtime_id", "hidden_event_id", "shown_showtime_id", "shown_event_id")

Pair = frozenset[similarity.Key]


def settle(at: dt.datetime) -> int:
    """Compare what the sources have to come and write down the doubles; returns how many came, went or turned round.

    One query while there is no other source. A person's verdict stands whatever comes out.
    """
    if not EventSource.objects.exists():
        return 0
    list(EventSource.objects.select_for_update().order_by("pk"))  # one at a time: no pair is written down twice
    others = list(OtherEvent.objects.live().filter(starts_at__gt=at - KEPT).select_related("source"))
    rows = {frozenset(row.keys): row for row in _standing(at)}
    if not others and not rows:
        return 0
    priority = {("event", row.pk): row.source.priority for row in others}
    different = {pair for pair, row in rows.items() if row.verdict == Double.Verdict.DIFFERENT}
    found = {
        frozenset((pair.one.key, pair.other.key)): pair for pair in similarity.doubles(_screenings(others), different)
    }

    stale = [row.pk for pair, row in rows.items() if not row.verdict and pair not in found]
    Double.objects.filter(pk__in=stale).delete()
    new = [
        Double(**_sides(pair, priority), reasons=_reasons(double), found_at=at)
        for pair, double in found.items()
        if pair not in rows
    ]
    Double.objects.bulk_create(new)
    turned = [row for pair, row in rows.items() if row.pk not in stale and row.keys[0] != _ranked(pair, priority)[0]]
    for row in turned:
        for name, value in _sides(frozenset(row.keys), priority).items():
            setattr(row, name, value)
    Double.objects.bulk_update(turned, SIDES)
    return len(stale) + len(new) + len(turned)


def rank(source: EventSource, priority: int, *, at: dt.datetime) -> bool:
    """Another priority for a source, and what follows from it; False if it has another than `source` says by now."""
    row = EventSource.objects.filter(pk=source.pk, priority=source.priority)
    if not row.update(priority=priority):
        return False
    settle(at)
    return True


def decide(rows: Iterable[Double], verdict: str, *, by: int, at: dt.datetime) -> list[Double]:
    """A person says of each pair whether they are one, for good, or (empty) takes that back; returns those it was
    news for. What is no double any more may be one of another."""
    decided = [row for row in rows if row.verdict != verdict and models.decide(row, verdict, by=by, at=at)]
    if decided:
        settle(at)
    return decided


def _standing(at: dt.datetime) -> list[Double]:
    """The doubles of what is to come. Both sides are compared again: they start at most `dedup.APART` apart."""
    since = at - KEPT + similarity.APART
    return list(Double.objects.filter(Q(hidden_showtime__starts_at__gt=since) | Q(hidden_event__starts_at__gt=since)))


def _screenings(others: list[OtherEvent]) -> list[similarity.Screening]:
    """Theirs, and ours that start about when one of theirs does."""
    if not others:
        return []
    first, last = min(row.starts_at for row in others), max(row.starts_at for row in others)
    ours = Showtime.objects.filter(
        event__isnull=False, starts_at__range=(first - similarity.APART, last + similarity.APART)
    ).select_related("film__movie", "cinema")
    return [*map(_ours, ours), *map(_theirs, others)]


def _ours(row: Showtime) -> similarity.Screening:
    movie = row.film.movie
    titles = (row.film.title, row.film.original_title, *((movie.title, movie.original_title) if movie else ()))
    return similarity.Screening(
        ("showtime", row.pk),
        OWN,
        tuple(title for title in dict.fromkeys(titles) if title),
        row.starts_at,
        row.cinema.name,
        row.cinema.latitude,
        row.cinema.longitude,
    )


def _theirs(row: OtherEvent) -> similarity.Screening:
    titles = tuple(title for title in (row.title, row.original_title) if title)
    return similarity.Screening(
        ("event", row.pk), row.source.slug, titles, row.starts_at, row.cinema_name, row.latitude, row.longitude
    )


def _ranked(pair: Pair, priority: dict[similarity.Key, int]) -> list[similarity.Key]:
    """The one that gives way first. Among equals our own is shown, and then what was known earlier."""
    return sorted(pair, key=lambda key: (priority.get(key, OWN_PRIORITY), key[0] == "showtime", -key[1]))


def _sides(pair: Pair, priority: dict[similarity.Key, int]) -> dict[str, int | None]:
    hidden, shown = _ranked(pair, priority)
    return {
        name: key[1] if name == f"{side}_{key[0]}_id" else None
        for side, key in (("hidden", hidden), ("shown", shown))
        for name in SIDES
        if name.startswith(side)
    }


def _reasons(double: similarity.Double) -> dict[str, float | bool | None]:
    return {
        "title": round(double.title, 1),
        "minutes": double.minutes,
        "metres": None if double.metres is None else round(double.metres),
        "same_name": double.same_name,
    }
