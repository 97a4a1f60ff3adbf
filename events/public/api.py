"""The read-only JSON API. django-ninja derives its OpenAPI from these types, so the two can't disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer
from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic_core import to_json

from events import conf
from events.models import Cinema
from events.public import by_event, screenings, showings
from events.public.caching import View, public
from events.public.choosing import Choices, reason

PER_PAGE, MOST_PER_PAGE = 50, 200


class Renderer(BaseRenderer):
    """JSON written by pydantic: ninja's own asks Python for each of a week's thousands of moments."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


api = NinjaAPI(
    renderer=Renderer(),
    title=settings.SITE_NAME,
    version="1",
    description=f"What the cinemas of {conf.CITY} show. Times carry the city's offset; unknown values are null. "
    "Film data of TMDB: this product uses the TMDB API but is not endorsed or certified by TMDB.",
    docs_url=None,
    docs_decorator=public("PUBLIC_API"),
    urls_namespace="api",
)


@api.exception_handler(ValidationError)
def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter that can't be, and why, in the reader's language."""
    said = [{**each, "msg": reason(each)} for each in error.errors]
    return api.create_response(request, {"detail": said}, status=400)


class Occurrence(BaseModel):
    """One start. `language` is heard, `subtitles` are read (BCP 47); `voice` is "dubbing" or "voice-over"; `access` has
    what it is made accessible by, as `?access=` takes it. `filled`: by field, the other listing that filled it."""

    external_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    language: str | None
    subtitles: str | None
    voice: str | None
    format: str | None
    access: list[str]
    ticket_url: str | None
    source_url: str | None
    filled: dict[str, str]


class Film(BaseModel):
    """`key` is what `?film=` takes; `category` is "film" or "special" (a play, a concert, several films)."""

    key: str
    category: str
    title: str
    original_title: str | None
    tmdb_id: int | None
    imdb_id: str | None
    imdb_url: str | None
    year: int | None
    runtime: int | None
    image_url: str | None


class Venue(BaseModel):
    """`slug` is what `?cinema=` takes; null for a cinema that the main source does not list."""

    slug: str | None
    name: str
    latitude: float | None
    longitude: float | None


class Event(BaseModel):
    """One film at one cinema. `status`: "scheduled", "cancelled" (nothing left), "double" (of another source's)."""

    event_id: int | None
    external_id: str
    status: str
    film: Film
    cinema: Venue
    source_url: str
    occurrences: list[Occurrence]


class Page(BaseModel):
    """`count` is that of all pages; `next` and `previous` are page numbers."""

    count: int
    next: int | None
    previous: int | None
    results: list[Event]


class Filters(Choices):
    """Which events. `date` is one day; `date_from` and `date_to` are both included. Without: from today on. At most 93
    days at once; without an end, so many. Of a choice's several values any will do; of an event only the occurrences
    are listed that every choice holds for."""

    date: dt.date | None = Field(None, description="one day of the city's")
    date_from: dt.date | None = Field(None, description="from this day on")
    date_to: dt.date | None = Field(None, description="until this day, included")
    page: int = Field(1, ge=1, le=10_000)
    per_page: int = Field(PER_PAGE, ge=1, le=MOST_PER_PAGE)

    @field_validator("date", "date_from", "date_to")
    @classmethod
    def near(cls, value: dt.date | None) -> dt.date | None:
        if value and not 2000 <= value.year < 2100:
            raise ValueError(gettext_noop("expected a day of this century"))
        return value

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.date and (self.date_from or self.date_to):
            raise ValueError(gettext_noop("either date, or date_from and date_to"))
        if self.date_from and self.date_to and self.date_to < self.date_from:
            raise ValueError(gettext_noop("date_to is before date_from"))
        if self.date_from and self.date_to and self.date_to - self.date_from > screenings.AHEAD:
            raise ValueError(gettext_noop("at most 93 days at once"))
        return self


def get(path: str, **options: Any) -> Callable[[View], View]:
    """A public GET of the API, and HEAD, which its schema need not repeat."""

    def register(view: View) -> View:
        shown = decorate_view(public("PUBLIC_API"))(view)
        api.api_operation(["HEAD"], path, include_in_schema=False, **options)(shown)
        return api.get(path, **options)(shown)

    return register


@get("/events", response=Page, summary="Events with what they have to come, or have on the days asked for")
def list_events(request: HttpRequest, filters: Annotated[Filters, Query()]) -> HttpResponse:
    if unknown := sorted(set(request.GET) - set(Filters.model_fields)):
        raise HttpError(
            400,
            _("unknown: %(names)s; there are %(known)s")
            % {"names": ", ".join(unknown), "known": ", ".join(Filters.model_fields)},
        )
    dated = filters.date or filters.date_from or filters.date_to
    first = filters.date or filters.date_from or timezone.localdate()
    start = (filters.page - 1) * filters.per_page
    found, count = by_event.page(
        first,
        filters.date or filters.date_to,
        filters,
        start=start,
        size=filters.per_page,
        empty=not dated,
    )
    listed = {
        "count": count,
        "next": filters.page + 1 if start + filters.per_page < count else None,
        "previous": min(filters.page - 1, max(1, -(-count // filters.per_page))) if filters.page > 1 else None,
        "results": [_event(event) for event in found],
    }
    return api.create_response(request, listed, status=200)  # checking our own rows takes half of the time


@get("/events/{event_id}", response=Event, summary="One event with what it has to come")
def one_event(request: HttpRequest, event_id: int) -> dict[str, Any]:
    event = by_event.event(event_id, timezone.localdate()) if 0 < event_id < 2**63 else None
    if event is None:
        raise HttpError(404, f"no event {event_id}")
    return _event(event)


@get("/cinemas", response=list[Venue], summary="The cinemas")
def list_cinemas(request: HttpRequest) -> list[dict[str, Any]]:
    return [_venue(showings.venue(row)) for row in Cinema.objects.filter(same_as=None)]


def _event(event: by_event.Published) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "external_id": event.external_id,
        "status": event.status,
        "film": _film(event.film),
        "cinema": _venue(event.venue),
        "source_url": event.source_url,
        "occurrences": [by_event.as_dict(showing) for showing in event.showings],
    }


def _film(film: showings.Film) -> dict[str, Any]:
    return {
        "key": film.key,
        "category": "special" if film.special else "film",
        "title": film.title,
        "original_title": film.original_title or None,
        "tmdb_id": film.tmdb_id,
        "imdb_id": film.imdb_id or None,
        "imdb_url": film.imdb_url or None,
        "year": film.year,
        "runtime": film.runtime,
        "image_url": film.image_url or None,
    }


def _venue(venue: showings.Venue) -> dict[str, Any]:
    return {
        "slug": venue.slug or None,
        "name": venue.name,
        "latitude": venue.latitude,
        "longitude": venue.longitude,
    }


urlpatterns = [path("api/", api.urls)]
