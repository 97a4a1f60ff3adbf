# ruff: noqa: E501 - odd values in tables of few lines
"""What is read of other sources' screenings and titles, in full: every property, note and reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from events.other_sources import likeness, occasions, similarity, wording
from events.other_sources.reading import values
from events.other_sources.reading.claims import ScreeningEvent
from tests import approved
from tests.events.other_sources import more_publishers, pairs_of_titles
from tests.events.other_sources.test_forms import FORMS, NEEDED, OPTIONAL, PLAIN, place, told
from tests.events.other_sources.test_publishers import DOCUMENTS
from tests.events.other_sources.test_titles_of_one_film import ONE_FILM

#: What programs write where something else is meant.
ODD: list[Any] = [
    None, "", " ", True, False, 0, 5, 2.5, -1, 1e30, [], {}, [None], [[]], [""], ["a", "b"], [5, "b"], {"name": "N"}, {"pl": "P"},
    {"name": ""}, {"@id": "#film"}, {"@id": "https://k.example/x"}, {"url": "https://k.example/u"}, {"url": ""}, {"url": ["/u"]},
    {"value": "v"}, {"value": 7.0}, {"@value": "w"}, "http://", "HTTPS://K.example/ä b", "www.k.example", "//k.example/y", "ftp://k.example",
    "mailto:a@k.example", "x" * 600, "a\nb", "<b>a</b>", "&amp;lt;i&amp;gt;a", "pl", "PL", "pl_PL", "angielski", "Polish", "xx", "2026-11-27", "20:15",
    "PT2H", "PT90M", "pt1h5m30s", "PT25H", "PT0M", "P1D", "EventScheduled", "movedOnline", "odwołane", "https://schema.org/EventPostponed/",
    ["2026-11-27T18:00", "2026-11-27T21:00"], "2026-11-27t20:15z", "2026-11-27T20:15z", "2026-11-27T24:00:00.000Z", "27.11.2026 godz. 9.05",
    "27.11.2026, 20.15", "Fri, 27 Nov 2026 20:15:00 +0100", "1795807200", 1795807200000, "2026-11-27T20:15:00 +01:00", "2026-11-27 20.15",
    "2026-13-01T20:00", "2026-10-25T02:30", "2026-03-29T02:30", "9999-12-31T24:00", "0001-01-01T00:00+05:00", "2026-11-27T20:15[Europe/Warsaw]",
    "2028-11-27T20:15", "2026-11-24T11:59:59Z", "2026-11-24T12:00:00Z", "2026-11-27T20:15+01", "Sala 3", "Kraków", "Kino Kijów, ul. Długa 1", "Kino, inaczej",
]  # fmt: skip
PROPERTIES = (
    "@id", "@type", "name", "headline", "startDate", "startTime", "endDate", "duration", "location", "workPresented", "workFeatured",
    "url", "mainEntityOfPage", "offers", "image", "inLanguage", "subtitleLanguage", "videoFormat", "identifier", "alternateName",
    "eventStatus", "superEvent", "subEvent", "organizer", "eventSchedule",
)  # fmt: skip
PLACES: list[Any] = [
    "Kino Kijów, al. Krasińskiego 34, Kraków", "Kraków", "Sala 1", "https://k.example", "#k", "Agrafka, czyli kino", "Mikro,Lea 5",
    {"address": {"name": "Kino przy Rynku"}}, {"address": "ul. Długa 1"}, {"name": "Sala 2", "containedIn": "Kino Kijów"},
    {"name": "Kijów", "@type": "Place", "containedInPlace": {"name": "Kraków", "@type": "City"}},
    {"name": "Sala 2", "containedInPlace": {"name": "Galeria", "@type": "ShoppingCenter"}},
    {"name": "A", "containedInPlace": {"name": "Miasto Kraków"}}, {"name": "mała sala"}, {"name": "Aula", "@type": "Room"},
    {"name": "Teatr", "geo": {"latitude": "50,1", "longitude": 19}}, {"name": "K", "geo": [{"latitude": 50, "longitude": 180}]},
    {"name": "K", "latitude": -90, "longitude": -180}, {"name": "K", "geo": {"latitude": True, "longitude": 1}},
    {"name": "K", "geo": {"latitude": "x", "longitude": 1}}, {"name": "K", "geo": {"latitude": 90.01, "longitude": 1}},
    {"name": "K", "geo": {"latitude": 0, "longitude": 1}}, {"name": "K", "geo": {"latitude": 0, "longitude": 0}}, {"name": "K", "geo": {"latitude": 1}},
    place("1", place("2", place("3", place("4", place("5", place("6", place("7", place("Kino Kijów")))))))),
    place("Sala 1", place("Kino Kijów", place("Bonarka", geo={"latitude": 50, "longitude": 20}), geo={"latitude": 51, "longitude": 20})),
]  # fmt: skip


def said(value: Any) -> list[Any]:
    """What is told of a value; of a screening only what isn't as PLAIN's."""
    usual = approved.plain(told(PLAIN)[0])
    found = []
    for each in told(value):
        fields = approved.plain(each)
        if isinstance(each, ScreeningEvent):
            fields = {name: fields.get(name) for name in {**usual, **fields} if fields.get(name) != usual.get(name)}
        found.append({type(each).__name__: fields})
    return found


@pytest.mark.parametrize("name", PROPERTIES)
def test_odd_values_of_a_property(name: str) -> None:
    approved.compare("odd_values", {f"{name} {value!r:.60}": said(PLAIN | {name: value}) for value in ODD})


@pytest.mark.parametrize("name", ["offers", "workPresented", "location", "superEvent"])
def test_odd_values_within(name: str) -> None:
    within = (
        "url",
        "name",
        "@id",
        "image",
        "geo",
        "duration",
        "alternateName",
        "location",
        "offers",
        "containedInPlace",
        "address",
    )
    made = {}
    for inner in within:
        for value in ODD[:40:2]:
            whole = without_name(name) | {name: {"@type": "Place", "name": "Dom", inner: value}}
            made[f"{name}.{inner} {value!r:.60}"] = said(whole)
    approved.compare("odd_values_within", made)


def without_name(name: str) -> dict[str, Any]:
    return {key: value for key, value in PLAIN.items() if key != "name" or name != "workPresented"}


def test_places() -> None:
    approved.compare("places", {f"{value!r:.200}": said(PLAIN | {"location": value}) for value in PLACES})


SHOWN = {"@type": "ScreeningEvent", "name": "Anora", "startDate": PLAIN["startDate"]}
KINDS = (
    "Event",
    "MusicEvent",
    "EventSeries",
    "Festival",
    "Movie",
    "Place",
    "MovieTheater",
    "EventVenue",
    "Organization",
    "ScreeningEvent",
    "FestivalX",
)
HELD = ("subEvent", "subEvents", "event", "events", "itemListElement", "item", "mainEntity")


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_screenings(kind: str) -> None:
    around = {
        "@type": kind,
        "name": "Anora",
        "location": "Kino Mikro",
        "url": "https://k.example/a",
        "inLanguage": "pl",
        "duration": "PT2H",
    }
    made = {}
    for holder in HELD:
        for inner in (
            SHOWN,
            SHOWN | {"location": {"name": "Sala 2"}},
            {key: value for key, value in SHOWN.items() if key != "name"},
        ):
            made[f"{kind} {holder} {sorted(inner)}"] = said(
                around | {holder: [inner, {"@type": "Event", "name": "Rozmowa"}]}
            )
            made[f"{kind} {holder} {sorted(inner)} at its time"] = said(
                around | {"startDate": PLAIN["startDate"], holder: inner}
            )
    above = dict(around)
    made[f"within {kind}"] = said(SHOWN | {"superEvent": above})
    made[f"within {kind}, by name"] = said(
        {"@graph": [SHOWN | {"superEvent": {"@id": "#a"}}, above | {"@id": "#a", "subEvent": {"@id": "#b"}}]}
    )
    approved.compare("holders", made)


def test_documents() -> None:
    whole = {f"form: {name}": said(value) for name, (value, _) in FORMS.items()}
    whole |= {f"optional: {name}": said(PLAIN | value) for name, (value, _) in OPTIONAL.items()}
    whole |= {f"needed: {name}": said(value) for name, (value, _) in NEEDED.items()}
    whole |= {f"publisher: {name}": said(value) for name, (value, _) in (DOCUMENTS | more_publishers.DOCUMENTS).items()}
    approved.compare("screenings", whole)


WILD = [
    line for line in Path(__file__).with_name("titles_in_the_wild.txt").read_text("utf-8").splitlines()
    if "~" in line and not line.startswith("#")
]  # fmt: skip
PAIRS = [*pairs_of_titles.ONE, *pairs_of_titles.TWO, *ONE_FILM]
PAIRS += [(tuple(part.strip() for part in line.split("~")[:-1]), line.split("~")[-1].strip()) for line in WILD]
TITLES = sorted({title for ours, theirs in PAIRS for title in (*ours, theirs)})[::2]
PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_how_alike_titles_are(part: int) -> None:
    made = {f"{' ~ '.join(ours)} ~ {theirs}": likeness.likeness(ours, [theirs]) for ours, theirs in PAIRS[part::PARTS]}
    others = zip(PAIRS[part::PARTS], PAIRS[part + 3 :: PARTS], strict=False)
    made |= {f"{ours[0]} ~ {other}": likeness.likeness(ours, [other]) for (ours, _), (_, other) in others}
    approved.compare("likeness", made)


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_read_of_titles(part: int) -> None:
    made = {
        title: (wording.read(title), occasions.in_one_form(title), occasions.without(title), occasions.spoken_of(title))
        for title in TITLES[part::PARTS]
    }
    approved.compare("titles", made)


def test_cinemas_names() -> None:
    names = ["Kijów", "Kino Kijów", "kino kijow centrum", "Kino Kijów, Kraków", "Kika", "Kino Kika", "Mikro", "Mikroo", "Kino", "Centrum", "Sfinks",
             "Cinema City Bonarka", "Bonarka Cinema City", "Cinema City Kazimierz", "Multikino", "Multikino Kraków", ""]  # fmt: skip
    approved.compare("cinemas", {one: [similarity.same_name(one, other) for other in names] for one in names})


def test_lists_of_values() -> None:
    def outcome(read: Any, *arguments: Any) -> Any:
        try:
            return read(*arguments)
        except values.Invalid as error:
            return f"{error.name} {error.reason}"

    made: dict[str, Any] = {}
    for value in [*ODD, *([one, other] for one, other in zip(ODD, ODD[7:], strict=False))]:
        name = f"{value!r:.90}"
        made[f"text {name}"] = outcome(values.text, value, "p")
        made[f"address {name}"] = outcome(values.address, value, "p", "https://b.example/a/")
        made[f"language {name}"] = outcome(values.language, value, "p")
        made[f"moment {name}"] = outcome(values.moment, value, "p")
        made[f"duration {name}"] = outcome(values.duration, value, "p")
        made[f"degrees {name}"] = outcome(values.degrees, {"latitude": value, "longitude": 19, "geo": value})
    approved.compare("values", made)
