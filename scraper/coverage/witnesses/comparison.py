"""Pure: our starts beside a witness's, cinema by cinema and day by day.

Starts are compared to the minute, as many as there are; titles decide only which of several starts of one minute are
the same, and whether a film stands at another's hour. What has begun says nothing, nor does a day that one side has
not published yet: the cinema week runs from Friday to Thursday and comes out in parts, some of it days before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from events.other_sources.likeness import likeness

ALIKE = 88  # % at least, of two titles of one film
FRIDAY = 4
NEARLY_NONE, MOST = 0.2, 0.8  # of the starts, before times are said to lie an hour beside ours
ENOUGH = 20  # starts at least for that

Cell = tuple[str, dt.date]  # a cinema's slug and a date
Titles = tuple[str, ...]


class Verdict(StrEnum):
    SAME = "same"
    OURS_MORE = "ours_more"
    THEIRS_MORE = "theirs_more"
    BOTH_DIFFER = "both_differ"
    OURS_FAILED = "ours_failed"
    THEIRS_FAILED = "theirs_failed"
    NOT_COVERED = "not_covered"
    NOT_PUBLISHED = "not_published"


COMPARED = (Verdict.SAME, Verdict.OURS_MORE, Verdict.THEIRS_MORE, Verdict.BOTH_DIFFER)


@dataclass(frozen=True, slots=True)
class Row:
    """One start of either side. `starts_at`: Kraków's wall time. `key` leads back to what it was made of."""

    key: int
    starts_at: dt.datetime
    titles: Titles = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What one side lists, what has begun too; the cells that it failed to read; the cinemas that it knows."""

    rows: Mapping[Cell, Sequence[Row]]
    failed: frozenset[Cell]
    cinemas: frozenset[str]

    def at(self, cell: Cell) -> Sequence[Row]:
        return self.rows.get(cell, ())


@dataclass(frozen=True, slots=True)
class Compared:
    """A cell's verdict. Pairs are (theirs, ours): `same` those of one minute, `swapped` those that are two films
    for certain. `missing` are theirs only, `extra` ours only."""

    cinema: str
    date: dt.date
    verdict: Verdict
    same: tuple[tuple[Row, Row], ...] = ()
    swapped: tuple[tuple[Row, Row], ...] = ()
    missing: tuple[Row, ...] = ()
    extra: tuple[Row, ...] = ()

    @property
    def ours(self) -> int:
        return len(self.same) + len(self.extra)

    @property
    def theirs(self) -> int:
        return len(self.same) + len(self.missing)


def compare(ours: Side, theirs: Side, dates: Sequence[dt.date], after: dt.datetime) -> list[Compared]:
    """A verdict for each cinema on each of `dates`, about what starts after `after` (Kraków's wall time)."""
    films = _Films(ours, theirs)
    return [
        _cell(ours, theirs, (cinema, date), dates, after, films)
        for cinema in sorted(ours.cinemas | theirs.cinemas)
        for date in dates
    ]


def hours_beside(ours: Side, theirs: Side) -> int:
    """The hours by which nearly all of their starts lie beside ours; 0 where they don't. A source that takes Kraków's
    time for UTC, or the other way round, is one or two beside it."""
    cells = [cell for cell in theirs.rows if ours.at(cell)]
    known = [({row.starts_at for row in ours.at(cell)}, [row.starts_at for row in theirs.at(cell)]) for cell in cells]
    total = sum(len(there) for _, there in known)

    def share(hours: int) -> float:
        return sum(at + dt.timedelta(hours=hours) in here for here, there in known for at in there) / total

    if total < ENOUGH or share(0) > NEARLY_NONE:
        return 0
    return next((-hours for hours in (1, 2, -1, -2) if share(hours) >= MOST), 0)


def _cell(
    ours: Side, theirs: Side, cell: Cell, dates: Sequence[dt.date], after: dt.datetime, films: _Films
) -> Compared:
    cinema, date = cell
    if cell in ours.failed:
        return Compared(cinema, date, Verdict.OURS_FAILED)
    if cinema not in theirs.cinemas:
        return Compared(cinema, date, Verdict.NOT_COVERED)
    if cell in theirs.failed:
        return Compared(cinema, date, Verdict.THEIRS_FAILED)
    if _unpublished(ours, theirs, cell, dates, coming_friday(after.date())):
        return Compared(cinema, date, Verdict.NOT_PUBLISHED)
    same, missing, extra = _paired(_to_come(ours, cell, after), _to_come(theirs, cell, after))
    swapped = tuple(pair for pair in same if films.differ(*pair))
    if (missing and extra) or (swapped and not (missing or extra)):
        verdict = Verdict.BOTH_DIFFER
    else:
        verdict = Verdict.THEIRS_MORE if missing else Verdict.OURS_MORE if extra else Verdict.SAME
    return Compared(cinema, date, verdict, tuple(same), swapped, tuple(missing), tuple(extra))


def _to_come(side: Side, cell: Cell, after: dt.datetime) -> list[Row]:
    return [row for row in side.at(cell) if row.starts_at > after]


def _unpublished(ours: Side, theirs: Side, cell: Cell, dates: Sequence[dt.date], friday: dt.date) -> bool:
    """Whether one side has not published the day yet. Until the `friday` to come, every day counts as out.

    Of the coming week that is told by how much is listed: less than half of what the other side has, or of the most
    that either has on a day of this week, on that day and on all later ones. A week comes out from its front.
    """
    cinema, date = cell
    if date < friday:
        return False
    sides, later = (ours, theirs), [day for day in dates if day >= date]
    usual = max((len(side.at((cinema, day))) for side in sides for day in dates if day < friday), default=0)
    usual = max(usual, *(len(side.at(cell)) for side in sides))
    return any(2 * max(len(side.at((cinema, day))) for day in later) < usual for side in sides)


def coming_friday(today: dt.date) -> dt.date:
    """The first day of the cinema week that has not begun."""
    return today + dt.timedelta(days=(FRIDAY - today.weekday() - 1) % 7 + 1)


def _paired(ours: Iterable[Row], theirs: Iterable[Row]) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """The starts of both, minute by minute, those of the most alike titles first; then what is left of either side."""
    here, there = _by_minute(ours), _by_minute(theirs)
    same: list[tuple[Row, Row]] = []
    missing: list[Row] = []
    extra: list[Row] = []
    for minute in sorted({*here, *there}):
        left, right = there.get(minute, []), here.get(minute, [])
        if len(left) == len(right) == 1:
            same.append((left[0], right[0]))
            continue
        pairs = sorted(
            ((_alike(one.titles, other.titles), -n, -m) for n, one in enumerate(left) for m, other in enumerate(right)),
            reverse=True,
        )
        used_left: set[int] = set()
        used_right: set[int] = set()
        for _, n, m in pairs:
            if -n not in used_left and -m not in used_right:
                used_left.add(-n)
                used_right.add(-m)
                same.append((left[-n], right[-m]))
        missing += [row for n, row in enumerate(left) if n not in used_left]
        extra += [row for m, row in enumerate(right) if m not in used_right]
    return same, missing, extra


def _by_minute(rows: Iterable[Row]) -> dict[dt.datetime, list[Row]]:
    found: dict[dt.datetime, list[Row]] = {}
    for row in rows:
        found.setdefault(row.starts_at, []).append(row)
    return found


@lru_cache(maxsize=16384)
def _alike(one: Titles, other: Titles) -> float:
    return likeness(one, other) if one and other else 0.0


def alike(one: Row, other: Row) -> bool:
    """Whether both name one film."""
    return _alike(one.titles, other.titles) >= ALIKE


class _Films:
    """Which films the two sides know, to tell one that is named otherwise from one that is another film."""

    def __init__(self, ours: Side, theirs: Side) -> None:
        self.ours, self.theirs = _titles(ours), _titles(theirs)
        self.known: dict[tuple[Titles, bool], bool] = {}

    def differ(self, theirs: Row, ours: Row) -> bool:
        """Whether they are two films for certain: unlike, and each side has the other's film under a title like it."""
        if not theirs.titles or not ours.titles or _alike(theirs.titles, ours.titles) >= ALIKE:
            return False
        return self._has(self.ours, theirs.titles, True) and self._has(self.theirs, ours.titles, False)

    def _has(self, films: set[Titles], titles: Titles, ours: bool) -> bool:
        key = (titles, ours)
        if key not in self.known:
            self.known[key] = any(_alike(titles, other) >= ALIKE for other in films)
        return self.known[key]


def _titles(side: Side) -> set[Titles]:
    return {row.titles for rows in side.rows.values() for row in rows if row.titles}
