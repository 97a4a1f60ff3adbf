"""Pages as people meet them: in Chromium, in either theme, wide or on a phone, with and without scripts.

A module of browser tests marks itself with `pytestmark = IN_CHROMIUM` and takes the fixture `browser`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE = ViewportSize(width=1280, height=900)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
#: For what is only looked at: axe and pictures. What people do in the browser is done on both databases.
ONLY_LOOKED_AT = pytest.mark.skipif(
    connection.vendor == "postgresql", reason="looks the same as on SQLite, where it is looked at"
)
IN_CHROMIUM = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Playwright's event loop runs in this thread; Django is used between its calls, never inside them."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))


def chief() -> User:
    """Somebody who administers."""
    user, _ = User.objects.get_or_create(username="kino", is_staff=True, is_superuser=True)
    return user


def open_page(
    browser: Browser,
    server: LiveServer,
    path: str,
    *,
    user: User | None = None,
    size: ViewportSize = WIDE,
    theme: Theme = "light",
    scripts: bool = True,
) -> Page:
    """A page in a context of its own (`page.context.close()` ends it), seen by `user` or by anybody."""
    context = browser.new_context(
        viewport=size, color_scheme=theme, java_script_enabled=scripts, locale="en", base_url=server.url
    )
    if user:
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])
    page = context.new_page()
    page.goto(path)
    return page


def follow(*ways: Locator) -> None:
    """Click what leads to another page, and wait for that page; then the next."""
    for way in ways:
        with way.page.expect_navigation():
            way.click()


def violations(page: Page, within: str | None = None) -> list[str]:
    """What axe finds on the page, or in a part of it (where the rest is Django's own)."""
    found = Axe().run(page, context=within, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window: 0 is right."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider
