"""What befalls the town in the year, and the figures at its end."""

from __future__ import annotations

import datetime as dt
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from events.models import Showtime
from scraper.demo.tmdb import DemoTmdb
from scraper.models import Alert, SyncRun
from tests.year.judge import Judge
from tests.year.simulation import TOKEN, Life, Trouble
from tests.year.town import Change, Town, dated_layout, films, on_tmdb, plain_layout

FIRST = dt.date(2026, 9, 7)
CINEMAS = ("cinema-city/bonarka", "cinema-city/zakopianka", "kijow", "mikro", "pod-baranami", "agrafka", "kika")
FALSE_ALERTS = 2
DAYS_UNREAD = frozenset({"week_failed", "day_failed"})
#: May follow from days that were not read, were read in part, or from cinemas that changed.
COUNTS = frozenset({"day_suspicious", "week_suspicious", "cinema_gone", "cinema_short", "day_short", "week_short"})
OUTAGE = DAYS_UNREAD | {
    "films_unread",
    "films_doubted",
    "refused",
    "no_run",
    "dates_missing",
    "host_closed",
    "films_missing",
}


def troubles(first: dt.date) -> list[Trouble]:
    """The year's, each with the alerts that tell it."""

    def from_(day: int, hour: float, hours: float, what: str, must: frozenset[str] | set[str] = frozenset(),
              may: frozenset[str] | set[str] = frozenset(), arg: str = "") -> Trouble:  # fmt: skip
        begin = dt.datetime.combine(first + dt.timedelta(days=day), dt.time()) + dt.timedelta(hours=hour)
        return Trouble(begin, begin + dt.timedelta(hours=hours), what, frozenset(must), frozenset(may), arg)

    tmdb = {"tmdb_silent", "tmdb_rate", "review_soon"}
    found = [
        from_(3, 9, 0.3, "down"),  # shorter than the retries: nobody hears of it
        from_(5, 8, 9, "500", DAYS_UNREAD, OUTAGE),
        from_(8, 8, 6, "tickets gone", {"field_gone"}),
        from_(10, 4, 24, "tmdb silent", {"tmdb_silent"}, tmdb),
        from_(
            12, 4, 14, "left out", {"cinema_gone", "day_suspicious", "week_suspicious"}, COUNTS, "cinema-city/bonarka"
        ),
        from_(30, 12, 3, "503", DAYS_UNREAD | {"host_closed"}, OUTAGE),
        from_(45, 8, 10, "cut", {"day_suspicious", "week_suspicious"} | DAYS_UNREAD, OUTAGE | COUNTS | {"rows_unread"}),
        from_(61, 12, 6, "login", DAYS_UNREAD, OUTAGE),
        from_(82, 4, 30, "films behind a login", {"films_doubted", "films_unread"}, {"field_gone", "tmdb_rate"}),
        from_(100, 8, 8, "other day", DAYS_UNREAD, OUTAGE),
        from_(140, 4, 24, "tmdb refuses", {"tmdb_refused"}, tmdb | {"tmdb_refused"}),
        from_(165, 6, 60, "down", DAYS_UNREAD, OUTAGE),
        from_(200, 6, 24, "left out", {"cinema_gone", "day_suspicious"}, COUNTS, "kijow"),
        from_(230, 0, 24, "unreadable", DAYS_UNREAD, OUTAGE | COUNTS),  # the second relaunch
        from_(290, 8, 5, "500", DAYS_UNREAD, OUTAGE),
        from_(310, 4, 48, "tickets gone", {"field_gone"}),
        from_(350, 9, 0.2, "500"),
    ]
    for change in changes(first):
        if change.what in ("closes", "slug"):
            day, what = (change.on - first).days, f"{change.cinema} {change.what}"
            found.append(from_(day - 7, 0, 24 * 7, what, set(), COUNTS, change.cinema))
            # Past weeks let it be expected for eight more.
            found.append(from_(day, 0, 24 * 7 * 8, what, set(), {"cinema_gone", "cinema_short"}, change.cinema))
    return found


def changes(first: dt.date) -> list[Change]:
    def on(day: int) -> dt.date:
        return first + dt.timedelta(days=day)

    return [
        Change(on(7), "mikro", "name", "Kino Mikro Nowe"),
        Change(on(70), "agrafka", "opens"),
        Change(on(120), "kika", "closes"),
        Change(on(150), "cinema-city/zakopianka", "opens"),
        Change(on(250), "pod-baranami", "slug", "kino-pod-baranami"),
    ]


def year(
    begin: int, days: int, seed: int = 1, *, say: Callable[[str], None] = lambda _: None, small: bool = False
) -> dict[str, Any]:
    """So many days from the year's day `begin` on; every figure. `small`: two cinemas."""
    first = FIRST + dt.timedelta(days=begin)
    runs = films(FIRST, begin + days, 2 if small else 4)
    town = Town(FIRST, runs, CINEMAS[::2][:2] if small else CINEMAS, [] if small else changes(FIRST))
    town.slow = (FIRST + dt.timedelta(days=327), FIRST + dt.timedelta(days=358))
    befalls = [trouble for trouble in troubles(FIRST) if trouble.end.date() >= first]
    life = Life(town, DemoTmdb(on_tmdb(runs), token=TOKEN), first, befalls, seed)
    life.holidays = [(FIRST + dt.timedelta(days=d), FIRST + dt.timedelta(days=d + n)) for d, n in ((107, 4), (315, 14))]
    judge = Judge()
    pages: list[float] = []
    growth: list[dict[str, Any]] = []

    def each_day() -> None:
        day = (town.today - FIRST).days
        life.site.look = plain_layout if day >= 231 else dated_layout if day >= 90 else None
        if day % 7 == 0 and not small:
            pages.extend(_open_pages())
        if day % 30 == 29 and not small:
            growth.append({"day": day, "megabytes": _database(), "memory": _memory()})
            say(f"day {day}: {life.syncs} syncs, {growth[-1]}, {dict(judge.wrong)}, {judge.examples[-3:]}")

    begun = time.monotonic()
    with life.running():
        life.live(life.now + dt.timedelta(days=days), judge, each_day)
        judge.at_the_end(life)
        runs_by = dict.fromkeys(SyncRun.Status.values, 0)
        for status in SyncRun.objects.values_list("status", flat=True):
            runs_by[status] += 1
        found = {
            "days": days, "syncs": life.syncs, "runs": runs_by, "looks": judge.looks,
            "seconds_a_sync": round((time.monotonic() - begun) / max(1, life.syncs), 2),
            "showtimes": Showtime.objects.count(), "served": len(life.site.ever), "decisions": len(life.decided),
            "alerts": Alert.objects.count(), "requests": life.requests, "growth": growth,
        }  # fmt: skip
    life.tmdb._server.server_close()
    if pages:
        cuts = quantiles(pages, n=20)
        found["pages_ms"] = {"median": round(cuts[9]), "p95": round(cuts[18]), "slowest": round(max(pages))}
    false = judge.wrong.pop("false alert", 0)
    return found | {
        "wrong": dict(judge.wrong), "false alerts": false, "explained": dict(judge.explained),
        "troubles": judge.troubles, "examples": judge.examples,
        "failed": bool(judge.wrong) or false > FALSE_ALERTS,
    }  # fmt: skip


def _open_pages() -> list[float]:
    """Milliseconds that the pages take that people open most."""
    user, _made = User.objects.get_or_create(username="staff", defaults={"is_staff": True, "is_superuser": True})
    client = Client()
    client.force_login(user)
    took = []
    for name in ("coverage", "review", "review-quality", "front"):
        begun = time.perf_counter()
        answer = client.get(reverse(name), follow=True)
        took.append(1000 * (time.perf_counter() - begun))
        assert answer.status_code == 200, (name, answer.status_code)
    return took


def _database() -> float:
    if connection.vendor != "sqlite":
        return 0.0
    name = Path(settings.DATABASES["default"]["NAME"])
    return round(sum(os.path.getsize(path) for path in name.parent.glob(f"{name.name}*")) / 2**20, 1)


def _memory() -> int:
    """Megabytes, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
