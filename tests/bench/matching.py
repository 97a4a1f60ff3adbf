"""Matching the demo's films with TMDB, one after the other: our CPU beside the time that TMDB's answers take.

TMDB is the demo's, in a process of its own. What its answers take at least is politeness: TMDB_REQUEST_INTERVAL, as
it is set by default, times the requests.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from tests.bench import measuring
from tests.bench.outside import outside

if TYPE_CHECKING:
    from events.models import ListedFilm

ROUNDS = 3


def main() -> None:
    measuring.set_up()
    from django.conf import settings
    from django.utils import timezone

    from events.models import ListedFilm
    from review import automatic
    from tests.scraper import inline

    with outside() as services:
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL, settings.TMDB_TOKEN = services.site, 0, ""
        code, _ = inline.sync()
        assert code == 0, f"the sync ended with {code}"
        politely = settings.TMDB_REQUEST_INTERVAL
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = services.tmdb, "t", 0
        films = list(ListedFilm.objects.filter(facts_at__isnull=False).order_by("pk"))
        a_second, beside, of_cpu, requests = [], [], [], Counter[str]()
        used = measuring.cpu()
        for _ in range(ROUNDS):
            requests.clear()
            for film in films:
                automatic.start_over(film, at=timezone.now())
            begun, cpu = time.perf_counter(), used()
            for film in films:
                _match(film, requests)
            took, cpu = time.perf_counter() - begun, used() - cpu
            a_second.append(len(films) / took)
            of_cpu.append(len(films) / cpu)
            beside.append(cpu / (requests["tmdb"] * politely))
    matched = ListedFilm.objects.filter(match_status__in=ListedFilm.LINKED).count()
    note = f"{len(films)} films, {matched} matched, {requests['tmdb'] / len(films):.1f} requests each"
    measuring.tell(measuring.plain("films a second, where TMDB answers at once", a_second, note=note, digits=0))
    measuring.tell(measuring.plain("films a second of our CPU", of_cpu, digits=0))
    note = f"{politely:g} s a request"
    measuring.tell(measuring.plain("our CPU / what TMDB's answers take at least", beside, note=note))


def _match(film: ListedFilm, requests: Counter[str]) -> None:
    """As the job does it."""
    from django.db import transaction
    from django.utils import timezone

    from kinokrakow.http.client import meter
    from review import automatic

    token = meter.set(requests)
    try:
        proposal = automatic.propose(film, today=timezone.localdate(), patience=None)
    finally:
        meter.reset(token)
    with transaction.atomic():
        automatic.record(film, proposal, at=timezone.now())


if __name__ == "__main__":
    main()
