"""What pages and the database cost after five years: measured with one week behind them, then with all, in one run.

Kept as the program keeps it: showtimes and runs of HISTORY_DAYS at twice this programme's size are what five years of
this one are, pages and jobs of ARCHIVE_DAYS.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from statistics import median

from tests.bench import measuring

SHOWTIMES, WEEKS, QUESTIONS, REQUESTS = 6_000, 260, 500, 25
COMPARED = 9  # weeks: what the dashboard compares with is complete then, and its month of runs
HOURS = (5, 9, 13, 17, 21)  # of each day's syncs
PAGES_A_SYNC = 18  # the programme's, and the film pages that are due
DASHBOARD = "/admin/coverage/"
ADDRESSES = {
    f"dashboard ({DASHBOARD})": DASHBOARD,
    "queue (/admin/review/queue/)": "/admin/review/queue/",
    "public page, a day of it": "/whats-on/?day={tomorrow}",
    "public page, the whole week as JSON": "/api/events?per_page=200",
    "calendar of a cinema": "/calendar/cinema/house/3.ics",
}
Cost = tuple[float, int]  # ms of a request, queries


def main() -> None:
    measuring.set_up()
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from events.models import Showtime
    from scraper.models import SyncRun
    from tests.events import week
    from tests.review.queue.test_queue import many
    from tests.scraper import year

    now, tomorrow = timezone.now(), timezone.localdate() + dt.timedelta(days=1)
    weeks = int(os.environ.get("WEEKS", WEEKS))
    houses = year.houses()
    year.cinemas(houses)
    week.publish(tomorrow, SHOWTIMES, at=now)
    many(QUESTIONS, now)
    get_user_model().objects.create_superuser("bench", password="bench")
    days = 7 * weeks
    year.history(houses, tomorrow - dt.timedelta(days=7), 7, HOURS)
    week.add_history(tomorrow, weeks=1, at=now)
    early = {name: _cost(path.format(tomorrow=tomorrow)) for name, path in ADDRESSES.items()}
    year.history(houses, tomorrow - dt.timedelta(weeks=COMPARED), 7 * COMPARED - 7, HOURS)
    _analyze()
    compared = {name: _cost(path) for name, path in ADDRESSES.items() if path == DASHBOARD}
    year.history(houses, tomorrow - dt.timedelta(days=days), days - 7 * COMPARED, HOURS)
    week.add_history(tomorrow, weeks=weeks, at=now, first=2)
    _archive(now)
    _analyze()
    rows = f"{Showtime.objects.count():,} showtimes, {SyncRun.objects.count():,} runs"
    late = {name: _cost(path.format(tomorrow=tomorrow)) for name, path in ADDRESSES.items()}
    since = [(name, early, "≤ 1.3") for name in early] + [(name, compared, "") for name in compared]
    for name, costs, goal in since:
        (before, asked), (after, asks) = costs[name], late[name]
        note = f"{before:.0f} and {after:.0f} ms; {asked} and {asks} queries"
        named = name if costs is early else f"{name} against nine weeks, all that it compares with"
        measuring.tell(measuring.ratio(named, [after], [before], goal=goal, note=note))
    measuring.tell(measuring.plain("database after five years, GB", [_size() / 1e9], goal="≤ 1.5", note=rows))


def _cost(path: str) -> Cost:
    """The median milliseconds of a request for it, nothing kept from the one before, and how many queries it makes.

    On SQLite of this process's CPU, which does all of it there, whatever else the machine does; elsewhere of the clock.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from events.public import caching

    client = Client()
    _log_in(client)

    def ask() -> None:
        caching.answers.forget()
        assert client.get(path).status_code == 200, path

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
        asks = len(captured)
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    taken = []
    for _ in range(REQUESTS):
        begun = clock()
        ask()
        taken.append(1000 * (clock() - begun))
    return median(taken), asks


def _log_in(client: object) -> None:
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(username="bench"))  # type: ignore[attr-defined]


def _archive(now: dt.datetime) -> None:
    """The pages that syncs of ARCHIVE_DAYS fetched, as large as the demo's."""
    from django.conf import settings

    from scraper.demo import pages
    from scraper.demo.world import World
    from scraper.models import Page

    world = World(now.date())
    bodies = [pages.programme_by_movie(world, day) for day in world.days]
    bodies += [pages.film_page(world, film, world.today) for film in list(world.films.values())[:10]]
    packed = [Page.packed(body.encode()) for body in bodies]
    syncs = settings.ARCHIVE_DAYS * len(HOURS)
    Page.objects.bulk_create(
        (
            Page(purpose="day", method="GET", url="https://kino.example/", sent_at=now, seconds=0.3, status=200,
                 body_gzip=body, sha256=sha256)
            for number in range(syncs * PAGES_A_SYNC)
            for body, sha256 in [packed[number % len(packed)]]
        ),
        batch_size=100,
    )  # fmt: skip


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _size() -> int:
    """Bytes on disk."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return Path(str(connection.settings_dict["NAME"])).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
