"""Pure: what two looks agree on, and which cinemas therefore lack enough for somebody to be told.

A listing keeps a cancelled start for a while, and now and then invents one, so one look says nothing yet. Differences
are followed from look to look by cinema, minute and kind, not by title, which a listing may spell otherwise tomorrow.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scraper.coverage.holidays import is_holiday
from scraper.coverage.witnesses.comparison import COMPARED, Cell, Compared, Row

LOOKS = 2  # that must find a difference before it is believed, and whole ones before anybody is told
ENOUGH = 5  # starts that a cinema must lack


class Kind(StrEnum):
    MISSING = "missing"  # the witness has a start that we lack
    EXTRA = "extra"  # we have a start that it lacks
    FILM = "film"  # both have the start, and certainly not of one film


Key = tuple[str, str, dt.datetime, int]  # kind, cinema, start, and which of several that are alike


@dataclass(frozen=True, slots=True)
class Difference:
    """One start about which the two sides differ; the side that lacks it is None."""

    kind: Kind
    cinema: str
    date: dt.date
    theirs: Row | None
    ours: Row | None

    @property
    def starts_at(self) -> dt.datetime:
        row = self.theirs or self.ours
        assert row is not None, "a difference is about a start of one side at least"
        return row.starts_at


@dataclass(frozen=True, slots=True)
class Settled:
    """What a look changes: differences found for the first time, those found again, and those that are over."""

    new: Mapping[Key, Difference]
    again: Mapping[Key, Difference]
    over: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Claim:
    """A difference as it is remembered: the looks that found it, one after the other, and how many of these were whole.

    A look that asks for today's programme once more is not: it confirms what is about to begin, but a programme that
    is published in the course of its first day must alarm nobody. `dismissed`: staff say that the witness is mistaken.
    """

    kind: str
    cinema: str
    date: dt.date
    looks: int
    whole_looks: int
    dismissed: bool = False

    @property
    def agreed(self) -> bool:
        return self.looks >= LOOKS


@dataclass(frozen=True, slots=True)
class Short:
    """Starts that a cinema lacks according to two looks, and the dates they are on."""

    missing: int
    dates: tuple[dt.date, ...]


def differences(cells: Iterable[Compared]) -> dict[Key, Difference]:
    """Each difference of the cells that could be compared, by what it is followed by."""
    found: dict[Key, Difference] = {}
    for cell in cells:
        several: Counter[tuple[str, dt.datetime]] = Counter()
        rows: list[tuple[Kind, Row | None, Row | None]] = [
            *((Kind.MISSING, row, None) for row in cell.missing),
            *((Kind.EXTRA, None, row) for row in cell.extra),
            *((Kind.FILM, theirs, ours) for theirs, ours in cell.swapped),
        ]
        for kind, theirs, ours in rows:
            one = Difference(kind, cell.cinema, cell.date, theirs, ours)
            found[kind, cell.cinema, one.starts_at, several[kind, one.starts_at]] = one
            several[kind, one.starts_at] += 1
    return found


def settle(known: Mapping[Key, Cell], cells: Iterable[Compared], after: dt.datetime) -> Settled:
    """Bring what is known in line with a look. What it could not compare stays as it is until the start has passed."""
    cells = list(cells)
    found = differences(cells)
    looked_at = {(cell.cinema, cell.date) for cell in cells if cell.verdict in COMPARED}
    return Settled(
        new={key: one for key, one in found.items() if key not in known},
        again={key: one for key, one in found.items() if key in known},
        over=frozenset(
            key for key, cell in known.items() if key not in found and (cell in looked_at or key[2] <= after)
        ),
    )


def short_cinemas(claims: Iterable[Claim]) -> dict[str, Short]:
    """The cinemas that lack ENOUGH starts by two whole looks.

    Holidays are shown but not told: programmes change at short notice, and listings of them lag behind.
    """
    missing: dict[str, Counter[dt.date]] = {}
    for claim in claims:
        told = claim.whole_looks >= LOOKS and not claim.dismissed and not is_holiday(claim.date)
        if told and claim.kind == Kind.MISSING:
            missing.setdefault(claim.cinema, Counter())[claim.date] += 1
    return {
        cinema: Short(by_date.total(), tuple(sorted(by_date)))
        for cinema, by_date in sorted(missing.items())
        if by_date.total() >= ENOUGH
    }
