"""Where a cinema is: known beforehand, or asked for once and kept. A place by hand is never overwritten.

Nominatim and Google are asked over `kinokrakow.http`, whose gate keeps Nominatim's terms (one request a second, a
User-Agent that says who asks) for all processes together: one documented address each needs no library of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from events import conf
from events.models import Cinema, changes
from events.other_sources import duplicates
from kinokrakow import http, jobs
from kinokrakow.models import Job

logger = logging.getLogger(__name__)

SERVICE = "geocoder"
TIMEOUT = 10.0  # s for one answer
TRIES = 2  # of one request: fewer than open the breaker
PATIENCE = 20.0  # s to sleep at the gate before the job steps aside
NOT_FOUND_AGAIN = dt.timedelta(days=7)
FAILED_AGAIN = dt.timedelta(hours=6)
LONGEST_REASON = 200  # letters of what a geocoder says
#: The city's boundary in OpenStreetMap lies within: south, north, west, east.
SOUTH, NORTH, WEST, EAST = 49.967, 50.127, 19.792, 20.218
#: What a cinema is in OpenStreetMap and at Google: a house of culture or a theatre may have one.
NOMINATIM_KINDS = frozenset({"cinema", "theatre", "arts_centre"})
GOOGLE_KINDS = frozenset({"movie_theater", "performing_arts_theater", "theater"})
GOOGLE_REFUSES = frozenset({"REQUEST_DENIED", "OVER_QUERY_LIMIT", "OVER_DAILY_LIMIT"})
_PAIR = re.compile(r"(?<![\d.])(?P<latitude>(?:49|50)\.\d{3,})\D{1,40}(?P<longitude>(?:19|20)\.\d{3,})")


class Place(NamedTuple):
    """Degrees, WGS 84. `doubt`: what is there, where that is no cinema."""

    latitude: float
    longitude: float
    doubt: str = ""

    @property
    def in_krakow(self) -> bool:
        return SOUTH <= self.latitude <= NORTH and WEST <= self.longitude <= EAST


class NotLocated(Exception):
    """An answer, but no place in Kraków; the message says what was found instead."""


@cache
def known() -> Mapping[str, Place]:
    """Places of the cinemas known when this was written, by the name that the site gives them."""
    rows = json.loads(Path(__file__).with_name("cinemas.json").read_text("utf-8"))
    return {row["name"]: Place(row["latitude"], row["longitude"]) for row in rows}


def ask(at: dt.datetime, *, run: int | None = None) -> int:
    """Give places to the cinemas that are known, and ask for a job for each other; returns the jobs.

    In the caller's transaction. Costs one query while every cinema has its place.
    """
    return ask_for(Cinema.objects.to_locate(at), at=at, run=run)


def ask_for(cinemas: Iterable[Cinema], *, at: dt.datetime, run: int | None = None) -> int:
    """As `ask` does, for these; one that has its place keeps it."""
    asked = 0
    placed: set[int] = set()
    for cinema in cinemas:
        if place := known().get(cinema.name):
            if settle(cinema, place, Cinema.Located.BUNDLED, at=at):
                placed.add(cinema.pk)
        elif not cinema.located_by and (conf.GEOCODER != "none" or conf.CINEMA_PAGE):
            asked += jobs.enqueue("locate", f"locate:{cinema.slug}", run=run, cinema=cinema.pk)[1]
    if placed:
        duplicates.settle_cinemas(placed, at=at)
    return asked


def correct(cinema: Cinema, place: Place | None, *, at: dt.datetime) -> bool:
    """A person says where a cinema is, for good; or (None) that its place is wrong, so that it is looked for again.

    In the caller's transaction. False if it has been given another place since `cinema` was read.
    """
    by = Cinema.Located.HAND if place else ""
    latitude, longitude = place[:2] if place else (None, None)
    row = Cinema.objects.filter(pk=cinema.pk, located_by=cinema.located_by, located_at=cinema.located_at)
    if not row.update(
        latitude=latitude, longitude=longitude, located_by=by, located_at=at if place else None, locate_error="",
        locate_due_at=None, place_doubt="",
    ):  # fmt: skip
        return False
    duplicates.settle_cinemas({cinema.pk}, at=at)
    changes.tell(at)
    return True


def settle(cinema: Cinema, place: Place, by: str, *, at: dt.datetime) -> bool:
    """Keep a cinema's place if it has none yet; whoever was first, a hand above all, stays."""
    row = Cinema.objects.filter(pk=cinema.pk, located_by="")
    if not row.update(
        latitude=place.latitude, longitude=place.longitude, located_by=by, located_at=at, locate_error="",
        locate_due_at=None, place_doubt=place.doubt,
    ):  # fmt: skip
        return False
    changes.tell(at)
    return True


def _failed(job: Job, error: str) -> None:
    _put_off(job.args["cinema"], error, FAILED_AGAIN)


def _put_off(cinema_id: int, error: str, delay: dt.timedelta) -> None:
    Cinema.objects.filter(pk=cinema_id, located_by="").update(locate_error=error, locate_due_at=timezone.now() + delay)


@jobs.task("locate", attempts=2, failed=_failed)
def locate(job: Job) -> None:
    """Look for one cinema: on the site's page about it if a setting names that, then by the geocoder."""
    cinema = Cinema.objects.get(pk=job.args["cinema"])
    found = None if cinema.located_by else _look(cinema)
    with jobs.finishing(job):
        if isinstance(found, NotLocated):
            _put_off(cinema.pk, str(found), NOT_FOUND_AGAIN)
        elif found and settle(cinema, *found, at=timezone.now()):
            duplicates.settle_cinemas({cinema.pk}, at=timezone.now())  # what is near is known only now


def _look(cinema: Cinema) -> tuple[Place, str] | NotLocated:
    """The place and who named it, or why nobody did. Raises `HttpError` or `NotYet` when one could not be asked."""
    ways = {
        Cinema.Located.SITE: on_the_site if conf.CINEMA_PAGE else None,
        Cinema.Located.NOMINATIM: by_nominatim if conf.GEOCODER == "nominatim" else None,
        Cinema.Located.GOOGLE: by_google if conf.GEOCODER == "google" else None,
    }
    nobody = NotLocated("no geocoder is set")
    for by, way in ways.items():
        if way is None:
            continue
        try:
            return way(cinema), by
        except (NotLocated, http.NotFound) as error:
            nobody = NotLocated(str(error))
            logger.info("%s: %s", cinema.slug, error)
    return nobody


def on_the_site(cinema: Cinema) -> Place:
    """The first pair of numbers on the cinema's page that is a place in Kraków, whatever markup they stand in."""
    path = conf.CINEMA_PAGE.format(slug=quote(cinema.slug))
    interval, timeout = settings.KINO_REQUEST_INTERVAL, settings.KINO_TIMEOUT
    with http.Session(
        http.Service("kino", settings.KINO_BASE_URL, interval, timeout, robots=True), patience=PATIENCE
    ) as session:
        page = session.get(path)
    for found in _PAIR.finditer(page.text):
        place = Place(float(found["latitude"]), float(found["longitude"]))
        if place.in_krakow:
            return place
    raise NotLocated(f"{page.url} names no place in Kraków")


def by_nominatim(cinema: Cinema) -> Place:
    """Nominatim's `/search`; https://nominatim.org/release-docs/latest/api/Search/"""

    def places(answer: Any) -> list[Place]:
        if not isinstance(answer, list):
            raise TypeError(f"expected a list, found {answer!r:.200}")
        return [
            Place(float(each["lat"]), float(each["lon"]), _doubt(_kind_of(each), NOMINATIM_KINDS)) for each in answer
        ]

    params: dict[str, str | int] = {"q": _query(cinema), "format": "jsonv2", "limit": 10, "countrycodes": "pl"}
    return _checked("Nominatim", cinema, _read(conf.NOMINATIM_BASE_URL, "/search", params, places))


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
    return _checked("Google", cinema, found)


def _read(
    base_url: str, path: str, params: Mapping[str, str | int], parse: Callable[[Any], list[Place]]
) -> list[Place]:
    timeout = min(settings.KINO_TIMEOUT, TIMEOUT)
    key = str(params.get("key", ""))
    service = http.Service(SERVICE, base_url, conf.NOMINATIM_REQUEST_INTERVAL, timeout, breaks=True, key=key)
    with http.Session(service, patience=PATIENCE, tries=TRIES) as session:
        return session.read(path, parse, params=params)


def _query(cinema: Cinema) -> str:
    """ "IMAX" alone is many things: it is asked for as a cinema, in Kraków."""
    kind = "" if re.search(r"kin|cinema", cinema.name, re.IGNORECASE) else "Kino "
    return f"{kind}{cinema.name}, Kraków"


def _kind_of(found: Mapping[str, Any]) -> list[str]:
    """What Nominatim says that a place is: "highway", "bus_stop"."""
    return [str(found[name]) for name in ("category", "class", "type") if found.get(name)]


def _doubt(kinds: Iterable[str], cinemas: frozenset[str]) -> str:
    """What a place is, if it is said and no cinema."""
    kinds = list(dict.fromkeys(kinds))
    return "" if not cinemas.isdisjoint(kinds) else ", ".join(kinds).replace("\0", "")[:LONGEST_REASON]


def _checked(who: str, cinema: Cinema, places: list[Place]) -> Place:
    """The first place in Kraków that is a cinema, or else the first one there, which a person should look at."""
    if not places:
        raise NotLocated(f"{who} knows no {_query(cinema)!r}")
    here = [place for place in places if place.in_krakow]
    if not here:
        first = places[0]
        raise NotLocated(f"{who} finds {_query(cinema)!r} outside Kraków, at {first.latitude}, {first.longitude}")
    return next((place for place in here if not place.doubt), here[0])
