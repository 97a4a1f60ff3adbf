"""Polish dates and times as the site prints them. Pure: `today` is an argument.

The site writes days without a year ("czwartek, 2 października"), so the year is inferred and the weekday checks it.
Weekdays are numbered like `date.weekday()`: Monday is 0.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from contextlib import suppress
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")

WEEKDAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")

MONTHS = (
    ("styczeń", "stycznia"),
    ("luty", "lutego"),
    ("marzec", "marca"),
    ("kwiecień", "kwietnia"),
    ("maj", "maja"),
    ("czerwiec", "czerwca"),
    ("lipiec", "lipca"),
    ("sierpień", "sierpnia"),
    ("wrzesień", "września"),
    ("październik", "października"),
    ("listopad", "listopada"),
    ("grudzień", "grudnia"),
)

# Short forms as calendars abbreviate them, the accusative of "na środę", and the English names of the CSS classes.
_OTHER_WEEKDAY_NAMES = (
    ("pn", "pon", "monday"),
    ("wt", "wto", "tuesday"),
    ("śr", "śro", "środę", "wednesday"),
    ("cz", "czw", "thursday"),
    ("pt", "pią", "friday"),
    ("so", "sob", "sobotę", "saturday"),
    ("nd", "nie", "ndz", "niedz", "niedzielę", "sunday"),
)

_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})")
_LONG_DATE = re.compile(r"([0-9]{1,2}) (\w+) ([0-9]{4})")
_HEADER_DATE = re.compile(r"\b(\w{1,20})(?:, ?| )([0-9]{1,2}) (\w+)(?: ([0-9]{4})\b)?")


def _fold(word: str) -> str:
    """Lower case without diacritics; ł has no decomposition, so it is named."""
    decomposed = unicodedata.normalize("NFKD", word.strip().lower().replace("ł", "l"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_WEEKDAY_NUMBERS = {
    _fold(name): number
    for number, (full, others) in enumerate(zip(WEEKDAYS, _OTHER_WEEKDAY_NAMES, strict=True))
    for name in (full, *others)
}
_MONTH_NUMBERS = {_fold(name): number for number, forms in enumerate(MONTHS, start=1) for name in forms}


def weekday_number(name: str) -> int:
    """0 (Monday) to 6 for a Polish or English weekday name, full or short, in any case; ValueError otherwise."""
    try:
        return _WEEKDAY_NUMBERS[_fold(name).removesuffix(".")]
    except KeyError:
        raise ValueError(f"{name!r} is not the name of a weekday") from None


def _is_weekday(name: str) -> bool:
    return _fold(name) in _WEEKDAY_NUMBERS


def month_number(name: str) -> int:
    """1 to 12 for a Polish month name, nominative or genitive, in any case; ValueError otherwise."""
    try:
        return _MONTH_NUMBERS[_fold(name)]
    except KeyError:
        raise ValueError(f"{name!r} is not the name of a month") from None


def parse_time(text: str) -> dt.time:
    """The time of day that "10:30" or "10.30" says; ValueError otherwise."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time like 10:30")
    try:
        return dt.time(int(match[1]), int(match[2]))
    except ValueError:
        raise ValueError(f"{text!r} is not a time of day") from None


def parse_long_date(text: str) -> dt.date:
    """The date that "6 grudnia 2024" says; ValueError otherwise."""
    match = _LONG_DATE.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(f"{text!r} is not a date like 6 grudnia 2024")
    return dt.date(int(match[3]), month_number(match[2]), int(match[1]))


def parse_header_date(text: str) -> tuple[int, int, int, int | None]:
    """(weekday, day, month, year) of the one day that a header names: "czwartek, 2 października", "Dziś, czwartek,
    2 października 2025 r."; the year is None unless it is written. ValueError for no day, or for several.
    """
    days = [match for match in _HEADER_DATE.finditer(" ".join(text.split())) if _is_weekday(match[1])]
    if len(days) != 1:
        raise ValueError(f"{text!r} does not name one day like czwartek, 2 października")
    weekday, day, month = weekday_number(days[0][1]), int(days[0][2]), month_number(days[0][3])
    year = int(days[0][4]) if days[0][4] else None
    dt.date(year or 2000, month, day)  # 2000 is a leap year: refuses the 31st of June, not the 29th of February
    return weekday, day, month, year


def find_header_date(text: str) -> tuple[int, int, int, int | None] | None:
    """What `parse_header_date` reads, or None: most headings speak of no day."""
    with suppress(ValueError):
        return parse_header_date(text)
    return None


def header_date(date: dt.date) -> str:
    """The opposite of `parse_header_date`: how the site would head this day."""
    return f"{WEEKDAYS[date.weekday()]}, {date.day} {MONTHS[date.month - 1][1]}"


def infer_date(day: int, month: int, *, today: dt.date, weekday: int | None = None) -> dt.date:
    """The date nearest to `today` that has this day and month; of two equally near, the later.

    `weekday` does not choose the year, it checks it: a year picked to please the weekday could be one of the past.
    ValueError when no such date exists within a year of today's, or when it falls on another weekday.
    """
    dates = []
    for year in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):  # 29 February, and the ends of the calendar
            dates.append(dt.date(year, month, day))
    if not dates:
        raise ValueError(f"there is no {day}.{month:02} near {today}")
    date = min(dates, key=lambda candidate: (abs(candidate - today), candidate < today))
    if weekday is not None and date.weekday() != weekday:
        raise ValueError(f"{date} is {WEEKDAYS[date.weekday()]}, not {WEEKDAYS[weekday]}")
    return date
