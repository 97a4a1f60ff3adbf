"""The local TMDB answers as TMDB does; asked with the standard library only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import Message
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from scraper.demo.tmdb import DemoTmdb

ENTRIES: list[dict[str, Any]] = [
    {"tmdb_id": 598, "title": "City of God", "original_title": "Cidade de Deus", "pl_title": "Miasto Boga",
     "year": 2002, "directors": ["Fernando Meirelles", "Kátia Lund"], "runtime": 129, "vote_count": 7000,
     "popularity": 30.0, "imdb_id": "tt0317248", "release_date": "2002-08-30", "countries": ["BR", "France"],
     "now_playing": True},
    {"tmdb_id": 1, "title": "Łódź", "year": 1999, "popularity": 0.1},
    {"tmdb_id": 2, "title": "Lodz Ghetto", "year": 1989, "popularity": 9.0},
    {"tmdb_id": 3, "title": "Seven Samurai", "original_title": "七人の侍", "year": 1954,
     "directors": ["Akira Kurosawa"], "alternative_titles": ["Shichinin no samurai"], "vote_count": 0, "runtime": 0},
    *({"tmdb_id": 100 + n, "title": f"Night {n}", "year": 2000, "popularity": float(n)} for n in range(45)),
]  # fmt: skip


@pytest.fixture(scope="module")
def tmdb() -> Iterator[DemoTmdb]:
    with DemoTmdb(ENTRIES) as server:
        yield server


def get(server: DemoTmdb, path: str, token: str = "", **query: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urlopen(Request(f"{server.url}/{path}?{urlencode(query)}", headers=headers), timeout=30) as answer:
        return json.load(answer)


def ids(server: DemoTmdb, query: str, **more: Any) -> list[int]:
    return [film["id"] for film in get(server, "search/movie", query=query, **more)["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("City of God", [598]),
        ("cidade DE deus!", [598]),
        ("miasto bog", [598]),  # the last word may be the beginning of one
        ("mias boga", []),  # another may not
        ("city boga", []),  # all words in one name
        ("lodz", [1, 2]),  # the exact name first, the popular one after it
        ("Łódź", [1, 2]),
        ("七人の侍", [3]),
        ("samurai shichinin", [3]),
        ("", []),
        ("?!", []),
    ],
)
def test_search_finds_what_tmdb_would(tmdb: DemoTmdb, query: str, found: list[int]) -> None:
    assert ids(tmdb, query) == found


@pytest.mark.parametrize("parameter", ["year", "primary_release_year"])
def test_a_year_filters(tmdb: DemoTmdb, parameter: str) -> None:
    assert ids(tmdb, "lodz", **{parameter: 1989}) == [2]


def test_twenty_a_page_the_popular_first(tmdb: DemoTmdb) -> None:
    first, third = get(tmdb, "search/movie", query="night"), get(tmdb, "search/movie", query="night", page=3)
    assert [film["id"] for film in first["results"]] == list(range(144, 124, -1))
    assert len(third["results"]) == 5
    assert (first["total_pages"], first["total_results"], third["page"]) == (3, 45, 3)


def test_results_tell_less_than_details(tmdb: DemoTmdb) -> None:
    (result,) = get(tmdb, "search/movie", query="Miasto Boga", language="pl-PL")["results"]
    assert result["title"] == "Miasto Boga"
    assert not {"runtime", "credits", "directors", "production_countries"} & result.keys()
    plain = get(tmdb, "movie/598", language="pl-PL")
    assert plain["runtime"] == 129
    assert "credits" not in plain
    full = get(tmdb, "movie/598", language="pl-PL", append_to_response="credits,translations,alternative_titles")
    assert [one["name"] for one in full["credits"]["crew"]] == ["Fernando Meirelles", "Kátia Lund"]
    assert {one["data"]["title"] for one in full["translations"]["translations"]} == {"City of God", "Miasto Boga"}
    assert full["production_countries"][0]["iso_3166_1"] == "BR"
    assert get(tmdb, "movie/598")["title"] == "City of God"


def test_what_the_index_does_not_know_is_left_out(tmdb: DemoTmdb) -> None:
    assert "vote_count" not in get(tmdb, "movie/1")
    assert "runtime" not in get(tmdb, "movie/1")
    empty = get(tmdb, "movie/3")
    assert (empty["vote_count"], empty["runtime"]) == (0, 0)


def test_people_and_what_they_directed(tmdb: DemoTmdb) -> None:
    (person,) = get(tmdb, "search/person", query="Katia Lund")["results"]
    crew = get(tmdb, f"person/{person['id']}/movie_credits")["crew"]
    assert [(one["id"], one["job"]) for one in crew] == [(598, "Director")]
    assert get(tmdb, "search/person", query="Nobody")["results"] == []


def test_lists_and_ids(tmdb: DemoTmdb) -> None:
    assert [film["id"] for film in get(tmdb, "movie/now_playing", region="PL")["results"]] == [598]
    assert get(tmdb, "find/tt0317248", external_source="imdb_id")["movie_results"][0]["id"] == 598
    assert get(tmdb, "find/tt9", external_source="imdb_id")["movie_results"] == []
    assert "images" in get(tmdb, "configuration")


@pytest.mark.parametrize("path", ["movie/999999", "movie/abc", "person/77777/movie_credits", "nothing"])
def test_unknown_is_404_in_tmdbs_words(tmdb: DemoTmdb, path: str) -> None:
    with pytest.raises(HTTPError) as caught:
        get(tmdb, path)
    with caught.value as answer:
        assert answer.code == 404
        assert json.load(answer)["status_code"] == 34


def test_only_the_right_token_is_let_in() -> None:
    with DemoTmdb(ENTRIES, token="right") as server:
        assert get(server, "movie/598", token="right")["id"] == 598
        with pytest.raises(HTTPError) as caught:
            get(server, "movie/598", token="wrong")
        with caught.value as answer:
            assert answer.code == 401
            assert json.load(answer)["status_code"] == 7


def test_faults_come_as_told_and_requests_are_noted() -> None:
    def first_time(_method: str, path: str, count: int) -> tuple[int, dict[str, str]] | None:
        return (429, {"Retry-After": "7"}) if path == "/3/movie/598" and count == 0 else None

    with DemoTmdb(ENTRIES, fault=first_time) as server:
        with pytest.raises(HTTPError) as caught:
            get(server, "movie/598")
        with caught.value as answer:
            assert (answer.code, answer.headers["Retry-After"]) == (429, "7")
        assert get(server, "movie/598")["id"] == 598
        assert [(path, status) for _, _, path, status in server.requests] == [
            ("/3/movie/598?", 429),
            ("/3/movie/598?", 200),
        ]


AGAIN = {
    "tmdb_id": 7, "title": "Babette's Feast", "year": 1987, "pl_release_date": "2024-03-08",
    "cast": ["Stéphane Audran"],
}  # fmt: skip


class Reply(NamedTuple):
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(url: str, method: str = "GET", timeout: float = 30.0) -> Reply:
    try:
        with urlopen(Request(url, method=method), timeout=timeout) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())


def test_with_a_region_a_result_bears_the_date_of_the_polish_release_and_details_the_first_one() -> None:
    with DemoTmdb([AGAIN]) as tmdb:
        search = f"{tmdb.url}/search/movie?query=babette"
        dates = [ask(search + more).json()["results"][0]["release_date"] for more in ("", "&region=PL")]
        assert dates == ["1987-01-01", "2024-03-08"]
        details = ask(f"{tmdb.url}/movie/7?append_to_response=release_dates,credits").json()
        assert details["release_date"] == "1987-01-01"
        (poland,) = details["release_dates"]["results"]
        assert poland["iso_3166_1"] == "PL"
        assert poland["release_dates"][0]["release_date"] == "2024-03-08T00:00:00.000Z"
        assert [one["name"] for one in details["credits"]["cast"]] == ["Stéphane Audran"]


@pytest.mark.parametrize(
    ("year", "found"),
    [("year=2024", 1), ("year=1987", 1), ("primary_release_year=1987", 1), ("primary_release_year=2024", 0)],
)
def test_year_is_that_of_any_release_and_the_primary_one_that_of_the_first(year: str, found: int) -> None:
    with DemoTmdb([AGAIN]) as tmdb:
        assert ask(f"{tmdb.url}/search/movie?query=babette&{year}").json()["total_results"] == found


def test_people_come_by_the_page() -> None:
    films = [{"tmdb_id": n, "title": str(n), "year": 2000, "directors": [f"Jan {n}"]} for n in range(1, 31)]
    with DemoTmdb(films) as tmdb:
        pages = [ask(f"{tmdb.url}/search/person?query=jan&page={page}").json() for page in (1, 2, 3)]
        assert [len(page["results"]) for page in pages] == [20, 10, 0]
        assert pages[0]["total_pages"] == 2


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [("503", 503, "json"), ("401", 401, "json"), ("429", 429, "json"), ("html", 200, "html"), ("garbage", 200, "json")],
)
def test_a_fault_breaks_every_answer_until_it_is_mended(fault: str, status: int, kind: str) -> None:
    with DemoTmdb([AGAIN]) as tmdb:
        base = tmdb.url.removesuffix("/3")
        assert ask(f"{base}/fault/{fault}", "POST").json()["fault"] == fault
        answer = ask(f"{tmdb.url}/movie/7")
        assert (answer.status, kind in answer.headers["Content-Type"]) == (status, True)
        assert answer.headers.get("Retry-After") == ("10" if fault == "429" else None)
        if fault in ("html", "garbage"):
            with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
                answer.json()
        ask(f"{base}/fault/none", "POST")
        assert ask(f"{tmdb.url}/movie/7").json()["id"] == 7


def test_what_hangs_answers_nobody_and_lets_go_when_mended() -> None:
    with DemoTmdb([AGAIN]) as tmdb:
        tmdb.break_down("hang")
        with pytest.raises(TimeoutError):
            ask(f"{tmdb.url}/movie/7", timeout=0.3)
        tmdb.break_down("none")
        assert ask(f"{tmdb.url}/movie/7").json()["id"] == 7
        assert [status for *_, status in tmdb.requests] == [0, 200]
