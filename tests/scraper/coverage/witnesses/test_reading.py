"""What is read off the witnesses' answers, in the forms they are known in and in others they may take."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from scraper.coverage.witnesses.agreement import Kind
from scraper.coverage.witnesses.identity import cinema_meant
from scraper.coverage.witnesses.listings import cinema_city, coigdzie, mikro, reading
from scraper.coverage.witnesses.listings.records import Ask, Failure, Unreadable
from scraper.models import WitnessDifference, WitnessLook

DAY = dt.date(2026, 11, 28)
ASK = Ask("/", (DAY,))
URL = "https://kino.coigdzie.pl/miasto/krakow/dzien/2026-11-28"
SIX = dt.datetime.combine(DAY, dt.time(18))

MOVIE = (
    '<div class="movie"><a class="title" href="/film/7"><h2>Bugonia</h2></a><p class="info">2025 | USA | 118 min</p>'
    '<div class="cinema row"><div><a class="cinemaname" href="/kino/1">Kino Kijów</a></div>'
    '<div><span class="badge" data-time="2026-11-28 18:00:00">18:00</span></div></div></div>'
)


def test_the_rows_know_each_failure_and_each_kind_of_difference() -> None:
    assert set(WitnessLook.Failure.values) == set(Failure)
    assert set(WitnessDifference.Kind.values) == set(Kind)


def coigdzie_starts(html: str) -> list[tuple[str, str, dt.datetime]]:
    return [(s.cinema, s.title, s.starts_at) for s in coigdzie.extract(html, ASK, URL).starts]


@pytest.mark.parametrize(
    "html",
    [
        MOVIE,
        MOVIE.replace(
            'class="badge" data-time="2026-11-28 18:00:00"', 'data-time="2026-11-28 18:00:00" class="badge x"'
        ),
        MOVIE.replace("2026-11-28 18:00:00", "2026-11-28T18:00"),
        MOVIE.replace("2026-11-28 18:00:00", "2026-11-28T17:00:00Z"),
        MOVIE.replace("2026-11-28 18:00:00", "28.11.2026 18:00"),
        MOVIE.replace("2026-11-28 18:00:00", "1795885200"),
        MOVIE.replace("<div><span", "<div><em><b><span").replace("</span></div>", "</span></b></em></div>"),
        MOVIE.replace("<h2>Bugonia</h2>", "Bugonia"),
        MOVIE.replace('<a class="title" href="/film/7"><h2>Bugonia</h2></a>', "<h3>Bugonia</h3>"),
        MOVIE.replace('<p class="info">2025 | USA | 118 min</p>', ""),
        MOVIE.replace("div", "section"),
        f"<!DOCTYPE html><html><body><main>{MOVIE}<div class='movie'><h2>Rejs</h2></div></main>",
        "<title>Kina 28.11.2026</title>" + MOVIE.replace(' data-time="2026-11-28 18:00:00"', ""),
        "<h1>Kina w Krakowie, sobota, 28 listopada 2026</h1>" + MOVIE.replace(' data-time="2026-11-28 18:00:00"', ""),
        MOVIE.replace('"2026-11-28 18:00:00"', '"2026-11-28"'),
        MOVIE.replace("<span", '<b data-time="2026-11-28 18:00"><span').replace(' data-time="2026-11-28 18:00:00"', ""),
        MOVIE.replace("Bugonia", 'Bugonia <span class="badge">nowość</span>'),
        MOVIE.replace("<div><span", '<span class="badge">2D</span><div><span'),
        MOVIE.replace('<p class="info">', "<h3>Opis</h3><p>Film o 12:00.</p><p class='info'>"),
        MOVIE.replace("<h2>Bugonia</h2></a>", "<h2>Bugonia</h2></a><p class='subtitle'>Save the Planet</p>"),
        MOVIE.replace('<a class="title" href="/film/7"><h2>', '<a class="movie-title" href="/film/7"><h2>'),
        MOVIE.replace('<a class="title" href="/film/7"><h2>Bugonia</h2></a>', "<h1>Bugonia</h1>"),
        MOVIE.replace('<a class="cinemaname" href="/kino/1">', '<h4 class="title"><a class="cinemaname">'),
        MOVIE.replace("cinemaname", "cinema__name"),
        MOVIE.replace("cinemaname", "cinemaName"),
        MOVIE.replace('class="cinemaname"', ""),
        f"<h1>Kina w Krakowie</h1>{MOVIE}<template><b class='badge' data-time='{{{{ t }}}}'></b></template>",
    ],
)
def test_coigdzie_in_many_forms(html: str) -> None:
    assert coigdzie_starts(html) == [("Kino Kijów", "Bugonia", SIX)]


def test_coigdzie_by_cinema() -> None:
    """Films inside cinemas, in a box each or under a heading each."""
    film = '<div class="movie"><h2>{}</h2><b class="badge" data-time="2026-11-28 {}:00"></b></div>'
    kijow = "<a class='cinemaname'>Kijów</a>" + film.format("Bugonia", "18:00") + film.format("Rejs", "20:00")
    kika = "<a class='cinemaname'>Kika</a>" + film.format("Bugonia", "19:00")
    wanted = [("Kijów", "Bugonia", 18), ("Kijów", "Rejs", 20), ("Kika", "Bugonia", 19)]
    for html in (kijow + kika, f"<section>{kijow}</section><section>{kika}</section>"):
        assert [(cinema, title, at.hour) for cinema, title, at in coigdzie_starts(html)] == wanted
    orphan = film.format("Rejs", "21:00")
    assert len(coigdzie_starts(f"{orphan}<section>{kijow}</section>")) == 2


def test_films_named_after_other_cities_make_no_page_another_city_s() -> None:
    for title in ("<h1>Warszawa 1935</h1>", '<a class="title"><h1>Warszawa 1935</h1></a>'):
        html = MOVIE.replace('<a class="title" href="/film/7"><h2>Bugonia</h2></a>', title)
        assert coigdzie_starts(html) == [("Kino Kijów", "Warszawa 1935", SIX)]


OTHER = "https://kino.coigdzie.pl/miasto/warszawa/dzien/2026-11-28"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("", OTHER),
        (f"<link rel=canonical href='{OTHER}'>", URL),
        ("<title>Kina: Kraków, Wrocław</title><h1>Kina we Wrocławiu</h1>", URL),
        ("<title>Łódź, 28.11.2026</title>", URL),
    ],
)
def test_a_page_of_another_city_is_not_read(head: str, url: str) -> None:
    with pytest.raises(Unreadable, match="asked for Kraków"):
        coigdzie.extract(head + MOVIE, ASK, url)


def test_a_start_that_has_lost_its_cinema_gets_no_neighbour_s() -> None:
    lost = MOVIE.replace('<a class="cinemaname" href="/kino/1">Kino Kijów</a>', "").replace("Bugonia", "Rejs")
    two_rows = MOVIE.replace(
        "</div></div></div>", '</div></div><div><i class="badge" data-time="2026-11-28 21:00"></i></div></div>'
    )
    for html in (MOVIE + lost, lost + MOVIE, two_rows):
        sheet = coigdzie.extract(html, ASK, URL)
        assert [(s.title, s.starts_at) for s in sheet.starts] == [("Bugonia", SIX)]
        assert len(sheet.unread) == 1
    nameless = MOVIE.replace('<a class="title" href="/film/7"><h2>Bugonia</h2></a>', "")
    assert coigdzie_starts(nameless + MOVIE.replace("Kijów", "Kika")) == [
        ("Kino Kijów", "", SIX), ("Kino Kika", "Bugonia", SIX),
    ]  # fmt: skip


def test_a_page_of_another_day_is_of_an_unknown_form_and_an_hour_alone_is_of_no_day() -> None:
    for html in (
        MOVIE.replace("2026-11-28", "2026-11-27"),
        MOVIE.replace(' data-time="2026-11-28 18:00:00"', ""),
        "<html><body><p>Nowy wygląd</p></body></html>",
        "",
        " \0 ",
        "<!--",
    ):
        with pytest.raises(Unreadable) as caught:
            coigdzie.extract(html, ASK, URL)
        assert caught.value.failure == Failure.CHANGED
    for nothing in ("Brak seansów", "Nie znaleziono seansów tego dnia.", "Brak wyników"):
        assert coigdzie.extract(f"<p>{nothing}</p>", ASK, URL).starts == ()


def test_a_link_is_one_of_the_web_or_none() -> None:
    (start,) = coigdzie.extract(MOVIE, ASK, URL).starts
    assert (start.url, start.runtime) == ("https://kino.coigdzie.pl/film/7", 118)
    (start,) = coigdzie.extract(MOVIE.replace('"/film/7"', '"javascript:alert(1)"'), ASK, URL).starts
    assert start.url == ""


EVENT = {"id": "1", "filmId": "f", "eventDateTime": "2026-11-28T18:00:00", "attributeIds": ["imax", "subbed"],
         "bookingLink": "https://tickets.example/1"}  # fmt: skip
FILM = {"id": "f", "name": "Bugonia", "length": 118, "attributeIds": ["2d"]}
HOUSE = Ask("/", (DAY,), "Cinema City Bonarka")


def city(films: Any, *events: Any) -> str:
    return json.dumps({"body": {"films": films, "events": list(events)}})


@pytest.mark.parametrize(
    ("films", "event", "told"),
    [
        ([FILM], EVENT, ("Bugonia", "2D IMAX napisy", 118)),
        ({"f": FILM}, EVENT, ("Bugonia", "2D IMAX napisy", 118)),
        ([{**FILM, "id": 5, "length": "118 min"}], {**EVENT, "filmId": "5"}, ("Bugonia", "2D IMAX napisy", 118)),
        (None, EVENT, ("", "IMAX napisy", None)),
        ([FILM, None, 7], {**EVENT, "attributeIds": None, "cinemaId": 1090}, ("Bugonia", "2D", 118)),
        ({"f": {**FILM, "id": None}, "g": {"name": "Rejs"}}, {**EVENT, "filmId": None}, ("", "IMAX napisy", None)),
        ({"f": {"name": "Bugonia", "length": 118}}, EVENT, ("Bugonia", "IMAX napisy", 118)),
        (None, {**EVENT, "film": FILM}, ("Bugonia", "2D IMAX napisy", 118)),
        ({"AB_1": {"name": "Bugonia"}}, {**EVENT, "filmId": "AB_1"}, ("Bugonia", "IMAX napisy", None)),
        ([FILM], {"FilmId": "f", "dateTime": EVENT["eventDateTime"]}, ("Bugonia", "2D", 118)),
        ([{**FILM, "name": None, "length": {}}], {**EVENT, "attributeIds": "dubbed,3d"}, ("", "2D dubbing 3D", None)),
    ],
)
def test_cinema_city_in_many_forms(films: Any, event: dict[str, Any], told: tuple[str, str, int | None]) -> None:
    off = [{**EVENT, "cancelled": True}, {**EVENT, "status": "CANCELLED"}]
    body = {"body": json.loads(city(films, event, *off))}
    (start,) = cinema_city.extract(json.dumps(body), HOUSE).starts
    assert (start.cinema, start.starts_at) == ("Cinema City Bonarka", SIX)
    assert (start.title, start.version, start.runtime) == told


def test_an_answer_that_says_what_went_wrong_is_no_empty_day() -> None:
    assert cinema_city.extract("\ufeff" + json.dumps({"data": {"events": [EVENT]}, "error": None}), HOUSE).starts
    for extract, body in (
        (cinema_city.extract, {"body": {"films": [], "events": []}, "errorMessage": "Internal error"}),
        (mikro.extract, {"error": {"code": 7}, "data": []}),
    ):
        with pytest.raises(Unreadable) as caught:
            extract(json.dumps(body), HOUSE)
        assert caught.value.failure == Failure.UNREACHABLE


def test_a_bad_row_costs_that_row() -> None:
    no_times: tuple[Any, ...] = (None, "soon", True, {}, "2026-13-45T10:00:00")
    bad = [{**EVENT, "eventDateTime": when} for when in no_times]
    sheet = cinema_city.extract(city([FILM], *bad, None, {**EVENT, "cinemaId": "1076"}, EVENT), HOUSE)
    assert (len(sheet.starts), len(sheet.unread)) == (1, 7)


@pytest.mark.parametrize(
    "body",
    ["", "<html>", "null", "[]", "7", '{"body": null}', '{"body": []}', '{"body": {"events": "none"}}', "[" * 9000],
)
def test_another_form_is_changed(body: str) -> None:
    with pytest.raises(Unreadable) as caught:
        cinema_city.extract(body, HOUSE)
    assert caught.value.failure == Failure.CHANGED
    if body not in ("[]", '{"body": []}'):  # a list of nothing, in a wrapper or not
        with pytest.raises(Unreadable):
            mikro.extract(body, ASK)


SOLD = {"id": 1, "title": "Bugonia", "date": "2026-11-28T18:00:00+01:00", "url": "https://bilety.example/1",
        "event": {"description": None, "category": "film"}, "location": {"institution_name": "Kino Mikro"}}  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        SOLD,
        {**SOLD, "event": None},
        {**SOLD, "date": "2026-11-28 18:00"},
        {**SOLD, "date": "2026-11-28", "time": "18:00"},
        {**SOLD, "date": 1795885200000},
        {**SOLD, "location": "Kino Mikro"},
        {**SOLD, "url": None, "id": None},
        {**SOLD, "date": "2026-11-28T00:00:00", "hour": "18:00"},
        {**SOLD, "date": "28.11.2026", "start_time": "18:00:00"},
        {**SOLD, "date": {"date": "2026-11-28 18:00:00.000000", "timezone": "Europe/Warsaw"}},
        {**SOLD, "title": "<b>Bugonia</b>&nbsp;"},
        {**SOLD, "title": {"pl": "Bugonia", "en": "Save the Green Planet"}},
        {**SOLD, "title": None, "event": {"title": "Bugonia"}},
        {**SOLD, "location": [{"institution_name": "Kino Mikro"}]},
        {**SOLD, "location": None, "institution_name": "Kino Mikro"},
        {**SOLD, "location": {"name": "Sala A", "institution": {"name": "Kino&nbsp;Mikro"}}},
        {**SOLD, "location": {"institutionName": "Kino Mikro", "name": "Sala A"}},
        {**SOLD, "location": {"name": "Sala A"}, "cinema": "Kino Mikro"},
        {**SOLD, "date": "sobota, 28 listopada 2026, godz. 18:00"},
    ],
)
def test_mikro_in_many_forms(row: dict[str, Any]) -> None:
    for body in (
        [row],
        {"data": [row]},
        {"page": 1, "filters": [], "result": {"rows": [row]}},
        {"1": row},
        {"2026-11-28": [row]},
        [row, {**SOLD, "title": "Karnet", "date": None}],
        [row, {**SOLD, "title": "ODWOŁANE: Rejs"}, {**SOLD, "status": "canceled"}],
    ):
        sheet = mikro.extract(json.dumps(body), ASK)
        assert [(s.cinema, s.title, s.starts_at) for s in sheet.starts] == [("Kino Mikro", "Bugonia", SIX)]
        assert sheet.unread == ()
    later = {**SOLD, "date": "2026-12-24T18:00:00+01:00"}
    for nowhere in (None, {"name": "Sala A"}):
        assert len(mikro.extract(json.dumps([row, later, {**SOLD, "location": nowhere}]), ASK).unread) == 1
    (start,) = mikro.extract(json.dumps([{**SOLD, "title": "Odwołany lot"}]), ASK).starts
    assert start.title == "Odwołany lot"


def test_hostile_values_are_bounded() -> None:
    assert len(reading.text("ą" * 10_000)) == 300
    assert reading.text("a\0b\ud800c") == "abc"
    assert reading.link("https://x/" + "a" * 3000) == reading.link("ftp://x/") == reading.link(["https://x/"]) == ""
    assert reading.moment("9" * 400) is reading.moment(float("inf")) is reading.moment(10**400) is None
    assert reading.minutes("9" * 400) is None


def test_a_start_behind_midnight_is_the_evening_s() -> None:
    late = {**EVENT, "eventDateTime": "2026-11-29T00:10:00"}
    (start,) = cinema_city.extract(city([FILM], late), HOUSE).starts
    assert start.date == DAY


NAMES = {
    "kijow": "Kijów",
    "mikro": "Kino Mikro",
    "kazimierz": "Cinema City Galeria Kazimierz",
    "asp": "Pod Baranami ASP",
}
TIMES = [SIX + dt.timedelta(minutes=7 * n) for n in range(12)]


@pytest.mark.parametrize(
    ("name", "theirs", "programmes", "meant"),
    [
        ("Kino Kijów, Kraków", [], {}, "kijow"),
        ("Pod Baranami", [], {}, None),
        ("CC Kazimierz", TIMES, {"kazimierz": TIMES[:10], "kijow": TIMES[:3]}, "kazimierz"),
        ("CC Kazimierz", TIMES, {"kazimierz": TIMES[:10], "kijow": TIMES[3:]}, None),
        ("CC Kazimierz", TIMES[:9], {"kazimierz": TIMES[:9]}, None),
        ("CC Kazimierz", TIMES, {"kazimierz": TIMES[:6]}, None),
    ],
)
def test_a_cinema_is_known_by_its_name_or_its_programme(
    name: str, theirs: list[dt.datetime], programmes: dict[str, list[dt.datetime]], meant: str | None
) -> None:
    assert cinema_meant(name, theirs, NAMES, programmes) == meant
