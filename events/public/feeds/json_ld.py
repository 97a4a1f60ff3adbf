"""What is on as schema.org's JSON-LD, for the page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from events import conf
from events.public.showings import Showing


def json_ld(found: Iterable[Showing]) -> str:
    """One graph: each film and cinema once, and a ScreeningEvent per showing that refers to them. Safe in a script."""
    films: dict[str, dict[str, Any]] = {}
    cinemas: dict[str, dict[str, Any]] = {}
    events = []
    for showing in found:
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
                "address": {"@type": "PostalAddress", "addressLocality": conf.CITY, "addressCountry": "PL"},
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
