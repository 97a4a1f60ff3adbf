"""Screenings that changed are compared with what is near them, and the duplicates that follow are written down.

Near is what starts about when a change does in what may be its cinema, and nothing else: however much other sources
have elsewhere or at other times, a change costs the same. Everything runs in its caller's transaction, which holds the
sources (`duplicates.hold`).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from events.models import (
    BATCH,
    OWN_PRIORITY,
    Cinema,
    Duplicate,
    OtherCinema,
    OtherEvent,
    Showtime,
)
from events.other_sources import similarity
from events.titles import versions

OWN = ""  # our own programme's name among the sources; no source can have it
KEPT = dt.timedelta(hours=6)  # what began longer ago is not compared again
MARGIN = 2 * similarity.APART  # what is compared with a change, and what else that may be a duplicate of
AT_ONCE = 1000  # changes
WINDOWS = 40  # in one query
PASSES = 20

SIDES = ("hidden_showtime_id", "hidden_event_id", "shown_showtime_id", "shown_event_id")

Pair = frozenset[similarity.Key]
House = tuple[str, int]  # a source's name, and the primary key of its cinema


@dataclass(frozen=True, slots=True)
class Change:
    """A screening that has changed, come or gone: what is near it is compared again."""

    key: similarity.Key
    starts_at: dt.datetime
    house: House


def settle(changes: Sequence[Change], at: dt.datetime) -> int:
    """Compare what changed; returns how many duplicates came, went or turned round."""
    if not changes:
        return 0
    houses = houses_known()
    starts = range(0, len(changes), AT_ONCE)
    return sum(_settle_some(changes[start : start + AT_ONCE], houses, at) for start in starts)


def _settle_some(changes: Sequence[Change], houses: dict[House, similarity.Place], at: dt.datetime) -> int:
    """What becomes free by a change may be another's duplicate, and so on, until nothing changes."""
    count = 0
    for _ in range(PASSES):
        if not changes:
            break
        written, changes = _pass(changes, houses, at)
        count += written
    return count


def _pass(
    changes: Sequence[Change], houses: dict[House, similarity.Place], at: dt.datetime
) -> tuple[int, list[Change]]:
    """Write down the pairs that these changes touch; returns how many did change, and what else that has touched."""
    group = near_to({change.house for change in changes}, houses)
    windows = _windows(changes)
    theirs = {pk for source, pk in group if source != OWN}
    live = OtherEvent.objects.live().filter(starts_at__gt=at - KEPT, cinema__in=theirs)
    others = list(live.filter(windows).select_related("source")) if theirs else []
    touched = {change.key for change in changes}
    standing = _standing(touched)
    if not others and not standing:
        return 0, []
    ours = Showtime.objects.filter(
        windows, event__isnull=False, cinema__in={pk for source, pk in group if source == OWN}
    ).select_related("film__movie", "cinema")
    screenings = {row.key: row for row in [*map(our_screening, ours), *map(their_screening, others)]}
    near = sorted(change.starts_at for change in changes)
    affected = touched | {key for key, row in screenings.items() if _is_near(row.starts_at, near)}
    standing = _standing(affected)
    found = {
        frozenset((pair.one.key, pair.other.key)): pair
        for pair in similarity.duplicates(
            screenings.values(),
            apart={pair for pair, row in standing.items() if row.verdict == Duplicate.Verdict.DIFFERENT},
            together=[pair for pair, row in standing.items() if row.verdict == Duplicate.Verdict.SAME],
            cinemas=houses.values(),
        )
    }
    gone = [pair for pair, row in standing.items() if not row.verdict and pair not in found]
    new = [pair for pair in found if pair not in standing and not pair.isdisjoint(affected)]
    Duplicate.objects.filter(pk__in=[standing[pair].pk for pair in gone]).delete()
    made = [Duplicate(reasons=_reasons(found[pair]), found_at=at) for pair in new]
    for row, pair in zip(made, new, strict=True):
        _write_sides(row, sorted(pair))
    turned = turn_round([row for pair, row in standing.items() if pair not in gone], also=made)
    Duplicate.objects.bulk_create(made)
    further = {key for pair in (*gone, *new) for key in pair} - affected
    place = {("showtime", row.pk): (OWN, row.cinema_id) for row in ours}
    place |= {("event", row.pk): (row.source.slug, row.cinema_id or 0) for row in others}
    again = [Change(key, screenings[key].starts_at, place[key]) for key in further if key in screenings]
    return len(gone) + len(new) + turned, again


def houses_known() -> dict[House, similarity.Place]:
    """Every cinema of every source."""
    ours = Cinema.objects.values_list("pk", "name", "latitude", "longitude")
    theirs = OtherCinema.objects.values_list("pk", "name", "latitude", "longitude", "source__slug")
    return {(OWN, pk): similarity.Place(OWN, name, latitude, longitude) for pk, name, latitude, longitude in ours} | {
        (source, pk): similarity.Place(source, name, latitude, longitude)
        for pk, name, latitude, longitude, source in theirs
    }


def near_to(start: Collection[House], houses: dict[House, similarity.Place]) -> set[House]:
    """These cinemas, what may be one with any of them, and so on."""
    left = {house: place for house, place in houses.items() if house not in start}
    group, new = set(start), [houses[house] for house in start if house in houses]
    while new:
        place = new.pop()
        for house in [house for house, other in left.items() if similarity.may_be_one(place, other)]:
            group.add(house)
            new.append(left.pop(house))
    return group


def _windows(changes: Iterable[Change]) -> Q:
    """When what is near starts: a few stretches of time, the longer the more there would be of them."""
    starts, margin = sorted({change.starts_at for change in changes}), 2 * MARGIN
    while True:
        stretches: list[list[dt.datetime]] = []
        for start in starts:
            if stretches and start - stretches[-1][1] <= margin:
                stretches[-1][1] = start
            else:
                stretches.append([start, start])
        if len(stretches) <= WINDOWS:
            break
        margin *= 2
    windows = Q()
    for first, last in stretches:
        windows |= Q(starts_at__range=(first - MARGIN, last + MARGIN))
    return windows


def _is_near(start: dt.datetime, changes: list[dt.datetime]) -> bool:
    first = bisect_left(changes, start - similarity.APART)
    return first < len(changes) and changes[first] <= start + similarity.APART


def _standing(keys: Collection[similarity.Key]) -> dict[Pair, Duplicate]:
    """The duplicates that are written down of these."""
    showtimes, events = of_kind(keys, "showtime"), of_kind(keys, "event")
    either = (
        Q(hidden_showtime__in=showtimes) | Q(shown_showtime__in=showtimes),
        Q(hidden_event__in=events) | Q(shown_event__in=events),
    )
    some = [each for each, pks in zip(either, (showtimes, events), strict=True) if pks]
    return {frozenset(row.keys): row for each in some for row in Duplicate.objects.filter(each)}


def of_kind(keys: Iterable[similarity.Key], kind: str) -> set[int]:
    return {pk for name, pk in keys if name == kind}


def our_screening(row: Showtime) -> similarity.Screening:
    movie = row.film.movie
    listed = versions.titled(row.film.title, row.version) if row.version else row.film.title
    titles = (listed, row.film.original_title, *((movie.title, movie.original_title, *movie.names) if movie else ()))
    return similarity.Screening(
        ("showtime", row.pk),
        OWN,
        tuple(title for title in dict.fromkeys(titles) if title),
        row.starts_at,
        row.cinema.name,
        row.cinema.latitude,
        row.cinema.longitude,
        tuple(dict.fromkeys((*row.film.directors, *(movie.directors if movie else ())))),
    )


def their_screening(row: OtherEvent) -> similarity.Screening:
    titles = tuple(title for title in (row.title, row.original_title) if title)
    return similarity.Screening(
        ("event", row.pk), row.source.slug, titles, row.starts_at, row.cinema_name, row.latitude, row.longitude
    )


def _priorities(keys: Iterable[similarity.Key]) -> dict[similarity.Key, int]:
    rows = OtherEvent.objects.filter(pk__in=of_kind(keys, "event"))
    return {("event", pk): priority for pk, priority in rows.values_list("pk", "source__priority")}


def _ranked(pair: Pair, priority: dict[similarity.Key, int]) -> list[similarity.Key]:
    """The one that gives way first. Among equals our own is shown, and then what was known earlier."""
    return sorted(pair, key=lambda key: (priority.get(key, OWN_PRIORITY), key[0] == "showtime", -key[1]))


def turn_round(rows: Iterable[Duplicate], also: Iterable[Duplicate] = ()) -> int:
    """Let the one of the lower priority give way in each; returns in how many of `rows` that is another than before."""
    rows, also = list(rows), list(also)
    priority = _priorities(key for row in (*rows, *also) for key in row.keys)
    for row in also:
        _write_sides(row, _ranked(frozenset(row.keys), priority))
    turned = [row for row in rows if row.keys[0] != _ranked(frozenset(row.keys), priority)[0]]
    for row in turned:
        _write_sides(row, _ranked(frozenset(row.keys), priority))
    Duplicate.objects.bulk_update(turned, SIDES, batch_size=BATCH)
    return len(turned)


def _write_sides(row: Duplicate, ranked: Sequence[similarity.Key]) -> None:
    for name in SIDES:
        setattr(row, name, None)
    for side, (kind, pk) in zip(("hidden", "shown"), ranked, strict=True):
        setattr(row, f"{side}_{kind}_id", pk)


def _reasons(duplicate: similarity.Duplicate) -> dict[str, float | bool | None]:
    return {
        "title": round(duplicate.title, 1),
        "minutes": duplicate.minutes,
        "metres": None if duplicate.metres is None else round(duplicate.metres),
        "same_name": duplicate.same_name,
    }
