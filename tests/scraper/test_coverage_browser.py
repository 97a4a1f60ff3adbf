"""The coverage page as staff meet it: in Chromium, in either theme, on a phone, with and without scripts.

`SCREENSHOTS=docs/img` writes the pictures of the README.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from kinokrakow.models import Job
from scraper import tasks
from scraper.demo.site import DemoSite, Fault
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.world import TMDB_ENTRIES, World
from scraper.models import Alert, SyncRun
from tests.scraper.inline import sync
from tests.scraper.past import remember

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE, PHONE = ViewportSize(width=1440, height=1000), ViewportSize(width=390, height=844)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
IDLE = 31_000  # ms after which an idle page has looked again

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Playwright's event loop runs in this thread; Django is used between its calls, never inside them."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))


@pytest.fixture
def site(settings: Settings) -> Iterator[DemoSite]:
    today = timezone.localdate()
    with DemoSite(World(today)) as site, DemoTmdb(TMDB_ENTRIES, token="demo") as tmdb:
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = site.url, 0
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = tmdb.url, "demo", 0
        settings.RETRY_BASE_DELAY = 0.01
        settings.ALERT_EMAILS = ["staff@example.org"]
        yield site


def spoil(site: DemoSite) -> None:
    """The fourth day can't be read, and Multikino is gone from the two before it."""
    days = site.world.days
    for day in days[1:3]:
        site.world.remove(day=day, cinema_slug="multikino")
    lost = f"day={days[3]:%m-%d}"
    site.fault = lambda _method, path, count: (
        Fault(other_day=6) if lost in path or (path == "/cinema_program/by_movie" and count > 1) else None
    )


def open_page(
    browser: Browser, server: LiveServer, *, size: ViewportSize = WIDE, theme: Theme = "light", scripts: bool = True
) -> tuple[BrowserContext, Page]:
    """A context of somebody who administers, and the coverage page in it."""
    user, _ = get_user_model().objects.get_or_create(username="kino", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    context = browser.new_context(
        viewport=size,
        color_scheme=theme,
        java_script_enabled=scripts,
        locale="en",
        base_url=server.url,
    )
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])
    page = context.new_page()
    page.goto("/admin/coverage/")
    return context, page


def shoot(page: Page, name: str, *, whole: bool = True) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/coverage-{name}.png", full_page=whole)


def violations(page: Page, within: str | None = None) -> list[str]:
    """What axe finds on the page, or in a part of it (where the rest is Django's own)."""
    found = Axe().run(page, context=within).response["violations"]
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]]


def test_what_is_missing_is_seen_and_nothing_hinders_anybody(
    browser: Browser, live_server: LiveServer, site: DemoSite
) -> None:
    remember(site.world.today, lambda date: World(date).on(date), weeks=5)
    spoil(site)
    sync()
    for theme in THEMES:
        for name, size in (("wide", WIDE), ("phone", PHONE)):
            context, page = open_page(browser, live_server, size=size, theme=theme)
            assert page.get_by_text("missing: Multikino is gone from").is_visible()
            assert page.locator(".c-day.bad").count() == 1
            shoot(page, f"{theme}-{name}")
            today = page.locator(".c-heat th.today").bounding_box()
            name_column = page.locator(".c-heat th[scope=row]").first.bounding_box()
            assert today is not None
            assert name_column is not None
            assert today["x"] >= name_column["x"] + name_column["width"] - 1, "the names hide today"
            assert not violations(page)
            too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert too_wide <= 0, f"{name} scrolls sideways by {too_wide} px"
            context.close()
    context, page = open_page(browser, live_server)
    page.locator("td.gap a").first.click()
    assert page.get_by_role("heading", level=1).inner_text().endswith("Multikino")
    shoot(page, "day")
    assert not violations(page)
    page.goto("/admin/kinokrakow/job/")
    shoot(page, "jobs", whole=False)
    assert not violations(page, ".coverage")
    page.goto(f"/admin/scraper/syncrun/{SyncRun.objects.latest('pk').pk}/change/")
    shoot(page, "run")
    assert not violations(page, ".coverage")
    context.close()


def test_the_page_follows_a_running_sync(browser: Browser, live_server: LiveServer, site: DemoSite) -> None:
    context, page = open_page(browser, live_server)
    page.clock.install()
    page.reload()
    assert page.get_by_text("nothing has been checked yet").is_visible()
    run, _ = tasks.start_sync()
    page.clock.fast_forward(IDLE)
    page.get_by_role("heading", name=f"Sync {run.pk} is running").wait_for()
    assert page.get_by_role("button", name="Sync now").is_disabled()
    shoot(page, "running")
    Job.objects.update(state=Job.State.CANCELLED)
    SyncRun.objects.update(status=SyncRun.Status.FAILED, finished_at=timezone.now())
    page.clock.fast_forward(2_100)
    page.get_by_role("heading", name=f"Sync {run.pk} is running").wait_for(state="detached")
    assert page.get_by_role("button", name="Sync now").is_enabled()
    context.close()


def test_it_all_works_without_scripts(browser: Browser, live_server: LiveServer, site: DemoSite) -> None:
    now = timezone.now()
    Alert.objects.create(
        kind="no_run",
        level="bad",
        facts={"since": (now - dt.timedelta(days=2)).isoformat()},
        opened_at=now,
        updated_at=now,
    )
    context, page = open_page(browser, live_server, scripts=False)
    page.get_by_role("button", name="acknowledge").click()
    assert page.get_by_text("kino looks after it").is_visible()
    page.get_by_role("button", name="silence for 24 h").click()
    assert page.get_by_text("silenced until").is_visible()
    page.get_by_role("button", name="Sync now").click()
    assert SyncRun.objects.get().status == SyncRun.Status.RUNNING
    assert page.get_by_role("heading", name="is running").is_visible()
    context.close()
