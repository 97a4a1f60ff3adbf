"""A local Nominatim that knows Kraków and its cinemas.

python -m scraper.demo.geocoder --port 8002
"""

from __future__ import annotations

import argparse
import json
import re
import threading
import unicodedata
from contextlib import suppress
from typing import Any, NamedTuple

from scraper.demo.server import JSON, Answer, Asked, Loopback
from scraper.demo.world import CINEMAS

CITY = "Kraków"
SURROUNDINGS = "województwo małopolskie, Polska"
#: Words that people put in and that no place is told apart by; Nominatim knows them for every place here.
COMMON_WORDS = frozenset({"kino", "krakow", "cracow", "polska", "poland", "malopolskie", "wojewodztwo", "ul", "al"})
GENERIC_AGENTS = ("python-", "httpx/", "geopy/", "curl/", "okhttp", "java/")


class Place(NamedTuple):
    name: str
    address: str
    latitude: float
    longitude: float
    kind: str


PLACES = (
    Place(CITY, "", 50.0619, 19.9369, "city"),
    *(Place(cinema.name, cinema.address, cinema.latitude, cinema.longitude, "cinema") for cinema in CINEMAS),
)


def find(query: str) -> Place | None:
    """The place that has every word of the query, and among several the one with the fewest words beside them."""
    asked = _words(query)
    if not asked:
        return None
    wanted = asked - COMMON_WORDS
    places = PLACES[1:] if wanted else PLACES[:1]
    found = [place for place in places if wanted <= _words(f"{place.name} {place.address}") | _words(SURROUNDINGS)]
    return min(found, key=lambda place: len(_words(place.name) - asked), default=None)


class DemoGeocoder(Loopback):
    """`GET /search?q=…&format=jsonv2&limit=1` → a JSON list of at most one place.

    As Nominatim's policy asks, whoever doesn't say who they are gets 403.
    """

    def answer(self, asked: Asked) -> Answer:
        agent = asked.headers.get("User-Agent", "").lower()
        if not agent or agent.startswith(GENERIC_AGENTS):
            return _json(403, {"error": {"code": 403, "message": "Please identify your application"}})
        query = asked.parameter("q")
        if asked.route != "/search":
            return _json(404, {"error": {"code": 404, "message": "Not found"}})
        if query is None:
            return _json(400, {"error": {"code": 400, "message": "Nothing to search for."}})
        place = find(query)
        return _json(200, [_result(place)] if place else [])


def _result(place: Place) -> dict[str, Any]:
    return {
        "place_id": PLACES.index(place) + 1,
        "licence": "Demo data, not OpenStreetMap's",
        "lat": f"{place.latitude:.7f}",
        "lon": f"{place.longitude:.7f}",
        "category": "place" if place.kind == "city" else "amenity",
        "type": place.kind,
        "importance": 0.7 if place.kind == "city" else 0.2,
        "name": place.name,
        "display_name": ", ".join(
            dict.fromkeys(part for part in (place.name, place.address, CITY, SURROUNDINGS) if part)
        ),
    }


def _json(status: int, value: Any) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), JSON)


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return frozenset(re.findall(r"[a-z0-9]+", "".join(mark for mark in plain if not unicodedata.combining(mark))))


def main() -> None:
    parser = argparse.ArgumentParser(description="A local Nominatim")
    parser.add_argument("--port", type=int, default=8002)
    with suppress(KeyboardInterrupt), DemoGeocoder(parser.parse_args().port) as geocoder:
        print(f"Nominatim of the demo: {geocoder.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
