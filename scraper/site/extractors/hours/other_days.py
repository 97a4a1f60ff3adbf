"""Words beside hours, or above them, that say that they are of another day than the page's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Set

from scraper.site.extractors.markup import clean
from scraper.site.polish import SaidDate, dates_in, find_dates, weekday_number

NEAR = dt.timedelta(days=60)
LONGEST = 300  # characters of a text that is looked at
OF_ANOTHER = "of another day: "  # begins the reason of an hour that certainly is
_POINTS = " ,;:.-–—()[]"
_WORD = re.compile(r"(?:jutro|pojutrze|wczoraj)\b", re.IGNORECASE)
_ANY_WORD = re.compile(rf"\b{_WORD.pattern}", re.IGNORECASE)
_DAY_WORDS = re.compile(r"\b(?:dziś|dzisiaj|jutro|pojutrze|wczoraj)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:wkrótce|zapowied\w+|przedsprzeda\w+|nadchodząc\w+|następn\w+ (?:dzień|dni)|w przyszłym|kolejn\w+ dni)\b",
    re.IGNORECASE,
)
_DAY_OR_DAYS = re.compile(r"([^\W\d_]+)\.?(?: ?[-–—] ?([^\W\d_]+))?")
_NO_WEEKDAYS = {"cz", "nie", "so"}  # words of their own
_BESIDE_WEEKDAYS = {"tylko", "w", "we", "i", "oraz", "a", "także", "też", "również", "dopiero", "gramy", "seans"}
_PREMIERE = re.compile(r"premier", re.IGNORECASE)
_SINCE = re.compile(r"\bod(?: dnia)? ?$", re.IGNORECASE)
_UNTIL = re.compile(r"(?:\bdo(?: dnia)?|[-–—]) ?$", re.IGNORECASE)


def says_another_day(text: str) -> str:
    """The word by which a heading names another day than today; empty when it doesn't, or names several."""
    word = _WORD.match(text)
    return word[0].lower() if word and len(_DAY_WORDS.findall(text[:LONGEST])) == 1 else ""


def given(words: str, day: dt.date) -> str:
    """The words right beside an hour when they are another day's name: "jutro", "sob."."""
    weekday = weekday_of(words)
    other = _WORD.fullmatch(words.strip(_POINTS)) if weekday is None else weekday != day.weekday()
    return words.strip(_POINTS) if other else ""


def in_tooltip(text: str, day: dt.date) -> str:
    """What a tooltip says of its hour's day, if that is another: a date, or a day's name alone. It may be a film's."""
    text = clean(text)
    return text if given(text, day) or (find_dates(text) and named_in(text, day)) else ""


def is_left_out(reason: str, day: dt.date, today: dt.date) -> bool:
    """Whether an hour beside the page's own is certainly of another day, and so not one that wasn't understood. What
    "jutro" is on another day's page isn't certain.
    """
    return reason.startswith(OF_ANOTHER) and (day == today or not _ANY_WORD.search(reason))


def weekday_of(words: str) -> int | None:
    try:
        return weekday_number(words.strip(_POINTS))
    except ValueError:
        return None


def named_in(text: str, day: dt.date) -> bool:
    """Whether a note names days, and `day` isn't among them: "jutro:", "od 4 grudnia", "tylko sob. i niedz."."""
    if len(text) > LONGEST or _PREMIERE.search(text):
        return False
    if _WORD.search(text):
        return True
    dates = [(match, said) for match, said in dates_in(text) if _is_near(said, day)]
    for match, said in dates:
        before = text[: match.start()]
        date = said.near(day) if said.year is None and said.weekday is None else None
        if date is not None and ((_SINCE.search(before) and date <= day) or (_UNTIL.search(before) and date >= day)):
            return False
    if dates:
        return not any(said.is_of(day) for _, said in dates)
    weekdays: set[int] = set()
    for first, last in _DAY_OR_DAYS.findall(text.lower()):
        begins, ends = _weekday_in_a_note(first), _weekday_in_a_note(last)
        if begins is None and first not in _BESIDE_WEEKDAYS:
            return False  # it says something else
        if begins is not None:
            weekdays |= {(begins + n) % 7 for n in range(1 if ends is None else (ends - begins) % 7 + 1)}
    return bool(weekdays) and day.weekday() not in weekdays


def _is_near(said: SaidDate, day: dt.date) -> bool:
    """Whether a date may be of a programme, and not of a policy or a film's making."""
    try:
        return abs(said.near(day) - day) <= NEAR
    except ValueError:  # another weekday
        return said.year in (None, day.year)


def later(heading: str, own: Set[str]) -> bool:
    """Whether a heading names what is shown later, or another day than today; `own` are words for the day asked for."""
    days = _DAY_WORDS.findall(heading.lower())
    return _LATER.search(heading) is not None or (len(days) == 1 and days[0] not in {"dziś", "dzisiaj", *own})


def _weekday_in_a_note(word: str) -> int | None:
    return None if word in _NO_WEEKDAYS else weekday_of(word)
