"""The read-only JSON API. django-ninja derives its OpenAPI from these types, so the two can't disagree."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import NinjaAPI, Query, Schema
from ninja.decorators import decorate_view

from events import programme
from events.models import Cinema
from events.public import public

PER_PAGE, MOST_PER_PAGE = 50, 200

api = NinjaAPI(
    title="KinoKraków",
    version="1",
    description="What the cinemas of Kraków show. Times carry Kraków's offset; unknown values are null. "
    "Film data of TMDB: this product uses the TMDB API but is not endorsed or certified by TMDB.",
    docs_url=None,
    urls_namespace="api",
)


class Occurrence(Schema):
    """One start. `language` is heard, `subtitles` are read (BCP 47); `voice` is "dubbing" or "voice-over"."""

    external_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    language: str | None
    subtitles: str | None
    voice: str | None
    format: str | None
    ticket_url: str | None
    source_url: str | None


class Film(Schema):
    """`key` is what `?film=` takes; `category` is "film" or "special" (a play, a concert, several films)."""

    key: str
    category: str
    title: str
    original_title: str | None
    tmdb_id: int | None
    year: int | None
    runtime: int | None
    image_url: str | None


class Venue(Schema):
    """`slug` is what `?cinema=` takes; null for a cinema that the main source does not list."""

    slug: str | None
    name: str
    latitude: float | None
    longitude: float | None


class Event(Schema):
    """One film at one cinema. `status`: "scheduled", "cancelled" (nothing left), "double" (of another source's)."""

    event_id: int | None
    external_id: str
    status: str
    film: Film
    cinema: Venue
    source_url: str
    occurrences: list[Occurrence]


class Page(Schema):
    """`count` is that of all pages; `next` and `previous` are page numbers."""

    count: int
    next: int | None
    previous: int | None
    results: list[Event]


class Filters(Schema):
    """`first` and `last` are dates of Kraków, both included."""

    first: dt.date | None = None
    last: dt.date | None = None
    cinema: str = ""
    film: str = ""


@api.get("/events", response=Page, summary="Events with what they have to come, or have on the dates asked for")
@decorate_view(public("PUBLIC_API"))
def list_events(
    request: HttpRequest,
    filters: Annotated[Filters, Query()],
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = PER_PAGE,
) -> dict[str, Any]:
    first = filters.first or timezone.localdate()
    found = programme.events(first, filters.last, cinema=filters.cinema, film=filters.film)
    start = (page - 1) * per_page
    return {
        "count": len(found),
        "next": page + 1 if start + per_page < len(found) else None,
        "previous": page - 1 if page > 1 else None,
        "results": [_event(event) for event in found[start : start + per_page]],
    }


@api.get("/events/{event_id}", response=Event, summary="One event with what it has to come")
@decorate_view(public("PUBLIC_API"))
def one_event(request: HttpRequest, event_id: int) -> dict[str, Any]:
    event = programme.event(event_id, timezone.localdate())
    if event is None:
        raise Http404(f"no event {event_id}")
    return _event(event)


@api.get("/cinemas", response=list[Venue], summary="The cinemas")
@decorate_view(public("PUBLIC_API"))
def list_cinemas(request: HttpRequest) -> list[dict[str, Any]]:
    return [_venue(programme.venue(row)) for row in Cinema.objects.filter(same_as=None)]


def _event(event: programme.Published) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "external_id": event.external_id,
        "status": event.status,
        "film": _film(event.film),
        "cinema": _venue(event.venue),
        "source_url": event.source_url,
        "occurrences": [programme.as_dict(showing) for showing in event.showings],
    }


def _film(film: programme.Film) -> dict[str, Any]:
    return {
        "key": film.key,
        "category": "special" if film.special else "film",
        "title": film.title,
        "original_title": film.original_title or None,
        "tmdb_id": film.tmdb_id,
        "year": film.year,
        "runtime": film.runtime,
        "image_url": film.image_url or None,
    }


def _venue(venue: programme.Venue) -> dict[str, Any]:
    return {
        "slug": venue.slug or None,
        "name": venue.name,
        "latitude": venue.latitude,
        "longitude": venue.longitude,
    }
