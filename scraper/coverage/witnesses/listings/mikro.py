"""Pure: the ticket shop of Kino Mikro and Mikro Bronowice, which lists all that is on sale in one answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from scraper.coverage.witnesses.listings.reading import link, moment, parsed, rows, sheet, text
from scraper.coverage.witnesses.listings.records import Ask, Failure, Sheet, Start, Unreadable

PATH = "/service.php/repertoire/list.json?limit=1000&advanced=1"
LISTS = ("data", "items", "list", "results", "repertoire", "events")
TIMES = ("date", "datetime", "start", "starts_at", "start_date")
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
    listed = answer
    if isinstance(answer, dict):
        listed = next((answer[name] for name in LISTS if isinstance(answer.get(name), list)), None)
    if not isinstance(listed, list):
        raise Unreadable(Failure.CHANGED, f"expected a list, found {body[:80]!r}")
    return sheet(_starts(listed), ask.dates)


def _starts(listed: list[Any]) -> Iterator[Start | str]:
    for row in rows(listed):
        title, event = text(row.get("title")) or text(row.get("name")), row.get("event")
        category = text(event.get("category")) if isinstance(event, dict) else ""
        if _NO_SHOWING.search(f"{title} {category}"):
            continue
        at = next((at for name in TIMES if (at := moment(row.get(name)) or _with_hour(row, name))), None)
        place = row.get("location")
        cinema = text(place.get("institution_name") or place.get("name")) if isinstance(place, dict) else text(place)
        if at is None or not cinema:
            lacking = "start" if at is None else "cinema"
            yield f"{title or 'without a title'} ({text(row.get('id'))}): no {lacking}"
            continue
        yield Start(cinema, at, title, link(row.get("url")), is_ticket=True)


def _with_hour(row: dict[str, Any], name: str) -> dt.datetime | None:
    """A start whose date and hour stand in two fields."""
    return moment(f"{text(row.get(name))} {text(row.get('time') or row.get('hour'))}")
