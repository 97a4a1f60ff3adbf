"""What an older version stored under cut addresses is found again under the whole ones, and not asked again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from events import processing, publishing
from events.models import Event, ListedFilm, Movie, Showtime
from events.records import FilmFacts, ListedShowtime, Programme, plain_slug
from review.models import MatchCandidate
from scraper.site.client import FilmPage
from scraper.sync import film_pages

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 27)
CUT = "pojedynek"
WHOLE = f"{CUT}-05023ce8-c974-43e5-b6fd-9257e2fc8e9a"
FACTS = FilmFacts(CUT, "Pojedynek", "The Duellists", ("Ridley Scott",), 1977)
Match = ListedFilm.Match


def test_only_a_uuid_is_cut_off() -> None:
    assert plain_slug(WHOLE) == CUT
    assert plain_slug("kill-bill-2") == "kill-bill-2"
    assert plain_slug(WHOLE.removeprefix(CUT)) == WHOLE.removeprefix(CUT)


def store(*rows: tuple[str, int], at: dt.datetime = NOW) -> None:
    listed = tuple(
        ListedShowtime(
            f"{slug}|kijow|2026-11-27T{hour}:00", slug, "Pojedynek", "kijow", "Kijów", DAY,
            dt.datetime.combine(DAY, dt.time(hour)), None,
        )
        for slug, hour in rows
    )  # fmt: skip
    processing.store_programme(Programme(DAY, False, listed), at=at, fresh=dt.timedelta(hours=24))


@pytest.fixture
def old() -> ListedFilm:
    """As the older version left it: a decided film, published, one of its candidates rejected."""
    store((CUT, 18), (CUT, 20))
    film = ListedFilm.objects.get()
    processing.store_facts(film, FACTS, at=NOW, refresh=dt.timedelta(days=7))
    movie = Movie.objects.create(tmdb_id=19067, title="The Duellists")
    publishing.link(film, movie, Match.MATCHED, at=NOW, score=95.0)
    MatchCandidate.objects.create(
        film=film, tmdb_id=7, rank=2, score=51, facts={}, reasons=[], asked_at=NOW, state="rejected"
    )
    ListedFilm.objects.update(address_cut=True, decided_at=NOW)
    film.refresh_from_db()
    return film


def answer(slug: str, **changes: object) -> None:
    page = FilmPage(replace(FACTS, slug=slug, **changes), f"/film/{slug}.html", slug)  # type: ignore[arg-type]
    assert film_pages.store(slug, page, at=NOW, now=NOW) == ""


def shown() -> set[tuple[str, str | None]]:
    return set(Showtime.objects.listed().values_list("film__slug", "event__movie__title"))


def test_a_film_s_showtimes_match_and_decision_go_with_its_whole_address(old: ListedFilm) -> None:
    before = {row.pk: row.event_id for row in Showtime.objects.all()}
    store((WHOLE, 18), (WHOLE, 20))
    assert {row.pk: row.event_id for row in Showtime.objects.all()} == before, "the rows are the same, in their event"
    assert shown() == {(WHOLE, "The Duellists")}
    assert Event.objects.get().status == Event.Status.SCHEDULED
    film = ListedFilm.objects.get(slug=WHOLE)
    assert (film.match_status, film.decided_at) == (Match.MATCHED, NOW)
    assert list(film.candidates.values_list("tmdb_id", "state")) == [(7, "rejected")]
    assert ListedFilm.objects.facts_due(NOW).filter(pk=film.pk).exists(), "its own page is read"
    answer(WHOLE)
    film.refresh_from_db()
    assert (film.match_status, film.decided_at, film.reopened_at) == (Match.MATCHED, NOW, None)
    assert not ListedFilm.objects.open_questions(NOW).exists()
    assert not ListedFilm.objects.match_due(NOW).filter(pk=film.pk).exists()


@pytest.mark.parametrize("status", [Match.MATCHED, Match.NOT_A_FILM, Match.NOT_ON_TMDB])
def test_a_page_that_redirects_to_the_plain_address_asks_nothing_again(old: ListedFilm, status: str) -> None:
    """The film is listed under its UUID and was decided on; its page is read again, and redirects as before."""
    ListedFilm.objects.update(slug=WHOLE, address_cut=False, match_status=status)
    page = FilmPage(replace(FACTS, slug=WHOLE), f"/film/{CUT}.html", CUT)
    for _ in range(2):
        assert film_pages.store(WHOLE, page, at=NOW, now=NOW) == ""
        film = ListedFilm.objects.get()
        assert (film.slug, film.match_status, film.decided_at, film.reopened_at) == (WHOLE, status, NOW, None)
        assert not ListedFilm.objects.open_questions(NOW).exists()
        assert not ListedFilm.objects.match_due(NOW).exists()
    assert shown() == {(WHOLE, "The Duellists")}


def test_two_films_that_shared_a_row_are_told_apart(old: ListedFilm) -> None:
    store((CUT, 18), (WHOLE, 20))
    assert set(Showtime.objects.values_list("external_id", flat=True)) == {
        f"{CUT}|kijow|2026-11-27T18:00", f"{WHOLE}|kijow|2026-11-27T20:00",
    }  # fmt: skip
    answer(WHOLE, original_title="Pojedynek", directors=("Łukasz Palkowski",), year=2026)
    assert shown() == {(CUT, "The Duellists"), (WHOLE, None)}
    film = ListedFilm.objects.get(slug=WHOLE)
    assert (film.match_status, film.movie, film.decided_at, film.candidates.count()) == (Match.PENDING, None, None, 0)
    assert ListedFilm.objects.match_due(NOW).filter(pk=film.pk).exists()


def test_two_films_at_one_hour_are_two_showtimes(old: ListedFilm) -> None:
    store((CUT, 18), (WHOLE, 18), (CUT, 20))
    assert Showtime.objects.listed().count() == 3
    assert old.showtimes.count() == 2


def test_a_question_is_not_asked_twice(old: ListedFilm) -> None:
    ListedFilm.objects.update(decided_at=None, match_status=Match.REVIEW, movie=None)
    store((WHOLE, 18), (WHOLE, 20))
    assert list(ListedFilm.objects.open_questions(NOW).values_list("slug", flat=True)) == [WHOLE]


def test_a_film_that_came_later_is_nobody_s_heir(old: ListedFilm) -> None:
    ListedFilm.objects.update(address_cut=False)
    store((CUT, 18), (CUT, 20), (WHOLE, 20))
    film = ListedFilm.objects.get(slug=WHOLE)
    assert (film.match_status, film.movie, film.original_title) == (Match.PENDING, None, "")
