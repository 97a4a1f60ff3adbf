"""The ways to find out where a cinema is: the site's page about it, Nominatim, Google.

Nominatim and Google are asked over `kinokrakow.http`, whose gate keeps Nominatim's terms (one request a second, a
User-Agent that says who asks) for all processes together: one documented address each needs no library of its own.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings

from events import conf
from events.models import Cinema
from kinokrakow import http

logger = logging.getLogger(__name__)

SERVICE = "geocoder"
TIMEOUT = 10.0  # s for one answer
TRIES = 2  # of one request: fewer than open the breaker
PATIENCE = 20.0  # s to sleep at the gate before the job steps aside
LONGEST_REASON = 200  # letters of what a geocoder says
#: What a cinema is in OpenStreetMap and at Google: a house of culture or a theatre may have one.
NOMINATIM_KINDS = frozenset({"cinema", "theatre", "arts_centre"})
GOOGLE_KINDS = frozenset({"movie_theater", "performing_arts_theater", "theater"})
GOOGLE_REFUSES = frozenset({"REQUEST_DENIED", "OVER_QUERY_LIMIT", "OVER_DAILY_LIMIT"})
CELLS_WITHIN = 12  # texts between tags, behind a name
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_STREET = re.compile(r"\b(?:ul\.|al\.|pl\.|os\.|Rynek)\s*[^\W\d][^,;|<>]{0,60}?\s\d{1,3}[a-z]?\b", re.IGNORECASE)
_PAIR = re.compile(r"(?<![\d.])(?P<latitude>(?:49|5[0-4])\.\d{3,})\D{1,40}(?P<longitude>(?:1[4-9]|2[0-4])\.\d{3,})")


class Place(NamedTuple):
    """Degrees, WGS 84. `doubt`: what is there, where that is no cinema."""

    latitude: float
    longitude: float
    doubt: str = ""

    @property
    def in_city(self) -> bool:
        return conf.SOUTH <= self.latitude <= conf.NORTH and conf.WEST <= self.longitude <= conf.EAST


class NotLocated(Exception):
    """An answer, but no place in Kraków; the message says what was found instead."""


def on_the_site(cinema: Cinema) -> Place:
    """The first pair of numbers on the cinema's page that is a place in Kraków, whatever markup they stand in."""
    path = conf.CINEMA_PAGE.format(slug=quote(cinema.slug))
    page = _page(path)
    for found in _PAIR.finditer(page.text):
        place = Place(float(found["latitude"]), float(found["longitude"]))
        if place.in_city:
            return place
    raise NotLocated(f"{page.url} names no place in {conf.CITY}")


def _page(path: str) -> http.Response:
    interval, timeout = settings.KINO_REQUEST_INTERVAL, settings.KINO_TIMEOUT
    service = http.Service("kino", settings.KINO_BASE_URL, interval, timeout, robots=True)
    with http.Session(service, patience=PATIENCE) as session:
        return session.get(path)


def street_address(cinema: Cinema) -> str:
    """The street and number behind the cinema's name on the site's list of cinemas, before the next one's name; empty
    where none is."""
    if not conf.CINEMA_MAP:
        return ""
    try:
        page = _page(conf.CINEMA_MAP).text
    except http.HttpError as error:  # then it is asked for by its name
        logger.info("%s: %s", conf.CINEMA_MAP, error)
        return ""
    cells = [" ".join(html.unescape(cell).split()) for cell in _TAG.split(page)]
    others = set(Cinema.objects.exclude(pk=cinema.pk).values_list("name", flat=True)) - {cinema.name}
    for number, cell in enumerate(cells):
        if cell.rstrip(":,") != cinema.name:
            continue
        for behind in filter(None, cells[number + 1 : number + 1 + CELLS_WITHIN]):
            if behind.rstrip(":,") in others:
                break
            if street := _STREET.search(behind[:LONGEST_REASON]):
                return street[0].strip()
    return ""


def by_nominatim(cinema: Cinema) -> Place:
    """Nominatim's `/search`; https://nominatim.org/release-docs/latest/api/Search/"""

    def places(answer: Any) -> list[Place]:
        if not isinstance(answer, list):
            raise TypeError(f"expected a list, found {answer!r:.200}")
        return [
            Place(float(each["lat"]), float(each["lon"]), _doubt(_kind_of(each), NOMINATIM_KINDS)) for each in answer
        ]

    params: dict[str, str | int] = {"q": _query(cinema), "format": "jsonv2", "limit": 10, "countrycodes": "pl"}
    return _checked("Nominatim", str(params["q"]), _read(conf.NOMINATIM_BASE_URL, "/search", params, places))


def by_google(cinema: Cinema) -> Place:
    """Google's Geocoding API; https://developers.google.com/maps/documentation/geocoding/requests-geocoding"""

    def places(answer: Any) -> list[Place]:
        if answer["status"] not in ("OK", "ZERO_RESULTS"):
            why = f"{answer['status']} {answer.get('error_message', '')}".replace("\0", "").strip()[:LONGEST_REASON]
            if answer["status"] in GOOGLE_REFUSES:
                raise http.Denied(f"Google refuses: {why}")
            if answer["status"] == "UNKNOWN_ERROR":
                raise ValueError(why)
            raise NotLocated(f"Google refuses: {why}")
        return [
            Place(
                float(each["geometry"]["location"]["lat"]),
                float(each["geometry"]["location"]["lng"]),
                _doubt(each.get("types") or (), GOOGLE_KINDS),
            )
            for each in answer["results"]
        ]

    params = {"address": _query(cinema), "components": "country:PL", "key": conf.GOOGLE_GEOCODING_KEY}
    try:
        found = _read(conf.GOOGLE_GEOCODING_URL, "/maps/api/geocode/json", params, places)
    except http.HttpError as error:  # its text names the address asked, and goes into the ledger
        error.args = tuple(str(text).replace(conf.GOOGLE_GEOCODING_KEY, "…") for text in error.args)
        raise
    return _checked("Google", params["address"], found)


def _read(
    base_url: str, path: str, params: Mapping[str, str | int], parse: Callable[[Any], list[Place]]
) -> list[Place]:
    timeout = min(settings.KINO_TIMEOUT, TIMEOUT)
    key = str(params.get("key", ""))
    service = http.Service(SERVICE, base_url, conf.NOMINATIM_REQUEST_INTERVAL, timeout, breaks=True, key=key)
    with http.Session(service, patience=PATIENCE, tries=TRIES) as session:
        return session.read(path, parse, params=params)


def _query(cinema: Cinema) -> str:
    """By its street where the site says that. "IMAX" alone is many things: it is asked for as a cinema, in Kraków."""
    if street := street_address(cinema):
        return f"{street}, {conf.CITY}"
    kind = "" if re.search(r"kin|cinema", cinema.name, re.IGNORECASE) else "Kino "
    return f"{kind}{cinema.name}, {conf.CITY}"


def _kind_of(found: Mapping[str, Any]) -> list[str]:
    """What Nominatim says that a place is: "highway", "bus_stop"."""
    return [str(found[name]) for name in ("category", "class", "type") if found.get(name)]


def _doubt(kinds: Iterable[str], cinemas: frozenset[str]) -> str:
    """What a place is, if it is said and no cinema."""
    kinds = list(dict.fromkeys(kinds))
    return "" if not cinemas.isdisjoint(kinds) else ", ".join(kinds).replace("\0", "")[:LONGEST_REASON]


def _checked(who: str, asked: str, places: list[Place]) -> Place:
    """The first place in Kraków that is a cinema, or else the first one there, which a person should look at."""
    if not places:
        raise NotLocated(f"{who} knows no {asked!r}")
    here = [place for place in places if place.in_city]
    if not here:
        first = places[0]
        raise NotLocated(f"{who} finds {asked!r} outside {conf.CITY}, at {first.latitude}, {first.longitude}")
    return next((place for place in here if not place.doubt), here[0])
