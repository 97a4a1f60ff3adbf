"""What's on as a visitor sees it: in either theme, wide and on a phone, without scripts. `SCREENSHOTS=docs/img`."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.world import TMDB_ENTRIES, World
from tests.browser import IN_CHROMIUM, SIZES, THEMES, open_page, shoot, sideways, violations
from tests.scraper.inline import sync

pytestmark = IN_CHROMIUM


@pytest.fixture
def published(settings: Settings) -> None:
    """The demo's week, by a sync."""
    with DemoSite(World(timezone.localdate())) as site, DemoTmdb(TMDB_ENTRIES, token="demo") as tmdb:
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = site.url, 0
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = tmdb.url, "demo", 0
        sync()


@pytest.mark.usefixtures("published")
def test_a_visitor_finds_a_film(browser: Browser, live_server: LiveServer) -> None:
    for theme in THEMES:
        for name, size in SIZES:
            page = open_page(browser, live_server, "/", size=size, theme=theme, scripts=False)
            page.locator(".days a").nth(1).click()
            shoot(page, f"whats-on-{theme}-{name}", whole=False)
            assert sideways(page) == 0
            page.context.close()
            for path in ("?", "?by=time", "?cinema=kijow"):
                page = open_page(browser, live_server, f"/whats-on/{path}", size=size, theme=theme)
                assert not violations(page)
                assert sideways(page) == 0
                page.context.close()
    page = open_page(browser, live_server, "/whats-on/", scripts=False)
    page.locator(".days a").nth(1).click()
    page.get_by_label("Cinema").select_option("kijow")
    page.get_by_role("button", name="Show").click()
    assert set(page.locator(".house").all_inner_texts()) == {"Kijów"}
    page.get_by_role("link", name="by time").click()
    shoot(page, "whats-on-time", whole=False)
    page.locator(".of a").first.click()
    assert page.locator("section h2").first.is_visible()
    shoot(page, "whats-on-film", whole=False)
    page.context.close()
