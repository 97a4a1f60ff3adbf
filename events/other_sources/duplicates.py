"""Duplicates across sources, kept in line with what the sources say now. Runs in its caller's transaction.

Whichever side changes, it is compared then with what starts about when it does in what may be its cinema, and with
nothing else: however much other sources have elsewhere or at other times, a change costs the same.
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
    Double,
    EventSource,
    OtherCinema,
    OtherEvent,
    Showtime,
    changes,
    others,
)
from events.other_sources import similarity
from events.titles import versions

OWN = ""  # our own programme's name among the sources; no source can have it
KEPT = dt.timedelta(hours=6)  # what began longer ago is not compared again
MARGIN = 2 * similarity.APART  # what is compared with a change, and what else that may be a duplicate of
AT_ONCE = 1000  # changes
WINDOWS = 40  # in one query
PASSES = 20
SAMPLE = 300  # screenings of a source whose times are compared

SIDES = ("hidden_showtime_id", "hidden_event_id", "shown_showtime_id", "shown_event_id")

Pair = frozenset[similarity.Key]
House = tuple[str, int]  # a source's name, and the primary key of its cinema


@dataclass(frozen=True, slots=True)
class Change:
    """A screening that has changed, come or gone: what is near it is compared again."""

    key: similarity.Key
    starts_at: dt.datetime
    house: House


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
    near = {pk for source, pk in _group({(OWN, pk) for pk in cinemas}, _houses()) if source == OWN}
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
    return _settle(changes, at)


def rank(source: EventSource, priority: int, *, at: dt.datetime) -> bool:
    """Another priority for a source, and what follows from it; False if it has another than `source` says by now."""
    hold()
    row = EventSource.objects.filter(pk=source.pk, priority=source.priority)
    if not row.update(priority=priority):
        return False
    since = at - KEPT + similarity.APART
    of_it = Q(hidden_event__source=source.pk) | Q(shown_event__source=source.pk)
    to_come = Q(hidden_showtime__starts_at__gt=since) | Q(hidden_event__starts_at__gt=since)
    _turn_round(list(Double.objects.filter(of_it, to_come)))
    changes.tell(at)
    return True


def decide(rows: Iterable[Double], verdict: str, *, by: int, at: dt.datetime) -> list[Double]:
    """A person says of each pair whether they are one, for good, or (empty) takes that back; returns those it was
    news for. What is no duplicate any more may be one of another."""
    hold()
    decided = [row for row in rows if row.verdict != verdict and others.decide(row, verdict, by=by, at=at)]
    sides = {key for row in decided for key in row.keys}
    showtimes, events = _of_kind(sides, "showtime"), _of_kind(sides, "event")
    _settle_showtimes(Showtime.objects.filter(pk__in=showtimes).values_list("pk", "starts_at", "cinema_id"), at)
    settle_events(sorted(events), at=at)
    changes.tell(at)
    return decided


def offset(source: EventSource, *, at: dt.datetime) -> int:
    """The minutes by which all of a source's times to come lie beside ours; 0 where they don't."""
    rows = OtherEvent.objects.live().filter(source=source, starts_at__gt=at).select_related("source")
    theirs = [_theirs(row) for row in rows[:SAMPLE]]
    if not theirs:
        return 0
    first, last = theirs[0].starts_at, theirs[-1].starts_at
    ours = Showtime.objects.listed().filter(
        starts_at__range=(first - similarity.LARGEST_OFFSET, last + similarity.LARGEST_OFFSET)
    )
    return similarity.offset([_ours(row) for row in ours.select_related("film__movie", "cinema")], theirs)


def _settle_showtimes(rows: Iterable[tuple[int, dt.datetime, int]], at: dt.datetime) -> int:
    return _settle([Change(("showtime", pk), start, (OWN, cinema)) for pk, start, cinema in rows], at)


def _settle(changes: Sequence[Change], at: dt.datetime) -> int:
    if not changes:
        return 0
    houses = _houses()
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
    group = _group({change.house for change in changes}, houses)
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
    screenings = {row.key: row for row in [*map(_ours, ours), *map(_theirs, others)]}
    near = sorted(change.starts_at for change in changes)
    affected = touched | {key for key, row in screenings.items() if _is_near(row.starts_at, near)}
    standing = _standing(affected)
    found = {
        frozenset((pair.one.key, pair.other.key)): pair
        for pair in similarity.doubles(
            screenings.values(),
            apart={pair for pair, row in standing.items() if row.verdict == Double.Verdict.DIFFERENT},
            together=[pair for pair, row in standing.items() if row.verdict == Double.Verdict.SAME],
            cinemas=houses.values(),
        )
    }
    gone = [pair for pair, row in standing.items() if not row.verdict and pair not in found]
    new = [pair for pair in found if pair not in standing and not pair.isdisjoint(affected)]
    Double.objects.filter(pk__in=[standing[pair].pk for pair in gone]).delete()
    made = [Double(reasons=_reasons(found[pair]), found_at=at) for pair in new]
    for row, pair in zip(made, new, strict=True):
        _write_sides(row, sorted(pair))
    turned = _turn_round([row for pair, row in standing.items() if pair not in gone], also=made)
    Double.objects.bulk_create(made)
    further = {key for pair in (*gone, *new) for key in pair} - affected
    place = {("showtime", row.pk): (OWN, row.cinema_id) for row in ours}
    place |= {("event", row.pk): (row.source.slug, row.cinema_id or 0) for row in others}
    again = [Change(key, screenings[key].starts_at, place[key]) for key in further if key in screenings]
    return len(gone) + len(new) + turned, again


def _houses() -> dict[House, similarity.Place]:
    """Every cinema of every source."""
    ours = Cinema.objects.values_list("pk", "name", "latitude", "longitude")
    theirs = OtherCinema.objects.values_list("pk", "name", "latitude", "longitude", "source__slug")
    return {(OWN, pk): similarity.Place(OWN, name, latitude, longitude) for pk, name, latitude, longitude in ours} | {
        (source, pk): similarity.Place(source, name, latitude, longitude)
        for pk, name, latitude, longitude, source in theirs
    }


def _group(start: Collection[House], houses: dict[House, similarity.Place]) -> set[House]:
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


def _standing(keys: Collection[similarity.Key]) -> dict[Pair, Double]:
    """The duplicates that are written down of these."""
    showtimes, events = _of_kind(keys, "showtime"), _of_kind(keys, "event")
    either = (
        Q(hidden_showtime__in=showtimes) | Q(shown_showtime__in=showtimes),
        Q(hidden_event__in=events) | Q(shown_event__in=events),
    )
    some = [each for each, pks in zip(either, (showtimes, events), strict=True) if pks]
    return {frozenset(row.keys): row for each in some for row in Double.objects.filter(each)}


def _of_kind(keys: Iterable[similarity.Key], kind: str) -> set[int]:
    return {pk for name, pk in keys if name == kind}


def _ours(row: Showtime) -> similarity.Screening:
    movie = row.film.movie
    listed = versions.titled(row.film.title, row.version) if row.version else row.film.title
    titles = (listed, row.film.original_title, *((movie.title, movie.original_title) if movie else ()))
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


def _priorities(keys: Iterable[similarity.Key]) -> dict[similarity.Key, int]:
    rows = OtherEvent.objects.filter(pk__in=_of_kind(keys, "event"))
    return {("event", pk): priority for pk, priority in rows.values_list("pk", "source__priority")}


def _ranked(pair: Pair, priority: dict[similarity.Key, int]) -> list[similarity.Key]:
    """The one that gives way first. Among equals our own is shown, and then what was known earlier."""
    return sorted(pair, key=lambda key: (priority.get(key, OWN_PRIORITY), key[0] == "showtime", -key[1]))


def _turn_round(rows: Iterable[Double], also: Iterable[Double] = ()) -> int:
    """Let the one of the lower priority give way in each; returns in how many of `rows` that is another than before."""
    rows, also = list(rows), list(also)
    priority = _priorities(key for row in (*rows, *also) for key in row.keys)
    for row in also:
        _write_sides(row, _ranked(frozenset(row.keys), priority))
    turned = [row for row in rows if row.keys[0] != _ranked(frozenset(row.keys), priority)[0]]
    for row in turned:
        _write_sides(row, _ranked(frozenset(row.keys), priority))
    Double.objects.bulk_update(turned, SIDES, batch_size=BATCH)
    return len(turned)


def _write_sides(row: Double, ranked: Sequence[similarity.Key]) -> None:
    for name in SIDES:
        setattr(row, name, None)
    for side, (kind, pk) in zip(("hidden", "shown"), ranked, strict=True):
        setattr(row, f"{side}_{kind}_id", pk)


def _reasons(double: similarity.Double) -> dict[str, float | bool | None]:
    return {
        "title": round(double.title, 1),
        "minutes": double.minutes,
        "metres": None if double.metres is None else round(double.metres),
        "same_name": double.same_name,
    }
