"""The site's today is the calendar's first or second day; a page of another day changes nothing in that."""

from __future__ import annotations

import datetime as dt
from email.message import Message

import pytest

from scraper.demo.server import Asked
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault
from scraper.demo.world import World
from scraper.site.client import Fetched
from scraper.site.offer import days_on_offer

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(("later", "today"), [(0, 0), (1, 1), (2, 0), (6, 0)])
def test_the_site_s_today(later: int, today: int) -> None:
    with DemoSite(World(TODAY)) as site:
        site.fault = lambda *_: Fault(other_day=later)
        body = site.answer(Asked("GET", "/cinema_program/by_movie", Message())).body
        url = f"{site.url}/cinema_program/by_movie"
    offer = days_on_offer(Fetched(url=url, text=body.decode(), page_id=1), today=TODAY)
    assert len(offer.dates) == 7
    assert offer.shown == TODAY + dt.timedelta(days=later)
    assert offer.today == TODAY + dt.timedelta(days=today)
