"""Where a cinema is: known beforehand, or asked for once and kept. A place by hand is never overwritten."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from django.utils import timezone

from events import conf
from events.geocoding.ways import NotLocated, Place, by_google, by_nominatim, on_the_site
from events.models import Cinema, changes
from events.other_sources import duplicates
from kinokrakow import http, jobs
from kinokrakow.models import Job

__all__ = [
    "NotLocated", "Place", "ask", "ask_for", "by_google", "correct",
    "known", "settle",
]  # fmt: skip

logger = logging.getLogger(__name__)

NOT_FOUND_AGAIN = dt.timedelta(days=7)
FAILED_AGAIN = dt.timedelta(hours=6)


@cache
def known() -> Mapping[str, Place]:
    """Places of the cinemas known when this was written, by the name that the site gives them."""
    rows = json.loads(Path(__file__).with_name("cinemas.json").read_text("utf-8"))
    places = {row["name"]: Place(row["latitude"], row["longitude"]) for row in rows}
    return {name: place for name, place in places.items() if place.in_city}  # of another city's "Multikino": none


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
