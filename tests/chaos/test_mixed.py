"""Every kind of fault of the site's, one after the other within one sync: what they cost comes back with the next."""

from __future__ import annotations

from itertools import cycle

import pytest
from django.utils import timezone
from pytest_django import Settings

from kinokrakow.models import HostGate
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault
from scraper.demo.world import World
from tests.chaos.faults import SITE
from tests.scraper.inline import small, sync, wrong


@pytest.mark.django_db(transaction=True)
def test_all_kinds_at_once(settings: Settings) -> None:
    settings.RETRY_BASE_DELAY = settings.KINO_REQUEST_INTERVAL = 0
    settings.KINO_TIMEOUT = 0.3
    kinds = [name for name, fault in SITE.items() if "Retry-After" not in fault.headers]
    met: set[str] = set()
    with DemoSite(small(World(timezone.localdate()))) as site:
        settings.KINO_BASE_URL = site.url
        turns = cycle(kinds)

        def fault(_method: str, path: str, _n: int) -> Fault | None:
            if path == "/robots.txt" or met == set(kinds):
                return None
            met.add(name := next(turns))
            return SITE[name]

        site.fault = fault
        for _ in range(4):
            sync()
            HostGate.objects.all().delete()  # a 429 closes the host for a moment
            if met == set(kinds):
                break
        assert met == set(kinds)
        assert sync()[0] == 0
        assert wrong(site) == []
