"""A film listed several times is one question: decided for all of its listings, undone for all, never for others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from events.models import ListedFilm, Showtime
from review import decisions
from review.decisions import grouping
from review.models import Decision
from review.queue.cards import marked
from tests.review.listing import MINUTE, NOW, OTHER, SAMURAI, hand, propose, reviewer, store, tell

Match = ListedFilm.Match
LISTINGS = ("siedmiu-samurajow", "siedmiu-samurajow-2d-dubbing", "ladies-night-siedmiu-samurajow")


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW + 2 * MINUTE, tick=False):
        yield


@pytest.fixture
def desk(db: None, client: Client) -> Client:
    anna = reviewer("anna")
    anna.user_permissions.set(Permission.objects.filter(codename__in=("decide", "undo")))
    client.force_login(anna)
    return client


@pytest.fixture
def listed(db: None) -> list[ListedFilm]:
    return [propose(store(slug), (SAMURAI, 64.0), (OTHER, 21.0)) for slug in LISTINGS]


def form(film: ListedFilm, do: str, *also: ListedFilm, **more: Any) -> dict[str, Any]:
    return {"do": do, "revision": film.revision, "also": [f"{one.pk}:{one.revision}" for one in also], **more}


def statuses() -> dict[str, str]:
    return dict(ListedFilm.objects.order_by("pk").values_list("slug", "match_status"))


@pytest.mark.once
@pytest.mark.parametrize("which", [0, 1, 2])
def test_each_listing_finds_the_others(listed: list[ListedFilm], which: int) -> None:
    """Also two that have only the third in common."""
    assert grouping.same_question(listed[which], NOW) == [film for film in listed if film != listed[which]]


@pytest.mark.once
@pytest.mark.parametrize(
    "facts", [{"year": 2016}, {"directors": ("Antoine Fuqua",)}, {"original_title": "The Magnificent Seven"}]
)
def test_facts_that_contradict_are_another_film(listed: list[ListedFilm], facts: dict[str, Any]) -> None:
    tell(listed[0], year=1954, directors=("Akira Kurosawa",), original_title="Shichinin no samurai")
    tell(listed[1], **facts)
    propose(listed[1], (SAMURAI, 64.0))
    listed[0].refresh_from_db()
    propose(listed[0], (SAMURAI, 64.0))
    assert listed[1] not in grouping.same_question(listed[0], NOW)


@pytest.mark.once
@pytest.mark.parametrize("slug", ["siedmiu-samurajow-2", "siedmiu-wspanialych", "samurajowie"])
def test_another_part_and_another_title_are_another_question(listed: list[ListedFilm], slug: str) -> None:
    propose(store(slug), (SAMURAI, 64.0))
    assert grouping.same_question(listed[0], NOW) == listed[1:]


@pytest.mark.once
def test_another_best_candidate_and_a_closed_question_are_left_out(listed: list[ListedFilm], desk: Client) -> None:
    propose(store("siedmiu-samurajow-pokaz"), (OTHER, 64.0), (SAMURAI, 60.0))
    decisions.not_a_film(hand(listed[2], User.objects.get()))
    assert grouping.same_question(listed[0], NOW) == [listed[1]]
    listed[2].refresh_from_db()
    assert grouping.same_question(listed[2], NOW) == []


def test_one_key_decides_for_all_and_one_undoes_it(listed: list[ListedFilm], desk: Client) -> None:
    page = desk.get(reverse("review-question", args=[listed[0].pk])).content.decode()
    for other in listed[1:]:
        assert f'name="also" value="{other.pk}:{other.revision}"' in page
    before = list(ListedFilm.objects.order_by("pk").values("match_status", "movie", "decided_at", "score"))
    desk.post(reverse("review-decide", args=[listed[0].pk]), form(listed[0], "accept", *listed[1:], tmdb_id=346))
    assert set(statuses().values()) == {Match.MATCHED}
    assert not Showtime.objects.filter(event=None).exists()
    last = desk.get(reverse("review")).content.decode()
    assert "(and 2 other listings)" in last
    assert "6 showtimes published" in last
    desk.post(reverse("review-undo", args=[Decision.objects.latest("pk").pk]))
    assert list(ListedFilm.objects.order_by("pk").values("match_status", "movie", "decided_at", "score")) == before
    assert not Decision.objects.standing().exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("do", "more", "status"),
    [
        ("not_on_tmdb", {}, Match.NOT_ON_TMDB),
        ("not_a_film", {}, Match.NOT_A_FILM),
        ("several_films", {"tmdb_id": [346, 966]}, Match.SEVERAL_FILMS),
        ("defer", {"note": "later", "days": "3"}, Match.REVIEW),
    ],
)
def test_the_other_answers_are_for_all_too(
    listed: list[ListedFilm], desk: Client, do: str, more: dict[str, Any], status: str
) -> None:
    desk.post(reverse("review-decide", args=[listed[0].pk]), form(listed[0], do, *listed[1:], **more))
    assert set(statuses().values()) == {status}
    assert Decision.objects.filter(verb=do).count() == 3


@pytest.mark.once
def test_all_or_none(listed: list[ListedFilm], desk: Client) -> None:
    """One of them has been decided on meanwhile: nothing is done, and the reviewer is told who was faster."""
    sent = form(listed[0], "accept", *listed[1:], tmdb_id=346)
    decisions.not_a_film(hand(listed[2], reviewer("ola")))
    answer = desk.post(reverse("review-decide", args=[listed[0].pk]), sent, follow=True)
    assert "ola has already decided" in answer.content.decode()
    assert statuses()[LISTINGS[0]] == statuses()[LISTINGS[1]] == Match.REVIEW


@pytest.mark.once
def test_alone_decides_for_one(listed: list[ListedFilm], desk: Client) -> None:
    page = desk.get(reverse("review-question", args=[listed[0].pk]), {"alone": "1"}).content.decode()
    assert 'name="also"' not in page


@pytest.mark.once
def test_decisions_at_the_same_moment_are_not_together(listed: list[ListedFilm], desk: Client) -> None:
    for film in listed:
        desk.post(reverse("review-decide", args=[film.pk]), form(film, "not_a_film"))
    desk.post(reverse("review-undo", args=[Decision.objects.latest("pk").pk]))
    assert Decision.objects.standing().count() == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://as.repertuary.pl/images/film_1.jpg", True),
        ("http://as.repertuary.pl/images/film_1.jpg", False),
        ("https://evil.example/as.repertuary.pl/x.jpg", False),
        ("https://as.repertuary.pl@evil.example/x.jpg", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_the_site_s_poster_stands_beside_the_listing(
    listed: list[ListedFilm], desk: Client, address: str, shown: bool
) -> None:
    ListedFilm.objects.filter(pk=listed[0].pk).update(poster_url=address)
    answer = desk.get(reverse("review-question", args=[listed[0].pk]))
    page = answer.content.decode()
    assert (f'<img src="{address}"' in page) is shown
    assert ("no poster on the site" in page) is not shown
    assert "https://as.repertuary.pl" in answer["Content-Security-Policy"]


def test_films_by_hint_and_by_number_of_candidates(listed: list[ListedFilm], admin_client: Client) -> None:
    opera = store("the-metropolitan-opera-tosca")
    path = reverse("admin:events_listedfilm_changelist")

    def found(**query: str) -> set[str]:
        return {film.slug for film in admin_client.get(path, query).context["cl"].result_list}

    assert found(hint="yes") == {opera.slug}
    assert found(candidates="none") == {opera.slug}
    assert found(candidates="several") == set(LISTINGS)
    assert found(candidates="one") == set()


@pytest.mark.parametrize(
    ("title", "listed", "differs"),
    [
        ("Obcy: Romulus", "Obcy: Romulus", []),
        ("Obcy 3", "Obcy 2", ["3"]),
        ("Nimfomanka – część II", "Nimfomanka – część I", ["I"]),
        ("Zupełnie co innego", "Obcy", []),
    ],
)
def test_the_letters_in_which_titles_differ_are_marked(title: str, listed: str, differs: list[str]) -> None:
    pieces = list(marked(title, (listed, "")))
    assert "".join(text for text, _ in pieces) == title
    assert [text for text, differ in pieces if differ] == differs
