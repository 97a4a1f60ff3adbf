"""What anybody may read: the page, the API and the calendars, with hostile titles, bad requests and switches."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import time
from typing import Any

import pytest
import schema_org
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError
from icalendar import Calendar
from openapi_spec_validator import validate
from parsel import Selector
from pyICSParser.pyiCalendar import iCalendar

from events import conf, publishing
from events.local_time import ZONE
from events.models import (
    Cinema,
    Event,
    EventSource,
    ListedFilm,
    Movie,
    OtherCinema,
    OtherEvent,
    Showtime,
    changes,
)
from events.other_sources import duplicates
from events.public import caching, screenings
from events.titles import versions
from tests.events import week

pytestmark = pytest.mark.django_db

TOMORROW = timezone.localdate() + dt.timedelta(days=1)
EVIL = '</script><script>alert(1)</script>"><img src=x onerror=alert(2)>\r\nATTACH:evil'


def show(
    title: str = "Anora", hour: int = 18, *, slug: str = "anora", cinema: str = "cinema-city/bonarka", **film: Any
) -> Showtime:
    """A published showtime of tomorrow."""
    now = timezone.now()
    house, _ = Cinema.objects.get_or_create(
        slug=cinema, name=cinema.title(), defaults={"latitude": 50.03, "longitude": 19.95, "located_by": "bundled"}
    )
    movie, _ = Movie.objects.get_or_create(
        title=title, defaults={"tmdb_id": Movie.objects.count() + 1, "runtime": 139, "year": 2024, **film}
    )
    listed, _ = ListedFilm.objects.get_or_create(
        slug=slug,
        defaults={"title": title, "movie": movie, "match_status": "matched", "first_seen_at": now, "last_seen_at": now},
    )
    starts_at = dt.datetime.combine(TOMORROW, dt.time(hour), tzinfo=ZONE)
    row = Showtime.objects.create(
        external_id=f"{slug}|{cinema}|{starts_at:%Y-%m-%dT%H:%M}", film=listed, cinema=house, day=TOMORROW,
        starts_at=starts_at, ticket_url="https://bilety.example/1", first_seen_at=now, last_seen_at=now,
    )  # fmt: skip
    publishing.publish([listed.pk], now)
    return row


def page(client: Client, **query: Any) -> Selector:
    answer = client.get("/whats-on/", {"day": TOMORROW, **query})
    assert answer.status_code == 200
    return Selector(answer.content.decode())


def entries(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


# --- the page ---------------------------------------------------------------------------------------


@pytest.mark.once
def test_the_page_shows_films_cinemas_and_times(client: Client) -> None:
    show("Anora - napisy", 18)
    show("Ida", 20, slug="ida", cinema="kijow")
    by_film = page(client)
    assert by_film.css("h3 a::text").getall() == ["Anora - napisy", "Ida"]
    assert by_film.css(".times a::attr(href)").getall() == ["https://bilety.example/1"] * 2
    assert by_film.css(".times time::text").getall() == ["18:00", "20:00"]
    assert by_film.css(".times small::text").getall() == ["napisy"]
    assert page(client, by="time").css("section > h3::text").getall() == ["18:00", "20:00"]
    assert page(client, cinema="kijow").css("h3 a::text").getall() == ["Ida"]
    one = page(client, film="tmdb-2", day="")
    assert (one.css("h1::text").get(), one.css(".times time::text").getall()) == ("Ida", ["20:00"])
    assert "This product uses the TMDB API but is not endorsed or certified by TMDB." in str(by_film.get())


def test_an_empty_day_leads_to_the_next(client: Client) -> None:
    show()
    today = TOMORROW - dt.timedelta(days=1)
    empty = page(client, cinema="cinema-city/bonarka", day=today)
    assert f"day={TOMORROW}" in str(empty.css(".nothing a::attr(href)").get())
    opened = page(client, cinema="cinema-city/bonarka", day="")
    assert (opened.css("[aria-current=date]::attr(href)").get(), opened.css("time::text").getall()) == (
        f"?day={TOMORROW}&cinema=cinema-city%2Fbonarka", ["18:00"],
    )  # fmt: skip


def test_hostile_titles_stay_text(client: Client) -> None:
    show(EVIL, original_title=EVIL, poster_path="/x.jpg?@evil.example/")
    Showtime.objects.update(ticket_url="javascript:alert(1)")
    html = page(client)
    assert (
        html.css("script:not([type='application/ld+json']), [onerror], a[href^='javascript'], main img").get() is None
    )
    assert str(html.css("h3 a::text").get()).splitlines() == EVIL.splitlines()
    assert json.loads(str(html.css("script::text").get()))["@graph"][0]["name"] == EVIL
    (entry,) = entries(client.get("/calendar/all.ics").content)
    assert str(entry["summary"]).endswith("\nATTACH:evil")
    assert "attach" not in entry


@pytest.mark.parametrize("by", ["", "time"])
def test_hostile_cinemas_and_links_stay_text(client: Client, by: str) -> None:
    link = """https://bilety.example/"onmouseover="alert(1)"'><script>alert(2)</script>"""
    show(EVIL)
    Showtime.objects.update(ticket_url=link)
    Cinema.objects.update(name=EVIL, slug="""x"><script>alert(3)</script>&y='""")
    html = page(client, by=by)
    assert html.css("script:not([type='application/ld+json']), [onerror], [onmouseover], main img").get() is None
    assert html.css("time").xpath("../@href").get() == link
    (cinema,) = html.css(".of .soft" if by else ".house").xpath("string()").getall()
    assert cinema.splitlines() == EVIL.splitlines()


def test_a_link_keeps_what_was_chosen(client: Client) -> None:
    show("Anora", 18, cinema="kijow")
    film = str(page(client, cinema="kijow", by="time").css(".of a::attr(href)").get())
    assert film == "?cinema=kijow&film=tmdb-1"
    of_film = Selector(client.get(f"/whats-on/{film}").content.decode())
    assert of_film.css(".chips a::attr(href)").getall() == ["?film=tmdb-1", "/whats-on/"]
    assert of_film.css("fieldset.cinema [checked]::attr(value)").getall() == ["kijow"]
    links = of_film.css(".days a::attr(href)").getall()
    assert links[0] == film
    days = [f"?day={TOMORROW + dt.timedelta(days=n)}&cinema=kijow&film=tmdb-1" for n in range(-2, 7)]
    assert set(links[1:]) <= set(days), "from last evening's on, while that lasts"
    assert days[1] in links
    assert of_film.xpath("//a[text()='all films']/@href").get() == "?cinema=kijow"
    house = page(client).css(".house::attr(href)").get()
    assert house == f"?day={TOMORROW}&cinema=kijow"


def test_posters_come_from_tmdb_alone(client: Client) -> None:
    show(poster_path="/abc.jpg")
    image = page(client).css("main img")[0].attrib
    assert (image["src"], image["width"], image["height"]) == ("https://image.tmdb.org/t/p/w185/abc.jpg", "80", "120")


def test_the_first_page_leads_to_what_is_public(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/")["Location"] == "/whats-on/"
    monkeypatch.setattr(conf, "PUBLIC_PAGE", False)
    assert client.get("/")["Location"] == "/admin/"


@pytest.mark.parametrize("query", [{"day": "9999-12-31"}, {"day": "2020-01-01"}, {"utm_source": "x"}, {"film": "psy"}])
def test_an_address_that_is_old_or_was_added_to_shows_a_page(client: Client, query: dict[str, str]) -> None:
    assert client.get("/whats-on/", query).status_code == 200


# --- all of them ------------------------------------------------------------------------------------

ALL = {"/whats-on/": "PAGE", "/api/events": "API", "/api/openapi.json": "API", "/calendar/all.ics": "FEEDS",
       "/calendar/cinema/cinema-city/bonarka.ics": "FEEDS", "/calendar/film/tmdb-1.ics": "FEEDS"}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("path", ALL)
def test_each_can_be_kept_and_switched_off(client: Client, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    show()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=300"
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))
    assert not answer.cookies
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    zipped = client.get(path, headers={"accept-encoding": "gzip"})
    assert client.get(path, headers={"if-none-match": zipped["ETag"]}).status_code == 304
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405
    monkeypatch.setattr(conf, f"PUBLIC_{ALL[path]}", False)
    assert client.get(path).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("path", ALL)
def test_who_has_the_answer_is_told_before_any_work(client: Client, path: str) -> None:
    row = show()
    etag = client.get(path)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, headers={"if-none-match": etag}).status_code == 304
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    assert len(captured) == 1, "laid out once"
    publishing.publish([row.film_id], timezone.now())
    assert client.get(path, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize("path", ALL)
def test_who_asks_for_plain_bytes_gets_them_with_their_length(client: Client, path: str) -> None:
    show()
    for _ in range(2):  # laid out, and kept
        plain, packed = client.get(path), client.get(path, headers={"accept-encoding": "br;q=1.0, gzip;q=0.8"})
        refused = client.get(path, headers={"accept-encoding": "gzip;q=0, identity"})
        assert packed["Content-Encoding"] == "gzip"
        assert refused.content == plain.content
        assert not plain.has_header("Content-Encoding")
        assert int(plain["Content-Length"]) == len(plain.content)
        assert int(packed["Content-Length"]) == len(packed.content)


def test_answers_are_kept_up_to_a_size() -> None:
    kept = caching.Answers(250)
    for name in "abc":
        kept.keep(name, HttpResponse(b"x" * 100))
    assert [bool(kept.get(name)) for name in "abc"] == [False, True, True]


def test_a_title_of_dashes_costs_no_time() -> None:
    begun = time.process_time()
    assert versions.read("- " * 40_000 + "x")[1] == versions.Version()
    assert versions.read("- " * 140 + "dubbing")[1].voice == "dubbing"
    assert time.process_time() - begun < 2  # takes 3 ms


@pytest.mark.once
def test_queries_do_not_grow_with_the_week(client: Client) -> None:
    def queries() -> dict[str, int]:
        counts = {}
        for path in (f"/whats-on/?day={TOMORROW}", "/api/events?per_page=200", "/api/events/1", "/calendar/all.ics"):
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            counts[path] = len(captured)
        return counts

    week.publish(TOMORROW, 14, at=timezone.now(), cinemas=2, films=3)
    few = queries()
    week.publish(TOMORROW, 700, at=timezone.now(), cinemas=8, films=30)
    assert queries() == few
    assert max(few.values()) < 10


# --- the API ----------------------------------------------------------------------------------------


def test_the_api_lists_filters_and_pages(client: Client) -> None:
    show("Anora", 18)
    show("Anora", 20, cinema="kijow")
    show("Ida", 21, slug="ida", cinema="kijow")

    def found(**query: Any) -> list[str]:
        return [event["external_id"] for event in client.get("/api/events", query).json()["results"]]

    all_three = ["tmdb-1@cinema-city/bonarka", "tmdb-1@kijow", "tmdb-2@kijow"]
    assert found() == all_three
    assert found(date=TOMORROW) == all_three
    assert found(date=TOMORROW + dt.timedelta(days=1)) == []
    assert found(cinema="kijow") == all_three[1:]
    assert found(film="tmdb-1") == all_three[:2]
    assert [found(page=n, per_page=2) for n in (1, 2, 3)] == [all_three[:2], all_three[2:], []]
    first = client.get("/api/events?per_page=2").json()
    event = first["results"][0]
    assert client.get(f"/api/events/{event['event_id']}").json() == event
    assert event["occurrences"][0]["starts_at"].startswith(f"{TOMORROW}T18:00:00+0")
    assert event["cinema"] == {
        "slug": "cinema-city/bonarka", "name": "Cinema-City/Bonarka", "latitude": 50.03, "longitude": 19.95,
    }  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(
    ("page", "per_page", "shown", "around"),
    [
        (1, 2, 2, (None, 2)),
        (2, 2, 1, (1, None)),
        (3, 2, 0, (2, None)),
        (9, 2, 0, (2, None)),
        (1, 3, 3, (None, None)),
        (3, 1, 1, (2, None)),
        (1, 200, 3, (None, None)),
    ],
)
def test_pages_lead_to_pages_that_have_something(
    client: Client, page: int, per_page: int, shown: int, around: tuple[int | None, int | None]
) -> None:
    for slug in ("anora", "ida", "psy"):
        show(slug.title(), slug=slug)
    answer = client.get("/api/events", {"page": page, "per_page": per_page}).json()
    assert (answer["count"], len(answer["results"])) == (3, shown)
    assert (answer["previous"], answer["next"]) == around


def test_what_is_withdrawn_is_cancelled_in_the_api_and_gone_elsewhere(client: Client) -> None:
    row = show()
    Showtime.objects.withdraw([row.external_id], timezone.now())
    publishing.publish([row.film_id], timezone.now())
    (event,) = client.get("/api/events").json()["results"]
    assert (event["status"], event["occurrences"]) == (Event.Status.CANCELLED, [])
    assert entries(client.get("/calendar/all.ics").content) == []
    assert page(client).css("article").get() is None


@pytest.mark.once
@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"date": "soon"}, "expected a day such as"),
        ({"date": "9999-12-31"}, "this century"),
        ({"date_from": "2026-11-25", "date_to": "2026-11-24"}, "date_to is before date_from"),
        ({"date_from": "2016-11-25", "date_to": "2026-11-24"}, "at most 93 days at once"),
        ({"cinema": "\0"}, "without control characters"),
        ({"film": "a\0b"}, "without control characters"),
        ({"date": "2026-11-25", "date_to": "2026-11-25"}, "either date, or"),
        ({"page": 0}, "expected at least 1"),
        ({"per_page": 201}, "expected at most 200"),
        ({"per_page": "x"}, "expected a whole number"),
        ({"movie": "x"}, "unknown: movie; there are cinema, film"),
    ],
)
def test_the_api_says_what_is_wrong_with_a_request(client: Client, query: dict[str, Any], reason: str) -> None:
    answer = client.get("/api/events", query)
    assert answer.status_code == 400
    assert reason in answer.content.decode()
    assert not answer.has_header("Cache-Control")


def test_the_api_says_it_in_the_readers_language(client: Client) -> None:
    for query, reason in (
        ({"date": "x"}, "oczekiwano dnia takiego jak"),
        ({"date": "1999-11-25"}, "oczekiwano dnia z tego stulecia"),
        ({"date_from": "2016-11-25", "date_to": "2026-11-24"}, f"co najwyżej {screenings.AHEAD.days + 1} dni naraz"),
        ({"per_page": 201}, "oczekiwano co najwyżej 200"),
        ({"movie": "x"}, "nieznane: movie"),
    ):
        answer = client.get("/api/events", query, headers={"accept-language": "pl"})
        assert (answer.status_code, reason in str(answer.json())) == (400, True), answer.json()


@pytest.mark.parametrize(("number", "status"), [("7", 404), ("9" * 30, 404), ("x", 400)])
def test_no_such_event(client: Client, number: str, status: int) -> None:
    assert client.get(f"/api/events/{number}").status_code == status


def test_a_film_is_named_as_imdb_names_it(client: Client) -> None:
    show("Anora", imdb_id="tt28607951")
    show("Ida", 20, slug="ida", imdb_id="javascript:x")
    films = [event["film"] for event in client.get("/api/events").json()["results"]]
    assert [film["imdb_id"] for film in films] == ["tt28607951", None]


@pytest.mark.once
def test_the_openapi_names_what_there_is(client: Client) -> None:
    schema = client.get("/api/openapi.json").json()
    validate(schema)
    operations = [(path, method) for path, each in schema["paths"].items() for method in each]
    assert operations == [(f"/api/{name}", "get") for name in ("events", "events/{event_id}", "cinemas")]
    assert {p["name"] for p in schema["paths"]["/api/events"]["get"]["parameters"]} == {
        "date", "date_from", "date_to", "page", "per_page",
        "cinema", "film", "language", "format", "access", "time", "q", "only",
    }  # fmt: skip


# --- calendars and JSON-LD --------------------------------------------------------------------------


def test_a_calendar_keeps_to_rfc_5545(client: Client) -> None:
    """The icalendar library reads it, and what RFC 5545 demands of a stream is checked here line by line."""
    show("Zażółć gęślą jaźń; a, b \\ " * 6, 18)
    show("Ida", 20, slug="ida", cinema="kijow")
    content = client.get("/calendar/all.ics").content
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in each or b"\r" in each for each in lines), "3.1: CRLF ends a line, nothing else does"
    assert max(map(len, lines)) <= 75, "3.1: folded"
    assert all(each.decode() or True for each in lines), "no character is cut"
    unfolded = content.decode().replace("\r\n ", "").split("\r\n")
    assert unfolded[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//KinoKrakow//What is on//PL"]
    found = entries(content)
    for entry in found:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "GEO", "URL"} <= set(entry)
        assert not any(isinstance(value, list) for value in entry.values()), "3.6.1: none more than once"
        assert b"DTSTART:" in content, "in UTC, without a TZID"
        assert str(entry["DTSTART"].dt.tzinfo) == "UTC"
        assert entry["DTEND"].dt - entry["DTSTART"].dt == dt.timedelta(minutes=139)
    assert len({str(entry["UID"]) for entry in found}) == 2
    assert str(found[0]["SUMMARY"]) == "Zażółć gęślą jaźń; a, b \\ " * 6


@pytest.mark.once
@pytest.mark.parametrize(
    "title", [EVIL, "Zażółć gęślą jaźń; a, b \\ " * 6, "BEGIN:VEVENT\r\nEND:VCALENDAR", "\\n\\", ":;,="]
)
def test_two_parsers_read_the_same_in_every_calendar(client: Client, title: str) -> None:
    """icalendar, and ical, which refuses broken lines, values of a wrong type and what is there twice."""
    show(title, 18)
    meant = title.replace("\r\n", "\n")
    for path in ("all", "cinema/cinema-city/bonarka", "film/tmdb-1"):
        content = client.get(f"/calendar/{path}.ics").content
        (entry,) = entries(content)
        (event,) = IcsCalendarStream.calendar_from_ics(content.decode()).events
        assert {str(entry["SUMMARY"]).strip(), str(event.summary).strip()} == {meant.strip()}
        assert event.dtstart == entry["DTSTART"].dt
        assert event.dtend == entry["DTEND"].dt
        assert event.location == "Cinema-City/Bonarka, Kraków"
        assert event.geo is not None
        assert (event.geo.lat, event.geo.lng) == (50.03, 19.95)
        assert event.url == str(entry["URL"])
        assert event.extras == []


def deviations(calendar: bytes) -> list[str]:
    """Where a calendar breaks RFC 5545, as pyICSParser's validator sees it: the sections.

    It takes no X- properties of a calendar, which section 3.6 allows; they are left out.
    """
    text = re.sub(rb"^X-[^\r]*\r\n( [^\r]*\r\n)*", b"", calendar, flags=re.MULTILINE).decode()
    validator = iCalendar()
    validator.strings_load(text.replace("\r\n", "\n").splitlines(keepends=True))
    validator.parse_loaded()
    return [str(section) for section in validator.lSCM]


@pytest.mark.once
def test_a_validator_of_rfc_5545_finds_nothing(client: Client) -> None:
    show("Zażółć gęślą jaźń; a, b \\ " * 6, 18)
    show(EVIL, 20, slug="ida", cinema="kijow")
    for path in ("all", "cinema/cinema-city/bonarka", "film/tmdb-1"):
        assert deviations(client.get(f"/calendar/{path}.ics").content) == []
    right = client.get("/calendar/all.ics").content
    for name in (b"UID", b"PRODID", b"VERSION", b"DTSTART"):
        assert deviations(re.sub(name + rb":[^\r]*\r\n", b"", right)), name
    for instead in (b"SUMMARY:" + b"x" * 80, b"DURATION:PT1H\r\nSUMMARY:", b"SUMMARY:a\r\nbroken\r\nSUMMARY:"):
        assert deviations(right.replace(b"SUMMARY:", instead)), instead


@pytest.mark.once
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("DTSTART:", "DTSTART:soon"),
        ("SUMMARY:", "SUMMARY:Ida\r\nbroken"),
        ("SUMMARY:", "SUMMARY:one\r\nSUMMARY:"),
        ("GEO:", "GEO:here;"),
    ],
)
def test_the_second_parser_is_strict(client: Client, right: str, wrong: str) -> None:
    show("Ida", 20)
    content = client.get("/calendar/all.ics").content.decode()
    with pytest.raises(CalendarParseError):
        IcsCalendarStream.calendar_from_ics(content.replace(right, wrong, 1))


def test_a_calendar_of_nothing_is_one(client: Client) -> None:
    content = client.get("/calendar/all.ics").content
    assert deviations(content) == []
    assert entries(content) == []
    assert [each.name for each in Calendar.from_ical(content).subcomponents] == ["VTIMEZONE"]
    assert IcsCalendarStream.calendar_from_ics(content.decode()).events == []


def bodies(content: bytes) -> dict[str, str]:
    """Each entry's text, by its title."""
    found = re.findall(r"BEGIN:VEVENT.*?END:VEVENT", content.decode(), re.DOTALL)
    return {re.search(r"SUMMARY:(.*)\r", body)[1]: body for body in found}  # type: ignore[index]


def test_an_entry_changes_with_its_text_and_no_other_does(client: Client) -> None:
    show("Anora", 18)
    show("Ida", 20, slug="ida", cinema="kijow")
    before = bodies(client.get("/calendar/all.ics").content)
    ListedFilm.objects.filter(slug="ida").update(runtime=80)
    changes.tell(timezone.now())
    after = bodies(client.get("/calendar/all.ics").content)
    assert after["Anora"] == before["Anora"]
    assert "SEQUENCE:0\r" in before["Ida"]
    assert "SEQUENCE:1\r" in after["Ida"]
    stamps = [re.search(r"LAST-MODIFIED:(\d+T\d+Z)", each["Ida"])[1] for each in (before, after)]  # type: ignore[index]
    assert stamps[0] <= stamps[1]
    changes.tell(timezone.now())
    assert bodies(client.get("/calendar/all.ics").content) == after
    assert bodies(client.get("/calendar/cinema/kijow.ics").content) == {"Ida": after["Ida"]}


def test_a_uid_is_for_good_whoevers_showing_is_shown(client: Client) -> None:
    def uids() -> list[str]:
        return [str(entry["UID"]) for entry in entries(client.get("/calendar/all.ics").content)]

    row = show("Anora", 18)
    first = uids()
    now, source = timezone.now(), EventSource.objects.create(slug="portal", name="Portal", priority=60)
    house = OtherCinema.objects.create(source=source, name=row.cinema.name)
    other = OtherEvent.objects.create(
        source=source, external_id="p-1", title="Anora", starts_at=row.starts_at, cinema=house, cinema_name=house.name,
        ends_at=row.starts_at + dt.timedelta(hours=2), first_seen_at=now, last_seen_at=now,
    )  # fmt: skip
    duplicates.settle_events([other.pk], at=now)
    changes.tell(now)
    assert uids() == first
    Showtime.objects.withdraw([row.external_id], now)
    publishing.publish([row.film_id], now)
    assert uids() == first
    OtherEvent.objects.update(gone_at=now)
    Showtime.objects.update(withdrawn_at=None)
    publishing.publish([row.film_id], now)
    assert uids() == first


@pytest.mark.once
def test_a_calendar_of_one_cinema_and_of_one_film(client: Client) -> None:
    show("Anora", 18)
    show("Ida", 20, slug="ida", cinema="kijow")

    def titles(path: str) -> list[str]:
        return [str(entry["SUMMARY"]) for entry in entries(client.get(path).content)]

    assert titles("/calendar/cinema/cinema-city/bonarka.ics") == ["Anora"]
    assert titles("/calendar/film/tmdb-2.ics") == ["Ida"]
    for nothing in ("cinema/nowhere", "film/tmdb-9", "film/%00", "cinema/%00"):
        assert client.get(f"/calendar/{nothing}.ics").status_code == 404


def test_two_cinemas_that_are_one_answer_to_both_names(client: Client) -> None:
    show("Anora", 18, cinema="kijow")
    show("Anora", 20, cinema="kijow-2")
    one, other = Cinema.objects.order_by("slug")
    publishing.unite(other, one, at=timezone.now())
    for slug in ("kijow", "kijow-2"):
        assert len(entries(client.get(f"/calendar/cinema/{slug}.ics").content)) == 2
        assert len(client.get(f"/api/events?cinema={slug}").json()["results"][0]["occurrences"]) == 2


@pytest.mark.skipif(
    connection.vendor == "postgresql",
    reason="the same text as on SQLite, where it is checked: its models take ten seconds",
)
def test_json_ld_is_what_schema_org_says(client: Client) -> None:
    """Checked by models generated from schema.org's vocabulary (30.1), which refuse what a type does not have."""
    show("Anora - napisy", poster_path="/abc.jpg", original_title="Anora")
    graph = json.loads(str(page(client).css("script::text").get()))["@graph"]
    nodes = {node["@id"]: node for node in graph if "@id" in node}

    def model(value: Any) -> Any:
        if isinstance(value, dict) and set(value) == {"@id"}:
            return model(nodes[value["@id"]])
        if isinstance(value, dict):
            kind = getattr(schema_org, value["@type"])
            fields = {name: model(each) for name, each in value.items() if not name.startswith("@")}
            return kind.model_validate(fields)
        if isinstance(value, str) and value[:4].isdecimal() and "T" in value:
            return dt.datetime.fromisoformat(value)
        if isinstance(value, str) and value.startswith("https://schema.org/Event"):
            return schema_org.EventStatusType(value)
        if isinstance(value, str) and value.startswith("https://schema.org/"):
            return schema_org.EventAttendanceModeEnumeration(value)
        return value

    (event,) = [model(node) for node in graph if node["@type"] == "ScreeningEvent"]
    assert (event.work_presented.name, event.location.name) == ("Anora - napisy", "Cinema-City/Bonarka")
    (node,) = [node for node in graph if node["@type"] == "ScreeningEvent"]
    assert {"name", "startDate", "endDate", "location", "eventStatus", "offers"} <= set(node), "asked for by Google"
    for wrong in ({"showTime": "18:00"}, {"startDate": 18}):
        with pytest.raises(ValueError, match="validation error"):
            model(node | wrong)


def test_starts_are_in_order(client: Client) -> None:
    week.publish(TOMORROW, 70, at=timezone.now(), cinemas=3, films=5)
    starts = [entry["DTSTART"].dt for entry in entries(client.get("/calendar/all.ics").content)]
    assert len(starts) == 70
    assert all(a <= b for a, b in itertools.pairwise(starts))


def test_changes_of_hours_ago_are_forgotten_and_the_token_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PRUNED_EACH", 1)
    now = timezone.now()
    tokens = {changes.token()}
    for at in (now - 3 * changes.KEPT, now - 2 * changes.KEPT, now):
        changes.tell(at)
        tokens.add(changes.token())
    assert list(changes.PublicChange.objects.values_list("at", flat=True)) == [now]
    assert len(tokens) == 4
