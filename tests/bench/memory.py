"""What a worker and a web process hold: their memory after many syncs beside that after a few.

Every sync runs in this process, as a worker does its jobs, over a site and a TMDB of another process that answer
without a pause; after each a third process answers for the pages, as a web server's worker does. After every fifth
sync a day has passed for the runs, so that a date has as many readings as in life. The program's own bounds (a worker
is replaced after 500 jobs) are left out: what grew would grow here.
"""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

from tests.bench import measuring
from tests.bench.outside import outside

EARLY, SYNCS, A_DAY = 10, 200, 5
PAGES = ("/admin/coverage/", "/admin/review/queue/", "/whats-on/", "/api/events?per_page=200", "/calendar/all.ics")


def main() -> None:
    measuring.set_up()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from events.models import ListedFilm
    from tests.scraper import inline

    get_user_model().objects.create_superuser("bench", password="bench")
    syncs = int(os.environ.get("SYNCS", SYNCS))
    ours, theirs = multiprocessing.Pipe()
    web = multiprocessing.get_context("spawn").Process(target=_answer, args=(theirs,), daemon=True)
    web.start()
    held: dict[int, tuple[int, int]] = {}  # by syncs: of this process and the web's
    with outside() as services:
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = services.site, 0
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = services.tmdb, "t", 0
        for number in range(1, syncs + 1):
            services.next_week(number)
            if number % 10 == 0:  # film pages are read anew
                ListedFilm.objects.update(facts_at=None, facts_due_at=timezone.now() - dt.timedelta(days=1))
            code, _ = inline.sync()
            assert code == 0, f"sync {number} ended with {code}"
            if number % A_DAY == 0:
                _a_day_passes()
            ours.send(number)
            of_web = ours.recv()
            gc.collect()
            if number in (EARLY, syncs) or number % (syncs // 4) == 0:
                held[number] = (_resident(), of_web)
    ours.close()
    web.join()
    for place, name in enumerate(("a worker", "a web process")):
        early, late = held[EARLY][place], held[syncs][place]
        note = (
            ", ".join(f"{each[place] / 1e6:.1f}" for each in held.values()) + f" MB after {', '.join(map(str, held))}"
        )
        named = f"memory of {name} after {syncs} syncs / after {EARLY}"
        measuring.tell(measuring.plain(named, [late / early], goal="≤ 1.03", note=note, digits=3))


def _a_day_passes() -> None:
    """All that the runs say of themselves is a day older."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scraper_dayscrape SET date = date(date, '-1 day'), finished_at = datetime(finished_at, '-1 day')"
        )
        cursor.execute(
            "UPDATE scraper_syncrun SET site_today = date(site_today, '-1 day'), "
            "started_at = datetime(started_at, '-1 day'), finished_at = datetime(finished_at, '-1 day'), "
            "films_done_at = datetime(films_done_at, '-1 day'), counted_at = datetime(counted_at, '-1 day')"
        )


def _answer(asked: Connection) -> None:
    """Answer for PAGES whenever asked to, nothing kept from before; says what the process holds then."""
    measuring.set_up()
    from django.contrib.auth import get_user_model
    from django.test import Client

    from events.public import caching

    client = Client()
    client.force_login(get_user_model().objects.get(username="bench"))
    try:
        while True:
            asked.recv()
            caching.answers.forget()
            for path in PAGES:
                response = client.get(path)
                assert response.status_code == 200, f"{path}: {response.status_code}"
            gc.collect()
            asked.send(_resident())
    except EOFError:
        return


def _resident() -> int:
    """Bytes of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
