"""`python -m tests.scraper.bench_coverage`: the coverage page with a year behind it, on the database of DATABASE_URL.

50 cinemas, 365 days, five runs a day, about 700,000 showtimes. Prints one JSON object: rows, the queries of the page,
the milliseconds of 40 requests (median, p95, worst) and those of the processor's time (median).
Wants an empty database of its own.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import time
from typing import Any

CINEMAS, DAYS, HOURS, REQUESTS = 50, 365, (5, 9, 13, 17, 21), 40
SCREENS = 38  # showtimes of a cinema's ordinary day
FILMS = 60


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
    os.environ["DEBUG"] = "0"
    os.environ.setdefault("SECRET_KEY", "bench")
    os.environ.setdefault("ALLOWED_HOSTS", "testserver")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps({**fill(), **measure()}))


def fill() -> dict[str, int]:
    """A year that ended today."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from events.models import ListedFilm, Showtime
    from scraper.models import DayScrape, SyncRun
    from tests.scraper import year

    today = timezone.localdate()
    houses = year.houses(CINEMAS, 0, SCREENS)
    year.cinemas(houses)
    first = today - dt.timedelta(days=DAYS - 1)
    year.history(houses, first, DAYS, HOURS)
    films = ListedFilm.objects.bulk_create(year.film_pages(today, FILMS))
    year.publish(films)
    rows = year.showtimes(houses, (first + dt.timedelta(days=n) for n in range(DAYS + 6)), films)
    while batch := list(itertools.islice(rows, year.BATCH)):
        Showtime.objects.bulk_create(batch)
    get_user_model().objects.create_superuser("bench", password="bench")
    return {
        "showtimes": Showtime.objects.count(),
        "day_scrapes": DayScrape.objects.count(),
        "runs": SyncRun.objects.count(),
    }


def measure() -> dict[str, Any]:
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(get_user_model().objects.get(username="bench"))
    client.get("/admin/coverage/")
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/admin/coverage/")
    assert response.status_code == 200
    queries = captured.captured_queries  # the next request empties the log
    slowest = sorted(queries, key=lambda query: -float(query["time"]))[:3]
    taken, busy = [], []
    for _ in range(REQUESTS):
        begun, begun_busy = time.perf_counter(), time.process_time()
        client.get("/admin/coverage/")
        taken.append(1000 * (time.perf_counter() - begun))
        busy.append(1000 * (time.process_time() - begun_busy))
    taken.sort()

    def at(share: float) -> float:
        return round(taken[int(share * (REQUESTS - 1))], 1)

    return {
        "queries": len(queries),
        "bytes": len(response.content),
        "ms": {"median": at(0.5), "p95": at(0.95), "worst": at(1)},
        "cpu_ms": round(sorted(busy)[REQUESTS // 2], 1),
        "slowest": [(query["time"], query["sql"][:90]) for query in slowest],
    }


if __name__ == "__main__":
    main()
