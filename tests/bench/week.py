"""A whole sync through a real cluster: the span of its requests against the polite floor, and what later syncs ask.

On SQLite one cluster reads the demo's week; on PostgreSQL two of four workers each read one three times as large.
WORKERS=1 measures another number of workers, of each cluster.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import sqlite3
import tempfile
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.demo.site import KRAKOW, DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World
from tests.bench import earlier, measuring
from tests.bench.outside import large

if TYPE_CHECKING:
    from tests.deployment import Deployment

WORKERS, LATENCY = int(os.environ.get("WORKERS") or 4), 0.2
FILMS = 209  # of the large week, which has 6,000 showtimes then


def main() -> None:
    measuring.set_up()
    from django.db import connection

    if connection.vendor == "postgresql":
        _sync(0.25, clusters=2, of_a_large_week=True)
        return
    _sync(0.4)
    # While the slower one waits, which is nearly all of its time, the earlier schedule is simulated beside it.
    beside = threading.Thread(target=_days_of_the_earlier_schedule)
    beside.start()
    _sync(2.0)
    beside.join()


def _sync(interval: float, *, clusters: int = 1, of_a_large_week: bool = False) -> None:
    from tests.deployment import Deployment, differences

    with tempfile.TemporaryDirectory() as folder, _site() as site, DemoTmdb(TMDB_ENTRIES, token="t") as tmdb:
        if of_a_large_week:
            large(site.world, FILMS)
        ours = Deployment(
            Path(folder),
            KINO_BASE_URL=site.url, KINO_REQUEST_INTERVAL=str(interval), Q_WORKERS=str(WORKERS),
            TMDB_BASE_URL=tmdb.url, TMDB_TOKEN="t",
        )  # fmt: skip
        with ExitStack() as running:
            for _ in range(clusters):
                running.enter_context(ours.cluster())
            _, first = ours.sync("--wait")
            arrivals = sorted(request.at for request in site.requests)
            later = ours.sync("--wait")[1]["requests"]["kino"] if interval < 1 else None
        truth = site.truth()
        wrong = differences(ours.showtimes(), truth)
        took = _until_the_last_event(ours) if interval >= 1 else 0.0
    read = sum(day["status"] == "verified" for day in first["days"])
    asked = f"{len(arrivals)} requests, {first['films']['seen']} films, {len(truth):,} showtimes, "
    asked += f"{read} of 7 days read, {len(wrong)} differences"
    asked += "" if later is None else f"; a second sync asks {later}"
    closest = min(b - a for a, b in itertools.pairwise(arrivals)) / interval
    span = (arrivals[-1] - arrivals[0]) / ((len(arrivals) - 1) * interval)
    at = f"at {interval:g} s, {clusters * WORKERS} workers" + (f" of {clusters} clusters" if clusters > 1 else "")
    measuring.tell(measuring.plain(f"span of the requests / floor, {at}", [span], goal="≤ 1.05", note=asked, digits=3))
    measuring.tell(measuring.plain(f"closest two requests / interval, {at}", [closest], goal="≥ 1", digits=3))
    if took:
        slow = earlier.last_event(len(truth))
        note = f"{len(truth)} showtimes: {slow:.0f} s (a showtime each 2 s) and {took:.0f} s"
        measuring.tell(
            measuring.plain("last event visible, earlier schedule / ours", [slow / took], goal="≥ 20", note=note)
        )


def _until_the_last_event(ours: Deployment) -> float:
    """Seconds from the sync's beginning to the last event's publication."""
    asked = (
        "SELECT (julianday(max(e.published_at)) - julianday(min(r.started_at))) * 86400 "
        "FROM events_event e, scraper_syncrun r"
    )
    with closing(sqlite3.connect(ours.environment["DATABASE_URL"].removeprefix("sqlite:///"))) as database:
        return float(database.execute(asked).fetchone()[0])


def _days_of_the_earlier_schedule() -> None:
    for latency in (0.5, 4.0, 8.0, 12.0):
        with _site() as site:
            right = earlier.days_right(site, latency)
        name = f"days right of 7 by the earlier schedule, where an answer takes {latency:g} s"
        measuring.tell(measuring.plain(name, [right], note="one session for all days"))


def _site() -> DemoSite:
    return DemoSite(World(dt.datetime.now(KRAKOW).date()), latency=float(os.environ.get("LATENCY", LATENCY)))


if __name__ == "__main__":
    main()
