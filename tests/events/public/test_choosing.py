"""What a visitor chooses by: read alike by the page, the API and the calendars."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from parsel import Selector

from events import publishing
from events.local_time import ZONE
from events.models import Cinema, ListedFilm, Movie, Showtime
from events.public import caching, views

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 24, 10, tzinfo=ZONE)  # a Tuesday
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _at_ten() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def show(title: str, hour: float, *, day: int = 0, version: str = "", cinema: str = "kijow", **listed: Any) -> Showtime:
    """A published showtime; `title` as it is listed, `hour` 24.25 is a quarter past midnight."""
    now = timezone.now()
    house, _ = Cinema.objects.get_or_create(slug=cinema, defaults={"name": cinema.title()})
    slug = title.lower().replace(" ", "-")
    movie, _ = Movie.objects.get_or_create(
        title=title.partition(" - ")[0], defaults={"tmdb_id": Movie.objects.count() + 1, "original_title": "Zama"}
    )
    film, _ = ListedFilm.objects.get_or_create(
        slug=slug,
        defaults={"title": title, "movie": movie, "match_status": "matched", "first_seen_at": now, "last_seen_at": now}
        | listed,
    )
    date = TODAY + dt.timedelta(days=day)
    start = dt.datetime.combine(date, dt.time(), tzinfo=ZONE) + dt.timedelta(hours=hour)
    row = Showtime.objects.create(
        external_id=f"{slug}|{cinema}|{start}", film=film, cinema=house, day=date, starts_at=start, version=version,
        first_seen_at=now, last_seen_at=now,
    )  # fmt: skip
    publishing.publish([film.pk], now)
    return row


def page(client: Client, query: str = "") -> Selector:
    answer = client.get(f"/whats-on/?{query}")
    assert answer.status_code == 200
    return Selector(answer.content.decode())


def times(client: Client, query: str) -> list[str]:
    """The starts that the page shows, which the API and the calendar have too."""
    on_page = page(client, query).css(".times time::text").getall()
    events = client.get(f"/api/events?{query}").json()["results"]
    in_api = sorted(each["starts_at"][11:16] for event in events for each in event["occurrences"])
    found: list[Any] = Calendar.from_ical(client.get(f"/calendar/all.ics?{query}").content).walk("VEVENT")
    in_calendar = sorted(f"{each['DTSTART'].dt.astimezone(ZONE):%H:%M}" for each in found)
    assert sorted(on_page) == in_api == in_calendar
    return sorted(on_page)


@pytest.mark.once
def test_by_what_is_said_of_a_showing(client: Client) -> None:
    show("Flow - dubbing", 11, version="2D")
    show("Flow - napisy", 12, cinema="mikro", version="IMAX 3D")
    show("Flow - napisy angielskie", 13)
    show("Flow - lektor", 17)
    show("Flow - ukraiński dubbing", 18, cinema="ars")
    show("Flow - wersja oryginalna", 22)
    show("Flow - napisy dla niesłyszących, audiodeskrypcja", 14)
    show("Flow - seans przyjazny sensorycznie", 15)
    show("Flow", 16, version="PJM")
    expected = {
        "language=dubbing": ["11:00", "18:00"],
        "language=ukrainian": ["18:00"],
        "language=voice-over": ["17:00"],
        "language=subtitles": ["12:00", "13:00", "14:00"],
        "language=english-subtitles": ["13:00"],
        "language=original": ["12:00", "13:00", "14:00", "22:00"],
        "language=voice-over&language=ukrainian": ["17:00", "18:00"],
        "format=3d": ["12:00"],
        "format=imax&format=2d": ["11:00", "12:00"],
        "access=audio-description": ["14:00"],
        "access=subtitles-for-the-deaf": ["14:00"],
        "access=sign-language&access=sensory": ["15:00", "16:00"],
        "time=morning": ["11:00"],
        "time=afternoon&language=subtitles": ["12:00", "13:00", "14:00"],
        "time=evening": ["17:00", "18:00"],
        "time=night": ["22:00"],
        "cinema=mikro&cinema=ars": ["12:00", "18:00"],
        "cinema=mikro&language=dubbing": [],
        "q=&language=&only=": ["11:00", "12:00", "13:00", "14:00", "15:00", "16:00", "17:00", "18:00", "22:00"],
    }
    assert {query: times(client, query) for query in expected} == expected


@pytest.mark.once
def test_by_title(client: Client) -> None:
    show("Żółć i łzy", 12)
    show("Anora", 13)
    Movie.objects.filter(title="Anora").update(original_title="The Zorro of Tbilisi")
    for query, found in {
        "q=zolc": ["12:00"], "q=łzy+żó": ["12:00"], "q=ora": [], "q=ANO": ["13:00"], "q=tbil+zor": ["13:00"],
        "q=zama": ["12:00"],
    }.items():  # fmt: skip
        assert times(client, query) == found, query


def test_new_this_week_and_last_showings(client: Client) -> None:
    long_ago = NOW - dt.timedelta(days=30)
    show("Premiera", 12, premiere=TODAY - dt.timedelta(days=3), first_seen_at=long_ago)
    show("Przed premiera", 13, premiere=TODAY + dt.timedelta(days=40))
    show("Stary", 14, first_seen_at=long_ago)
    show("Stary - dubbing", 15)  # a new listing of an old film
    show("Nieznany", 16)
    show("Daleko", 17, day=5, first_seen_at=long_ago)
    assert times(client, "only=new") == ["12:00", "16:00"]
    show("Stary", 18, day=4)
    assert times(client, "only=last") == ["12:00", "13:00", "16:00"]
    ListedFilm.objects.update(first_seen_at=NOW)  # a program that began today knows premieres only
    assert times(client, "only=new") == ["12:00"]


@pytest.mark.once
@pytest.mark.parametrize(
    "query",
    ["language=klingon", "format=5d", "access=x", "time=noon", "only=best", "q=a%00b", "film=%00", "cinema=%0A",
     "q=" + "x" * 101, "&".join(f"cinema=c{n}" for n in range(61))],
)  # fmt: skip
def test_a_bad_value_is_refused_by_all(client: Client, query: str) -> None:
    name = query.partition("=")[0]
    for path in ("/whats-on/", "/api/events", "/calendar/all.ics"):
        answer = client.get(f"{path}?{query}")
        assert (answer.status_code, name in answer.content.decode()) == (400, True), path
    assert client.get("/whats-on/?day=2026-13-45").status_code == 400
    assert client.get("/whats-on/?by=mood").status_code == 400


def test_a_strangers_bad_address_is_a_line_in_the_log_and_named_in_the_readers_language(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for query, reason in (
        ("language=klingon", "dozwolone są 'dubbing', 'subtitles'"),
        ("by=mood", "dozwolone są 'time'"),
        ("day=2026-13-45", "oczekiwano dnia takiego jak 2026-11-30"),
        ("q=" + "x" * 101, "dozwolonych jest co najwyżej 100 znaków"),
        ("q=a%00b", "oczekiwano nazwy bez znaków sterujących"),
    ):
        answer = client.get(f"/whats-on/?{query}", headers={"accept-language": "pl"})
        told = " ".join(Selector(answer.content.decode()).css("main ::text").getall())
        assert (answer.status_code, reason in told) == (400, True), told
        assert not answer.has_header("Cache-Control")
    assert [(line.getMessage(), line.exc_info) for line in caplog.records] == [("Bad Request: /whats-on/", None)] * 5


@pytest.mark.once
def test_a_week_of_too_much_is_shown_day_by_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 3)
    for hour in (12, 13):
        show("Film", hour)
    show("Film", 12, day=2)
    assert len(times(client, "q=film")) == 3
    show("Film", 13, day=2)
    first = page(client, "q=film")
    assert first.css(".times time::text").getall() == ["12:00", "13:00"]
    assert "".join(first.css(".days [aria-current] ::text").getall()).split()[0] == "Today"
    assert "All week" not in "".join(first.css(".days ::text").getall())


@pytest.mark.once
def test_choices_cost_no_query_more(client: Client) -> None:
    show("Flow - dubbing", 11, version="2D", premiere=TODAY)
    show("Daleko", 17, day=5)

    def asked(path: str) -> int:
        caching.answers.forget()
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    for path in (f"/whats-on/?day={TODAY}&", "/api/events?", "/calendar/all.ics?"):
        asked(path)
        everything = asked(path)
        for query in ("language=dubbing&time=morning&format=2d&q=flow", "only=new", "only=last", "cinema=kijow"):
            assert asked(f"{path}{query}") <= everything, (path, query)


def test_what_has_just_begun_is_shown_for_twenty_minutes(client: Client) -> None:
    show("Anora", 9.75)
    show("Ida", 9.6)
    assert page(client).css("h3 a::text").getall() == ["Anora"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("hour", "day", "shown"),
    [
        (23, 0, ["23:50", "00:15"]),  # the night's is this evening's
        (24.2, 0, ["23:50", "00:15"]),  # until five it is still the day before
        (24.75, 1, ["18:00"]),  # nothing is left: what is to come
        (29.5, 1, ["18:00"]),
    ],
)
def test_late_in_the_evening(client: Client, hour: float, day: int, shown: list[str]) -> None:
    show("Anora", 23 + 50 / 60)
    show("Ida", 24.25)
    show("Psy", 18, day=1)
    moment = dt.datetime.combine(TODAY, dt.time(), tzinfo=ZONE) + dt.timedelta(hours=hour)
    with time_machine.travel(moment, tick=False):
        found = page(client)
        assert found.css(".times time::text").getall() == [time for time in shown if time != "23:50" or hour < 24.2]
        chosen = str(found.css("[aria-current=date]::attr(href)").get())
        assert chosen in ("?", f"?day={TODAY + dt.timedelta(days=day)}")
        if "00:15" in shown:
            assert "Wed" in found.css(".times small::text").getall()


def test_what_is_chosen_can_be_taken_back_and_shared(client: Client) -> None:
    show("Flow - dubbing", 11, cinema="ars")
    Cinema.objects.create(slug="kijow", name="Kijow")
    found = page(client, "cinema=ars&cinema=kijow&language=dubbing&q=flow")
    assert found.css(".chips a::attr(href)").getall() == [
        "?cinema=ars&cinema=kijow&language=dubbing", "?cinema=kijow&language=dubbing&q=flow",
        "?cinema=ars&language=dubbing&q=flow", "?cinema=ars&cinema=kijow&q=flow", "/whats-on/",
    ]  # fmt: skip
    assert found.css("[checked]::attr(value)").getall() == ["ars", "kijow", "dubbing", ""]
    calendar = str(found.css("footer a::attr(href)").get())
    assert calendar == "/calendar/all.ics?cinema=ars&cinema=kijow&language=dubbing&q=flow"
    assert len(Calendar.from_ical(client.get(calendar).content).walk("VEVENT")) == 1


def test_a_film_leads_to_imdb(client: Client) -> None:
    show("Anora", 18)
    Movie.objects.update(imdb_id="tt28607951")
    assert (
        page(client, "film=tmdb-1").xpath("//a[text()='IMDb']/@href").get() == "https://www.imdb.com/title/tt28607951/"
    )
    assert (
        client.get("/api/events").json()["results"][0]["film"]["imdb_url"] == "https://www.imdb.com/title/tt28607951/"
    )


def test_the_map_names_each_cinema_once_and_says_what_is_doubtful(client: Client) -> None:
    show("Anora", 18, cinema="kijow")
    places = {"kijow": (50.0588, 19.9249), "same-house": (50.0588, 19.9249), "mikro": (50.0681, 19.9136),
              "sfinks": (50.0790, 20.0330)}  # fmt: skip
    for slug, (latitude, longitude) in places.items():
        Cinema.objects.update_or_create(slug=slug, defaults={
            "name": f"Kino <{slug}>", "latitude": latitude, "longitude": longitude, "located_by": "hand",
            "place_doubt": "bus stop" if slug == "sfinks" else "",
        })  # fmt: skip
    Cinema.objects.create(slug="nowhere", name="Nigdzie")
    drawn = page(client).css("section.map")
    circles = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in drawn.css("circle.pin")]
    assert len(circles) == 4
    assert all(
        (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 >= 26**2 for n, a in enumerate(circles) for b in circles[n + 1 :]
    )
    assert len(drawn.css("circle.unsure")) == 1
    assert drawn.css("ol a::text").getall() == [f"Kino <{slug}>" for slug in sorted(places)] + ["Nigdzie"]
    assert drawn.css("svg a::attr(href)").getall() == drawn.css("ol li:not(.unplaced) a::attr(href)").getall()
    assert drawn.css("svg a::attr(aria-label)").get() == "1: Kino <kijow>"
    assert "bus stop" not in str(drawn.get())
    east, west = max(circles), min(circles)
    assert east[0] - west[0] > 250  # Sfinks is far in the east
