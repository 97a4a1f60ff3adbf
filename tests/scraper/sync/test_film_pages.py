"""Film pages are believed only when they prove that they are the film's, and no page takes away what is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from events.models import Event, ListedFilm, Showtime
from kinokrakow.models import Job
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault
from scraper.demo.world import World
from scraper.models import Alert, Page, SyncRun
from scraper.monitoring import watch
from scraper.site.client import FilmPage, fetched_from, parse_film
from scraper.sync import film_pages, films, replay
from scraper.sync.film_pages import same_title, similar_title
from tests.databases import first_on_both
from tests.scraper.inline import FEW, first_sync, serving, serving_tmdb, small, sync
from tests.threads import overlap, two_writers

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "<html><head><title>Logowanie</title></head><body><h1>Zaloguj się</h1><form></form></body></html>".encode()
PARKED = b"""<!DOCTYPE html><html><head><title>kino.krakow.pl is for sale</title></head><body>
<h1>The domain kino.krakow.pl may be for sale</h1><p><b>Premiera:</b> 5 grudnia 2030</p></body></html>"""
MAINTENANCE = b"""<!DOCTYPE html><html lang="pl"><head><title>Przerwa techniczna</title></head><body>
<h1>Przerwa techniczna</h1><p>Czas trwania: 2 godziny</p></body></html>"""
CAPTCHA = "<html><body><h1>Sprawdzamy, czy nie jesteś robotem</h1></body></html>".encode()
Plan = Callable[[str, str, int], Fault | None]


@pytest.fixture
def site(settings: Settings) -> Iterator[DemoSite]:
    """A good week, read, matched and published; the films' pages are due again."""
    with serving(settings, small(World(timezone.localdate(), FEW))) as demo, serving_tmdb(settings):
        first_sync(demo)
        assert len(published()) > 40
        due_again()
        yield demo


def due_again() -> None:
    ListedFilm.objects.update(facts_due_at=timezone.now(), facts_at=timezone.now() - dt.timedelta(days=7))


def published() -> set[tuple[str, int]]:
    """Each published showtime with the movie that it is published as."""
    rows = Showtime.objects.filter(event__status=Event.Status.SCHEDULED, event__movie__isnull=False)
    return set(rows.values_list("external_id", "event__movie"))


def told() -> set[str]:
    watch.look()
    return set(Alert.objects.open().values_list("kind", flat=True))


def films_answer(fault: Fault) -> Plan:
    return lambda _method, path, _count: fault if path.startswith("/film/") else None


def to_login(_method: str, path: str, _count: int) -> Fault | None:
    if path.startswith("/film/"):
        return Fault(status=302, headers={"Location": "/logowanie"})
    return Fault(status=200, body=LOGIN) if path == "/logowanie" else None


def to_another_film(_method: str, path: str, _count: int) -> Fault | None:
    other = "/film/bugonia.html"
    return Fault(status=302, headers={"Location": other}) if path.startswith("/film/") and path != other else None


def without_labels(html: str) -> str:
    for label in ("Tytuł oryginalny", "Czas trwania", "Produkcja", "Gatunek", "Premiera", "Dystrybutor", "Reżyseria",
                  "Obsada"):  # fmt: skip
        html = html.replace(label, "Inne")
    return html


CASES: dict[str, tuple[Plan, str]] = {
    "login page": (films_answer(Fault(status=200, body=LOGIN)), "films_doubted"),
    "redirect to a login": (to_login, "films_doubted"),
    "redirect to the programme": (
        films_answer(Fault(status=302, headers={"Location": "/cinema_program/by_movie"})), "films_doubted",
    ),
    "redirect to another film": (to_another_film, "films_doubted"),
    "labels gone": (films_answer(Fault(rewrite=without_labels)), "films_doubted"),
    "404 for all": (films_answer(Fault(status=404)), "films_missing"),
    "captcha": (films_answer(Fault(status=200, body=CAPTCHA)), "films_doubted"),
    "empty page": (films_answer(Fault(status=200, body=b"")), "films_unread"),
    "parked domain": (films_answer(Fault(status=200, body=PARKED)), "films_doubted"),
    "maintenance": (films_answer(Fault(status=200, body=MAINTENANCE)), "films_doubted"),
    "403": (films_answer(Fault(status=403)), "films_unread"),
}  # fmt: skip


@pytest.mark.parametrize("case", first_on_both(CASES))
def test_nothing_published_is_lost_to_what_film_addresses_answer(site: DemoSite, case: str) -> None:
    before, films_before = published(), list(ListedFilm.objects.order_by("pk").values("slug", "match_status", "movie"))
    facts = {film.slug: film.facts() for film in ListedFilm.objects.all()}
    site.fault, alert = CASES[case]
    assert sync()[0] == 0
    assert published() == before
    assert list(ListedFilm.objects.order_by("pk").values("slug", "match_status", "movie")) == films_before
    assert {film.slug: film.facts() for film in ListedFilm.objects.all()} == facts
    assert alert in told()
    soon = timezone.now() + dt.timedelta(hours=2, minutes=5)
    assert not ListedFilm.objects.filter(facts_due_at__gt=soon).exclude(slug="bugonia").exists(), "asked again soon"
    site.fault = None
    ListedFilm.objects.update(facts_due_at=timezone.now())
    sync()
    assert not ListedFilm.objects.exclude(page_problem="", has_page=True).exists()
    assert published() == before
    assert alert not in told()


@pytest.mark.once
def test_another_film_s_page_at_each_address(site: DemoSite) -> None:
    before = published()
    world = site.world
    listed = sorted({showtime.film_slug for showtime in world.showtimes})
    rotated = zip(listed, [world.films[slug] for slug in listed[2:] + listed[:2]], strict=True)
    world.films |= {
        slug: replace(other, slug=slug, listed_slug=world.films[slug].listed_slug) for slug, other in rotated
    }
    assert sync()[0] == 0
    assert published() == before
    assert ListedFilm.objects.exclude(page_problem="").count() >= len(listed) - 1, "two of them have one title"
    assert "films_doubted" in told()


@pytest.mark.once
def test_a_weaker_proposal_leaves_the_match(site: DemoSite) -> None:
    """The page is the film's and says another director, year and original title, of whom TMDB knows nothing."""
    before = published()
    for slug, film in list(site.world.films.items()):
        site.world.films[slug] = replace(
            film, original_title="Zupełnie inny", directors=("Kto Inny",), year=1931, runtime=61
        )
    assert sync()[0] == 0
    assert ListedFilm.objects.filter(original_title="Zupełnie inny", match_due_at=None).exists(), "TMDB was asked"
    assert published() == before


def test_a_doubted_page_is_asked_for_within_the_hour(site: DemoSite) -> None:
    site.fault = CASES["login page"][0]
    sync()
    assert films.ask_again() == 0
    ListedFilm.objects.update(facts_due_at=timezone.now())
    doubted = ListedFilm.objects.exclude(page_problem="").count()
    assert films.ask_again() == min(films.A_FEW, doubted)
    assert Job.objects.active().filter(kind="film", run=None).count() == min(films.A_FEW, doubted)


@pytest.mark.once
def test_a_new_film_s_address_that_answers_a_login_leaves_it_its_title(site: DemoSite) -> None:
    site.world.add("obcy-romulus", "kijow", site.world.days[2], dt.time(20))
    site.world.films["obcy-romulus"] = replace(site.world.films["obcy-romulus"], page=True)
    site.fault = CASES["login page"][0]
    sync()
    film = ListedFilm.objects.get(slug="obcy-romulus")
    assert (film.title, film.facts_at) == (site.world.films["obcy-romulus"].title, None)
    assert "Zaloguj" in film.page_problem


def test_a_replayed_page_must_prove_itself_too(site: DemoSite) -> None:
    page = Page.objects.filter(purpose__startswith="film:", status=200).first()
    assert page is not None
    slug = page.purpose.removeprefix("film:")
    read = parse_film(fetched_from(page), slug, today=timezone.localdate())
    wrong = FilmPage(replace(read.facts, title="Zaloguj się"), read.path, read.slug)
    now = timezone.now()
    assert film_pages.store(slug, read, at=now, now=now) == ""
    assert "Zaloguj" in film_pages.store(slug, wrong, at=now, now=now)


def test_another_year_on_its_page_opens_a_decided_film_s_question_again(site: DemoSite) -> None:
    page = Page.objects.filter(purpose__startswith="film:", status=200).order_by("pk")[0]
    slug, now = page.purpose.removeprefix("film:"), timezone.now()
    read = parse_film(fetched_from(page), slug, today=timezone.localdate())
    ListedFilm.objects.filter(slug=slug).update(decided_at=now)
    changed: tuple[tuple[dict[str, Any], dt.datetime | None], ...] = (({"runtime": 7}, None), ({"year": 1911}, now))
    for changes, opened in changed:
        film_pages.store(slug, FilmPage(replace(read.facts, **changes), read.path, read.slug), at=now, now=now)
        film = ListedFilm.objects.get(slug=slug)
        assert (film.reopened_at, film.match_due_at if opened else None) == (opened, opened)


@two_writers
def test_a_replay_leaves_alone_what_a_newer_page_says_that_is_just_being_stored(site: DemoSite) -> None:
    page = Page.objects.filter(purpose__startswith="film:", status=200).order_by("pk")[0]
    slug, later = page.purpose.removeprefix("film:"), page.sent_at + dt.timedelta(hours=2)
    read = parse_film(fetched_from(page), slug, today=timezone.localdate())
    newer = FilmPage(replace(read.facts, runtime=77), read.path, read.slug)
    outcome = overlap(
        lambda: film_pages.store(slug, newer, at=later, now=later),
        lambda: replay._replay_film(SyncRun.objects.get(), page.purpose),
    )
    assert (outcome, ListedFilm.objects.get(slug=slug).runtime) == ("left alone, its page was read later", 77)


@pytest.mark.once
@pytest.mark.parametrize(
    ("listed", "page"),
    [
        ("Wicked: Na dobre 2D dubbing", "Wicked: Na dobre"),
        ("DOM DOBRY", "Dom dobry"),
        ("Łowca żółwi", "Lowca zolwi"),
        ("„Chłopi”", "Chłopi"),
        ("Eternity. Wybieram ciebie", "Wybieram ciebie"),
        ("Gladiator II", "Gladiator 2"),
        ("DKF: Diuna", "Diuna"),
        ("Wieczny student", "wieczny   student"),
    ],
)
def test_titles_that_are_one(listed: str, page: str) -> None:
    assert same_title(page, listed)


@pytest.mark.once
@pytest.mark.parametrize(
    ("listed", "page", "similar"),
    [
        ("Dracula: Historia wiecznej miłości", "Dracula: Historia wieczn…", True),
        ("Avatar: Ogień i popiół", "Avatar. Popiół i ogień", True),
        ("Zwierzogród", "Zwierzogrod", True),
        ("Zwierzogród 2", "Zwierzogród", True),  # told apart by there being such a film
        ("Shrek 3", "Shrek 2", False),
        ("Bugonia", "Zaloguj się", False),
        ("Bugonia", "Repertuar kin w Krakowie", False),
        ("Człowiek", "Sprawdzamy, czy jesteś człowiekiem", False),
        ("Dom dobry", "Dom", False),
    ],
)
def test_titles_that_may_be_one(listed: str, page: str, similar: bool) -> None:
    assert similar_title(page, listed) is similar


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite locks the whole database, and has no such words")
def test_a_film_is_held_while_its_page_is_judged() -> None:
    """A decision made meanwhile must not be overwritten by what was read before it."""
    at = timezone.now()
    ListedFilm.objects.create(slug="ida", title="Ida", first_seen_at=at, last_seen_at=at)
    with CaptureQueriesContext(connection) as asked:
        film_pages.store("ida", None, at=at, now=at)
    assert any("FOR NO KEY UPDATE" in query["sql"] for query in asked)
