"""Pure: the ticket shop of Kino Mikro and Mikro Bronowice, which lists all that is on sale in one answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from scraper.coverage.witnesses.listings.reading import dates, link, moment, parsed, rows, sheet, text, title
from scraper.coverage.witnesses.listings.records import Ask, Failure, Sheet, Start, Unreadable

PATH = "/service.php/repertoire/list.json?limit=1000&advanced=1"
TIMES = ("date", "datetime", "start", "starts_at", "start_date")
HOURS = ("time", "hour", "start_time")
#: What the shop sells besides showings.
_NO_SHOWING = re.compile(
    r"\b(?:karnet\w*|voucher\w*|bon (?:podarunkowy|upominkowy)|karta podarunkowa)\b", re.IGNORECASE
)


def asks(today: dt.date) -> tuple[Ask, ...]:
    """One request for all days."""
    return (Ask(PATH, tuple(today + dt.timedelta(days=ahead) for ahead in range(7))),)


def extract(body: str, ask: Ask, url: str = "") -> Sheet:
    """The starts of the days asked for; what is sold for later days is left out."""
    answer = parsed(body)
    listed = _listed(answer)
    if listed is None:
        raise Unreadable(Failure.CHANGED, f"expected a list, found {body[:80]!r}")
    return sheet(_starts(listed), ask.dates, answer)


def _listed(answer: Any, deep: int = 0) -> list[Any] | None:
    """The rows, whatever they are wrapped in: a list, or an object of objects that have times, or of lists of these."""
    if isinstance(answer, list):
        return answer
    if not isinstance(answer, dict) or deep > 2:
        return None
    if any(_has_time(row) for row in answer.values()):
        return list(answer.values())
    found = [listed for value in answer.values() if (listed := _listed(value, deep + 1)) is not None]
    timed = [row for listed in found if any(map(_has_time, listed)) for row in listed]
    return timed or (max(found, key=len) if found else None)


def _has_time(row: Any) -> bool:
    return isinstance(row, dict) and any(name in row for name in TIMES)


def _starts(listed: list[Any]) -> Iterator[Start | str]:
    for row in rows(listed):
        event = row["event"] if isinstance(row.get("event"), dict) else {}
        named = next(filter(None, (title(of.get(name)) for of in (row, event) for name in ("title", "name"))), "")
        if _NO_SHOWING.search(f"{named} {text(event.get('category'))}"):
            continue
        at = next((at for name in TIMES if (at := _moment(row, row.get(name)))), None)
        place = row.get("location")
        place = place[0] if isinstance(place, list) and place else place
        cinema = _cinema(place) if isinstance(place, dict) else text(place) or text(row.get("institution_name"))
        if at is None or not cinema:
            lacking = "start" if at is None else "cinema"
            yield f"{named or 'without a title'} ({text(row.get('id'))}): no {lacking}"
            continue
        yield Start(cinema, at, named, link(row.get("url")), is_ticket=True)


def _cinema(of: dict[str, Any]) -> str:
    return next(filter(None, (text(of.get(name)) for name in ("institution_name", "name"))), "")


def _moment(row: dict[str, Any], value: Any) -> dt.datetime | None:
    """A start whose date and hour stand together, or the hour in a field of its own beside a date or its midnight."""
    if isinstance(value, dict):  # as PHP writes a date
        value = value.get("date")
    at = moment(value)
    if at is not None and at.time() != dt.time():
        return at
    day = at.date() if at else next(iter(dates(text(value))), None)
    return next((found for name in HOURS if day and (found := moment(row.get(name), day))), at)
