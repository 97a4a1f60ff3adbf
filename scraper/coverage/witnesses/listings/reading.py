"""Pure: reads single values of what a witness sent, whatever their type; what can't be read is empty or None."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

from events.local_time import ZONE
from scraper.coverage.witnesses.listings.records import LONGEST_LINK, LONGEST_TEXT

_DATE = re.compile(r"(?<!\d)(?:(20\d\d)-(\d\d?)-(\d\d?)|(\d\d?)\.(\d\d?)\.(20\d\d))(?!\d)")
_MONTHS = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru")
_IN_WORDS = re.compile(rf"(?<!\d)(\d\d?)\.? ({'|'.join(_MONTHS)})\w* (20\d\d)(?!\d)", re.IGNORECASE)
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
    said: list[tuple[str | int, ...]] = [
        parts[:3] if parts[0] else parts[:2:-1] for parts in (match.groups() for match in _DATE.finditer(value))
    ]
    for match in _IN_WORDS.finditer(value):
        said.append((match[3], _MONTHS.index(match[2].lower()) + 1, match[1]))
    for year, month, day in said:
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


def _since_1970(seconds: float) -> dt.datetime | None:
    if seconds > 1e11:  # milliseconds, as JavaScript counts
        seconds /= 1000
    if not 1e9 < seconds < 4e9:
        return None
    return _minute(dt.datetime.fromtimestamp(seconds, ZONE))


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0, tzinfo=None)
