"""Every page of the admin and of the public site, seen by a browser: read by axe, at each width, by keyboard.

`make look` (LOOK=all) sees each at five widths, light and dark, in both languages, and prints what it counted; with
PIECE=3/8 the third of eight parts, with ONLY=witness those whose name has the word. `make test` sees a sample, each
page once in one width, theme and language: of the admin's lists, rows and their histories, which Django lays out
alike, every third.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, ViewportSize
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from events.models import ListedFilm, Movie
from kinokrakow import errors
from kinokrakow.models import Job
from review.models import Decision
from scraper.models import Alert
from tests.browser import IN_CHROMIUM, ONLY_LOOKED_AT, THEMES, sideways, violations
from tests.every_state import Seeded, seed

WIDTHS = (360, 768, 1024, 1280, 1920)
REFLOW = 320
WHOLE = 1280  # from here on no table is cut
LOGIN = "/admin/login/"
ALIKE = ("list ", "row ", "history ", "add ", "error ")  # the names of the admin's own pages, and of one template
#: What went wrong has no address of its own: these pages are made as the program makes them, and served at these names.
ERRORS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "server": errors.server_error,
    "form": errors.csrf_failure,
    "request": errors.bad_request,
    "forbidden": errors.forbidden,
    "logins": lambda request: errors.too_many_logins(request, 5),
}
ALL = os.environ.get("LOOK") == "all"
PIECE, PIECES = map(int, os.environ.get("PIECE", "1/1").split("/"))
SCREENS = {width: ViewportSize(width=width, height=900 if width > 500 else 740) for width in (REFLOW, *WIDTHS)}

pytestmark = [*IN_CHROMIUM, ONLY_LOOKED_AT]

#: Tables that are wider than the place they have, and text that its box cuts off.
CUT = """() => {
  const found = [];
  for (const box of document.querySelectorAll('.c-wide, .k-wide, .results, .r-dock')) {
    const cut = box.scrollWidth - box.clientWidth;
    if (cut > 1) found.push(`${box.className} by ${cut} px`);
  }
  return found;
}"""

#: What makes a page wider than its window.
WIDE = """() => [...document.querySelectorAll('main *, header *')].filter((el) =>
  el.getBoundingClientRect().right > innerWidth + 1 && !el.closest('.c-wide, .k-wide, .results')
).map((el) => el.outerHTML.slice(0, 90)).slice(0, 3)"""

#: What can be reached by Tab or by arrows, and of that what something else lies over when it has the focus.
COVERED = """() => {
  const found = [], all = [];
  let stops = 0;
  for (const el of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')) {
    const byArrows = el.closest('#result_list, table[data-arrows]');
    if (el.tabIndex < 0 && !byArrows || el.disabled || el.type === 'hidden') continue;
    if (!el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    stops += el.tabIndex >= 0;
    all.push(el);
  }
  for (const el of all) {
    el.focus();
    const box = [...el.getClientRects()].find((rect) => rect.width && rect.height);
    if (!box) continue;
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, innerWidth / 3), 1), innerWidth - 2);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 12), 1), innerHeight - 2);
    const top = document.elementFromPoint(x, y);
    const outside = box.bottom < 1 || box.top > innerHeight - 1 || box.right < 1 || box.left > innerWidth - 1;
    if (outside || !top || !(el.contains(top) || top.contains(el))) {
      found.push(`${el.outerHTML.slice(0, 110)} under ${top ? top.outerHTML.slice(0, 60) : 'nothing'}`);
    }
  }
  document.activeElement?.blur();
  scrollTo(0, 0);
  return [found, stops];
}"""


def addresses(world: Seeded) -> dict[str, str]:
    """Every page, by what it is called: lists, a row of each model, what is no model, public ones, errors."""
    today, day = world.today, dt.timedelta(days=1)
    tomorrow = today + day
    pages = {"first page": reverse("admin:index"), "coverage": reverse("coverage")}
    for ahead, name in enumerate(("verified", "gone", "failed", "doubted", "stale", "empty", "unread")):
        pages[f"day {name}"] = reverse("coverage-day", args=[today + ahead * day])
    pages["day of a cinema"] = pages["day verified"] + "?cinema=kijow"
    pages["day, not published"] = pages["day gone"] + "?show=held"
    witness = reverse("coverage-witness", args=["coigdzie"])
    pages |= {"witness": witness, "witness, answered": f"{witness}?show=answered"}
    pages["witness that fails"] = reverse("coverage-witness", args=["mikro"])
    queue = reverse("review")
    asked = dict(ListedFilm.objects.values_list("slug", "pk"))
    pages |= {"queue": queue, "provisional": reverse("review-provisional"), "quality": reverse("review-quality")}
    pages["history of decisions"] = reverse("review-history")
    pages |= {tab: f"{queue}?tab={tab}" for tab in ("unmatched", "deferred")}
    for slug in ("solaris", "wicked-na-dobre", "anora", "tosca", "kill-bill", "ida", "rejs", "labirynt"):
        pages[f"question {slug}"] = reverse("review-question", args=[asked[slug]])
    pages["ticked"] = pages["question solaris"] + "?tick=593&tick=2103"
    pages["trouble"] = pages["question solaris"] + "?ref=Kill+Bill"
    for model, of in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        pages[f"list {name}"] = reverse(f"admin:{name}_changelist")
        for row in _rows(model):
            pages[f"row {name} {row}"] = reverse(f"admin:{name}_change", args=[row])
            pages.setdefault(f"history {name}", reverse(f"admin:{name}_history", args=[row]))
        if of.add_form_template or model._meta.app_label == "auth":
            pages[f"add {name}"] = reverse(f"admin:{name}_add")
    pages["list events_showtime, filtered"] = (
        reverse("admin:events_showtime_changelist") + "?when=to_come&published=held"
    )
    pages["list kinokrakow_job, found nothing"] = reverse("admin:kinokrakow_job_changelist") + "?q=nothing"
    pages |= {
        "app events": reverse("admin:app_list", args=["events"]),
        "delete a group": reverse("admin:auth_group_delete", args=[world.users["Viewers"].groups.get().pk]),
        "password": reverse("admin:password_change"),
        "log in": LOGIN,
        "admin 404": "/admin/none/",
        "whats on": f"/whats-on/?day={tomorrow}",
        "whats on, by time": f"/whats-on/?day={tomorrow}&by=time",
        "whats on, a film": f"/whats-on/?film=tmdb-{Movie.objects.get(title='Zwierzogród 2').tmdb_id}",
        "whats on, a cinema": f"/whats-on/?day={tomorrow}&cinema=kijow",
        "whats on, nothing": f"/whats-on/?day={today + 6 * day}",
        "public 404": "/none",
    } | {f"error {name}": f"/admin/error/{name}" for name in ERRORS}
    return pages


def _rows(model: type[Any]) -> list[int]:
    """Of jobs and alerts one in each state, of others one: the first."""
    if model is Job:
        return list({row.state: row.pk for row in Job.objects.order_by("-pk")}.values())
    if model is Alert:
        states = {
            (row.resolved_at is None, row.silenced_until is None): row.pk for row in Alert.objects.order_by("-pk")
        }
        return list(states.values())
    if model is Decision:
        return list(Decision.objects.order_by("pk").values_list("pk", flat=True)[:2])
    return list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:1])


def _went_wrong(language: str, route: Route) -> None:
    with translation.override(language):
        answer = ERRORS[route.request.url.rpartition("/")[2]](RequestFactory().get("/admin/"))
    route.fulfill(status=answer.status_code, content_type="text/html", body=answer.content)


class Walk:
    """One browser window per language, logged in; what was wrong, and how much was looked at."""

    def __init__(self, browser: Browser, server: LiveServer, user: User) -> None:
        client = Client()
        client.force_login(user)
        session: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}
        self.pages: dict[tuple[str, bool], Page] = {}
        for language in ("pl", "en"):
            for known in (True, False):
                context = browser.new_context(locale=language, base_url=server.url)
                if known:
                    context.add_cookies([session])
                context.route("**/admin/error/*", partial(_went_wrong, language))
                self.pages[language, known] = context.new_page()
        self.found: list[str] = []
        self.counted: Counter[str] = Counter()

    def see(
        self, name: str, address: str, language: str, theme: Any, widths: Sequence[int], axe: Sequence[int]
    ) -> None:
        """A page in a theme, loaded once and then as wide as each of `widths`; axe reads it at those of `axe`."""
        page = self.pages[language, address != LOGIN]
        page.emulate_media(color_scheme=theme)  # before it is loaded: colours change slowly
        page.set_viewport_size(SCREENS[widths[0]])
        page.goto(address)
        self.counted["pages"] += 1
        for width in widths:
            page.set_viewport_size(SCREENS[width])
            self.counted["looks"] += 1
            if (wider := sideways(page)) > 0:
                self.say("sideways", name, language, width, theme, f"{wider} px", *page.evaluate(WIDE))
            for cut in page.evaluate(CUT) if width >= WHOLE else ():
                self.say("cut", name, language, width, theme, cut)
            covered, stops = page.evaluate(COVERED)
            self.counted["stops"] += stops
            for one in covered:
                self.say("covered", name, language, width, theme, one)
            if width in axe:
                self.counted["axe"] += 1
                for one in violations(page):
                    self.say("axe", name, language, width, theme, one)

    def say(self, kind: str, *what: object) -> None:
        self.counted[f"{kind} found"] += 1
        self.found.append(" ".join(map(str, (kind, *what))))

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.fixture
def walk(browser: Browser, live_server: LiveServer, settings: Settings) -> Iterator[tuple[Walk, Seeded]]:
    settings.DEBUG = False
    settings.WITNESSES = ["coigdzie", "cinema-city", "mikro"]
    world = seed()
    walk = Walk(browser, live_server, world.users["chief"])
    yield walk, world
    walk.close()


def test_every_page_is_for_everybody(walk: tuple[Walk, Seeded]) -> None:
    walker, world = walk
    for number, (name, address) in enumerate(addresses(world).items()):
        if os.environ.get("ONLY", "") not in name or number % PIECES != PIECE - 1:
            continue
        if ALL:
            for language, theme in itertools.product(("pl", "en"), THEMES):
                walker.see(name, address, language, theme, (REFLOW, *WIDTHS), WIDTHS)
        elif number % 3 == 0 or not name.startswith(ALIKE):
            width = ((REFLOW, WHOLE)[number // 4 % 2],)
            walker.see(name, address, ("pl", "en")[number // 2 % 2], THEMES[number % 2], width, width)
    print(dict(walker.counted))
    assert not walker.found, "\n".join(walker.found)
