"""What's on as a visitor sees it: in either theme, wide and on a phone, without scripts. `SCREENSHOTS=docs/img`."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.db.models import Count
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from events.models import Movie
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.world import TMDB_ENTRIES, World
from tests.browser import IN_CHROMIUM, LOOKS, ONLY_LOOKED_AT, follow, open_page, shoot, sideways, violations
from tests.scraper.inline import small, sync

pytestmark = IN_CHROMIUM


@pytest.fixture
def published(settings: Settings) -> None:
    """The demo's week, by a sync; two cinemas' of it unless pictures are taken."""
    world = World(timezone.localdate())
    with (
        DemoSite(world if "SCREENSHOTS" in os.environ else small(world)) as site,
        DemoTmdb(TMDB_ENTRIES, token="demo") as tmdb,
    ):
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = site.url, 0
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = tmdb.url, "demo", 0
        sync()


@pytest.mark.usefixtures("published")
@ONLY_LOOKED_AT
def test_a_visitor_finds_a_film(browser: Browser, live_server: LiveServer) -> None:
    busiest = Movie.objects.alias(showings=Count("events__showtimes")).order_by("-showings")[0]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    pages = {
        "whats-on": f"day={tomorrow}",
        "whats-on-time": f"day={tomorrow}&by=time",
        "whats-on-film": f"film=tmdb-{busiest.tmdb_id}",
        "whats-on-cinema": f"day={tomorrow}&cinema=kijow",
    }
    for theme, width, size in LOOKS:
        for name, query in pages.items():
            page = open_page(browser, live_server, f"/whats-on/?{query}", size=size, theme=theme)
            assert not violations(page)
            assert sideways(page) == 0, name
            shoot(page, f"{name}-{theme}-{width}", whole=False)
            page.context.close()
    page = open_page(browser, live_server, "/", scripts=False)
    follow(page.locator(".days a").nth(1))
    page.get_by_label("Cinema").select_option("kijow")
    follow(page.get_by_role("button", name="Show"))
    assert set(page.locator(".house").all_inner_texts()) == {"Kijów"}
    follow(page.get_by_role("link", name="by time"))
    title = page.locator(".of a").first
    film_chosen = title.inner_text()
    follow(title)
    assert page.locator("h1").inner_text() == film_chosen
    assert page.locator("section h2").first.is_visible()
    assert set(page.locator(".house").all_inner_texts()) == {"Kijów"}, "the film of the chosen cinema"
    page.context.close()
