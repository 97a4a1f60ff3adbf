"""Where cinemas are: asked once, kept for good, never against a hand; a failure is recorded and holds nothing up."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from events import conf, geocoding, processing, publishing
from events.geocoding import ways
from events.local_time import ZONE
from events.models import Cinema, Event, ListedFilm, Movie, Showtime
from events.records import ListedShowtime, Programme
from kinokrakow import jobs
from kinokrakow.http import breaker
from kinokrakow.models import Job, JobAttempt, ServiceState
from tests.conftest import Answer, Server

pytestmark = pytest.mark.django_db(transaction=True)

KIJOW = (50.0588, 19.9249)
RUN = 7
NOW = dt.datetime(2026, 11, 24, 6, tzinfo=ZONE)


@pytest.fixture
def nominatim(server: Server, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Server:
    monkeypatch.setattr(conf, "GEOCODER", "nominatim")
    monkeypatch.setattr(conf, "NOMINATIM_BASE_URL", server.url)
    monkeypatch.setattr(conf, "NOMINATIM_REQUEST_INTERVAL", 0)
    settings.RETRY_BASE_DELAY = 0.01
    answers(server, [{"lat": "50.0588", "lon": "19.9249"}])
    return server


def answers(server: Server, value: Any, status: int = 200) -> None:
    server.answer = lambda _method, _path, _n: Answer(status, json.dumps(value).encode())


def cinema(name: str = "Kino Nowe", slug: str = "nowe", **fields: Any) -> Cinema:
    return Cinema.objects.create(slug=slug, name=name, **fields)


def ask() -> int:
    """Ask for places and do the jobs; returns how many there were."""
    with transaction.atomic():
        asked = geocoding.ask(timezone.now(), run=RUN)
    jobs.run_inline(RUN)
    return asked


def place(row: Cinema) -> tuple[float | None, float | None, str]:
    row.refresh_from_db()
    return row.latitude, row.longitude, row.located_by


def test_a_cinema_is_asked_for_once_and_kept(nominatim: Server) -> None:
    new = cinema()
    assert ask() == 1
    assert place(new) == (*KIJOW, Cinema.Located.NOMINATIM)
    assert ask() == 0
    (request,) = nominatim.arrivals
    assert request[2] == "/search?q=Kino+Nowe%2C+Krak%C3%B3w&format=jsonv2&limit=10&countrycodes=pl"
    assert request[3]["User-Agent"].startswith("KinoKrakow/")
    assert Job.objects.get().attempts.get().requests == {"geocoder": 1}


STOP = {"lat": "50.06", "lon": "19.93", "category": "highway", "type": "bus_stop"}
HOUSE = {"lat": "50.0588", "lon": "19.9249", "category": "amenity", "type": "cinema"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("found", "where", "doubt"),
    [
        ([STOP, HOUSE], KIJOW, ""),
        ([HOUSE | {"type": "theatre"}], KIJOW, ""),
        ([STOP], (50.06, 19.93), "highway, bus_stop"),
        ([HOUSE | {"lat": "52.2"}, STOP], (50.06, 19.93), "highway, bus_stop"),
    ],
)
def test_a_cinema_goes_before_a_bus_stop_and_what_is_none_is_doubtful(
    nominatim: Server, found: Any, where: tuple[float, float], doubt: str
) -> None:
    answers(nominatim, found)
    row = cinema()
    ask()
    row.refresh_from_db()
    assert ((row.latitude, row.longitude), row.place_doubt) == (where, doubt)
    with transaction.atomic():
        geocoding.correct(row, geocoding.Place(*KIJOW), at=NOW)
    row.refresh_from_db()
    assert row.place_doubt == ""


def test_known_cinemas_cost_no_request(nominatim: Server) -> None:
    rows = [cinema(name, f"c-{n}") for n, name in enumerate(geocoding.known())]
    assert ask() == 0
    assert nominatim.arrivals == []
    assert {place(row)[2] for row in rows} == {Cinema.Located.BUNDLED}
    assert all(known.in_city for known in geocoding.known().values())


def test_a_bare_name_is_asked_for_as_a_cinema(nominatim: Server) -> None:
    cinema("Zorza")
    ask()
    assert nominatim.paths()[0].startswith("/search?q=Kino+Zorza%2C+Krak%C3%B3w&")


@pytest.mark.once
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([], "Nominatim knows no 'Kino Nowe, Kraków'"),
        ([{"lat": "52.23", "lon": "21.01"}], "outside Kraków, at 52.23, 21.01"),
    ],
)
def test_no_place_is_recorded_and_asked_for_again_after_a_while(nominatim: Server, answer: Any, reason: str) -> None:
    new = cinema()
    answers(nominatim, answer)
    assert ask() == 1
    assert place(new) == (None, None, "")
    assert reason in new.locate_error
    assert ask() == 0
    assert new.locate_due_at is not None
    answers(nominatim, [{"lat": "50.0588", "lon": "19.9249"}])
    assert geocoding.ask(new.locate_due_at + dt.timedelta(seconds=1), run=RUN) == 1
    jobs.run_inline(RUN)
    assert place(new) == (*KIJOW, Cinema.Located.NOMINATIM)
    assert new.locate_error == ""


def test_a_geocoder_that_fails_fails_its_job_and_is_asked_again(nominatim: Server) -> None:
    new = cinema()
    answers(nominatim, {}, status=500)
    ask()
    assert Job.objects.get().state == Job.State.FAILED
    new.refresh_from_db()
    assert "HTTP 500" in new.locate_error
    assert new.locate_due_at is not None
    assert geocoding.ask(new.locate_due_at, run=RUN) == 1


SHAPES = [[{"lat": "north"}], [{}], ["50.0588"], {"error": "?"}, {}, "Kraków", 50.0588, None]


@pytest.mark.once
@pytest.mark.parametrize("who", ["nominatim", "google"])
def test_an_answer_of_an_unknown_form_is_a_failure_of_the_service(
    nominatim: Server, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(conf, "GEOCODER", who)
    monkeypatch.setattr(conf, "GOOGLE_GEOCODING_URL", nominatim.url)
    monkeypatch.setattr(conf, "GOOGLE_GEOCODING_KEY", "s3cret")
    for number, shape in enumerate(SHAPES):
        ServiceState.objects.all().delete()
        answers(nominatim, shape if who == "nominatim" else {"status": "OK", "results": shape} if shape else shape)
        rows = [cinema(f"Nowe {number}{n}", f"nowe-{number}{n}") for n in range(4)]
        ask()
        assert [state.name for state in breaker.open_services(timezone.now())] == ["geocoder"], shape
        for row in rows[:1]:
            row.refresh_from_db()
            assert "an answer of an unknown form" in row.locate_error
            assert "s3cret" not in row.locate_error + ServiceState.objects.get().error


def test_what_a_geocoder_says_can_be_stored_whatever_it_is(nominatim: Server) -> None:
    new = cinema()
    answers(nominatim, [{"lat": "50.0588", "lon": "19.9249", "category": "a\0" * 999}])
    ask()
    assert place(new) == (*KIJOW, Cinema.Located.NOMINATIM)
    assert Cinema.objects.get(pk=new.pk).place_doubt.startswith("aaa")


def test_a_place_by_hand_is_never_overwritten(nominatim: Server) -> None:
    by_hand = cinema(latitude=50.1, longitude=19.9, located_by=Cinema.Located.HAND)
    assert ask() == 0
    assert not geocoding.settle(by_hand, geocoding.Place(*KIJOW), Cinema.Located.NOMINATIM, at=timezone.now())
    assert place(by_hand) == (50.1, 19.9, Cinema.Located.HAND)


def test_a_correction_made_while_the_geocoder_is_asked_stays(nominatim: Server) -> None:
    new = cinema()

    def corrected(_method: str, _path: str, _n: int) -> Answer:
        Cinema.objects.update(latitude=50.1, longitude=19.9, located_by=Cinema.Located.HAND)
        return Answer(200, b'[{"lat": "50.0588", "lon": "19.9249"}]')

    nominatim.answer = corrected
    ask()
    assert place(new) == (50.1, 19.9, Cinema.Located.HAND)


def test_google_is_asked_in_its_own_words(nominatim: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    new = cinema()
    monkeypatch.setattr(conf, "GEOCODER", "google")
    monkeypatch.setattr(conf, "GOOGLE_GEOCODING_URL", nominatim.url)
    monkeypatch.setattr(conf, "GOOGLE_GEOCODING_KEY", "k")
    answers(nominatim, {"status": "OK", "results": [{"geometry": {"location": {"lat": KIJOW[0], "lng": KIJOW[1]}}}]})
    ask()
    assert place(new) == (*KIJOW, Cinema.Located.GOOGLE)
    assert nominatim.paths()[0].startswith("/maps/api/geocode/json?address=Kino+Nowe%2C+Krak%C3%B3w&components=")


@pytest.mark.once
@pytest.mark.parametrize("refusal", ["REQUEST_DENIED", "OVER_QUERY_LIMIT", "OVER_DAILY_LIMIT", "Nominatim: 403"])
def test_a_refusal_is_no_missing_place_and_nobody_asks_on(
    nominatim: Server, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    """All other cinemas wait, and staff are told what to do; with another key it is asked at once."""
    cinemas = [cinema(), cinema("Kino Inne", "inne")]
    if refusal.endswith("403"):
        nominatim.answer = lambda *_: Answer(403, b"Please identify your application")
    else:
        monkeypatch.setattr(conf, "GEOCODER", "google")
        monkeypatch.setattr(conf, "GOOGLE_GEOCODING_URL", nominatim.url)
        monkeypatch.setattr(conf, "GOOGLE_GEOCODING_KEY", "old")
        answers(nominatim, {"status": refusal, "results": [], "error_message": "You must enable Billing"})
    ask()
    state = ServiceState.objects.get(name="geocoder")
    assert state.refused
    assert state.silent_since
    assert len(nominatim.paths()) == 1
    for each in cinemas:
        each.refresh_from_db()
        assert "knows no" not in each.locate_error
    if not refusal.endswith("403"):
        assert refusal in state.error
        monkeypatch.setattr(conf, "GOOGLE_GEOCODING_KEY", "new")
        assert breaker.closed_to_us(timezone.now()) == {"geocoder"}
        answers(
            nominatim, {"status": "OK", "results": [{"geometry": {"location": {"lat": KIJOW[0], "lng": KIJOW[1]}}}]}
        )
        assert geocoding.by_google(cinemas[0])[:2] == KIJOW


@pytest.mark.parametrize(("status", "reason"), [("ZERO_RESULTS", "Google knows no"), ("INVALID_REQUEST", "INVALID")])
def test_google_says_why_it_names_no_place(
    nominatim: Server, monkeypatch: pytest.MonkeyPatch, status: str, reason: str
) -> None:
    new = cinema()
    monkeypatch.setattr(conf, "GEOCODER", "google")
    monkeypatch.setattr(conf, "GOOGLE_GEOCODING_URL", nominatim.url)
    answers(nominatim, {"status": status, "results": []})
    ask()
    new.refresh_from_db()
    assert reason in new.locate_error


def test_googles_key_stays_out_of_the_ledger(nominatim: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    cinema()
    monkeypatch.setattr(conf, "GEOCODER", "google")
    monkeypatch.setattr(conf, "GOOGLE_GEOCODING_URL", nominatim.url)
    monkeypatch.setattr(conf, "GOOGLE_GEOCODING_KEY", "s3cret")
    answers(nominatim, {}, status=500)
    ask()
    assert "key=s3cret" in nominatim.paths()[0]
    kept = [f"{attempt.error}{attempt.traceback}" for attempt in JobAttempt.objects.all()]
    assert kept
    assert not any("s3cret" in text for text in kept)


@pytest.mark.once
@pytest.mark.parametrize(
    ("page", "located"),
    [
        (b'<meta name="geo.position" content="50.0588;19.9249">', (*KIJOW, Cinema.Located.SITE)),
        (b'<a href="https://maps.example/@50.0588,19.9249,17z">map</a>', (*KIJOW, Cinema.Located.SITE)),
        (b"Warszawa 52.2297, 21.0122", (50.05, 19.95, Cinema.Located.NOMINATIM)),
        (None, (50.05, 19.95, Cinema.Located.NOMINATIM)),
    ],
)
def test_the_sites_own_page_is_tried_first(
    nominatim: Server,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    page: bytes | None,
    located: tuple[float, float, str],
) -> None:
    new = cinema(slug="cinema-city/nowe")
    monkeypatch.setattr(conf, "CINEMA_PAGE", "/{slug}/info")
    settings.KINO_BASE_URL = nominatim.url
    settings.KINO_REQUEST_INTERVAL = 0

    def answer(_method: str, path: str, _n: int) -> Answer:
        if path.startswith("/search"):
            return Answer(200, b'[{"lat": "50.05", "lon": "19.95"}]')
        if path == "/cinema-city/nowe/info" and page is not None:
            return Answer(200, page)
        return Answer(404)

    nominatim.answer = answer
    ask()
    assert place(new) == located


def test_without_any_way_nobody_is_asked(nominatim: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conf, "GEOCODER", "none")
    cinema()
    assert ask() == 0
    assert nominatim.arrivals == []


def showtime(film: ListedFilm, at: Cinema, hour: int) -> Showtime:
    starts_at = dt.datetime(2026, 11, 24, hour, tzinfo=ZONE)
    row = Showtime.objects.create(
        external_id=f"{film.slug}|{at.slug}|{starts_at:%Y-%m-%dT%H:%M}",
        film=film,
        cinema=at,
        day=starts_at.date(),
        starts_at=starts_at,
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    publishing.publish([film.pk], NOW)
    return row


@transaction.atomic
def test_two_cinemas_that_are_one_share_their_events_and_can_be_parted_again() -> None:
    movie = Movie.objects.create(tmdb_id=1, title="Anora")
    film = ListedFilm.objects.create(
        slug="anora", title="Anora", movie=movie, match_status="matched", first_seen_at=NOW, last_seen_at=NOW
    )
    one, other = cinema("Kijów", "kijow"), cinema("Kijów.Centrum", "kijow-centrum")
    showtime(film, one, 18)
    moved = showtime(film, other, 20)

    assert publishing.unite(other, one, at=NOW) == 1
    events = {event.cinema: event for event in Event.objects.all()}
    assert events[one].showtimes.count() == 2
    assert (events[one].status, events[other].status) == (Event.Status.SCHEDULED, Event.Status.CANCELLED)

    assert publishing.unite(other, None, at=NOW) == 1
    moved.refresh_from_db()
    assert moved.event == events[other]
    assert set(Event.objects.values_list("status", flat=True)) == {Event.Status.SCHEDULED}


@transaction.atomic
def test_what_the_site_lists_later_under_the_other_slug_is_stored_where_it_is() -> None:
    one, other = cinema("Kijów", "kijow"), cinema("Kijów.Centrum", "kijow-centrum")
    third = cinema("Kijów sala 2", "kijow-2", same_as=other)
    publishing.unite(other, one, at=NOW)
    third.refresh_from_db()
    assert third.same_as == one
    day = dt.date(2026, 11, 24)
    record = ListedShowtime(
        external_id="anora|kijow-centrum|2026-11-24T20:00",
        film_slug="anora",
        film_title="Anora",
        cinema_slug="kijow-centrum",
        cinema_name="Kijów.Centrum",
        day=day,
        starts_at=dt.datetime(2026, 11, 24, 20),  # noqa: DTZ001  as the page has it
        ticket_url=None,
    )
    processing.store_programme(Programme(day, False, (record,)), at=NOW, fresh=dt.timedelta(hours=24))
    assert Showtime.objects.get().cinema == one


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        (b"<li><b>Kino Nowe</b> tel. 12 345 <br>ul. D\xc5\x82uga 12a, Krak\xc3\xb3w</li>", "ul. Długa 12a, Kraków"),
        (b"<td>Kino Nowe 2</td><td>ul. Inna 1</td><td>Kino Nowe</td><td>os. Wandy 3</td>", "os. Wandy 3, Kraków"),
        (b"<p>Kino Nowe</p><p>Kino Obok</p><p>ul. Cudza 5</p>", "Kino Nowe, Kraków"),
        (None, "Kino Nowe, Kraków"),
    ],
)
def test_a_street_that_the_site_lists_is_asked_for(
    nominatim: Server, monkeypatch: pytest.MonkeyPatch, settings: Settings, page: bytes | None, asked: str
) -> None:
    cinema("Kino Nowe", "nowe")
    cinema("Kino Obok", "obok", located_by=Cinema.Located.HAND, latitude=50.05, longitude=19.95)
    monkeypatch.setattr(conf, "CINEMA_MAP", "/kino/map")
    settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL = nominatim.url, 0
    queries = []

    def answer(_method: str, path: str, _n: int) -> Answer:
        if path.startswith("/search"):
            queries.append(parse_qs(urlsplit(path).query)["q"][0])
            return Answer(200, b'[{"lat": "50.05", "lon": "19.95"}]')
        return Answer(200, page) if path == "/kino/map" and page is not None else Answer(404)

    nominatim.answer = answer
    ask()
    assert queries == [asked]


def test_another_city_is_a_matter_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poznań's cinema counts where Poznań is set, and is asked for by that name."""
    muza = ways.Place(52.4069, 16.9252)
    assert not muza.in_city
    for name, value in {"CITY": "Poznań", "SOUTH": 52.29, "NORTH": 52.51, "WEST": 16.73, "EAST": 17.07}.items():
        monkeypatch.setattr(conf, name, value)
    assert muza.in_city
    assert ways._query(Cinema(slug="muza", name="Muza")).endswith("Muza, Poznań")
