# ruff: noqa: E501 - answers in few lines
"""What is read of TMDB's answers, in full: right ones, and ones with one value of a wrong type in each place."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from review.tmdb import APPENDED
from review.tmdb.answers import Reading
from tests import approved
from tests.review.test_tmdb_answers import DEMO, WRONG

DETAILS = DEMO.answer("/movie/598", {"language": "pl-PL", "append_to_response": APPENDED}, "")[1] | {
    "release_dates": {"results": [
        {"iso_3166_1": "PL", "release_dates": [{"release_date": "2003-05-06T00:00:00.000Z"}, {"release_date": "2002-12-31"}, {"release_date": "soon"}]},
        {"iso_3166_1": "US", "release_dates": [{"release_date": "2002-01-01"}]},
    ]},
    "translations": {"translations": [
        {"iso_639_1": "pl", "data": {"title": "Miasto Boga (pl)"}}, {"iso_639_1": "de", "data": {"title": "Stadt Gottes"}},
        {"iso_639_1": "en", "data": {"title": ""}},
    ]},
    "alternative_titles": {"titles": [{"iso_3166_1": "PL", "title": "Miasto"}, {"iso_3166_1": "FR", "title": "La cité"}, {"iso_3166_1": "US", "title": "God's City"}]},
    "production_countries": [{"iso_3166_1": "BR"}, {"name": "France"}, {"iso_3166_1": ""}],
    "external_ids": {"imdb_id": "tt0317248"}, "imdb_id": None,
    "credits": {"crew": [{"job": "Director", "name": "Fernando Meirelles"}, {"job": "Writer", "name": "A"}, {"job": "Director", "name": ""}],
                "cast": [{"name": f"Actor {n}"} for n in range(32)]},
}  # fmt: skip
RESULTS: list[Any] = [
    {"id": n, "title": f"Film {n}", "release_date": f"{2000 + n}-01-02", "vote_count": n} for n in range(1, 4)
]
LISTED = {
    "results": RESULTS,
    "total_results": 3,
    "total_pages": 1,
}
CREDITS = {
    "crew": [
        {"id": 1, "job": "Director", "title": "A"},
        {"id": 2, "job": "Writer", "title": "B"},
        {"id": 3, "job": "Director", "title": ""},
        {"id": 4, "title": "D"},
    ]
}
PEOPLE = {
    "results": [
        {"id": 1, "name": "Jan Nowak", "known_for_department": "Acting"},
        {"id": 2, "name": "Nowak Jan", "known_for_department": "Directing"},
        {"id": 3, "name": "Ewa Nowak"},
    ]
}
READ: dict[str, tuple[Any, Any]] = {
    "film": (DETAILS, lambda reading, answer: reading.film(answer, 598)),
    "found": (LISTED, lambda reading, answer: reading.found(answer)._asdict()),
    "directed": (CREDITS, lambda reading, answer: reading.directed(answer)._asdict()),
    "people": (PEOPLE, lambda reading, answer: reading.people(answer, "Jan Nowak")),
    "playing": (LISTED, lambda reading, answer: reading.playing(answer)),
    "first": ({"movie_results": RESULTS}, lambda reading, answer: reading.first(answer)),
}
Path = tuple[str | int, ...]


def paths(value: Any, path: Path = ()) -> list[Path]:
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in paths(each, (*path, key)))]


def outcome(kind: str, answer: Any) -> Any:
    reading = Reading()
    try:
        return {"read": approved.plain(READ[kind][1](reading, answer)), "left out": dict(reading.left_out)}
    except (TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


def differing(kind: str, answer: Any) -> Any:
    """What is read otherwise than of the right answer."""
    usual, found = outcome(kind, READ[kind][0]), outcome(kind, answer)
    if not isinstance(found, dict):
        return found
    read, before = found["read"], usual["read"]
    if isinstance(read, dict) and isinstance(before, dict):
        read = {name: read.get(name) for name in sorted({*read, *before}) if read.get(name) != before.get(name)}
    return [read if read != before else None, found["left out"]]


@pytest.mark.parametrize("kind", READ)
def test_answers(kind: str) -> None:
    right = READ[kind][0]
    made = {f"{kind}": outcome(kind, right)}
    for path in paths(right):
        for value in (
            [*WRONG, None, "", "17", "2001-02-03", [], {}, 3.0]
            if path
            else [None, [], "x", {"success": False, "status_code": 34}]
        ):
            answer = copy.deepcopy(right)
            place: Any = answer
            for key in path[:-1]:
                place = place[key]
            if path:
                place[path[-1]] = value
            made[f"{kind} {'.'.join(map(str, path))} {value!r:.40}"] = differing(kind, answer if path else value)
    approved.compare("tmdb", {name: value for name, value in made.items() if value != [None, {}]})


def test_how_much_more_was_found() -> None:
    made: dict[str, Any] = {}
    for films in (0, 1, 19, 20):
        for total in (None, 0, 1, 20, 21, "x"):
            for pages in (None, 0, 1, 2):
                answer = {"results": RESULTS[:1] * films, "total_results": total, "total_pages": pages}
                made[f"{films} {total} {pages}"] = [
                    outcome("found", answer)["read"].get("more", False),
                    Reading().playing(answer)[1],
                ]
    approved.compare("pages_of_tmdb", made)
