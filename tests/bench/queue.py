"""How long a reviewer waits: 500 open questions of ten showtimes and three candidates each, in Chromium.

500 open questions of ten showtimes and three candidates each. The first is decided on with one key in Chromium, then
the next, and so on: from the key until the next question is painted, and of that the server's part, POST and GET.
"""

from __future__ import annotations

import os

import django
from django.test.utils import setup_test_environment

from tests.bench import measuring

QUESTIONS, DECISIONS = 500, 30
READ = 350  # ms: the page takes no decision sooner


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    setup_test_environment(debug=False)

    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection
    from django.utils import timezone
    from playwright.sync_api import sync_playwright
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import CHROMIUM, FLAGS, chief, open_page
    from tests.review.queue.test_queue import many

    cache.clear()
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    connection.settings_dict["CONN_MAX_AGE"] = 0  # no server's connection outlives its request
    if connection.vendor == "sqlite":  # a file: server and test have connections of their own
        connection.settings_dict["TEST"]["NAME"] = f"{connection.settings_dict['NAME']}-bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    server = LiveServer("127.0.0.1")
    waits, posts, gets = [], [], []
    try:
        many(QUESTIONS, timezone.now())
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
            page = open_page(browser, server, "/admin/review/queue/", user=chief())
            connection.close()  # inside Playwright's loop it is another than outside
            for _ in range(DECISIONS):
                page.wait_for_timeout(READ)
                begun = page.evaluate("performance.timeOrigin + performance.now()")
                with page.expect_navigation(wait_until="load"):
                    page.keyboard.press("1")
                timing = page.evaluate(
                    """new Promise(done => requestAnimationFrame(() => setTimeout(() => {
                        const [page] = performance.getEntriesByType("navigation"), zero = performance.timeOrigin;
                        done([zero + performance.now(), page.fetchStart - page.redirectStart || 0,
                              page.responseStart - page.requestStart]);
                    })))"""
                )
                waits.append(timing[0] - begun)
                posts.append(timing[1])
                gets.append(timing[2])
            browser.close()
    finally:
        server.stop()
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    share = [(post + get) / wait for post, get, wait in zip(posts, gets, waits, strict=True)]
    measuring.tell(measuring.plain("key to next question, ms", waits, digits=0))
    measuring.tell(measuring.plain("the server's part of it", share, note="POST, decide, and GET, next question"))


if __name__ == "__main__":
    main()
