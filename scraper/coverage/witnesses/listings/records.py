"""Pure: what a witness is asked and what it says, before it meets a row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TEXT, LONGEST_LINK = 300, 2000  # letters of a name or title, and of an address; the rest is not kept
MOST_STARTS = 10_000  # of one answer; a witness of one city has a fifth of that in a week
NIGHT_ENDS = 5  # o'clock: an earlier start belongs to the evening before


class Failure(StrEnum):
    """Why a witness could not be read."""

    UNREACHABLE = "unreachable"  # no answer, a cut one, 429 or 5xx
    REFUSED = "refused"  # 401, 403 or another 4xx, or its robots.txt forbids it
    MOVED = "moved"  # 404, or a redirect to another host
    CHANGED = "changed"  # an answer of a form that nobody knows
    EMPTY = "empty"  # of a known form, and nothing is in it


class Unreadable(Exception):
    """An answer from which nothing could be read."""

    def __init__(self, failure: Failure, message: str) -> None:
        super().__init__(message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: its path with the query, the dates that its answer covers, and the cinema it is about.

    `cinema` is the name under which the starts are known; empty where the answer names the cinemas itself.
    """

    path: str
    dates: tuple[dt.date, ...]
    cinema: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """One start as the witness claims it. `starts_at`: Kraków's wall time, to the minute. What it doesn't say is empty,
    or None; `cinema` and `starts_at` always are there."""

    cinema: str
    starts_at: dt.datetime
    title: str = ""
    url: str = ""
    version: str = ""
    runtime: int | None = None
    is_ticket: bool = False  # whether `url` is where tickets of this start are sold

    @property
    def date(self) -> dt.date:
        return programme_date(self.starts_at)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one answer said. `unread`: a line for each row that could not be understood."""

    starts: tuple[Start, ...] = ()
    unread: tuple[str, ...] = ()


def programme_date(starts_at: dt.datetime) -> dt.date:
    """The date under whose programme a start is looked for: 00:30 is the end of an evening, whoever lists it where."""
    return (starts_at - dt.timedelta(hours=NIGHT_ENDS)).date()
