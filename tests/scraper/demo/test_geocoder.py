from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from scraper.demo.geocoder import DemoGeocoder
from scraper.demo.world import CINEMAS, Cinema
from tests.scraper.demo.client import Browser, Reply

AGENT = "KinoKrakow tests (someone@example.org)"


@pytest.fixture(scope="module")
def geocoder() -> Iterator[DemoGeocoder]:
    with DemoGeocoder() as geocoder:
        yield geocoder


def ask(geocoder: DemoGeocoder, query: str, agent: str = AGENT) -> Reply:
    parameters = urlencode({"q": query, "format": "jsonv2", "limit": 1})
    return Browser(geocoder.url).get(f"/search?{parameters}", **{"User-Agent": agent})


def found(geocoder: DemoGeocoder, query: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = json.loads(ask(geocoder, query).text)
    return results


@pytest.mark.parametrize("form", ["{}, Kraków", "{}, Kraków, Polska", "kino {} krakow"])
@pytest.mark.parametrize("cinema", CINEMAS, ids=lambda cinema: cinema.slug)
def test_every_cinema_is_found_by_its_name(geocoder: DemoGeocoder, cinema: Cinema, form: str) -> None:
    (place,) = found(geocoder, form.format(cinema.name))
    assert place["name"] == cinema.name
    assert (float(place["lat"]), float(place["lon"])) == (cinema.latitude, cinema.longitude)
    assert cinema.address in place["display_name"]


def test_a_cinema_is_found_by_its_address(geocoder: DemoGeocoder) -> None:
    (place,) = found(geocoder, "ul. Lea 5, Kraków")
    assert place["name"] == "Kino Mikro"


def test_every_place_is_in_the_city(geocoder: DemoGeocoder) -> None:
    assert all(50.0 < cinema.latitude < 50.11 and 19.85 < cinema.longitude < 20.07 for cinema in CINEMAS)
    (city,) = found(geocoder, "Kraków, Polska")
    assert (city["type"], city["display_name"]) == ("city", "Kraków, województwo małopolskie, Polska")


@pytest.mark.parametrize("query", ["Kino Wanda, Kraków", "Multikino Warszawa", "", "?!"])
def test_what_is_not_known_is_an_empty_list(geocoder: DemoGeocoder, query: str) -> None:
    assert ask(geocoder, query or " ").text == "[]"


@pytest.mark.parametrize("agent", ["", "python-requests/2.32", "geopy/2.4.1"])
def test_whoever_does_not_say_who_they_are_is_refused(geocoder: DemoGeocoder, agent: str) -> None:
    assert ask(geocoder, "Multikino", agent).status == 403


def test_a_question_without_words_is_an_error_and_is_remembered(geocoder: DemoGeocoder) -> None:
    assert Browser(geocoder.url).get("/search?format=jsonv2", **{"User-Agent": AGENT}).status == 400
    last = geocoder.requests[-1]
    assert (last.method, last.path, last.status) == ("GET", "/search?format=jsonv2", 400)
