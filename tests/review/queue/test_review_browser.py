"""A reviewer's morning in a real browser, by keyboard alone, on the demo's week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, User
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from events.models import ListedFilm, Showtime
from events.models.taken_away import MANY
from review.models import Decision
from review.queue import order
from review.queue.order import Tab
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.world import World
from tests.browser import IN_CHROMIUM, chief, follow, open_page
from tests.scraper.inline import first_sync, serving, serving_tmdb

Match = ListedFilm.Match
QUEUE = "/admin/review/queue/"
READ = 350  # ms, at least, that a person looks at a question: the page takes no decision sooner
ASKS = (
    "2001-odyseja-kosmiczna", "amadeusz", "kill-bill-1-kill-bill-2", "labirynt", "maraton-wladcy-pierscieni",
    "nocna-zmiana-w-podgorzu", "nosferatu", "obcy-romulus", "rzymskie-wakacje", "solaris",
    "spektakl-szalone-nozyczki", "the-metropolitan-opera-tosca",
)  # fmt: skip
SURE = ("bugonia", "ida", "rejs", "anora")
FOUND_BY_WORDS = "Roman Holiday"

pytestmark = IN_CHROMIUM


@pytest.fixture
def tmdb(settings: Settings) -> Iterator[DemoTmdb]:
    with serving_tmdb(settings) as tmdb:
        yield tmdb


@pytest.fixture
def world(settings: Settings, tmdb: DemoTmdb) -> Iterator[World]:
    """The demo's week of what asks something of a reviewer, and of a few films to audit; synced.

    Of each film less than `events.limits.MANY` showtimes: who undoes more in so small a week is asked once more. What
    TMDB does not have is shown last: at any hour the first question is one with candidates.
    """
    world = World(timezone.localdate())
    world.showtimes = [
        showtime for film in ASKS + SURE for showtime in [s for s in world.showtimes if s.film_slug == film][: MANY - 1]
    ]
    last = world.days[-1]
    world.showtimes = [
        showtime
        if world.films[showtime.film_slug].tmdb_ids
        else replace(showtime, day=last, starts_at=showtime.starts_at + (last - showtime.day))
        for showtime in world.showtimes
    ]
    token = settings.TMDB_TOKEN
    with serving(settings, world) as site:
        settings.TMDB_TOKEN = token
        assert first_sync(site)[0] == 0
        yield world


@pytest.fixture
def anna(transactional_db: None) -> User:
    """A member of the group that the migration makes; a database emptied by another test lacks it."""
    group, _ = Group.objects.get_or_create(name="Reviewers")
    if not group.permissions.exists():
        from importlib import import_module

        from django.apps import apps

        import_module("review.migrations.0003_reviewers").make_group(apps, None)
    anna = User.objects.create_user("anna", is_staff=True)
    anna.groups.add(Group.objects.get(name="Reviewers"))
    return anna


class Reviewer:
    """Sees the page and touches nothing but keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def film(self) -> ListedFilm | None:
        """The film in question, None when there is none."""
        if not self.page.locator("#r-listed").count():
            return None
        search = self.page.locator("form[role=search]").get_attribute("action") or ""
        return ListedFilm.objects.get(pk=resolve(search.split("#")[0]).kwargs["film_id"])

    def offered(self) -> list[int]:
        """TMDB ids on the page, in the order of their digits."""
        links = self.page.locator(".r-card .r-facts a").all()
        return [int((link.get_attribute("href") or "").rsplit("/", 1)[1]) for link in links]

    def press(self, *keys: str) -> None:
        """Keys that stay on the page."""
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, key: str) -> None:
        """A key that leads to another page."""
        self.page.wait_for_timeout(READ)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Into the field that has the focus, in place of what is in it."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def decide(self, answer: tuple[int, ...], lesson: str | None) -> str:
        """Say which films it is, or that it is none of TMDB's; returns how."""
        offered = self.offered()
        if len(answer) > 1:
            self.press("m")
            if set(answer) <= set(offered):
                self.press(*(str(offered.index(number) + 1) for number in answer))
                self.go("Enter")
                return "ticked"
            self.type("\n".join(map(str, answer)))
            self.press("Tab")
            self.go("Enter")
            return "listed"
        if not answer:
            self.go("n" if lesson == "not on tmdb" else "f")
            return "none"
        if answer[0] in offered:
            place = offered.index(answer[0]) + 1
            self.go("Enter" if place == 1 else str(place))
            return "accepted"
        self.press("p")
        self.type(f"https://www.themoviedb.org/movie/{answer[0]}")
        self.go("Enter")
        assert self.offered()[0] == answer[0]
        self.go("1")
        return "pasted"


def answers(world: World) -> dict[str, tuple[tuple[int, ...], str | None]]:
    return {slug: (film.tmdb_ids, film.lesson) for slug, film in world.films.items()}


@pytest.mark.once
def test_a_reviewer_s_morning_by_keyboard_alone(
    browser: Browser, live_server: LiveServer, world: World, anna: User
) -> None:
    right, now = answers(world), timezone.now()
    asked = {tab: [ListedFilm.objects.get(pk=row.film) for row in order.waiting(tab, now)] for tab in Tab}
    lessons = {right[film.slug][1] for tab in (Tab.OPEN, Tab.PROVISIONAL, Tab.UNMATCHED) for film in asked[tab]}
    assert {
        "homonym", "remake", "revival", "double bill", "marathon", "stage play", "opera broadcast", "not on tmdb",
        "page not found", "missing facts", "revival, now playing",
    } <= lessons, "the demo must bring questions worth asking"  # fmt: skip
    page = open_page(browser, live_server, QUEUE, user=anna)
    me = Reviewer(page)

    # The keys are explained, and don't work inside the explanation.
    me.press("?")
    assert page.get_by_role("dialog").is_visible()
    me.press("n", "Escape")
    assert page.get_by_role("dialog").is_hidden()

    # Looking ahead and back decides nothing.
    first = me.film
    me.go("j")
    second = me.film
    assert second not in (None, first)
    me.go("k")
    assert me.film == first

    # A letter typed into a field is a letter.
    me.press("s")
    me.type("")
    me.press("n", "f", "1")
    assert page.locator("#r-q").input_value() == "nf1"
    me.press("Escape")
    assert me.film == first

    # Put off, found among the deferred, undone.
    me.press("d")
    me.type("ask the cinema")
    me.go("Enter")
    assert me.film == second, "the place in the queue is kept"
    me.go("u")
    assert me.film == first

    # Accepted, undone, and then decided for good. A key pressed twice decides once, and not on the next film either.
    before = list(ListedFilm.objects.order_by("pk").values("match_status", "movie", "decided_at"))
    me.go("Enter")
    page.evaluate("performance.now = () => 0")  # however slow this machine is, nobody has seen the page yet
    page.keyboard.press("Enter")
    page.evaluate("delete performance.now")
    assert me.film == second
    assert Decision.objects.standing().count() == 1
    me.go("u")
    assert list(ListedFilm.objects.order_by("pk").values("match_status", "movie", "decided_at")) == before

    # Found by other words: a search in place.
    revival = next(film for film in asked[Tab.OPEN] if film.slug == "rzymskie-wakacje")
    while me.film != revival:
        me.go("j")
    offered = me.offered()
    me.press("s")
    me.type(FOUND_BY_WORDS)
    me.go("Enter")
    assert me.offered() == list(right[revival.slug][0])
    assert me.film == revival
    me.go("x")
    assert me.offered() == offered
    page.go_back()
    me.go("1")

    ways = set()
    for address in (QUEUE, f"{QUEUE}?tab=unmatched"):
        page.goto(address)
        while film := me.film:
            ways.add(me.decide(*right[film.slug]))
    assert {"accepted", "ticked", "none"} <= ways  # a marathon's films are offered too: nothing has to be typed
    page.goto(f"{QUEUE}provisional/")
    me.press(*(str(n) for n in range(1, len(asked[Tab.PROVISIONAL]) + 1)))
    me.go("c")

    for film in ListedFilm.objects.filter(pk__in=[film.pk for tab in asked.values() for film in tab]):
        wanted, lesson = right[film.slug]
        found = [film.movie.tmdb_id] if film.movie else list(film.parts.values_list("tmdb_id", flat=True))
        assert (film.slug, sorted(found)) == (film.slug, sorted(wanted))
        assert film.decided_at, film.slug
        assert (film.match_status == Match.NOT_ON_TMDB) is (lesson == "not on tmdb"), film.slug
    assert order.tally(timezone.now()) == order.Tally(0, 0, 0, 0)
    assert not Showtime.objects.filter(event=None, starts_at__gt=timezone.now()).exists(), "nothing is held any more"
    page.context.close()


@pytest.mark.once
def test_it_all_works_without_scripts(browser: Browser, live_server: LiveServer, world: World, anna: User) -> None:
    page = open_page(browser, live_server, QUEUE, user=anna, scripts=False)
    me = Reviewer(page)
    first = me.film
    follow(page.get_by_role("button", name="Accept").first)
    assert me.film != first
    follow(page.get_by_role("button", name="undo"))
    assert me.film == first
    page.locator("summary", has_text="Defer").click()
    page.get_by_label("Why").fill("ask the cinema")
    follow(page.get_by_role("button", name="Defer"), page.get_by_role("link", name="Deferred 1"))
    assert me.film == first
    page.get_by_label("Search TMDB").fill("Labirynt")
    follow(page.get_by_role("button", name="Search"))
    assert me.offered() == [13597, 146233]
    page.locator("summary", has_text="Several films").click()
    for tick in page.get_by_label("one of them").all():
        tick.check()
    follow(page.get_by_role("button", name="These films"))
    assert Decision.objects.latest("pk").tmdb_ids == [13597, 146233]
    page.goto(f"{QUEUE}provisional/")
    page.get_by_label("confirm Amadeusz").check()
    follow(page.get_by_role("button", name="Confirm the ticked ones"))
    assert page.get_by_text("1 match confirmed").is_visible()
    page.context.close()


@pytest.mark.once
def test_what_was_typed_outlives_a_tmdb_that_is_down(
    browser: Browser, live_server: LiveServer, world: World, tmdb: DemoTmdb
) -> None:
    page = open_page(browser, live_server, QUEUE, user=chief())
    me = Reviewer(page)
    film = me.film
    tmdb.fault = lambda *_: (503, {"Retry-After": "60"})
    me.press("s")
    me.type("Alien: Romulus")
    me.go("Enter")
    assert page.get_by_role("alert").inner_text().startswith("✕ TMDB could not be asked, nothing was changed")
    assert page.locator("#r-q").input_value() == "Alien: Romulus"
    me.press("m")
    page.keyboard.press("Shift+Tab")
    me.type("120\n121")
    me.press("Tab")
    me.go("Enter")
    assert page.get_by_text("TMDB could not be asked").count()
    assert page.locator("#r-more").input_value().split() == ["120", "121"]
    assert page.locator("#r-more").is_visible()
    assert me.film == film
    assert not Decision.objects.exists()
    page.context.close()
