"""The system before this one, simulated on the same site, so that its schedule can be compared with ours.

All days shared one session. Every ten seconds a job chose the next day in it and then fetched the programme, so that a
slow answer let two days meet. Each showtime was a job of its own, two seconds after the one before, and its event was
visible when that had run.
"""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from scraper.demo.site import DemoSite

STAGGER, APART = 10.0, 2.0  # s between two days' jobs, and between two showtimes'
QUICKER = 10.0  # times the pace of life, for the days alone


def days_right(site: DemoSite, latency: float) -> int:
    """How many of the week's days get their own page while the site takes `latency` seconds for an answer."""
    site.latency = latency / QUICKER
    pages: dict[int, str] = {}
    with httpx.Client(base_url=site.url, timeout=60, follow_redirects=False) as session:
        front = session.get("/cinema_program/by_movie").text
        token = re.findall(r'name="csrf-token" content="([^"]+)"', front)[0]
        headers = {"X-CSRF-Token": token, "X-Requested-With": "XMLHttpRequest", "Referer": site.url}

        def read(offset: int) -> None:
            session.post(f"/settings/set_day/{offset}", headers=headers)
            pages[offset] = session.get("/cinema_program/by_movie").text

        jobs = [threading.Thread(target=read, args=(offset,)) for offset in range(7)]
        for job in jobs:
            job.start()
            time.sleep(STAGGER / QUICKER)
        for job in jobs:
            job.join()
    said = {offset: re.findall(r'<th class="date"[^>]*>[^<,]*, ([0-9]+) ', page) for offset, page in pages.items()}
    return sum(said[offset] == [str(date.day)] for offset, date in enumerate(site.world.days))


def last_event(showtimes: int) -> float:
    """Seconds from the beginning until the last event is visible, if every answer comes at once."""
    return 6 * STAGGER + showtimes * APART
