"""What is on as iCalendar (RFC 5545).

A calendar's lines are written here: for a week's 6,006 events the icalendar library took 1.64 s of CPU, this 0.13. The
tests read every feed with that library and with a second one, ical, and put it before a validator.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import cache
from zoneinfo import ZoneInfo

from events import city, conf
from events.public.feeds.entries import remember
from events.public.showings import Showing, Venue

LINE = 74  # octets, without the line's end: 75 are allowed, but some programs count the end too
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPECIAL = re.compile(r"[\x00-\x1f\x7f\\;,]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar(name: str, found: Sequence[Showing], *, at: dt.datetime) -> bytes:
    """A calendar of these showings as of now, `at`; times in UTC, which every program understands without a zone.

    The zone is there all the same: a calendar without any component is none, and there may be no showing. What has not
    changed is the same, byte for byte, in each calendar.
    """
    texts = dict(_entries(found))
    entries = remember(texts, found, at=at)
    head = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_CALLED}//What is on//PL", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}", f"X-WR-TIMEZONE:{city.ZONE.key}", "X-PUBLISHED-TTL:PT4H", *_ZONE,
    ]  # fmt: skip
    stamped = cache(_stamped)  # nearly all changed at one of a few moments
    parts = [*map(_content, head)]
    where = f"@{_CALLED.lower()}"
    for key, text in texts.items():
        uid, _, sequence, changed = entries[key]
        named = _content(f"UID:{_text(uid)}{where}")
        parts.append(f"BEGIN:VEVENT\r\n{named}{stamped(changed)}SEQUENCE:{sequence}\r\n{text}END:VEVENT\r\n")
    return "".join([*parts, "END:VCALENDAR\r\n"]).encode()


def _stamped(changed: str) -> str:
    stamp = _utc(dt.datetime.fromisoformat(changed))
    return f"DTSTAMP:{stamp}\r\nLAST-MODIFIED:{stamp}\r\n"


_CALLED = f"Kino{city.plain(city.NAME).title().replace(' ', '')}"  # in ids, so that two cities' are never the same


def _zone(zone: ZoneInfo) -> Iterator[str]:
    """The zone's changes from 2020 to 2040, each offset with its dates; a zone without any has its one offset."""
    yield from ("BEGIN:VTIMEZONE", f"TZID:{zone.key}")
    changes: dict[tuple[str, str, str, str], list[str]] = {}
    moment = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    before = moment.astimezone(zone)
    changes["STANDARD", f"{before:%z}", f"{before:%z}", f"{before:%Z}"] = ["20200101T000000"]
    while moment.year < 2040:
        moment += dt.timedelta(hours=1)
        local = moment.astimezone(zone)
        if local.utcoffset() != before.utcoffset():
            kind = "DAYLIGHT" if local.dst() else "STANDARD"
            began = (moment + (before.utcoffset() or dt.timedelta())).strftime("%Y%m%dT%H%M%S")
            changes.setdefault((kind, f"{before:%z}", f"{local:%z}", f"{local:%Z}"), []).append(began)
        before = local
    for (kind, was, becomes, name), dates in changes.items():
        yield from (f"BEGIN:{kind}", f"TZOFFSETFROM:{was}", f"TZOFFSETTO:{becomes}", f"TZNAME:{name}")
        yield from (f"DTSTART:{dates[0]}", *(f"RDATE:{date}" for date in dates[1:]), f"END:{kind}")
    yield "END:VTIMEZONE"


_WARSAW = (
    "BEGIN:VTIMEZONE", "TZID:Europe/Warsaw",
    "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST", "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT",
    "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD",
    "END:VTIMEZONE",
)  # fmt: skip
_ZONE = _WARSAW if city.ZONE.key == "Europe/Warsaw" else tuple(_zone(city.ZONE))


def _entries(found: Sequence[Showing]) -> Iterator[tuple[str, str]]:
    """What each showing's entry says that may change.

    What many entries share is made once. Films, cinemas, versions and moments are told apart by their identity, as
    `found` holds them: comparing their values takes longer than all the rest.
    """
    address = cache(lambda url: _content(f"URL:{url}") if url else "")  # in one line, see `showings.link`
    times: dict[tuple[int, int], str] = {}
    summaries: dict[tuple[int, int], str] = {}
    places: dict[int, str] = {}
    for showing in found:
        film, venue, starts, ends, version = showing[2:7]
        if not (when := times.get((id(starts), id(ends)))):
            when = times[id(starts), id(ends)] = f"DTSTART:{_utc(starts)}\r\nDTEND:{_utc(ends)}\r\n"
        if not (what := summaries.get((id(film), id(version)))):
            what = summaries[id(film), id(version)] = _summary(film.title, version.label)
        if not (where := places.get(id(venue))):
            where = places[id(venue)] = _place(venue)
        ticket = _content(f"DESCRIPTION:{_text(showing.ticket_url)}") if showing.ticket_url else ""
        transparent = "TRANSP:TRANSPARENT\r\n"  # on is not yet busy
        yield showing.id, f"{when}{what}{where}{ticket}{address(showing.source_url)}{transparent}"


def _summary(title: str, label: str) -> str:
    return _content(f"SUMMARY:{_text(f'{title} ({label})' if label else title)}")


def _place(venue: Venue) -> str:
    where = _content(f"LOCATION:{_text(f'{venue.name}, {conf.CITY}')}")
    known = venue.latitude is not None and venue.longitude is not None
    return f"{where}GEO:{venue.latitude:.6f};{venue.longitude:.6f}\r\n" if known else where


def _utc(moment: dt.datetime) -> str:
    written = moment.astimezone(dt.UTC).isoformat(timespec="seconds")  # strftime takes twice as long
    return f"{written[:19].replace('-', '').replace(':', '')}Z"


def _text(text: str) -> str:
    """A TEXT value: nothing in it ends its line."""
    if not _SPECIAL.search(text):  # most of them
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n")).translate(_ESCAPED)


def _content(line: str) -> str:
    """The content line with its end, broken where no character is cut."""
    if line.isascii() and len(line) <= LINE:
        return f"{line}\r\n"
    octets, limit, parts = line.encode(), LINE, []
    if len(octets) <= limit:  # nearly every line
        return f"{line}\r\n"
    while len(octets) > limit:
        end = limit
        while octets[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        parts.append(octets[:end])
        octets, limit = octets[end:], LINE - 1  # a space goes before what follows
    return "\r\n ".join(part.decode() for part in [*parts, octets]) + "\r\n"
