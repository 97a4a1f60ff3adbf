"""Which alerts each kind of fault may raise, and which may outlast it; any other is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db import Error as DatabaseError

from scraper.models import Alert
from scraper.monitoring import watch
from tests.chaos.faults import JUMPS, SITE

UNREAD = frozenset({"day_failed", "week_failed", "dates_missing", "films_unread", "refused", "host_closed"})
ODD = frozenset({"day_suspicious", "week_suspicious", "day_short", "week_short", "cinema_gone", "cinema_short"})
FILMS = frozenset({"films_unread", "films_missing", "films_doubted"})
SERVICE = frozenset({"tmdb_silent", "tmdb_refused"})
#: What may be open after a sync without a fault: films are asked for again within the hour, services in minutes.
LATER = FILMS | SERVICE
SITE_SAYS = {
    "404": UNREAD | FILMS,
    "truncated": UNREAD | FILMS | ODD | {"rows_unread"},
    "an odd row": frozenset({"rows_unread"}),
    "without a calendar": frozenset({"dates_missing"}),
    "without a date": UNREAD | FILMS,
    "another layout": UNREAD | FILMS | ODD | {"rows_unread"},
}
MACHINE_SAYS = {
    **dict.fromkeys(JUMPS, UNREAD | {"no_run", "archive_overdue", "jobs_stuck", "workers_gone"}),
    "SQLite held": frozenset({"jobs_stuck"}),
    "disk full": frozenset({"jobs_stuck"}),
    "database restarted": frozenset({"jobs_stuck"}),
    "frozen": frozenset({"jobs_stuck"}),
    "refused connections": UNREAD | FILMS,
}


class Alerts:
    """The alerts of a deployment, from round to round."""

    def __init__(self) -> None:
        self.last = 0
        self.usual: frozenset[str] = frozenset()
        self.raised: dict[str, int] = {}

    def begin(self) -> None:
        """What is open in a world without faults is usual: films that wait for a person, and the like."""
        self.usual = frozenset(kind for kind, _ in self._open())
        self.last = max(Alert.objects.values_list("pk", flat=True), default=0)

    def unexplained(self, chosen: Iterable[str]) -> list[str]:
        """Those raised since the last question that none of these faults explains."""
        may = self.usual | LATER  # a film's or a service's trouble may be told in the next round
        for name in chosen:
            if name in SITE:
                may |= SITE_SAYS.get(name, UNREAD | FILMS)
            else:
                may |= MACHINE_SAYS.get(name, SERVICE)
        new = list(Alert.objects.filter(pk__gt=self.last).order_by("pk"))
        for alert in new:
            self.last = alert.pk
            self.raised[alert.kind] = self.raised.get(alert.kind, 0) + 1
        return [f"alert {alert.kind} {alert.subject} {alert.facts}"[:300] for alert in new if alert.kind not in may]

    def left(self) -> list[str]:
        """Those that are open although all is well."""
        return [f"alert {kind} {subject} stays" for kind, subject in self._open() if kind not in self.usual | LATER]

    def _open(self) -> list[tuple[str, str]]:
        end = time.monotonic() + 2 * watch.LEASE.total_seconds()
        while not look():  # a watch that was killed in the middle of one is waited for
            if time.monotonic() < end:
                continue
            return [("look", "nobody got to the end of one")]
        return list(Alert.objects.open().values_list("kind", "subject"))


def look() -> bool:
    """Look now, beside the deployment's own watch; False where that was not to be had."""
    try:
        return watch.look()
    except DatabaseError:
        return False
