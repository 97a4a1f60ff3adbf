"""The coverage page as staff meet it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from kinokrakow.models import Job
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World
from scraper.models import Alert, SyncRun
from scraper.sync import runs
from tests import browser as chromium
from tests.browser import IN_CHROMIUM, chief, follow
from tests.scraper.inline import small

IDLE = 31_000  # ms after which an idle page has looked again

pytestmark = IN_CHROMIUM


@pytest.fixture
def site(settings: Settings) -> Iterator[DemoSite]:
    today = timezone.localdate()
    with DemoSite(small(World(today))) as site, DemoTmdb(TMDB_ENTRIES, token="demo") as tmdb:
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = site.url, 0
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = tmdb.url, "demo", 0
        settings.RETRY_BASE_DELAY = 0.01
        settings.ALERT_EMAILS = ["staff@example.org"]
        yield site


def open_page(browser: Browser, server: LiveServer, **options: Any) -> Page:
    return chromium.open_page(browser, server, "/admin/coverage/", user=chief(), **options)


@pytest.mark.once
def test_the_page_follows_a_running_sync(browser: Browser, live_server: LiveServer, site: DemoSite) -> None:
    for days, matched in ((3, 7), (2, 8)):  # for its charts
        at = timezone.now() - dt.timedelta(days=days)
        SyncRun.objects.create(
            status="complete", started_at=at, finished_at=at + dt.timedelta(minutes=2), films=10, films_matched=matched
        )
    page = open_page(browser, live_server)
    chart, told = page.get_by_role("slider").first, page.locator(".c-told").first
    for key, said in (("Home", "70.0 % (7 of 10)"), ("ArrowRight", "80.0 % (8 of 10)"), ("ArrowRight", "80.0 % (8 of")):
        chart.press(key)
        assert said in told.inner_text()
        assert chart.get_attribute("aria-valuetext") == told.inner_text()
    page.clock.install()
    page.reload()
    assert page.get_by_text("nothing has been checked yet").is_visible()
    run, _ = runs.start_sync()
    page.clock.fast_forward(IDLE)
    page.get_by_role("heading", name=f"Sync {run.pk} is running").wait_for()
    assert page.get_by_role("button", name="Sync now").is_disabled()
    Job.objects.update(state=Job.State.CANCELLED)
    SyncRun.objects.filter(pk=run.pk).update(status=SyncRun.Status.FAILED, finished_at=timezone.now())
    page.clock.fast_forward(2_100)
    page.get_by_role("heading", name=f"Sync {run.pk} is running").wait_for(state="detached")
    assert page.get_by_role("button", name="Sync now").is_enabled()
    page.context.close()


@pytest.mark.once
def test_it_all_works_without_scripts(browser: Browser, live_server: LiveServer, site: DemoSite) -> None:
    now = timezone.now()
    Alert.objects.create(
        kind="no_run",
        level="bad",
        facts={"since": (now - dt.timedelta(days=2)).isoformat()},
        opened_at=now,
        updated_at=now,
    )
    page = open_page(browser, live_server, scripts=False)
    follow(page.get_by_role("button", name="acknowledge"))
    assert page.get_by_text("kino looks after it").is_visible()
    follow(page.get_by_role("button", name="silence for a day"))
    assert page.get_by_text("silenced until").is_visible()
    follow(page.get_by_role("button", name="end the silence"))
    follow(page.get_by_role("button", name="take back"))
    assert page.get_by_role("button", name="acknowledge").is_visible()
    follow(page.get_by_role("button", name="Sync now"))
    assert SyncRun.objects.get().status == SyncRun.Status.RUNNING
    assert page.get_by_role("heading", name="is running").is_visible()
    page.context.close()
