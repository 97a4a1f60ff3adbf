"""Whole documents as publishers write them, plugins and shops and portals: each screening is read right.

Made after the documentation and the output of what writes them (WordPress' event plugins and Yoast, Eventbrite, Drupal,
ticket shops, portals), not after our reader. `None` is what must be refused, with the property that is at fault.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from events.other_sources.reading import schema_org
from events.other_sources.reading.claims import Fault, ScreeningEvent
from tests.events.other_sources import more_publishers

AT = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
CTX = {"@context": "https://schema.org"}
KINO = {"@type": "MovieTheater", "name": "Kino Kijów", "address": "al. Krasińskiego 34, Kraków"}


def event(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        **CTX, "@type": "ScreeningEvent", "name": "Anora", "startDate": "2026-11-27T20:15:00+01:00", "location": KINO,
    }  # fmt: skip
    return {name: value for name, value in (plain | changes).items() if value is not None}


ANORA, START, HOUSE = "Anora", "2026-11-27T19:15", "Kino Kijów"
#: name → (document, [(title, start in UTC, cinema, more)], or None with the property at fault)
DOCUMENTS: dict[str, tuple[Any, Any]] = {
    "The Events Calendar": (
        [
            event(
                **{
                    "@type": "Event",
                    "name": "Anora &#8211; pokaz",
                    "url": "https://k.example/wydarzenie/anora/2026-11-27/",
                    "description": "&lt;p&gt;…&lt;/p&gt;\\n",
                    "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
                    "eventStatus": "https://schema.org/EventScheduled",
                    "startDate": "2026-11-27T20:15:00+01:00",
                    "endDate": "2026-11-27T22:34:00+01:00",
                    "organizer": {"@type": "Person", "name": "Kino"},
                    "performer": "Organization",
                    "offers": {"@type": "Offer", "price": "25", "url": "https://k.example/bilety"},
                }
            )
        ],
        [("Anora – pokaz", START, HOUSE, {"ends_at": "2026-11-27T21:34", "ticket_url": "https://k.example/bilety"})],
    ),
    "Yoast graph by id": (
        {
            **CTX,
            "@graph": [
                {
                    "@type": "WebPage",
                    "@id": "https://k.example/anora/",
                    "name": "Anora - Kino",
                    "isPartOf": {"@id": "https://k.example/#website"},
                },
                {
                    "@type": "BreadcrumbList",
                    "@id": "https://k.example/anora/#breadcrumb",
                    "itemListElement": [
                        {"@type": "ListItem", "position": 1, "name": "Start", "item": "https://k.example/"}
                    ],
                },
                {"@type": "WebSite", "@id": "https://k.example/#website", "name": "Kino"},
                {"@type": ["Place", "MovieTheater"], "@id": "https://k.example/#kino", "name": "Kino Kijów"},
                {"@type": "Movie", "@id": "https://k.example/anora/#film", "name": "Anora"},
                {
                    "@type": "ScreeningEvent",
                    "@id": "https://k.example/anora/#s1",
                    "mainEntityOfPage": {"@id": "https://k.example/anora/"},
                    "workPresented": {"@id": "https://k.example/anora/#film"},
                    "location": {"@id": "https://k.example/#kino"},
                    "startDate": "2026-11-27T20:15",
                },
            ],
        },
        [(ANORA, START, HOUSE, {"url": "https://k.example/anora/"})],
    ),
    "Eventbrite": (
        event(
            **{
                "@type": "Event",
                "name": "Anora",
                "startDate": "2026-11-27T20:15:00+0100",
                "endDate": "2026-11-27T22:30:00+0100",
                "image": "https://img.example/a.jpg?w=1000&amp;auto=format",
                "url": "https://www.eventbrite.example/e/anora-123",
                "location": {
                    "@type": "Place",
                    "name": "Kino Kijów",
                    "address": {
                        "@type": "PostalAddress",
                        "streetAddress": "34 Krasińskiego",
                        "addressLocality": "Kraków",
                        "addressCountry": "PL",
                    },
                },
                "offers": [
                    {
                        "@type": "AggregateOffer",
                        "url": "https://www.eventbrite.example/e/anora-123",
                        "lowPrice": "20.00",
                        "availability": "InStock",
                    }
                ],
                "organizer": {"@type": "Organization", "url": "https://www.eventbrite.example/o/1"},
            }
        ),
        [(ANORA, START, HOUSE, {"image_url": "https://img.example/a.jpg?w=1000&auto=format"})],
    ),
    "a portal's film with its screenings": (
        {
            **CTX,
            "@type": "Movie",
            "name": "Anora",
            "alternateName": "Anora (2024)",
            "subjectOf": [],
            "event": [
                {
                    "@type": "ScreeningEvent",
                    "startDate": "2026-11-27T20:15:00.000+01:00",
                    "location": {"@type": "MovieTheater", "name": "Kijów"},
                    "inLanguage": ["en", "pl"],
                    "subtitleLanguage": "pl-PL",
                    "videoFormat": "2D",
                },
                {
                    "@type": "ScreeningEvent",
                    "startDate": "2026-11-28T18:00:00.000Z",
                    "location": {"@type": "MovieTheater", "name": "Mikro"},
                },
            ],
        },
        [
            (ANORA, START, "Kijów", {"language": "en", "subtitles": "pl", "format": "2D"}),
            (ANORA, "2026-11-28T18:00", "Mikro", {}),
        ],
    ),
    "Drupal's schema_metatag": (
        {
            **CTX,
            "@graph": [
                {
                    "@type": "ScreeningEvent",
                    "name": "Anora",
                    "url": "https://k.example/node/7",
                    "@id": "https://k.example/node/7",
                    "startDate": "Fri, 27 Nov 2026 20:15:00 +0100",
                    "location": {"@type": "Place", "name": "Kino Kijów"},
                }
            ],
        },
        [(ANORA, START, HOUSE, {})],
    ),
    "a cinema with its screenings": (
        {
            **CTX,
            "@type": "MovieTheater",
            "name": "Kino Kijów",
            "screenCount": 3,
            "event": [event(location=None, **{"@context": None})],
        },
        [(ANORA, START, HOUSE, {})],
    ),
    "status as a CURIE": (event(eventStatus="schema:EventCancelled"), [(ANORA, START, HOUSE, {"cancelled": True})]),
    "status short": (event(eventStatus="EventRescheduled"), [(ANORA, START, HOUSE, {"cancelled": False})]),
    "status postponed as http": (
        event(eventStatus="http://schema.org/EventPostponed"),
        [(ANORA, START, HOUSE, {"cancelled": True})],
    ),
    "no zone": (event(startDate="2026-11-27T20:15"), [(ANORA, START, HOUSE, {})]),
    "Zulu": (event(startDate="2026-11-27T19:15:00Z"), [(ANORA, START, HOUSE, {})]),
    "a short offset": (event(startDate="2026-11-27T20:15+01"), [(ANORA, START, HOUSE, {})]),
    "a fraction": (event(startDate="2026-11-27T20:15:00.1234567+01:00"), [(ANORA, START, HOUSE, {})]),
    "a space for the T": (event(startDate="2026-11-27 20:15:00"), [(ANORA, START, HOUSE, {})]),
    "basic format": (event(startDate="20261127T201500+0100"), [(ANORA, START, HOUSE, {})]),
    "only a date": (event(startDate="2026-11-27"), "startDate"),
    "date and doorTime": (event(startDate="2026-11-27", doorTime="19:45"), "startDate"),
    "a duration in minutes": (event(duration="PT139M"), [(ANORA, START, HOUSE, {"ends_at": "2026-11-27T21:34"})]),
    "a duration of the film": (
        event(name=None, workPresented={"@type": "Movie", "name": "Anora", "duration": "PT2H19M0S"}),
        [(ANORA, START, HOUSE, {"ends_at": "2026-11-27T21:34"})],
    ),
    "a duration as a bare number": (event(duration="139"), [(ANORA, START, HOUSE, {"ends_at": None})]),
    "a duration in words": (event(duration="2 godz. 19 min"), [(ANORA, START, HOUSE, {"ends_at": None})]),
    "languages as objects": (
        event(
            inLanguage={"@type": "Language", "name": "Polish", "alternateName": "pl"}, subtitleLanguage=["Ukrainian"]
        ),
        [(ANORA, START, HOUSE, {"language": "pl", "subtitles": "uk"})],
    ),
    "two places": (
        event(location=[{"@type": "VirtualLocation", "url": "https://vod.example"}, KINO]),
        [(ANORA, START, HOUSE, {})],
    ),
    "online only": (event(location={"@type": "VirtualLocation", "url": "https://vod.example"}), "location.name"),
    "a place as text": (event(location="Kino Kijów, al. Krasińskiego 34, 30-110 Kraków"), [(ANORA, START, HOUSE, {})]),
    "escaped twice": (event(name="Tom &amp;amp; Jerry"), [("Tom & Jerry", START, HOUSE, {})]),
    "images as objects": (
        event(image=[{"@type": "ImageObject", "url": "//cdn.example/a.jpg", "width": 600}], url="https://k.example/a"),
        [(ANORA, START, HOUSE, {"image_url": "https://cdn.example/a.jpg"})],
    ),
    "a relative address": (
        event(url="/film/anora?d=27", **{"@id": "https://k.example/#e"}),
        [(ANORA, START, HOUSE, {"url": "https://k.example/film/anora?d=27"})],
    ),
    "NUL and marks": (event(name="\ufeffAno\u0000ra\u200b"), [(ANORA, START, HOUSE, {})]),
    "several offers, the first sold out": (
        event(
            offers=[
                {"@type": "Offer", "availability": "https://schema.org/SoldOut"},
                {"@type": "Offer", "url": "https://b.example/2"},
            ]
        ),
        [(ANORA, START, HOUSE, {"ticket_url": "https://b.example/2"})],
    ),
    "a festival with parts": (
        {
            **CTX,
            "@type": "Festival",
            "name": "Off Camera",
            "location": KINO,
            "subEvent": [
                {
                    "@type": "ScreeningEvent",
                    "workPresented": {"@type": "Movie", "name": "Anora"},
                    "startDate": "2026-11-27T20:15:00+01:00",
                }
            ],
        },
        [(ANORA, START, HOUSE, {})],
    ),
    "an item list": (
        {
            **CTX,
            "@type": "ItemList",
            "itemListElement": [{"@type": "ListItem", "position": 1, "item": event(**{"@context": None})}],
        },
        [(ANORA, START, HOUSE, {})],
    ),
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(event()).encode(), [(ANORA, START, HOUSE, {})]),
    "in a script of a page": (
        b'<html><head><script type="application/ld+json">' + json.dumps(event()).encode() + b"</script></head></html>",
        [(ANORA, START, HOUSE, {})],
    ),
    "a comma behind (NDJSON of an array)": (json.dumps(event()).encode() + b",", [(ANORA, START, HOUSE, {})]),
    "a schedule": (
        event(startDate=None, eventSchedule={"@type": "Schedule", "startDate": "2026-11-27", "startTime": "20:15"}),
        [(ANORA, START, HOUSE, {})],
    ),
    "an hour beside the date": (event(startDate="2026-11-27", startTime="20:15:00"), [(ANORA, START, HOUSE, {})]),
    "film with an address as its name's neighbour": (
        event(
            name=None,
            workPresented=[
                {"@id": "https://k.example/anora#film"},
                {"@type": "Movie", "name": "Anora", "sameAs": "https://imdb.example/1"},
            ],
        ),
        [(ANORA, START, HOUSE, {})],
    ),
    "microdata as JSON": ({"type": ["https://schema.org/ScreeningEvent"], "properties": {"name": ["Anora"]}}, "@type"),
}


def outcome(document: Any) -> tuple[list[ScreeningEvent], list[Fault]]:
    line = document if isinstance(document, bytes) else json.dumps(document).encode()
    told = list(schema_org.read(1, line, at=AT))
    return [each for each in told if isinstance(each, ScreeningEvent)], [
        each for each in told if isinstance(each, Fault)
    ]


def right(document: Any, expected: Any) -> bool:
    records, faults = outcome(document)
    if not isinstance(expected, list):
        return not records and len(faults) == 1 and faults[0].property == expected
    if faults or len(records) != len(expected):
        return False
    for record, (title, start, cinema, more) in zip(records, expected, strict=True):
        said = {name: getattr(record, name) for name in more}
        if "ends_at" in more and record.ends_at:
            said["ends_at"] = record.ends_at.strftime("%Y-%m-%dT%H:%M")
        if (record.title, record.starts_at.strftime("%Y-%m-%dT%H:%M"), record.cinema_name, said) != (
            title, start, cinema, more,
        ):  # fmt: skip
            return False
    return True


def test_publishers_documents_are_read_right() -> None:
    documents = DOCUMENTS | more_publishers.DOCUMENTS
    wrong = {
        name: outcome(document) for name, (document, expected) in documents.items() if not right(document, expected)
    }
    assert len(wrong) <= 0.03 * len(documents), wrong
    assert all(faults for _, faults in map(outcome, (documents[name][0] for name in wrong))), (
        "what is not read is named"
    )
