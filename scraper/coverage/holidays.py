"""Pure: the days on which Kraków's cinemas keep no ordinary programme."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

#: Public holidays of fixed date, and the eves on which cinemas close early.
FIXED = (
    (1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11),
    (12, 24), (12, 25), (12, 26), (12, 31),
)  # fmt: skip
#: Good Friday, Holy Saturday, Easter, Easter Monday, Whit Sunday, Corpus Christi: days from Easter Sunday.
FROM_EASTER = (-2, -1, 0, 1, 49, 60)


def is_holiday(date: dt.date) -> bool:
    """A day that must not be compared with ordinary weeks, nor an ordinary week with it."""
    return date in _holidays(date.year)


@lru_cache(maxsize=32)
def _holidays(year: int) -> frozenset[dt.date]:
    sunday = easter(year)
    return frozenset(
        [dt.date(year, month, day) for month, day in FIXED] + [sunday + dt.timedelta(days=d) for d in FROM_EASTER]
    )


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, as in Meeus' Astronomical Algorithms)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, century_rest = divmod(century, 4)
    lunar = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - lunar + 15) % 30
    year_leaps, year_rest = divmod(of_century, 4)
    weekday = (32 + 2 * century_rest + 2 * year_leaps - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
