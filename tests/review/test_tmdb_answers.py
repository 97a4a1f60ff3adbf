"""TMDB's answers with values of every wrong type in every place: each costs what it touches, and none makes a match."""

from __future__ import annotations

import copy
import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from events.records import FilmFacts
from review.matching import search
from review.matching.candidates import Candidate, Found
from review.matching.score import judge
from review.tmdb import APPENDED, Tmdb
from review.tmdb.answers import Reading
from scraper.demo.tmdb import DemoTmdb
from tests.review.shelf import film, listed

TODAY = dt.date(2026, 11, 24)
GOD = {
    "tmdb_id": 598, "title": "City of God", "original_title": "Cidade de Deus", "pl_title": "Miasto Boga", "year": 2002,
    "directors": ["Fernando Meirelles"], "runtime": 129, "vote_count": 7000, "popularity": 30.0, "countries": ["BR"],
    "original_language": "pt", "imdb_id": "tt0317248", "release_date": "2002-08-30", "overview": "Buscapé.",
    "alternative_titles": ["God's City"],
}  # fmt: skip
HOUSES = [
    {"tmdb_id": number, "title": "Dom", "year": 2020, "directors": [name], "runtime": 90 + number, "vote_count": 500}
    for number, name in ((1, "Jan Nowak"), (2, "Maria Kowal"))
]
WRONG: list[Any] = ["<b>x", -1, True, 2.5, 2**70, [7], {"a": 1}]

RIGHT = listed("Miasto Boga", year=2002, directors=("Fernando Meirelles",), runtime=129)
#: Of these a readable answer keeps the film from being accepted.
CONTRADICTED = [
    listed("Miasto Boga", year=2002, directors=("Hanna Other",)),
    listed("Miasto Boga", year=2002, runtime=71),
    listed("Miasto Boga", year=1975, runtime=129),
    listed("Miasto Boga", year=2002, countries=("Japonia",)),
    listed("Dom", year=2020),
    listed("Dom"),
]


class Garbling:
    """The stand-in's answers, one of them changed: a `review.matching.search.Source`."""

    lists_people = True

    def __init__(self, change: Callable[[str, Any], None] = lambda _kind, _answer: None) -> None:
        self.demo, self.change = DEMO, change

    def _ask(self, kind: str, path: str, **params: str) -> Any:
        status, answer = self.demo.answer(path, {"language": "pl-PL", **params}, "")
        assert status == 200
        answer = copy.deepcopy(answer)
        self.change(kind, answer)
        return answer

    def search(self, query: str, year: int | None = None) -> Found:
        on = {"year": str(year)} if year else {}
        return Reading().found(self._ask("search", "/search/movie", query=query, **on))

    def details(self, tmdb_id: int) -> Candidate | None:
        answer = self._ask("details", f"/movie/{tmdb_id}", append_to_response=APPENDED)
        return Reading().film(answer, tmdb_id)

    def people(self, name: str) -> list[int]:
        return Reading().people(self._ask("people", "/search/person", query=name), name)

    def directed(self, person: int) -> Found:
        return Reading().directed(self._ask("directed", f"/person/{person}/movie_credits"))


DEMO = DemoTmdb([GOD, *HOUSES])
Path = tuple[str | int, ...]


def places(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of an answer with the way to it."""
    if at:
        yield at, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*at, key))


def put(answer: Any, at: Path, value: Any) -> None:
    *way, last = at
    for key in way:
        answer = answer[key]
    answer[last] = value


def accepted(facts: FilmFacts, source: Garbling) -> bool:
    return search.find(facts, source, today=TODAY).band(()) in ("matched", "provisional")


def wrong_for(value: Any) -> list[Any]:
    return [one for one in WRONG if type(one) is not type(value) or isinstance(one, int | list)]


def answers(facts: FilmFacts) -> dict[str, Any]:
    """One answer of each kind, as `facts` bring them up."""
    seen: dict[str, Any] = {}
    search.find(
        facts, Garbling(lambda kind, answer: seen.setdefault(kind, copy.deepcopy(answer)) and None), today=TODAY
    )
    return seen


def test_whole_answers_match_and_contradict() -> None:
    assert accepted(RIGHT, Garbling())
    assert not any(accepted(facts, Garbling()) for facts in CONTRADICTED)


@pytest.mark.parametrize("facts", [RIGHT, *CONTRADICTED], ids=lambda facts: f"{facts.title} {facts.year}")
def test_a_bad_value_costs_a_value_and_makes_no_match(facts: FilmFacts) -> None:
    tried = 0
    for kind, whole in answers(facts).items():
        for at, value in places(whole):
            if at in (("results",), ("page",)):
                continue  # without a list it is no answer
            for wrong in wrong_for(value):

                def change(asked: str, answer: Any, kind: str = kind, at: Path = at, wrong: Any = wrong) -> None:
                    if asked == kind and any(at == place for place, _ in places(answer)):
                        put(answer, at, wrong)

                tried += 1
                try:
                    proposal = search.find(facts, Garbling(change), today=TODAY)
                except ValueError:  # a list with nothing readable in it is asked for again
                    assert (kind, len(whole["results"])) == ("search", 1), at
                    continue
                taken = proposal.band(()) in ("matched", "provisional")
                assert facts is RIGHT or not taken, (kind, at, wrong)
                if facts is RIGHT and kind == "details" and at[0] not in ("title", "original_title"):
                    assert proposal.scored[0].candidate.tmdb_id == 598, (kind, at, wrong)
    assert tried > 100


@pytest.mark.parametrize(
    "result", [7, None, "<html>", [], {}, {"title": "Dom"}, {"id": "x", "title": "Dom"}, {"id": 7, "title": ["Dom"]}]
)
def test_a_bad_result_costs_that_result_and_may_have_been_a_rival(result: Any) -> None:
    house = {"id": 1, "title": "Dom", "release_date": "2020-01-01", "vote_count": 500}
    reading = Reading()
    found = reading.found({"results": [result, house], "total_results": 2})
    assert ([film.tmdb_id for film in found.films], found.dropped) == ([1], 1)
    assert reading.left_out["results"] == 1

    def change(kind: str, answer: Any) -> None:
        if kind == "search":
            answer["results"] = [result, *answer["results"][:1]]

    bare = listed("Miasto Boga", year=2002)
    assert accepted(bare, Garbling())
    assert not accepted(bare, Garbling(change))
    assert accepted(RIGHT, Garbling(change))


@pytest.mark.parametrize("fact", ["year", "runtime", "title"])
def test_a_film_of_the_same_title_that_is_not_wholly_readable_may_be_the_one(fact: str) -> None:
    sure = film(1, "Dom", 2020, "Jan Nowak", runtime=95)
    rival = film(2, "Dom" if fact != "title" else "?", 2020 if fact == "runtime" else None, "Maria Kowal", runtime=0)
    facts = listed("Dom", year=2020, runtime=95)
    assert judge(facts, [sure, replace(rival, runtime=200)], today=TODAY)[0].score >= 70
    assert judge(facts, [sure, replace(rival, unreadable=(fact,))], today=TODAY)[0].score < 60


def test_numbers_written_as_text_are_numbers_and_nothing_known_is_no_fault() -> None:
    reading = Reading()
    seven = reading.film(
        {"id": "7", "title": "Dom", "runtime": "90", "vote_count": 12.0, "credits": [], "tagline": 1}, 7
    )
    assert (seven.tmdb_id, seven.runtime, seven.vote_count, seven.unreadable) == (7, 90, 12, ())
    assert not reading.left_out


def test_what_is_left_out_is_counted_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    class Session:
        def read(self, _path: str, parse: Callable[[Any], Any], **_params: object) -> Any:
            return parse({"results": [{"id": 1, "title": "Dom", "release_date": 7}, "secret"]})

    with caplog.at_level(logging.WARNING):
        Tmdb(Session()).search("dom")  # type: ignore[arg-type]
    assert "search/movie: left out what could not be read: release_date (1), results (1)" in caplog.text
    assert "secret" not in caplog.text
