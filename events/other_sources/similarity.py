"""Pure: which screenings of different sources are one and the same.

Two screenings are duplicates when title, start and cinema agree, each by itself; the title never has the cinema in it.
Each screening has at most one duplicate in another source, the one that fits best: two films that start together in one
cinema, or one film on two screens, stay two.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, groupby, permutations, product

from rapidfuzz import fuzz

from events import city
from events.other_sources.likeness import likeness
from events.titles.spelling import fold

TITLES_ALIKE = 88  # %
APART = dt.timedelta(minutes=15)
NEARBY = 500  # m
NAMES_ALIKE = 92  # %
LARGEST_OFFSET = dt.timedelta(hours=2)
OFFSET_SEEN = 3  # screenings at least, before a source's times are said to lie beside ours
EARTH = 6_371_000  # m

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Screening:
    """One film on one screen, as a source claims it. `titles`: every title the source has for the
    film, first the one it is listed under. `people`: who directed it, as far as the source says."""

    key: Key
    source: str
    titles: tuple[str, ...]
    starts_at: dt.datetime
    cinema: str
    latitude: float | None = None
    longitude: float | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A cinema as a source names it."""

    source: str
    cinema: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Why two screenings are one: likeness of the titles (%), minutes and metres apart (None: no coordinates)."""

    one: Screening
    other: Screening
    title: float
    minutes: float
    metres: float | None
    same_name: bool

    @property
    def fit(self) -> tuple[float, float, float]:
        """The better pair has the larger one."""
        return round(self.title), -self.minutes, -(self.metres or 0)


def duplicates(
    screenings: Iterable[Screening],
    apart: Collection[frozenset[Key]] = (),
    together: Iterable[frozenset[Key]] = (),
    cinemas: Iterable[Place] = (),
) -> list[Duplicate]:
    """The duplicates among `screenings`, the best pairs first, but for the pairs of keys in `apart`.

    The pairs in `together` are one already, so that neither side is another's. `cinemas`: all that the sources have,
    where `screenings` are not on in all of them.
    """
    rows = sorted(screenings, key=lambda s: (s.starts_at, s.key))
    sources = {row.key: row.source for row in rows}
    taken: set[tuple[Key, str]] = set()
    for keys in together:
        taken |= {(one, sources[other]) for one, other in permutations(keys) if other in sources}
    found = [pair for pair in _alike(rows, cinemas) if frozenset((pair.one.key, pair.other.key)) not in apart]
    found.sort(key=lambda pair: pair.fit, reverse=True)
    chosen: list[Duplicate] = []
    for pair in found:
        claims = {(pair.one.key, pair.other.source), (pair.other.key, pair.one.source)}
        if taken.isdisjoint(claims):
            taken |= claims
            chosen.append(pair)
    return chosen


def may_be_one(one: Screening | Place, other: Screening | Place) -> bool:
    """Whether two sources may mean the same cinema: the names are alike, or it is near."""
    if one.source == other.source:
        return False
    metres = _metres(one, other)
    return same_name(one.cinema, other.cinema) or (metres is not None and metres <= NEARBY)


def offset(ours: Sequence[Screening], theirs: Sequence[Screening]) -> int:
    """The whole hour, in minutes, by which their times all lie beside ours; 0 where they don't.

    A source that writes Kraków's time and calls it UTC, or the other way round, is an hour or two beside it.
    """
    by_start: dict[dt.datetime, list[Screening]] = {}
    for row in ours:
        by_start.setdefault(row.starts_at, []).append(row)

    def on(row: Screening, minutes: int) -> bool:
        there = by_start.get(row.starts_at - dt.timedelta(minutes=minutes), ())
        return any(may_be_one(one, row) and _likeness(one, row) >= TITLES_ALIKE for one in there)

    counts = {minutes: sum(on(row, minutes) for row in theirs) for minutes in (0, -120, -60, 60, 120)}
    straight = counts.pop(0)
    most = max(counts, key=lambda minutes: counts[minutes])
    known = sum(any(on(row, minutes) for minutes in (0, *counts)) for row in theirs)
    return most if counts[most] >= OFFSET_SEEN and straight * 5 < counts[most] and counts[most] * 5 >= known * 4 else 0


def _alike(rows: Sequence[Screening], cinemas: Iterable[Place]) -> Iterator[Duplicate]:
    """Every pair that could be one, of two sources; `rows` in order of their start."""
    by_source = {source: list(group) for source, group in
                 groupby(sorted(rows, key=lambda row: row.source), key=lambda row: row.source)}  # fmt: skip
    names: dict[str, set[str]] = {}
    places: list[Screening | Place] = [*rows, *cinemas]
    for place in places:
        names.setdefault(place.source, set()).add(place.cinema)
    for one_source, other_source in combinations(by_source, 2):
        ours, theirs = by_source[one_source], by_source[other_source]
        venues = _Venues(names[one_source], names[other_source])
        starts = [row.starts_at for row in theirs]
        for one in ours:
            near = theirs[bisect_left(starts, one.starts_at - APART) : bisect_right(starts, one.starts_at + APART)]
            for other in near:
                same_name, metres = venues.compare(one, other)
                if not same_name and metres is None:
                    continue
                title = _likeness(one, other)
                if title >= TITLES_ALIKE:
                    minutes = abs((one.starts_at - other.starts_at).total_seconds()) / 60
                    yield Duplicate(one, other, title, minutes, metres, same_name)


def _likeness(one: Screening, other: Screening) -> float:
    return likeness(one.titles, other.titles, (*one.people, *other.people))


class _Venues:
    """Which cinemas of two sources are one. A cinema that the other source knows by name is no other one near it."""

    def __init__(self, ours: Collection[str], theirs: Collection[str]) -> None:
        self._named = {pair for pair in product(ours, theirs) if same_name(*pair)}
        self._our_named = {one for one, _ in self._named}
        self._their_named = {other for _, other in self._named}

    def compare(self, one: Screening, other: Screening) -> tuple[bool, float | None]:
        """Whether the names are the same, and the metres between if they are no more than `NEARBY` or it is."""
        named = (one.cinema, other.cinema) in self._named
        metres = _metres(one, other)
        if named:
            return True, metres
        if one.cinema in self._our_named or other.cinema in self._their_named:
            return False, None
        return False, metres if metres is not None and metres <= NEARBY else None


@lru_cache(maxsize=4096)
def same_name(one: str, other: str) -> bool:
    """Whether two names are one cinema's: "Kijów" and "Kino Kijów, Kraków"."""
    a, b = _venue_words(one), _venue_words(other)
    return a == b or fuzz.ratio(" ".join(sorted(a)), " ".join(sorted(b))) >= NAMES_ALIKE


_GENERIC = frozenset({"kino", "cinema", "centrum", *(word for name in city.spellings() for word in name.split())})


def _venue_words(name: str) -> frozenset[str]:
    words = frozenset(fold(name).split())
    return words - _GENERIC or words


def _metres(one: Screening | Place, other: Screening | Place) -> float | None:
    """Along the great circle (haversine)."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    a, b = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(h))
