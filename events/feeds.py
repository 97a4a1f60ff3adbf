"""What is on as iCalendar (RFC 5545) and as schema.org JSON-LD."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from icalendar import Calendar, Event

from events.programme import Showing

PRODUCT = "-//KinoKrakow//What is on//PL"
REFRESH = dt.timedelta(hours=4)


def calendar(name: str, showings: Iterable[Showing], *, stamp: dt.datetime) -> bytes:
    """A calendar of these showings; times in UTC, which every program understands without a VTIMEZONE.

    `stamp` (aware) is the DTSTAMP of all: the same for the same programme, so that unchanged feeds stay unchanged.
    """
    feed = Calendar()
    feed.add("prodid", PRODUCT)
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("name", name)
    feed.add("x-wr-calname", name)
    feed.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", "PT4H")
    for showing in showings:
        feed.add_component(_entry(showing, stamp.astimezone(dt.UTC)))
    return bytes(feed.to_ical())


def _entry(showing: Showing, stamp: dt.datetime) -> Event:
    film, venue, label = showing.film, showing.venue, showing.version.label
    entry = Event()
    entry.add("uid", f"{showing.id}@kinokrakow")
    entry.add("dtstamp", stamp)
    entry.add("dtstart", showing.starts_at.astimezone(dt.UTC))
    entry.add("dtend", showing.ends_at.astimezone(dt.UTC))
    entry.add("summary", f"{film.title} ({label})" if label else film.title)
    entry.add("location", f"{venue.name}, Kraków")
    if venue.latitude is not None and venue.longitude is not None:
        entry.add("geo", (venue.latitude, venue.longitude))
    if showing.ticket_url:
        entry.add("description", showing.ticket_url)
    if showing.source_url:
        entry.add("url", showing.source_url)
    entry.add("transp", "TRANSPARENT")  # on is not yet busy
    return entry


def json_ld(showings: Iterable[Showing]) -> str:
    """One graph: each film and cinema once, and a ScreeningEvent per showing that refers to them. Safe in a script."""
    films: dict[str, dict[str, Any]] = {}
    cinemas: dict[str, dict[str, Any]] = {}
    events = []
    for showing in showings:
        film, venue = showing.film, showing.venue
        film_id, venue_id = f"#film-{film.key}", f"#cinema-{venue.slug or venue.name}"
        if film.key not in films:
            films[film.key] = _filled({
                "@type": "CreativeWork" if film.special else "Movie",
                "@id": film_id,
                "name": film.title,
                "alternateName": film.original_title if film.original_title != film.title else None,
                "image": film.image_url,
                "sameAs": f"https://www.themoviedb.org/movie/{film.tmdb_id}" if film.tmdb_id else None,
            })  # fmt: skip
        if venue_id not in cinemas:
            cinemas[venue_id] = _filled({
                "@type": "MovieTheater",
                "@id": venue_id,
                "name": venue.name,
                "address": {"@type": "PostalAddress", "addressLocality": "Kraków", "addressCountry": "PL"},
                "geo": {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
                if venue.latitude is not None else None,
            })  # fmt: skip
        events.append(_filled({
            "@type": "ScreeningEvent",
            "name": film.title,
            "startDate": showing.starts_at.isoformat(),
            "endDate": showing.ends_at.isoformat(),
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "workPresented": {"@id": film_id},
            "location": {"@id": venue_id},
            "videoFormat": showing.version.format,
            "inLanguage": showing.version.language,
            "subtitleLanguage": showing.version.subtitles,
            "url": showing.source_url,
            "offers": {"@type": "Offer", "url": showing.ticket_url} if showing.ticket_url else None,
        }))  # fmt: skip
    graph = {"@context": "https://schema.org", "@graph": [*films.values(), *cinemas.values(), *events]}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if each}
