"""What is kept of a film at TMDB, by what was told of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from events.models import Movie
from review.automatic.movies import store_movie
from tests.review.shelf import film

pytestmark = pytest.mark.django_db

WHOLE = film(
    346, "Siedmiu samurajów", 1954, "Akira Kurosawa", original_title="七人の侍", runtime=207, imdb_id="tt0047478",
    countries=("JP",), listed_names=("Сім самураїв",), overview="Wieś najmuje samurajów.", poster_path="/p.jpg",
)  # fmt: skip
KEPT = (
    "title",
    "original_title",
    "year",
    "runtime",
    "directors",
    "imdb_id",
    "countries",
    "overview",
    "poster_path",
    "names",
)


def kept() -> tuple[object, ...]:
    return tuple(Movie.objects.values_list(*KEPT).get(tmdb_id=346))


def test_all_that_details_tell_is_kept() -> None:
    at = timezone.now()
    movie = store_movie(WHOLE, at=at)
    assert kept() == (
        "Siedmiu samurajów", "七人の侍", 1954, 207, ["Akira Kurosawa"], "tt0047478", ["JP"], "Wieś najmuje samurajów.",
        "/p.jpg", ["Сім самураїв"],
    )  # fmt: skip
    again = store_movie(replace(WHOLE, runtime=200), at=at + dt.timedelta(days=1))
    assert (again.pk, Movie.objects.get().runtime) == (movie.pk, 200)


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        (replace(WHOLE, runtime=None, imdb_id="", directors=(), detailed=False), {}),  # a search result
        (replace(WHOLE, runtime=None, imdb_id="", unreadable=("runtime",)), {"imdb_id": ""}),
        (replace(WHOLE, title="", original_title="", unreadable=("title",)), {}),
    ],
)
def test_what_was_not_told_or_could_not_be_read_overwrites_nothing(told: object, changed: dict[str, object]) -> None:
    store_movie(WHOLE, at=timezone.now())
    before = dict(zip(KEPT, kept(), strict=True))
    store_movie(told, at=timezone.now())  # type: ignore[arg-type]
    assert dict(zip(KEPT, kept(), strict=True)) == before | changed
