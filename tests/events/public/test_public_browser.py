"""What's on as a visitor uses it, without scripts. How it looks: tests/test_look.py."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World
from tests.browser import IN_CHROMIUM, ONLY_LOOKED_AT, follow, open_page
from tests.scraper.inline import small, sync

pytestmark = IN_CHROMIUM


@pytest.fixture
def published(settings: Settings) -> None:
    """The demo's week of two cinemas, by a sync."""
    with (
        DemoSite(small(World(timezone.localdate()))) as site,
        DemoTmdb(TMDB_ENTRIES, token="demo") as tmdb,
    ):
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = site.url, 0
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = tmdb.url, "demo", 0
        sync()


@pytest.mark.usefixtures("published")
@ONLY_LOOKED_AT
def test_a_visitor_finds_a_film(browser: Browser, live_server: LiveServer) -> None:
    page = open_page(browser, live_server, "/", scripts=False)
    follow(page.locator(".days a").nth(1))
    page.locator("summary").click()
    page.get_by_label("Kijów", exact=True).check()
    page.get_by_label("night, from 22").check()
    page.get_by_label("evening, 17 to 22").check()
    follow(page.locator("details button"))
    assert page.locator(".chips a").count() == 4
    assert page.locator("time").count() > 0
    assert set(page.locator(".house").all_inner_texts()) == {"Kijów"}
    page.locator("section.map a").first.focus()
    follow(page.get_by_role("link", name="by time"))
    title = page.locator(".of a").first
    film_chosen = title.inner_text()
    follow(title)
    assert page.locator("h1").inner_text() == film_chosen
    assert page.locator("section h2").first.is_visible()
    assert set(page.locator(".house").all_inner_texts()) == {"Kijów"}, "the film of the chosen cinema"
    page.context.close()
