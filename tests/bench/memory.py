"""What a worker holds: its memory after many syncs beside that after a few.

Every sync runs in this process, as a worker does its jobs, over a site and a TMDB that answer without a pause. The
program's own bounds (a worker is replaced after 500 jobs) are left out: what grew would grow here.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
from pathlib import Path

from tests.bench import measuring

EARLY, SYNCS = 10, 200


def main() -> None:
    measuring.set_up()
    from django.conf import settings
    from django.utils import timezone

    from events.models import ListedFilm
    from scraper.demo.site import DemoSite
    from scraper.demo.tmdb import DemoTmdb
    from scraper.demo.tmdb.entries import TMDB_ENTRIES
    from scraper.demo.world import World
    from tests.scraper import inline

    syncs = int(os.environ.get("SYNCS", SYNCS))
    with DemoSite(World(timezone.localdate())) as site, DemoTmdb(TMDB_ENTRIES, token="t") as tmdb:
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = site.url, 0
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = tmdb.url, "t", 0
        week = site.world.showtimes
        early = 0
        for number in range(1, syncs + 1):
            # A twentieth of the week is gone and comes back with the next sync; film pages are read anew each tenth.
            site.world.showtimes = [row for place, row in enumerate(week) if number % 2 or place % 20]
            if number % 10 == 0:
                ListedFilm.objects.update(facts_at=None, facts_due_at=timezone.now() - dt.timedelta(days=1))
            code, _ = inline.sync()
            assert code == 0, f"sync {number} ended with {code}"
            site.requests.clear()
            tmdb.requests.clear()
            gc.collect()
            if number == EARLY:
                early = _resident()
    late = _resident()
    note = f"{early / 1e6:.1f} and {late / 1e6:.1f} MB"
    name = f"memory after {syncs} syncs / after {EARLY}"
    measuring.tell(measuring.plain(name, [late / early], goal="≤ 1.03", note=note, digits=3))


def _resident() -> int:
    """Bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
