"""The city's wall time and aware times, and the week that a programme covers."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from events import city

ZONE = city.ZONE
WEEK = 7  # days of a programme: the site offers today and the six that follow


def week_from(today: dt.date) -> tuple[dt.date, ...]:
    return tuple(today + dt.timedelta(days=ahead) for ahead in range(WEEK))


@lru_cache(maxsize=4096)  # a week's programme has as many starts at most, and asks for each several times
def localise(naive: dt.datetime) -> dt.datetime:
    """A wall time of the city as an aware one. When clocks go back the first of the two is meant; a time
    that the spring change skips (02:30) becomes the one an hour later that clocks then show."""
    there_and_back = naive.replace(tzinfo=ZONE).astimezone(dt.UTC)
    return there_and_back.astimezone(ZONE)
