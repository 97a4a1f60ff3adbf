"""Polish dates and times as the site prints them. Pure: `today` is an argument.

The site writes days without a year ("czwartek, 2 października"), so the year is inferred and the weekday checks it.
Weekdays are numbered like `date.weekday()`: Monday is 0.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

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
_ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

# Short forms as calendars abbreviate them, other grammatical cases, and the English names of the CSS classes.
_OTHER_WEEKDAY_NAMES = (
    ("pn", "pon", "pnd", "poniedziałku", "monday", "mon"),
    ("wt", "wto", "wtorku", "tuesday", "tue"),
    ("śr", "śro", "środę", "środy", "wednesday", "wed"),
    ("cz", "czw", "czwartku", "thursday", "thu"),
    ("pt", "pią", "piątku", "friday", "fri"),
    ("so", "sob", "sb", "sobotę", "soboty", "saturday", "sat"),
    ("nd", "nie", "ndz", "niedz", "niedzielę", "niedzieli", "sunday", "sun"),
)
LONGEST_DATE = 200  # characters of a text that may name a day; a longer one is prose

_SEPARATOR = r" ?[-./] ?"
_DATE = re.compile(
    r"(?<![\w.:/-])(?:"
    r"(?P<iso_year>[0-9]{4})[-./](?P<iso_month>[0-9]{1,2})[-./](?P<iso_day>[0-9]{1,2})"
    rf"|(?P<day>[0-9]{{1,2}}){_SEPARATOR}(?P<month>[0-9]{{1,2}})(?:{_SEPARATOR}(?P<year>[0-9]{{4}}|[0-9]{{2}}))?"
    r"|(?P<word_day>[0-9]{1,2})(?:\.|-?e?go)? ?(?P<word>[^\W\d_]{1,20})\.?(?:,? ?(?P<word_year>[0-9]{4}))?"
    r")(?!\w|:\w)"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]{1,20})\.?[ ,(:–-]*$")
_WORD_BEHIND = re.compile(r"(?: ?(?:roku|r)\b\.?)?[ ,(–-]*([^\W\d_]{2,20})")
_RANGE_BEFORE = re.compile(r"[0-9]\.? ?[-–—] ?$")
# "od 5 grudnia" says when something begins or ends, not which day a page is of.
_LIMITS = {"od", "do", "po", "przed", "until", "from", "since"}


def _fold(word: str) -> str:
    """Lower case without diacritics; ł has no decomposition, so it is named."""
    decomposed = unicodedata.normalize("NFKD", word.strip().lower().replace("ł", "l"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_WEEKDAY_NUMBERS = {
    _fold(name): number
    for number, (full, others) in enumerate(zip(WEEKDAYS, _OTHER_WEEKDAY_NAMES, strict=True))
    for name in (full, *others)
}
_MONTH_NUMBERS = {
    _fold(form)[:length]: number
    for number, forms in enumerate(MONTHS, start=1)
    for form in forms
    for length in range(3, len(form) + 1)
}


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A day as a text names it; `year` and `weekday` are None where the text leaves them out."""

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None

    def __str__(self) -> str:
        weekday = "" if self.weekday is None else f"{WEEKDAYS[self.weekday]}, "
        return f"{weekday}{self.day}.{self.month:02}" + (f".{self.year}" if self.year else "")

    def is_of(self, date: dt.date) -> bool:
        """Whether nothing of what is said is against `date`."""
        return (
            (self.day, self.month) == (date.day, date.month)
            and self.year in (None, date.year)
            and self.weekday in (None, date.weekday())
        )

    def agrees(self, other: SaidDate) -> bool:
        """Whether both can be of one date."""
        pairs = ((self.year, other.year), (self.weekday, other.weekday))
        return (self.day, self.month) == (other.day, other.month) and all(
            a is None or b is None or a == b for a, b in pairs
        )

    def near(self, today: dt.date) -> dt.date:
        """The date that is meant: of the year that is said, else the nearest; ValueError when there is none."""
        if self.year is None:
            return infer_date(self.day, self.month, today=today, weekday=self.weekday)
        date = dt.date(self.year, self.month, self.day)
        if not self.is_of(date):
            raise ValueError(f"{date} is {WEEKDAYS[date.weekday()]}, not {WEEKDAYS[self.weekday or 0]}")
        return date


def weekday_number(name: str) -> int:
    """0 (Monday) to 6 for a Polish or English weekday name, full or short, in any case; ValueError otherwise."""
    try:
        return _WEEKDAY_NUMBERS[_fold(name).removesuffix(".")]
    except KeyError:
        raise ValueError(f"{name!r} is not the name of a weekday") from None


def month_number(name: str) -> int:
    """1 to 12 for a Polish month: nominative, genitive, shortened to three letters or more, or a Roman number."""
    if name in _ROMAN_MONTHS:
        return _ROMAN_MONTHS.index(name) + 1
    try:
        return _MONTH_NUMBERS[_fold(name).removesuffix(".")]
    except KeyError:
        raise ValueError(f"{name!r} is not the name of a month") from None


def find_dates(text: str) -> list[SaidDate]:
    """Every day that a text names: "Dziś, piątek 27 listopada 2026 r.", "pt. 27 lis", "27.11", "2026-11-27",
    "27 XI (piątek)". What only looks like a date (a misspelt month, the 31st of June) is none.
    """
    text = " ".join(text.split())
    return [*_dates(text)] if len(text) <= LONGEST_DATE else []


@lru_cache(maxsize=1024)
def _dates(text: str) -> tuple[SaidDate, ...]:
    return tuple(said for _, said in dates_in(text))


def dates_in(text: str) -> list[tuple[re.Match[str], SaidDate]]:
    """Where a text names days, and which."""
    found = []
    for match in _DATE.finditer(text):
        with suppress(ValueError):
            found.append((match, _said(match, text[: match.start()], text[match.end() :])))
    return found


def read_date(text: str) -> SaidDate | None:
    """The one day that a text names; None for no day, for several, and for one that something begins or ends on."""
    text = " ".join(text.split())
    return _read_date(text) if len(text) <= LONGEST_DATE else None


@lru_cache(maxsize=1024)
def _read_date(text: str) -> SaidDate | None:
    days = set(find_dates(text))
    if len(days) != 1 or _is_limit(text):
        return None
    return days.pop()


def is_date(text: str) -> bool:
    """Whether a text is a date and nothing else (a weekday and "dziś" belong to it)."""
    text = " ".join(text.split())
    return len(text) <= LONGEST_DATE and _is_date(text)


@lru_cache(maxsize=1024)
def _is_date(text: str) -> bool:
    if len(find_dates(text)) != 1 or read_date(text) is None:
        return False
    rest = re.sub(r"[^\w]+", " ", _DATE.sub(" ", text)).lower().split()
    return all(word in _BESIDE_A_DATE or _is_weekday(word) for word in rest)


_BESIDE_A_DATE = {"dziś", "dzisiaj", "jutro", "pojutrze", "wczoraj", "dzień", "dnia", "r", "roku", "na"}


def header_date(date: dt.date) -> str:
    """How the site would head this day: "czwartek, 2 października"."""
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


def _said(match: re.Match[str], before: str, behind: str) -> SaidDate:
    """What one match of `_DATE` says; ValueError when it is no day of any year."""
    groups = match.groupdict()
    day = int(groups["iso_day"] or groups["day"] or groups["word_day"])
    month = month_number(groups["word"]) if groups["word"] else int(groups["iso_month"] or groups["month"])
    written = groups["iso_year"] or groups["year"] or groups["word_year"]
    year = int(written) + (2000 if len(written) == 2 else 0) if written else None
    dt.date(
        2000 if year is None else year, month, day
    )  # 2000 is a leap year: refuses the 31st of June, not the 29th of February
    return SaidDate(day, month, year, _weekday_beside(before, behind))


def _weekday_beside(before: str, behind: str) -> int | None:
    """The weekday named right before a date, or right behind it."""
    for word in (_WORD_BEFORE.search(before), _WORD_BEHIND.match(behind)):
        if word and _is_weekday(word[1]):
            return weekday_number(word[1])
    return None


def _is_weekday(name: str) -> bool:
    return _fold(name) in _WEEKDAY_NUMBERS


def _is_limit(text: str) -> bool:
    text = " ".join(text.split())
    first = _DATE.search(text)
    before = text[: first.start()] if first else ""
    if _RANGE_BEFORE.search(before):  # "28 – 29 listopada"
        return True
    words = re.findall(r"[^\W\d_]+", before)[-2:]
    return any(word.lower() in _LIMITS for word in words)
