"""One screening in the forms that publishers write: each is read right, or named with the property that is missing."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from events.other_sources.reading import documents, schema_org
from events.other_sources.reading.claims import Fault, Note, ScreeningEvent

AT = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
START = dt.datetime(2026, 11, 27, 19, 15, tzinfo=dt.UTC)
PAGE = "https://kijow.example/film/anora"

PLAIN: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ScreeningEvent",
    "name": "Anora",
    "startDate": "2026-11-27T20:15:00+01:00",
    "location": {"@type": "MovieTheater", "name": "Kino Kijów"},
    "url": PAGE,
}


def told(value: Any) -> list[ScreeningEvent | Fault | Note]:
    line = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(schema_org.read(7, line, at=AT))


def records(value: Any) -> list[ScreeningEvent]:
    return [each for each in told(value) if isinstance(each, ScreeningEvent)]


def without(*names: str, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (PLAIN | changes).items() if name not in names}


def place(name: str, around: Any = None, **more: Any) -> dict[str, Any]:
    return {"@type": "Place", "name": name} | ({"containedInPlace": around} if around else {}) | more


GEO = {"latitude": 50.0588, "longitude": 19.9249}
ANORA = {"@id": "#film", "@type": "Movie", "name": "Anora"}
KIJOW = {"@type": "MovieTheater", "name": "Kino Kijów"}

#: What is written otherwise than in PLAIN, and what is read then; a property that is not named is as PLAIN's.
FORMS: dict[str, tuple[Any, dict[str, Any]]] = {
    "type in a list": (without(**{"@type": ["Event", "ScreeningEvent"]}), {}),
    "type as an address": (without(**{"@type": "https://schema.org/ScreeningEvent"}), {}),
    "type as an old address": (without(**{"@type": ["http://schema.org/ScreeningEvent"]}), {}),
    "type with a prefix": (without(**{"@type": "schema:ScreeningEvent"}), {}),
    "a plain event": (without(**{"@type": "schema:Event"}), {}),
    "properties with a prefix": (
        {f"schema:{name}" if name[0] != "@" else name: value for name, value in PLAIN.items()}, {},
    ),
    "expanded": (without(name=[{"@value": "Anora"}], url=[{"@id": PAGE}]), {}),
    "several languages": (
        without(name=[{"@value": "Nora", "@language": "en"}, {"@value": "Anora", "@language": "pl"}]), {},
    ),
    "a graph": ({"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "K"}, PLAIN]}, {}),
    "a list": ([PLAIN], {}),
    "a reference": (
        {"@graph": [without("name", workPresented={"@id": "#film"}), ANORA]},
        {},
    ),
    "a reference as a text": (
        {"@graph": [without("name", workPresented="#film"), ANORA]}, {},
    ),
    "a place by reference": (
        {"@graph": [without(location={"@id": "/kino"}), {"@id": "/kino", **KIJOW}]}, {},
    ),
    "a reference to nowhere": (without(workPresented={"@id": "https://kijow.example/#anora"}), {}),
    "a work as a text": (without("name", workPresented="Anora"), {}),
    "works in a list": (without("name", workPresented=[{"@type": "Movie", "name": "Anora"}]), {}),
    "two works": (
        without("name", workPresented=[{"name": "Anora"}, {"name": "Konklawe"}]), {"title": "Anora + Konklawe"},
    ),
    "a work of another name": (without(name="Pokaz: Anora", workPresented={"name": "Anora"}), {}),
    "part of a series": (
        without("name", "location", superEvent={"@type": "EventSeries", "workPresented": ANORA, "location": KIJOW}),
        {},
    ),
    "what says nothing is as if left out": (
        {**PLAIN, "name": None, "location": [], "url": "",
         "superEvent": {"@type": "EventSeries", "name": "Anora", "location": KIJOW, "url": PAGE}},
        {},
    ),
    "part of a festival": (
        without(superEvent={"@type": "Festival", "name": "Netia Off Camera", "location": {"name": "Rynek"}}), {},
    ),
    "a series of parts": (
        {"@type": "EventSeries", "name": "Anora", "location": KIJOW, "url": PAGE,
         "subEvent": [{"@type": "ScreeningEvent", "startDate": PLAIN["startDate"]}]},
        {},
    ),
    "a talk afterwards": (without(subEvent=[{"@type": "Event", "name": "Rozmowa"}]), {}),
    "a cinema with its screenings": (KIJOW | {"event": [without("location")]}, {}),
    "a list of items": (
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": PLAIN}]}, {},
    ),
    "a place as a text": (without(location="Kino Kijów"), {}),
    "a place with its street": (without(location="Kino Kijów, al. Krasińskiego 34, 31-111 Kraków"), {}),
    "places in a list": (without(location=[{"@type": "VirtualLocation", "url": PAGE}, KIJOW]), {}),
    "a hall": (without(location=place("SALON3", KIJOW)), {}),
    "a hall with the old name": (without(location={"name": "Sala 3", "containedIn": place("Kino Kijów")}), {}),
    "a hall in a cinema in a mall": (
        without(location=place("Sala Mała", place("Kino Kijów", {"@type": "ShoppingCenter", "name": "Galeria"}))), {},
    ),
    "a cinema in a town": (without(location=KIJOW | {"containedInPlace": {"@type": "City", "name": "Kraków"}}), {}),
    "a cinema in a mall": (without(location=KIJOW | {"containedInPlace": place("Galeria Krakowska")}), {}),
    "a cinema of a name of its own": (
        without(location={"@type": "MovieTheater", "name": "Agrafka", "containedInPlace": place("Dom Kultury")}),
        {"cinema_name": "Agrafka"},
    ),
    "an address as a text": (without(location=KIJOW | {"address": "al. Krasińskiego 34, Kraków"}), {}),
    "an address as an object": (
        without(location=KIJOW | {"address": {"@type": "PostalAddress", "addressLocality": "Kraków"}}), {},
    ),
    "degrees as texts": (
        without(location=KIJOW | {"geo": {"latitude": "50,0588", "longitude": "19.9249"}}), GEO,
    ),
    "degrees without geo": (without(location=KIJOW | GEO), GEO),
    "degrees of the surrounding place": (without(location=place("Sala 1", KIJOW | {"geo": GEO})), GEO),
    "without a zone": (without(startDate="2026-11-27T20:15:00"), {}),
    "with Z": (without(startDate="2026-11-27T19:15:00Z"), {}),
    "with milliseconds": (without(startDate="2026-11-27T19:15:00.000Z"), {}),
    "with a space": (without(startDate="2026-11-27 20:15"), {}),
    "with a zone without colon": (without(startDate="2026-11-27T20:15+0100"), {}),
    "with a space before the zone": (without(startDate="2026-11-27 20:15:00 +01:00"), {}),
    "with the zone's name": (without(startDate="2026-11-27T20:15:00+01:00[Europe/Warsaw]"), {}),
    "the Polish way": (without(startDate="27.11.2026 20:15"), {}),
    "an hour of one digit": (
        without(startDate="2026-11-27 9:05"), {"starts_at": dt.datetime(2026, 11, 27, 8, 5, tzinfo=dt.UTC)},
    ),
    "24:00": (
        without(startDate="2026-11-27T24:00"), {"starts_at": dt.datetime(2026, 11, 27, 23, tzinfo=dt.UTC)},
    ),
    "24:00 with a zone": (
        without(startDate="2026-11-27T24:00:00+01:00"), {"starts_at": dt.datetime(2026, 11, 27, 23, tzinfo=dt.UTC)},
    ),
    "seconds since 1970": (without(startDate=int(START.timestamp())), {}),
    "milliseconds since 1970": (without(startDate=str(int(START.timestamp()) * 1000)), {}),
    "day and hour apart": (without(startDate="2026-11-27", startTime="20:15"), {}),
    "an end": (
        without(endDate="2026-11-27T22:30:00+01:00"), {"ends_at": dt.datetime(2026, 11, 27, 21, 30, tzinfo=dt.UTC)},
    ),
    "a length": (without(duration="PT2H19M"), {"ends_at": START + dt.timedelta(minutes=139)}),
    "a status as an address": (without(eventStatus="https://schema.org/EventScheduled"), {}),
    "cancelled": (without(eventStatus="https://schema.org/EventCancelled"), {"cancelled": True}),
    "canceled with one l": (without(eventStatus="EventCanceled"), {"cancelled": True}),
    "cancelled as an object": (without(eventStatus={"@id": "schema:EventCancelled"}), {"cancelled": True}),
    "cancelled in a list": (without(eventStatus=["http://schema.org/EventCancelled"]), {"cancelled": True}),
    "rescheduled": (without(eventStatus="EventRescheduled"), {}),
    "an id": (without(identifier="k-1"), {"given_id": "k-1", "named": True}),
    "an id that is a number": (without(identifier=4711), {"given_id": "4711", "named": True}),
    "an id as a property": (
        without(identifier={"@type": "PropertyValue", "value": 4711}), {"given_id": "4711", "named": True},
    ),
    "ids in a list": (
        without(identifier=[True, {"propertyID": "x"}, {"value": "k-1"}]), {"given_id": "k-1", "named": True},
    ),
    "an id that is none": (without(identifier=True), {}),
    "an @id": (without(**{"@id": f"{PAGE}#1"}), {"given_id": f"{PAGE}#1", "named": True}),
    "an @id of its page alone": (without(**{"@id": "#event-1"}), {}),
    "an address without scheme": (without(url="//kijow.example/film/anora"), {}),
    "an address in a list": (without(url=[PAGE]), {}),
    "an address with entities": (
        without(url="https://kijow.example/?f=1&amp;s=2"),
        {"url": "https://kijow.example/?f=1&s=2", "given_id": "https://kijow.example/?f=1&s=2"},
    ),
    "a page by another name": (without("url", mainEntityOfPage={"@id": PAGE}), {}),
    "an image without scheme": (without(image="//cdn.example/a.jpg"), {"image_url": "https://cdn.example/a.jpg"}),
    "a relative image": (without(image="/a.jpg"), {"image_url": "https://kijow.example/a.jpg"}),
    "images": (without(image=[{"@type": "ImageObject", "contentUrl": "https://k.example/a.jpg"}]),
               {"image_url": "https://k.example/a.jpg"}),
    "the work's image": (
        without(workPresented={"name": "Anora", "image": {"url": "https://k.example/a.jpg"}}),
        {"image_url": "https://k.example/a.jpg"},
    ),
    "an offer": (without(offers={"url": "https://b.example/1"}), {"ticket_url": "https://b.example/1"}),
    "a relative offer": (without(offers=[{"url": "/bilety/1"}]), {"ticket_url": "https://kijow.example/bilety/1"}),
    "the second offer": (
        without(offers=[{"price": 20}, {"url": "https://b.example/1"}]), {"ticket_url": "https://b.example/1"},
    ),
    "offers within": (
        without(offers={"@type": "AggregateOffer", "offers": [{"url": "https://b.example/1"}]}),
        {"ticket_url": "https://b.example/1"},
    ),
    "an offer as a text": (without(offers="https://b.example/1"), {"ticket_url": "https://b.example/1"}),
    "a language": (without(inLanguage="pl-PL"), {"language": "pl"}),
    "a language as an object": (without(inLanguage={"@type": "Language", "name": "English"}), {"language": "en"}),
    "languages": (without(inLanguage=["ukraiński", "pl"]), {"language": "uk"}),
    "subtitles": (without(subtitleLanguage={"name": "Polski", "alternateName": "pl"}), {"subtitles": "pl"}),
    "a format": (without(videoFormat="IMAX"), {"format": "IMAX"}),
    "escaped twice": (without(name="Tom &amp;amp; Jerry"), {"title": "Tom & Jerry"}),
    "escaped once": (without(name="Tom &amp; Jerry"), {"title": "Tom & Jerry"}),
    "markup": (without(name="<b>Anora</b><br/>"), {}),
    "escaped markup": (without(name="&lt;em&gt;Anora&lt;/em&gt;"), {}),
    "a title that is a number": (without(name=1917), {"title": "1917"}),
    "unseen marks": (without(name="\ufeffAno\u00adra\u200b "), {}),
    "an original title": (
        without(workPresented={"name": "Diuna", "alternateName": ["Dune"]}),
        {"title": "Diuna", "original_title": "Dune"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), FORMS.values(), ids=FORMS)
def test_a_form_is_read(written: Any, expected: dict[str, Any]) -> None:
    (record,) = told(written)
    assert isinstance(record, ScreeningEvent)
    plain = {
        "title": "Anora", "starts_at": START, "cinema_name": "Kino Kijów", "url": PAGE, "given_id": PAGE,
        "named": False, "cancelled": False, "original_title": "", "ticket_url": "", "image_url": "", "language": "",
        "subtitles": "", "format": "", "latitude": None, "longitude": None, "ends_at": None,
    }  # fmt: skip
    assert {name: getattr(record, name) for name in plain} == plain | expected


def test_a_start_each() -> None:
    hours = [f"2026-11-27T{hour}:15:00+01:00" for hour in (18, 20)]
    assert [record.starts_at.hour for record in records(without(startDate=hours))] == [17, 19]


def test_parts_that_refer_to_each_other_are_read_once() -> None:
    one = without(subEvent={"@id": "#b"}, **{"@id": "#a"})
    other = without("location", superEvent={"@id": "#a"}, **{"@id": "#b"})
    assert [record.cinema_name for record in records({"@graph": [one, other]})] == ["Kino Kijów"]


#: What is left out, with a note of its property.
OPTIONAL: dict[str, tuple[dict[str, Any], str]] = {
    "an end before the start": ({"endDate": "2026-11-27T19:00:00+01:00"}, "endDate"),
    "the end of a run": ({"endDate": "2026-12-31T20:00:00+01:00"}, "endDate"),
    "an end without an hour": ({"endDate": "2026-11-27"}, "endDate"),
    "coordinates off the globe": ({"location": KIJOW | {"geo": {"latitude": 91, "longitude": 19}}}, "location.geo"),
    "half of the coordinates": ({"location": KIJOW | {"geo": {"latitude": 50}}}, "location.geo"),
    "null island": ({"location": KIJOW | {"geo": {"latitude": 0, "longitude": 0}}}, "location.geo"),
    "a script for an address": ({"url": "javascript:alert(1)"}, "url"),
    "a line's end in an address": ({"url": "https://x.example/\r\nATTACH:evil"}, "url"),
    "an address without a host": ({"url": "https://"}, "url"),
    "an image that is a number": ({"image": 5}, "image"),
    "a status that nobody knows": ({"eventStatus": "Maybe"}, "eventStatus"),
    "a language that nobody knows": ({"inLanguage": "Klingon"}, "inLanguage"),
    "a length that is none": ({"duration": "2 h"}, "endDate"),
}


@pytest.mark.parametrize(("changes", "name"), OPTIONAL.values(), ids=OPTIONAL)
def test_what_is_optional_costs_itself(changes: dict[str, Any], name: str) -> None:
    note, record = told(PLAIN | changes)
    assert isinstance(note, Note)
    assert isinstance(record, ScreeningEvent)
    assert (note.line, note.property, record.title, record.starts_at) == (7, name, "Anora", START)


#: What is needed, and what the fault says.
NEEDED: dict[str, tuple[Any, str]] = {
    "no JSON": (b"{", "unreadable:"),
    "no object": ([1], "expected a JSON object"),
    "another type": (PLAIN | {"@type": "MusicEvent"}, "@type: expected ScreeningEvent, found 'MusicEvent'"),
    "no type": (without("@type"), "@type: expected ScreeningEvent, found None"),
    "no title": (without("name", workPresented={}), "name: missing"),
    "half a character": (b'{"@type":"ScreeningEvent","name":"\\ud800"}', "name: half a character"),
    "a title without end": (PLAIN | {"name": "x" * 501}, "name: longer than 500"),
    "no start": (PLAIN | {"startDate": None}, "startDate: missing"),
    "a start that is no time": (PLAIN | {"startDate": "jutro"}, "startDate: no ISO 8601 time"),
    "a date alone": (PLAIN | {"startDate": "2026-11-27"}, "startDate: a date without a time"),
    "a year too far": (PLAIN | {"startDate": "9999-12-31T20:00:00"}, "startDate: more than two years ahead"),
    "the last year": (PLAIN | {"startDate": "9999-12-31T24:00:00"}, "startDate: no ISO 8601 time"),
    "the first year": (PLAIN | {"startDate": "0001-01-01T00:00:00+05:00"}, "startDate: a time that no clock shows"),
    "past": (PLAIN | {"startDate": "2026-11-23T20:00:00"}, "startDate: more than a day ago"),
    "no place": (PLAIN | {"location": {}}, "location.name: missing"),
    "a place that is a number": (PLAIN | {"location": 5}, "location: expected a place"),
    "nested without end": (b"[" * 99_000, "unreadable:"),
    "objects without end": (b'{"a":' * 500 + b"1" + b"}" * 500, "unreadable:"),
    "too long": (b"x" * (documents.MAX_LINE + 1), "longer than"),
}


@pytest.mark.parametrize(("value", "reason"), NEEDED.values(), ids=NEEDED)
def test_what_is_needed_is_a_fault(value: Any, reason: str) -> None:
    (fault,) = told(value)
    assert isinstance(fault, Fault)
    assert fault.reason.startswith(reason)
    assert fault.property == (reason.partition(":")[0] if ": " in reason and "unreadable" not in reason else "")


def test_one_bad_screening_of_a_line_costs_itself() -> None:
    fault, record = told({"@graph": [without("name"), PLAIN]})
    assert isinstance(fault, Fault)
    assert isinstance(record, ScreeningEvent)
