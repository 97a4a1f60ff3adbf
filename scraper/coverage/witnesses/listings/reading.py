"""Pure: reads single values of what a witness sent, whatever their type; what can't be read is empty or None."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from events.local_time import ZONE
from scraper.coverage.witnesses.listings.records import (
    LONGEST_LINK,
    LONGEST_TEXT,
    MOST_STARTS,
    Failure,
    Sheet,
    Start,
    Unreadable,
)

_DATE = re.compile(r"(?<!\d)(?:(20\d\d)-(\d\d?)-(\d\d?)|(\d\d?)\.(\d\d?)\.(20\d\d))(?!\d)")
CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-4])[:.]([0-5]\d)(?![\d])")
_ZONE = re.compile(r"\d(?:Z|[+-]\d\d:?\d\d)$")
_LINK = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
_MINUTES = re.compile(r"(?<!\d)(\d{1,3})(?:[.,]\d+)?(?!\d)")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST_RUNTIME = 600  # min
LATEST = 4e12  # milliseconds since 1970: in a hundred years


def moment(value: Any, date: dt.date | None = None) -> dt.datetime | None:
    """A start as Kraków's clocks show it: out of ISO 8601, "27.11.2026 18:30", seconds since 1970; or a clock alone,
    which is of `date` where the answer has said that it is of that date."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{10}(?:\d{3})?", value)):
        return _since_1970(float(value)) if isinstance(value, str) or -LATEST < value < LATEST else None
    said = str(value)[:LONGEST_TEXT].strip()
    if _ZONE.search(said):
        try:
            return _minute(dt.datetime.fromisoformat(said).astimezone(ZONE))
        except (ValueError, OverflowError):
            return None
    day = dates(said)
    clock = CLOCK.search(_DATE.sub(" ", said).replace("T", " "))
    if clock is None or len(day) > 1 or not (day or date):
        return None
    of = next(iter(day)) if day else date
    assert of is not None
    return dt.datetime.combine(of, dt.time()) + dt.timedelta(hours=int(clock[1]), minutes=int(clock[2]))


def dates(value: str) -> set[dt.date]:
    """The dates that a text names with their year."""
    found = set()
    for match in _DATE.finditer(value):
        parts = match.groups()
        year, month, day = parts[:3] if parts[0] else (parts[5], parts[4], parts[3])
        try:
            found.add(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def text(value: Any) -> str:
    """A name or a title in one line, bounded; empty for what is no text."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return (
        " ".join(_CONTROLS.sub("", value[: 4 * LONGEST_TEXT]).split())[:LONGEST_TEXT] if isinstance(value, str) else ""
    )


def title(value: Any) -> str:
    """A film's title, which some services send as a piece of HTML, or in several languages."""
    if isinstance(value, dict):
        value = value.get("pl")
    return text(html.unescape(_TAG.sub("", value[: 4 * LONGEST_TEXT]))) if isinstance(value, str) else text(value)


def link(value: Any) -> str:
    """An address of the web, else nothing."""
    said = value.strip() if isinstance(value, str) else ""
    return said if len(said) <= LONGEST_LINK and _LINK.fullmatch(said) else ""


def minutes(value: Any) -> int | None:
    """A runtime, out of 118, "118" and "118 min"."""
    found = (
        _MINUTES.search(str(value)) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    )
    return int(found[1]) if found and 0 < int(found[1]) <= LONGEST_RUNTIME else None


def parsed(body: str) -> Any:
    """The JSON of an answer."""
    try:
        return json.loads(body.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(Failure.CHANGED, f"expected JSON, found {body[:80]!r}") from error


def complaint(answer: Any) -> str:
    """What an answer says went wrong, which services send with a status of 200 too."""
    said = (answer.get(name) for name in ("error", "errors", "errorMessage")) if isinstance(answer, dict) else ()
    return next((text(str(one)) for one in said if one), "")


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list, or of an object that is used as one."""
    values: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for row in values:
        yield row if isinstance(row, dict) else {}


def sheet(read: Iterable[Start | str], asked: Iterable[dt.date], answer: Any = None) -> Sheet:
    """Gathers what the rows of an answer said: starts, or why a row could not be read.

    Where no row could be read, the form of the answer has changed; the same where every start is of another date than
    was asked for: then nobody knows of which day the answer is. An `answer` with no row may say what went wrong.
    """
    starts: dict[Start, None] = {}
    unread: list[str] = []
    for row in read:
        if isinstance(row, str):
            unread.append(row[:LONGEST_TEXT])
        else:
            starts[row] = None
        if len(starts) + len(unread) > MOST_STARTS:
            raise Unreadable(Failure.CHANGED, f"more than {MOST_STARTS} starts in one answer")
    wanted = set(asked)
    mine = tuple(start for start in starts if start.date in wanted or start.starts_at.date() in wanted)
    if starts and not mine:
        other = ", ".join(map(str, sorted({start.date for start in starts})[:3]))
        raise Unreadable(Failure.CHANGED, f"asked for {min(wanted)}, and every start is of another day: {other}")
    if unread and not starts:
        raise Unreadable(Failure.CHANGED, f"none of {len(unread)} rows could be read, the first: {unread[0]}")
    if not (starts or unread) and (wrong := complaint(answer)):
        raise Unreadable(Failure.UNREACHABLE, f"it says: {wrong}")
    return Sheet(mine, tuple(unread))


def _since_1970(seconds: float) -> dt.datetime | None:
    if seconds > 1e11:  # milliseconds, as JavaScript counts
        seconds /= 1000
    if not 1e9 < seconds < 4e9:
        return None
    return _minute(dt.datetime.fromtimestamp(seconds, ZONE))


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0, tzinfo=None)
