"""Movies are described anew or dropped, events follow their names, and matches are looked at again with their facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction

from events.models import Cinema, Event, ListedFilm, Movie, changes
from kinokrakow import http
from review import decisions
from review.automatic import upkeep
from review.automatic.movies import store_movie
from review.decisions import Submission
from review.models import Decision, MatchCandidate
from scraper.demo.tmdb import DemoTmdb
from tests.review.listing import NOW, OTHER, SAMURAI, STUB, propose, reviewer, store, tell

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = NOW.replace(hour=3)
MONTHS = dt.timedelta(days=160)
ENTRY = {
    "tmdb_id": 346, "title": "Siedmiu samurajów. Wersja odnowiona", "year": 1954, "directors": ["Akira Kurosawa"],
    "runtime": 203, "vote_count": 900,
}  # fmt: skip


def matched(at: dt.datetime = BEFORE) -> ListedFilm:
    return propose(store("siedmiu-samurajow"), (SAMURAI, 92.0), at=at)


def refresh(entries: list[dict[str, object]], at: dt.datetime) -> int:
    with (
        DemoTmdb(entries) as server,
        http.Session(http.Service("tmdb", server.url, interval=0.0, timeout=20.0)) as session,
    ):
        movies = upkeep.due(at)
        found = upkeep.ask(movies, session)
        with transaction.atomic():
            upkeep.refresh(movies, found, at=at)
    return len(server.requests)


def test_a_movie_that_is_shown_is_described_anew_after_a_month_and_its_events_are_called_after_it() -> None:
    matched(BEFORE - dt.timedelta(days=31))
    token = changes.token()
    assert refresh([ENTRY], BEFORE) == 1
    assert changes.token() != token, "who has a page or a calendar asks for a new one"
    movie = Movie.objects.get(tmdb_id=346)
    assert (movie.runtime, movie.title, movie.asked_at) == (203, ENTRY["title"], BEFORE)
    assert Event.objects.get().title == f"{ENTRY['title']} at Kijow"
    assert refresh([ENTRY], BEFORE + dt.timedelta(hours=1)) == 0


def test_one_described_this_month_is_not_asked_about_and_one_that_tmdb_lost_stays_as_it_was() -> None:
    matched(BEFORE - dt.timedelta(days=29))
    assert refresh([ENTRY], BEFORE) == 0
    Movie.objects.update(asked_at=None)
    assert refresh([], BEFORE) == 1
    movie = Movie.objects.get(tmdb_id=346)
    assert (movie.title, movie.asked_at) == (SAMURAI.title, BEFORE)


def test_a_movie_of_which_tmdb_talks_nonsense_costs_no_other() -> None:
    matched(BEFORE - dt.timedelta(days=31))
    first = Movie.objects.create(tmdb_id=7, title="Seven")
    asked = [first, Movie.objects.get(tmdb_id=346)]
    with (
        DemoTmdb([ENTRY, {"tmdb_id": 7, "title": "", "year": 1995}]) as server,
        http.Session(http.Service("tmdb", server.url, interval=0.0, timeout=20.0)) as session,
    ):
        found = upkeep.ask(asked, session)
    assert [film.tmdb_id for film in found] == [346]


def test_an_event_follows_the_name_of_its_cinema() -> None:
    matched()
    Cinema.objects.update(name="Kino Kijów")
    with transaction.atomic():
        upkeep.refresh([], [], at=BEFORE)
    assert Event.objects.get().title.endswith("at Kino Kijów")


@transaction.atomic
def test_what_is_shown_no_more_loses_tmdb_s_content_before_six_months_and_keeps_its_name() -> None:
    film = matched()
    store_movie(replace(SAMURAI, tmdb_id=9), at=BEFORE)  # nobody's
    upkeep.purge(BEFORE + dt.timedelta(hours=1))
    assert Movie.objects.count() == 2
    assert upkeep.purge(NOW + MONTHS) == 3  # and its candidate
    movie = Movie.objects.get()
    assert (movie.tmdb_id, movie.title, movie.directors, movie.runtime) == (346, SAMURAI.title, [], None)
    assert ListedFilm.objects.get(pk=film.pk).movie == movie


def test_what_undoing_a_decision_would_bring_back_is_kept() -> None:
    """Also years afterwards: without its movie the film could not be what it was."""
    listed, user = matched(), reviewer()
    decisions.several_films(Submission(listed.pk, listed.revision, by=user, at=NOW), [STUB, OTHER])
    listed.refresh_from_db()
    decisions.not_a_film(Submission(listed.pk, listed.revision, by=user, at=NOW + dt.timedelta(hours=1)))
    Movie.objects.create(tmdb_id=7, title="Nobody's")
    with transaction.atomic():
        upkeep.purge(NOW + MONTHS)
    assert not Movie.objects.filter(tmdb_id=7).exists()
    for films in ({STUB.tmdb_id, OTHER.tmdb_id}, set()):
        decisions.undo(Decision.objects.standing().latest("pk").pk, by=user, at=NOW + MONTHS, sure=True)
        listed.refresh_from_db()
        assert set(listed.parts.values_list("tmdb_id", flat=True)) == films
    assert listed.movie == Movie.objects.get(tmdb_id=SAMURAI.tmdb_id)


@transaction.atomic
def test_candidates_of_what_is_past_are_forgotten_but_for_the_rejected() -> None:
    propose(store("siedmiu-samurajow"), (SAMURAI, 64.0), (replace(SAMURAI, tmdb_id=9), 30.0), at=BEFORE)
    MatchCandidate.objects.filter(tmdb_id=9).update(state=MatchCandidate.State.REJECTED)
    upkeep.purge(BEFORE)
    assert MatchCandidate.objects.count() == 2
    upkeep.purge(NOW + MONTHS)
    (rejected,) = MatchCandidate.objects.all()
    assert rejected.facts == {"tmdb_id": 9, "title": SAMURAI.title, "year": 1954}


@pytest.mark.parametrize(
    ("facts", "signals"),
    [
        ({"runtime": 207, "directors": ("Kurosawa Akira",)}, []),
        ({"runtime": 190}, []),  # within 20 minutes
        ({"runtime": 140}, ["runtime"]),
        ({"directors": ("Ktoś Inny",)}, ["director"]),
        ({"title": "Siedmiu samurajów 2"}, ["title"]),
    ],
)
def test_an_automatic_match_that_its_own_facts_contradict_is_listed(
    facts: dict[str, object], signals: list[str]
) -> None:
    film = matched()
    tell(film, **facts)
    ListedFilm.objects.update(match_status=ListedFilm.Match.MATCHED)  # as a later page leaves it
    found = upkeep.contradicted(BEFORE)
    assert [one.signal for each in found for one in each.against] == signals
    assert all(each.reasons for each in found)
    ListedFilm.objects.update(decided_at=BEFORE)  # what a person decided is no question of the program's
    assert upkeep.contradicted(BEFORE) == []


def test_what_has_been_shown_is_no_question_any_more() -> None:
    film = matched()
    tell(film, runtime=140)
    assert upkeep.contradicted(NOW + dt.timedelta(days=2)) == []
