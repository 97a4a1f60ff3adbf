"""On which date a time after midnight starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

NOON = dt.time(12)
SMALL_HOURS_END = dt.time(5)


def starts(day: dt.date, lists: Sequence[Sequence[dt.time]]) -> list[list[dt.datetime | None]]:
    """The start of each time of a page's lists under one day, in their order; None where nothing says which night.

    How the site dates a time after midnight is not known. Our reading: a time before 05:00 that stands behind one
    from noon on belongs to the night that follows, on the next date; one that stands ahead of the day's others is on
    the page's own. Where a list says neither, such as a cinema's only showtime, it is as all lists of the page say
    that say anything; where they say nothing or contradict, it is not known.
    """
    said = [_nights(times) for times in lists]
    told = {night for row in said for night in row if night is not None}
    otherwise = next(iter(told)) if len(told) == 1 else None
    next_day = day + dt.timedelta(days=1)

    @cache
    def start(time: dt.time, night: bool | None) -> dt.datetime | None:
        if time >= SMALL_HOURS_END:
            return dt.datetime.combine(day, time)
        by_night = otherwise if night is None else night
        return None if by_night is None else dt.datetime.combine(next_day if by_night else day, time)

    return [list(map(start, times, row)) for times, row in zip(lists, said, strict=True)]


def _nights(times: Sequence[dt.time]) -> list[bool | None]:
    """Of each time whether its list has it in the night after the day; None where it doesn't say."""
    nights: list[bool | None] = [None] * len(times)
    if not times or min(times) >= SMALL_HOURS_END:
        return nights
    last_of_day = max((n for n, time in enumerate(times) if time >= SMALL_HOURS_END), default=-1)
    after_noon = False
    for n, time in enumerate(times):
        if time < SMALL_HOURS_END:
            nights[n] = True if after_noon else (False if n < last_of_day else None)
        after_noon = after_noon or time >= NOON
    return nights
