"""Forty more documents as publishers write them, made from schema.org's and Google's examples and what plugins give."""

from __future__ import annotations

from typing import Any

CTX = {"@context": "https://schema.org"}
KINO = {"@type": "MovieTheater", "name": "Kino Kijów", "address": "al. Krasińskiego 34, Kraków"}
ANORA, START, HOUSE = "Anora", "2026-11-27T19:15", "Kino Kijów"
ONE: list[Any] = [(ANORA, START, HOUSE, {})]
BASE = {**CTX, "@type": "ScreeningEvent", "name": "Anora", "startDate": "2026-11-27T20:15:00+01:00", "location": KINO}


def event(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in ({**BASE, **changes}).items() if value is not None}


def with_more(**more: Any) -> list[Any]:
    return [(ANORA, START, HOUSE, more)]


SERIES = {"@type": "EventSeries", "name": "Anora"}
DOCUMENTS: dict[str, tuple[Any, Any]] = {
    # times
    "no zone": (event(startDate="2026-11-27T20:15:00"), ONE),
    "Zulu": (event(startDate="2026-11-27T19:15:00Z"), ONE),
    "another offset": (event(startDate="2026-11-27T14:15:00-05:00"), ONE),
    "offset without minutes": (event(startDate="2026-11-27T20:15+01"), ONE),
    "a blank for the T": (event(startDate="2026-11-27 20:15:00"), ONE),
    "fractions": (event(startDate="2026-11-27T20:15:00.000000+01:00"), ONE),
    "basic format": (event(startDate="20261127T201500"), ONE),
    "a date alone": (event(startDate="2026-11-27"), "startDate"),
    "a typed value": (event(startDate={"@type": "DateTime", "@value": "2026-11-27T20:15:00+01:00"}), ONE),
    "doorTime": (event(doorTime="2026-11-27T19:45:00+01:00"), ONE),
    "an end on the next day": (event(endDate="2026-11-28T00:35:00+01:00"), with_more(ends_at="2026-11-27T23:35")),
    "several days": (event(endDate="2026-12-10T20:15:00+01:00"), with_more(ends_at=None)),
    "a zone's name beside it": (event(startDate="2026-11-27T20:15:00+01:00[Europe/Warsaw]"), ONE),
    # types
    "type with a prefix": (
        event(**{"@context": {"schema": "http://schema.org/"}, "@type": "schema:ScreeningEvent"}),
        ONE,
    ),
    "type as an address": (event(**{"@type": "http://schema.org/ScreeningEvent"}), ONE),
    "several types": (event(**{"@type": ["Event", "ScreeningEvent"]}), ONE),
    "VisualArtsEvent is none": (event(**{"@type": "FoodEvent", "name": "Targ", "workPresented": None}), "@type"),
    # places
    "places with a virtual one": (
        event(location=[{"@type": "VirtualLocation", "url": "https://vod.example/1"}, KINO]),
        ONE,
    ),
    "only a virtual place": (
        event(location={"@type": "VirtualLocation", "url": "https://vod.example/1"}),
        "location.name",
    ),
    "a place as text": (event(location="Kino Kijów, al. Krasińskiego 34, Kraków"), ONE),
    "a hall within": (
        event(
            location={"@type": "Place", "name": "Sala 2", "containedInPlace": {"@type": "MovieTheater", "name": HOUSE}}
        ),
        ONE,
    ),
    "a name with entities": (
        event(location={"@type": "Place", "name": "Kino &quot;Kijów&quot;"}),
        [(ANORA, START, 'Kino "Kijów"', {})],
    ),
    "degrees as text": (
        event(location={**KINO, "geo": {"@type": "GeoCoordinates", "latitude": "50,0589", "longitude": "19.9249"}}),
        with_more(latitude=50.0589, longitude=19.9249),
    ),
    # works
    "Google's example": (
        event(
            name="Anora",
            workPresented={"@type": "Movie", "name": "Anora", "sameAs": "https://www.imdb.example/tt1"},
            performer={"@type": "PerformingGroup", "name": "x"},
        ),
        ONE,
    ),
    "a name in HTML": (event(name="<strong>Anora</strong>"), ONE),
    "a name twice escaped": (event(name="Anora &amp;amp; inni"), [("Anora & inni", START, HOUSE, {})]),
    "a name by language": (
        event(name=[{"@language": "pl", "@value": "Anora"}, {"@language": "en", "@value": "Anora!"}]),
        ONE,
    ),
    "a name as a value": (event(name={"@value": "Anora", "@language": "pl"}), ONE),
    # graphs and lists
    "references in a graph": (
        {
            **CTX,
            "@graph": [
                {
                    "@id": "#e",
                    "@type": "ScreeningEvent",
                    "startDate": "2026-11-27T20:15:00+01:00",
                    "location": {"@id": "#k"},
                    "workPresented": {"@id": "#m"},
                },
                {"@id": "#k", "@type": "MovieTheater", "name": HOUSE},
                {"@id": "#m", "@type": "Movie", "name": ANORA},
            ],
        },
        ONE,
    ),
    "a series with parts": (
        {
            **CTX,
            **SERIES,
            "location": KINO,
            "subEvent": [
                {"@type": "ScreeningEvent", "startDate": "2026-11-27T20:15:00+01:00"},
                {"@type": "ScreeningEvent", "startDate": "2026-11-28T20:15:00+01:00"},
            ],
        },
        [*ONE, (ANORA, "2026-11-28T19:15", HOUSE, {})],
    ),
    "a part of a series": (event(superEvent={**SERIES, "name": "Festiwal"}), ONE),
    "an array of screenings": (
        [event(), event(startDate="2026-11-28T20:15:00+01:00")],
        [*ONE, (ANORA, "2026-11-28T19:15", HOUSE, {})],
    ),
    "reverse references": (
        {
            **CTX,
            "@type": "Movie",
            "name": ANORA,
            "@reverse": {
                "workPresented": [
                    {"@type": "ScreeningEvent", "startDate": "2026-11-27T20:15:00+01:00", "location": KINO}
                ]
            },
        },
        ONE,
    ),
    # what is optional
    "an AggregateOffer": (
        event(
            offers={
                "@type": "AggregateOffer",
                "lowPrice": 20,
                "offers": [{"@type": "Offer", "url": "https://b.example/1"}],
            }
        ),
        with_more(ticket_url="https://b.example/1"),
    ),
    "an image as data": (event(image="data:image/png;base64,iVBORw0KGgo="), with_more(image_url="")),
    "images as an array": (
        event(image=[{"@type": "ImageObject", "contentUrl": "https://i.example/1.jpg"}, "https://i.example/2.jpg"]),
        with_more(image_url="https://i.example/1.jpg"),
    ),
    "a language as an object": (
        event(inLanguage={"@type": "Language", "name": "Polish", "alternateName": "pl"}),
        with_more(language="pl"),
    ),
    "a language with a region": (event(inLanguage="pl-PL"), with_more(language="pl")),
    "cancelled": (event(eventStatus="https://schema.org/EventCancelled"), with_more(cancelled=True)),
    "rescheduled": (
        event(eventStatus="https://schema.org/EventRescheduled", previousStartDate="2026-11-20T20:15:00+01:00"),
        with_more(cancelled=False),
    ),
    "postponed in an array": (event(eventStatus=["EventPostponed"]), with_more(cancelled=True)),
    "moved online": (
        event(
            eventStatus="https://schema.org/EventMovedOnline",
            eventAttendanceMode="https://schema.org/OnlineEventAttendanceMode",
        ),
        with_more(cancelled=True),
    ),
}
