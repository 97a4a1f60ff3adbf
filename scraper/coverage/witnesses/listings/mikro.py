"""Pure: the ticket shop of Kino Mikro and Mikro Bronowice, which lists all that is on sale in one answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from events.local_time import week_from
from scraper.coverage.witnesses.listings.answers import called_off, first, listed, parsed, rows, sheet
from scraper.coverage.witnesses.listings.reading import dates, link, moment, text, title
from scraper.coverage.witnesses.listings.records import Ask, Failure, Sheet, Start, Unreadable

PATH = "/service.php/repertoire/list.json?limit=1000&advanced=1"
TIMES = ("date", "datetime", "start", "startsat", "startdate", "datefrom")
HOURS = ("time", "hour", "starttime")
CINEMA = ("institutionname", "institution", "cinemaname", "cinema")
#: What the shop sells besides showings.
_NO_SHOWING = re.compile(
    r"\b(?:karnet\w*|voucher\w*|bon (?:podarunkowy|prezentowy|upominkowy)|karta podarunkowa)\b", re.IGNORECASE
)

_HALL = re.compile(r"(?:sala|hall|screen)\b", re.IGNORECASE)


def asks(today: dt.date) -> tuple[Ask, ...]:
    """One request for all days."""
    return (Ask(PATH, week_from(today)),)


def extract(body: str, ask: Ask, url: str = "") -> Sheet:
    """The starts of the days asked for; what is sold for later days is left out."""
    answer = parsed(body)
    found = listed(answer, TIMES)
    if found is None:
        raise Unreadable(Failure.CHANGED, f"expected a list, found {body[:80]!r}")
    return sheet(_starts(found), ask.dates, answer)


def _starts(found: list[Any]) -> Iterator[Start | str]:
    for row in rows(found):
        event = row["event"] if isinstance(row.get("event"), dict) else {}
        named = next(filter(None, (title(of.get(name)) for of in (row, event) for name in ("title", "name"))), "")
        if called_off(row) or _NO_SHOWING.search(f"{named} {text(event.get('category'))}"):
            continue
        at = next((at for name in TIMES if (at := _moment(row, row.get(name)))), None)
        cinema = _cinema(row.get("location")) or _cinema({name: row.get(name) for name in CINEMA})
        if at is None or not cinema:
            lacking = "start" if at is None else "cinema"
            yield f"{named or 'without a title'} ({text(row.get('id'))}): no {lacking}"
        else:
            yield Start(cinema, at, named, link(row.get("url")), is_ticket=True)


def _cinema(place: Any) -> str:
    """The name of the cinema in what is said of the place; a hall's is none."""
    place = place[0] if isinstance(place, list) and place else place
    said = first(place, *CINEMA, "name") if isinstance(place, dict) else place
    name = _cinema(said) if isinstance(said, dict) else title(said)
    return "" if _HALL.match(name) else name


def _moment(row: dict[str, Any], value: Any) -> dt.datetime | None:
    """A start whose date and hour stand together, or the hour in a field of its own beside a date or its midnight."""
    at = moment(value.get("date") if isinstance(value, dict) else value)  # PHP writes a date as an object
    if at is not None and at.time() != dt.time():
        return at
    day = at.date() if at else next(iter(dates(text(value))), None)
    return next((found for name in HOURS if day and (found := moment(row.get(name), day))), at)
