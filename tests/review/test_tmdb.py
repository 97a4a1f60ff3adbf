from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import Settings

from events.records import FilmFacts
from kinokrakow import http
from kinokrakow.models import ServiceState
from review import automatic
from review.matching import search
from review.matching.candidates import Candidate
from review.tmdb import Tmdb
from scraper.demo.tmdb import DemoTmdb
from tests.conftest import Answer, Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

TODAY = dt.date(2026, 11, 24)
GOD = {
    "tmdb_id": 598, "title": "City of God", "original_title": "Cidade de Deus", "pl_title": "Miasto Boga", "year": 2002,
    "directors": ["Fernando Meirelles", "Kátia Lund"], "runtime": 129, "vote_count": 7000, "popularity": 30.0,
    "original_language": "pt", "imdb_id": "tt0317248", "release_date": "2002-08-30", "countries": ["BR", "France"],
    "overview": "Buscapé\0 grows\n up.", "alternative_titles": ["God's City"], "now_playing": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    settings.RETRY_BASE_DELAY = 0.01


def service(url: str, token: str = "") -> http.Service:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return http.Service("tmdb", url, interval=0.0, timeout=20.0, headers=headers)


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    playing = [{"tmdb_id": 1000 + n, "title": f"Film {n}", "year": 2026, "now_playing": True} for n in range(30)]
    with DemoTmdb([GOD, *playing]) as server, http.Session(service(server.url)) as session:
        yield Tmdb(session)


def test_a_search_tells_what_a_result_holds(tmdb: Tmdb) -> None:
    (found,), more, dropped = tmdb.search("miasto boga")
    assert (more, dropped) == (False, 0)
    assert found == Candidate(
        598,
        "Miasto Boga",
        "Cidade de Deus",
        year=2002,
        release_date="2002-08-30",
        vote_count=7000,
        popularity=30.0,
        original_language="pt",
        overview="Buscapé grows up.",
    )
    assert tmdb.search("miasto boga", 2001) == ([], False, 0)


def test_details_tell_all_in_one_request(tmdb: Tmdb) -> None:
    film = tmdb.details(598)
    assert film is not None
    assert film.detailed
    assert film.directors == ("Fernando Meirelles", "Kátia Lund")
    assert film.countries == ("BR", "France")
    assert (film.runtime, film.imdb_id) == (129, "tt0317248")
    assert set(film.all_names) == {"Miasto Boga", "Cidade de Deus", "City of God", "God's City"}
    assert tmdb.details(999) is None


def test_a_director_leads_to_films(tmdb: Tmdb) -> None:
    (person,) = tmdb.people("Katia Lund")
    assert [film.tmdb_id for film in tmdb.directed(person).films] == [598]
    assert tmdb.people("Lund Nobody") == []
    assert tmdb.directed(999999).films == []


def test_a_tmdb_without_people_is_asked_for_them_once_and_matches_by_titles() -> None:
    unknown = FilmFacts(slug="a", title="Inny film", directors=("Kátia Lund", "Fernando Meirelles"), year=2002)
    known = FilmFacts(slug="b", title="Miasto Boga", directors=("Kátia Lund",), year=2002)
    with DemoTmdb([GOD], people=False) as server, http.Session(service(server.url)) as session:
        tmdb = Tmdb(session)
        assert [search.find(unknown, tmdb, today=TODAY).scored for _ in range(3)] == [(), (), ()]
        assert search.find(known, tmdb, today=TODAY).band(()) == "matched"
        assert server.asked["/3/search/person"] == 1


def test_now_playing_reads_all_its_pages(tmdb: Tmdb) -> None:
    assert tmdb.now_playing() == {598, *range(1000, 1030)}


@pytest.mark.parametrize("total", [{"total_pages": 15}, {"total_pages": 400}, {}], ids=json.dumps)
def test_now_playing_is_read_to_its_end_however_many_pages_are_named(server: Server, total: dict[str, int]) -> None:
    def page(_method: str, path: str, _count: int) -> Answer:
        number = int(parse_qs(urlsplit(path).query)["page"][0])
        films = [{"id": 10 * number + n, "title": "A"} for n in range(10 if number <= 15 else 0)]
        return Answer(body=json.dumps({"results": films, **total}).encode())

    server.answer = page
    with http.Session(service(server.url)) as session:
        assert Tmdb(session).now_playing() == set(range(10, 160))


@pytest.mark.parametrize(
    ("films", "total", "more"),
    [
        (10, {"total_pages": 3, "total_results": 25}, True),
        (10, {"total_pages": 500, "total_results": 10}, False),
        (10, {"total_pages": 1, "total_results": 25}, True),
        (10, {"total_pages": 3}, True),
        (10, {"total_pages": None, "total_results": ""}, False),
        (20, {"total_pages": 1, "total_results": 20}, True),
        (19, {}, False),
    ],
)
def test_a_search_says_whether_there_is_more(server: Server, films: int, total: dict[str, object], more: bool) -> None:
    results = [{"id": n, "title": "Dom", "release_date": "", "vote_count": None} for n in range(1, films + 1)]
    server.answer = lambda *_: Answer(body=json.dumps({"results": results, **total}).encode())
    with http.Session(service(server.url)) as session:
        found = Tmdb(session).search("dom")
    assert (len(found.films), found.more) == (films, more)


def test_an_imdb_id_leads_to_its_film(tmdb: Tmdb) -> None:
    found = tmdb.find_by_imdb("tt0317248")
    assert found is not None
    assert found.tmdb_id == 598
    assert tmdb.find_by_imdb("tt1") is None


def test_a_wrong_token_is_no_empty_answer() -> None:
    with (
        DemoTmdb([GOD], token="right") as server,
        http.Session(service(server.url, "wrong")) as session,
        pytest.raises(http.Blocked),
    ):
        Tmdb(session).search("Miasto Boga")


def test_what_passes_is_tried_again() -> None:
    def flaky(_method: str, _path: str, count: int) -> tuple[int, dict[str, str]] | None:
        return (503, {"Retry-After": "0.02"}) if count == 0 else None

    with DemoTmdb([GOD], fault=flaky) as server, http.Session(service(server.url)) as session:
        assert Tmdb(session).search("Miasto Boga").films[0].tmdb_id == 598


MALFORMED = [
    ("search", []),
    ("search", {}),
    ("search", {"results": None}),
    ("search", {"success": False, "status_message": "We are sorry"}),
    ("search", {"results": {}}),
    ("details", [7]),
    ("details", {"id": 1}),
    ("details", {"id": 1, "title": ["a"]}),
    ("details", {"id": 2, "title": "Another film"}),
]


@pytest.mark.parametrize(("ask", "content"), MALFORMED, ids=lambda value: json.dumps(value)[:60])
def test_an_answer_of_another_shape_is_garbled(server: Server, ask: str, content: object) -> None:
    server.answer = lambda *_: Answer(body=json.dumps(content).encode())
    with http.Session(service(server.url)) as session, pytest.raises(http.Garbled, match=server.url):
        Tmdb(session).search("x") if ask == "search" else Tmdb(session).details(1)


SHAPES: list[object] = [
    [], {}, 7, "x", None, True, [7], [{}], {"results": [{}]}, {"results": [None]}, {"results": {"id": 1}},
    {"results": [{"id": 1, "name": {}}]}, {"crew": 7}, {"crew": [{"job": "Director"}]}, {"movie_results": [{}]},
    {"movie_results": "x"}, {"id": []},
    {"id": 1, "release_dates": {"results": [{"iso_3166_1": "PL", "release_dates": 1}]}},
    {"results": [], "total_pages": {}}, {"id": 1, "vote_count": 2**70}, {"id": 1, "popularity": {}},
]  # fmt: skip


@pytest.mark.parametrize("content", SHAPES, ids=lambda value: json.dumps(value)[:60])
def test_whatever_json_comes_the_only_error_is_a_typed_one(server: Server, content: object) -> None:
    server.answer = lambda *_: Answer(body=json.dumps(content).encode())
    with http.Session(service(server.url)) as session:
        tmdb = Tmdb(session)
        asks: list[Callable[[], object]] = [
            lambda: tmdb.search("x"), lambda: tmdb.details(1), lambda: tmdb.people("x"), lambda: tmdb.directed(1),
            lambda: tmdb.find_by_imdb("tt1"), tmdb.now_playing,
        ]  # fmt: skip
        for ask in asks:
            with contextlib.suppress(http.Garbled):
                ask()


def test_an_answer_nested_without_end_is_garbled(server: Server) -> None:
    server.answer = lambda *_: Answer(body=b"[" * 100_000)
    with http.Session(service(server.url)) as session, pytest.raises(http.Garbled, match=server.url):
        Tmdb(session).search("x")


@pytest.mark.parametrize(
    "titles",
    [{"titles": [{"title": "B"}]}, {"results": [{"title": "B"}]}, [{"title": "B"}], ["B"]],
    ids=json.dumps,
)
def test_alternative_titles_come_in_several_shapes(server: Server, titles: object) -> None:
    body = json.dumps({"id": 1, "title": "A", "runtime": 90.0, "alternative_titles": titles}).encode()
    server.answer = lambda *_: Answer(body=body)
    with http.Session(service(server.url)) as session:
        assert Tmdb(session).details(1) == Candidate(1, "A", names=("B",), runtime=90, detailed=True)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_a_tmdb_that_refuses_people_still_answers_for_films(server: Server, status: int) -> None:
    found = json.dumps({"results": [{"id": 1, "title": "Inny", "release_date": "1999"}]}).encode()
    server.answer = lambda _m, path, _n: Answer(status if "person" in path else 200, found)
    with http.Session(service(server.url)) as session:
        tmdb = Tmdb(session)
        assert tmdb.people("Kátia Lund") == []
        assert not tmdb.lists_people
        assert [film.year for film in tmdb.search("inny").films] == [1999]


def test_of_all_names_those_that_a_polish_cinema_may_write_are_known(server: Server) -> None:
    names = [{"iso_3166_1": place, "title": name} for place, name in (("PL", "Czarna pantera"), ("FR", "Panthère"))]
    languages = (("uk", "Чорна пантера"), ("en", "Black Panther"), ("de", "Panther"), ("pl", ""))
    translations = [{"iso_639_1": language, "data": {"title": name}} for language, name in languages]
    told = {
        "id": 1,
        "title": "A",
        "alternative_titles": {"titles": names},
        "translations": {"translations": translations},
    }
    server.answer = lambda *_: Answer(body=json.dumps(told).encode())
    with http.Session(service(server.url)) as session:
        film = Tmdb(session).details(1)
    assert film is not None
    assert film.listed_names == ("Czarna pantera", "Чорна пантера", "Black Panther")
    assert len(film.names) == 5


def test_nulls_where_tmdb_has_nothing_are_no_fault(server: Server) -> None:
    film = dict.fromkeys(("release_date", "runtime", "imdb_id", "credits", "translations", "poster_path", "overview"))
    server.answer = lambda *_: Answer(
        body=json.dumps({**film, "id": 1, "title": "A\0 \ud800film", "vote_count": 0}).encode()
    )
    with http.Session(service(server.url)) as session:
        assert Tmdb(session).details(1) == Candidate(1, "A ?film", vote_count=0, detailed=True)


@pytest.mark.parametrize(("code", "refused"), [(7, True), (3, True), (9, False), (None, False)])
def test_a_refusal_with_status_200_is_one(server: Server, settings: Settings, code: int | None, refused: bool) -> None:
    settings.TMDB_BASE_URL, settings.TMDB_TOKEN = server.url, "t"
    body = json.dumps({"success": False, "status_code": code, "status_message": "Invalid API key."}).encode()
    server.answer = lambda *_: Answer(200, body)
    expected = pytest.raises(http.Denied if refused else http.Garbled, match="Invalid API key")
    with http.Session(automatic.service(), patience=5, tries=1) as session, expected:
        Tmdb(session).search("Bugonia")
    assert ServiceState.objects.get(name="tmdb").refused is refused
