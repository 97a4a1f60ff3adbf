"""Pure: how many showtimes a day (or a cinema on a day) should have, and whether it has too few.

What is compared is what was listed for the same weekday, read equally many days ahead, in past weeks: the
programme of a Sunday is half published on a Monday and whole on a Friday. A count is short when it is below
all of these, each of which alone raises false alarms: the allowed share of the median; the median by more
than counts scatter by chance; what past weeks came down to themselves; and what they listed a day
earlier, for a programme may come out a day late. While past weeks listed only a part that early (a presale),
no count is short of them: a part comes film by film, with all showtimes of each or none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WEEKS = 8  # past weeks looked at
ENOUGH = 3  # readings of past weeks before anything is expected
PART = 0.5  # of what past weeks came to list, below which what they listed earlier was a presale
LATE = 0.7  # of what past weeks listed a day earlier, that a programme which is a day late still lists
SCATTER = 3.0  # standard deviations by which a late programme may lie below another
NOISE = 4.0  # standard deviations of a count (its square root)
RARE = 5.0  # the same for how often a field is filled: many fields are looked at, on few pages
SELDOM = 2 / 3  # of how often a field was filled, below which it is noticed: one that halves is
GONE = 10  # showtimes that must be missing before a cinema is said to be gone


@dataclass(frozen=True, slots=True)
class Expected:
    """`usual`: the median of past weeks. `low`: what need not surprise; 0 where nothing would."""

    usual: float
    low: int


def expect(counts: Sequence[int], day_earlier: Sequence[int], in_the_end: Sequence[int]) -> Expected | None:
    """What past weeks' counts let expect, and those of the same dates read a day earlier and on the day itself.

    None while there are not enough of the first. Without those of a day earlier (the furthest day on offer has none),
    or where these were a part of what was listed in the end, no count is surprisingly low.
    """
    if len(counts) < ENOUGH:
        return None
    ordered = sorted(counts)
    lowest = ordered[1] if len(ordered) > 4 else ordered[0]  # one odd week apart, if there are many
    late = 0
    if len(day_earlier) >= ENOUGH and not _part(day_earlier, in_the_end):
        late = _still_by_chance(median(day_earlier))
    return Expected(median(ordered), min(lowest, late))


def _part(listed: Sequence[int], in_the_end: Sequence[int]) -> bool:
    return len(in_the_end) >= ENOUGH and median(listed) < PART * median(in_the_end)


def _still_by_chance(listed: float) -> int:
    """The least that need not surprise where so many are usual: less by LATE, or by chance where they are few."""
    # Square roots of counts scatter by a half, however many are counted.
    return int(min(LATE * listed, max(0.0, math.sqrt(listed) - SCATTER / 2) ** 2))


def total(parts: Sequence[Expected]) -> Expected | None:
    """What is expected of several days or cinemas together; None of none."""
    return Expected(sum(p.usual for p in parts), sum(p.low for p in parts)) if parts else None


def short_of(listed: int, expected: Expected | None, known: int | None, drop: float) -> int:
    """The showtimes that are missing from `listed`, 0 when none.

    `known` is what the same date listed in an earlier reading, a witness of its own that needs no
    history; `drop` is the share (0.3) that may be missing without a word.
    """
    missing = 0.0
    if expected and listed < (1 - drop) * expected.usual and listed < expected.low:
        missing = _beyond_chance(listed, expected.usual)
    if known and listed < (1 - drop) * known:
        missing = max(missing, _beyond_chance(listed, known))
    return round(missing)


def _beyond_chance(listed: int, expected: float) -> float:
    missing = expected - listed
    return missing if missing >= NOISE * math.sqrt(expected) else 0.0


def rarer(filled: int, of: int, before: float, least: int) -> bool:
    """Whether a field that was filled in the share `before` is now, `filled` times `of`, no longer: less than SELDOM
    as often, by more than chance, in at least `least` cases."""
    if of < least or filled >= of * before * SELDOM:
        return False
    scatter = max(1.0, math.sqrt(of * before * (1 - before)))
    return of * before - filled >= RARE * scatter
