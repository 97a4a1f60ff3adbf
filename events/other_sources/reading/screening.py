"""Pure: one schema.org ScreeningEvent of a document becomes a claim, property by property.

Needed are a title (`name` or `workPresented`), a `startDate` with its hour and a `location` with a name. All else is
left out where it can't be read, with a note.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from events.other_sources.places import cinema_of
from events.other_sources.reading import values
from events.other_sources.reading.claims import Fault, Note, ScreeningEvent
from events.other_sources.reading.json_ld import Document, Node
from events.other_sources.reading.values import Invalid, several

T = TypeVar("T")

LONGEST = dt.timedelta(hours=24)
PAST, AHEAD = dt.timedelta(days=1), dt.timedelta(days=2 * 365 + 1)
_CANCELLED = re.compile(r"cancel|movedonline|odwo[lł]a|postpone|prze[lł]o[zż]", re.IGNORECASE)
_SCHEDULED = re.compile(r"scheduled|active|confirmed|zaplanowan", re.IGNORECASE)


class Reader:
    """One screening in the reading, with the notes that it costs."""

    def __init__(self, line: int, document: Document) -> None:
        self.line, self.document = line, document
        self.notes: list[Note] = []

    def screenings(self, node: Node, at: dt.datetime) -> Iterator[ScreeningEvent | Fault | Note]:
        """The screenings of a node, one for each of its starts."""
        starts = several(node.get("startDate")) or [None]
        ends = several(node.get("endDate"))
        for number, start in enumerate(starts):
            end = ends[number] if len(ends) == len(starts) else None
            one = node | {"startDate": start, "endDate": end}
            self.notes = []
            try:
                record: ScreeningEvent | Fault = self.screening(one, at)
            except _Past as error:
                record = Fault(self.line, str(error), error.name, past=True)
            except Invalid as error:
                record = Fault(self.line, str(error), error.name)
            yield from self.notes
            yield record

    def screening(self, node: Node, at: dt.datetime) -> ScreeningEvent:
        """The record of a node; raises `Invalid` where something needed is missing."""
        works = [each for name in ("workPresented", "workFeatured") for each in self.document.values(node, name)]
        title = self.title(node, works)
        starts_at = _start(node, at)
        place = cinema_of(self.document, node)
        work = next((each for each in works if isinstance(each, dict)), {})
        base = self.base(node, work, place.node)
        url = self.optional("url", lambda: values.address(node.get("url"), "url", base), "")
        url = url or self.optional(
            "mainEntityOfPage", lambda: values.address(node.get("mainEntityOfPage"), "mainEntityOfPage", base), ""
        )
        ticket_url = self.optional("offers.url", lambda: self.ticket(node, url or base), "")
        image = node.get("image") or work.get("image")
        where = self.optional("location.geo", place.degrees, None)
        latitude, longitude = where or (None, None)
        language = self.optional(
            "inLanguage", lambda: values.language(self.document.values(node, "inLanguage"), "inLanguage"), ""
        )
        subtitles = self.optional(
            "subtitleLanguage",
            lambda: values.language(self.document.values(node, "subtitleLanguage"), "subtitleLanguage"), "",
        )  # fmt: skip
        shown_as = self.optional("videoFormat", lambda: values.text(node.get("videoFormat"), "videoFormat"), "")
        given_id, named = self.identifier(node)
        return ScreeningEvent(
            given_id=given_id or url or ticket_url,
            named=named,
            detail="\n".join((title, place.hall, ticket_url, language, subtitles, shown_as)),
            title=title,
            original_title=self.optional("alternateName", lambda: self.original(node, work), ""),
            starts_at=starts_at,
            ends_at=self.optional("endDate", lambda: self.end(node, work, starts_at), None),
            cinema_name=place.name,
            latitude=latitude,
            longitude=longitude,
            url=url,
            ticket_url=ticket_url,
            image_url=self.optional(
                "image",
                lambda: values.address([self.document.resolved(each) for each in several(image)], "image", url or base),
                "",
            ),
            language=language,
            subtitles=subtitles,
            format=shown_as[:50],
            cancelled=self.cancelled(node),
        )

    def optional(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except Invalid as error:
            self.notes.append(Note(self.line, name, error.reason))
            return otherwise

    def title(self, node: Node, works: list[Any]) -> str:
        """The film's; of several films the screening's own."""
        own = node.get("name")
        names = [self.named(each) for each in works]
        names = list(dict.fromkeys(filter(None, names)))
        if len(names) == 1:
            return names[0]
        if title := values.text(own, "name") or values.text(node.get("headline"), "headline"):
            return title
        if not names:
            raise Invalid("name", "missing")
        return values.clean(" + ".join(names), "name")

    @staticmethod
    def named(work: Any) -> str:
        """What a work is called: an object's name, or a text that is no reference to somewhere else."""
        if isinstance(work, dict):
            return values.text(work.get("name"), "name") or values.text(work.get("headline"), "headline")
        if isinstance(work, str) and work.startswith(("http://", "https://", "#", "_:", "//", "urn:")):
            return ""
        return values.text(work, "workPresented")

    def original(self, node: Node, work: Node) -> str:
        named = work.get("alternateName") or work.get("alternativeHeadline") or node.get("alternateName")
        return values.text(named, "alternateName")

    def base(self, node: Node, work: Node, place: Node) -> str:
        """An address to which others may be relative: the page's, or else one of what it is about."""
        for each in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"), work.get("url"), place.get("url"),
                     work.get("@id"), place.get("@id"), *self.document.values(node, "organizer")):  # fmt: skip
            try:
                if found := values.address(each, "url"):
                    return found
            except Invalid:
                continue
        return ""

    def ticket(self, node: Node, base: str) -> str:
        """The first offer's address that is one."""
        wrong: Invalid | None = None
        for offer in self.document.values(node, "offers"):
            inner = self.document.values(offer, "offers") if isinstance(offer, dict) else []
            for each in (offer, *inner):
                told = each.get("url") if isinstance(each, dict) else each
                try:
                    if found := values.address(told, "offers.url", base):
                        return found
                except Invalid as error:
                    wrong = wrong or error
        if wrong:
            raise wrong
        return ""

    def end(self, node: Node, work: Node, starts_at: dt.datetime) -> dt.datetime | None:
        ends_at = values.moment(node.get("endDate"), "endDate")
        if ends_at is None:
            length = values.duration(node.get("duration") or work.get("duration"), "duration")
            return starts_at + length if length else None
        if ends_at <= starts_at:
            raise Invalid("endDate", "not after startDate")
        if ends_at - starts_at > LONGEST:
            raise Invalid("endDate", "more than a day after startDate")
        return ends_at

    def cancelled(self, node: Node) -> bool:
        """Whether it doesn't take place there and then (moved online: it doesn't). An unknown status is left out."""
        for each in self.document.values(node, "eventStatus"):
            forms = [each.get(name) for name in ("@id", "name", "url")] if isinstance(each, dict) else [each]
            for form in forms:
                told = form.rstrip("/").rpartition("/")[2] if isinstance(form, str) else ""
                if _CANCELLED.search(told):
                    return True
            if not any(isinstance(form, str) and _SCHEDULED.search(form) for form in forms):
                self.notes.append(Note(self.line, "eventStatus", f"unknown {each!r:.80}"))
        return False

    def identifier(self, node: Node) -> tuple[str, bool]:
        """What names this screening and nothing else, for all that this line can tell; ("", False) for nothing."""
        for name in ("identifier", "@id"):
            for each in several(node.get(name)):
                told = each.get("value", each.get("@id")) if isinstance(each, dict) else each
                if isinstance(told, float) and told.is_integer():
                    told = int(told)
                if isinstance(told, bool) or not isinstance(told, str | int | float):
                    continue
                if name == "@id" and str(told).startswith(("_:", "#")):  # names it within its page alone
                    continue
                try:
                    if found := values.clean(str(told), name):
                        return found, True
                except Invalid as error:
                    self.notes.append(Note(self.line, name, error.reason))
        return "", False


class _Past(Invalid):
    """It was more than a day ago."""


def _start(node: Node, at: dt.datetime) -> dt.datetime:
    given, clock = node.get("startDate"), node.get("startTime")
    planned = next((each for each in several(node.get("eventSchedule")) if isinstance(each, dict)), {})
    if not given and not planned.get("repeatFrequency"):  # of what is repeated nobody says here which days it is on
        given, clock = planned.get("startDate"), planned.get("startTime")
    if isinstance(given, str) and isinstance(clock, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given.strip()):
        given = f"{given.strip()}T{clock.strip()}"
    found = values.moment(given, "startDate")
    if found is None:
        raise Invalid("startDate", "missing")
    if found > at + AHEAD:
        raise Invalid("startDate", f"more than two years ahead: {given!r:.80}")
    if found < at - PAST:
        raise _Past("startDate", f"more than a day ago: {given!r:.80}")
    return found
