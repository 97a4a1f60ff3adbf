"""What waits for a person, in the order in which a decision unlocks most. Reads only.

Urgency: the hours until the first showtime, divided by the square root of the number of showtimes held. So a film
that holds four times as many may come twice as late and be asked about at the same moment; one whose showtimes are
published already weighs as if it held a single one.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Min, Q

from events.models import ListedFilm, ListedFilmQuerySet


class Tab(StrEnum):
    OPEN = "open"
    PROVISIONAL = "provisional"
    UNMATCHED = "unmatched"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question in the queue. `held`: showtimes to come that are not published; `to_come`: all of them."""

    film: int
    title: str
    score: float | None
    next_at: dt.datetime | None
    held: int
    to_come: int

    def urgency(self, at: dt.datetime) -> tuple[bool, float, str]:
        """Sorts the most urgent first; what shows no more comes last."""
        if self.next_at is None:
            return True, 0.0, self.title
        hours = (self.next_at - at).total_seconds() / 3600
        return False, hours / math.sqrt(max(self.held, 1)), self.title


@dataclass(frozen=True, slots=True)
class Tally:
    """How many films wait, by tab."""

    open: int
    provisional: int
    unmatched: int
    deferred: int


def films(tab: Tab, at: dt.datetime) -> ListedFilmQuerySet:
    match tab:
        case Tab.OPEN:
            return ListedFilm.objects.open_questions(at)
        case Tab.DEFERRED:
            return ListedFilm.objects.deferred(at)
        case Tab.PROVISIONAL:
            return _undeferred(at).filter(match_status=ListedFilm.Match.PROVISIONAL, reopened_at__isnull=True)
        case Tab.UNMATCHED:
            # Announced films are asked about again by themselves; a person is needed where something is held.
            held = Q(showtimes__starts_at__gt=at, showtimes__withdrawn_at__isnull=True)
            rows = _undeferred(at).filter(match_status=ListedFilm.Match.UNMATCHED, decided_at__isnull=True)
            return rows.filter(held).distinct()


def _undeferred(at: dt.datetime) -> ListedFilmQuerySet:
    return ListedFilm.objects.exclude(pk__in=ListedFilm.objects.deferred(at))


def waiting(tab: Tab, at: dt.datetime) -> list[Waiting]:
    """The questions of a tab, the most urgent first; one query."""
    to_come = Q(showtimes__starts_at__gt=at, showtimes__withdrawn_at__isnull=True)
    rows = (
        ListedFilm.objects.filter(pk__in=films(tab, at).order_by().values("pk"))
        .order_by()
        .values_list("pk", "title", "score")
        .annotate(
            next_at=Min("showtimes__starts_at", filter=to_come),
            held=Count("showtimes", filter=to_come & Q(showtimes__event__isnull=True)),
            to_come=Count("showtimes", filter=to_come),
        )
    )
    return sorted((Waiting(*row) for row in rows), key=lambda row: row.urgency(at))


def tally(at: dt.datetime) -> Tally:
    return Tally(**{tab.value: films(tab, at).count() for tab in Tab})


def after(rows: Sequence[Waiting], film: int) -> Waiting | None:
    """The question that follows a film's, the first one behind the last; None when it is the only one."""
    place = next((n for n, row in enumerate(rows) if row.film == film), -1)
    rest = [*rows[place + 1 :], *rows[: max(place, 0)]]
    return rest[0] if rest else None


def before(rows: Sequence[Waiting], film: int) -> Waiting | None:
    return after(list(reversed(rows)), film)
