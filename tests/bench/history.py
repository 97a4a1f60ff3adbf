"""What pages and the database cost after five years: measured with a week behind them, with a year, and with all.

Kept as the program keeps it: showtimes and runs of HISTORY_DAYS at twice this programme's size are what five years of
this one are, pages and jobs of ARCHIVE_DAYS.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import measuring

SHOWTIMES, QUESTIONS, REQUESTS = 6_000, 500, 25
WEEKS = (1, 52, 260)
HOURS = (5, 9, 13, 17, 21)  # of each day's syncs
PAGES_A_SYNC, JOBS_A_SYNC = 18, 220  # the programme's, and the film pages that are due; two million jobs in five years
DECISION = "one decision"
ADDRESSES = {
    "dashboard (/admin/coverage/)": "/admin/coverage/",
    "queue (/admin/review/queue/)": "/admin/review/queue/",
    "public page, a day of it": "/whats-on/?day={tomorrow}",
    "public page, the whole week as JSON": "/api/events?per_page=200",
    "calendar of a cinema": "/calendar/cinema/house/3.ics",
}
Cost = tuple[float, int]  # ms of a request, queries


def main() -> None:
    measuring.set_up()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from events.models import Showtime
    from scraper.models import SyncRun
    from tests.events import week
    from tests.review.queue.test_queue import many
    from tests.scraper import year

    now, tomorrow = timezone.now(), timezone.localdate() + dt.timedelta(days=1)
    stages = [int(weeks) for weeks in os.environ.get("WEEKS", "").split(",") if weeks] or list(WEEKS)
    houses = year.houses()
    year.cinemas(houses)
    week.publish(tomorrow, SHOWTIMES, at=now)
    many(QUESTIONS, now)
    get_user_model().objects.create_superuser("bench", password="bench")
    costs: list[dict[str, Cost]] = []
    sizes: list[int] = []
    for before, weeks in zip([0, *stages], stages, strict=False):
        year.history(houses, tomorrow - dt.timedelta(weeks=weeks), 7 * (weeks - before), HOURS)
        week.add_history(tomorrow, weeks=weeks, at=now, first=before + 1)
        sizes.append(_size())
        if weeks == stages[-1]:
            _archive(now)
        _analyze()
        costs.append({name: _cost(ask) for name, ask in _asked(tomorrow).items()})
    first, *_, last = costs
    for name in first:
        taken = " and ".join((", ".join(f"{cost[name][0]:.0f}" for cost in costs[:-1]), f"{last[name][0]:.0f}"))
        asks = " and ".join((", ".join(str(cost[name][1]) for cost in costs[:-1]), str(last[name][1])))
        note = f"{taken} ms of CPU; {asks} queries"
        measuring.tell(measuring.ratio(name, [last[name][0]], [first[name][0]], goal="≤ 1.3", note=note))
        if len(costs) > 2:
            measuring.tell(measuring.ratio(f"{name}, against a year", [last[name][0]], [costs[-2][name][0]]))
    rows = f"{Showtime.objects.count():,} showtimes, {SyncRun.objects.count():,} runs"
    whole = _size()
    measuring.tell(measuring.plain("database after five years, GB", [whole / 1e9], goal="≤ 1.5", note=rows))
    a_year = (sizes[-1] - sizes[0]) / (stages[-1] - stages[0]) * 52
    measuring.tell(
        measuring.plain("growth of it a year, MB", [a_year / 1e6], note="as many years as are kept", digits=0)
    )
    archive = f"pages and jobs of {settings.ARCHIVE_DAYS} days"
    measuring.tell(measuring.plain("the archive's share of it", [(whole - sizes[-1]) / whole], note=archive))


def _asked(tomorrow: dt.date) -> dict[str, Callable[[], None]]:
    """What is measured, by name: each asks once, with nothing kept from the time before."""
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from events.models import ListedFilm
    from events.public import caching

    client = Client()
    client.force_login(get_user_model().objects.get(username="bench"))

    def get(path: str) -> None:
        caching.answers.forget()
        assert client.get(path).status_code == 200, path

    def decide() -> None:
        """Accept the first of TMDB's films, and take it back by undoing the transaction."""
        film = ListedFilm.objects.filter(match_status=ListedFilm.Match.REVIEW).order_by("pk")[0]
        with transaction.atomic():
            form = {"do": "accept", "tmdb_id": 346, "revision": film.revision}
            assert client.post(reverse("review-decide", args=[film.pk]), form).status_code == 302
            film.refresh_from_db()
            assert film.match_status == ListedFilm.Match.MATCHED
            transaction.set_rollback(True)

    found = {name: partial(get, path.format(tomorrow=tomorrow)) for name, path in ADDRESSES.items()}
    return {**found, DECISION: decide}


def _cost(ask: Callable[[], None]) -> Cost:
    """The median milliseconds of CPU, this process's and its database's, and how many queries it makes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
        asks = len(captured)
    used = measuring.cpu()
    taken = []
    for _ in range(REQUESTS):
        begun = used()
        ask()
        taken.append(1000 * (used() - begun))
    return median(taken), asks


def _archive(now: dt.datetime) -> None:
    """The pages that syncs of ARCHIVE_DAYS fetched, as large as the demo's, and the jobs that they were."""
    from django.conf import settings

    from kinokrakow.models import Job, JobAttempt
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
    done = {"queued_at": now, "due_at": now, "started_at": now, "finished_at": now}
    jobs = Job.objects.bulk_create(
        (Job(kind="day", key=f"day {n}", state=Job.State.DONE, attempt=1, **done) for n in range(syncs * JOBS_A_SYNC)),
        batch_size=1000,
    )
    JobAttempt.objects.bulk_create(
        (JobAttempt(job=job, number=1, outcome="done", worker="w", started_at=now, finished_at=now) for job in jobs),
        batch_size=1000,
    )


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
