"""Pure: how much a listed title is like one of the names TMDB knows a film under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from events.titles.reading import TitleReading
from events.titles.spelling import fold, numbers, sound
from review.matching.translation import ALIKE, english, telling

CLOSE = 88.0  # rapidfuzz's ratio (%) from which two spellings are one title
SHORTEST = 5  # letters; shorter titles must be the same
GRADES = ("other", "part", "half", "close", "same", "both")


@dataclass(frozen=True, slots=True)
class Likeness:
    """`grade` is one of GRADES: "both" halves of a double title are names of the film, "half": only one of them is,
    or one film of a double bill; "part": one title is the other with a subtitle more."""

    grade: str
    name: str = ""  # TMDB's

    def __lt__(self, other: Likeness) -> bool:
        return GRADES.index(self.grade) < GRADES.index(other.grade)


def likeness(reading: TitleReading, names: Iterable[str]) -> Likeness:
    """The best of all forms of a title against all names of a film."""
    names = tuple(dict.fromkeys(names))
    best = max((_pair(form, name) for form in reading.forms for name in names), default=Likeness("other"))
    for left, right in reading.halves:
        a, b = (max((_pair(half, name) for name in names), default=Likeness("other")) for half in (left, right))
        agreeing = [half for half in (a, b) if half.grade in ("same", "close")]
        if agreeing:
            best = max(best, Likeness("both" if len(agreeing) == 2 else "half", agreeing[0].name))
    for part in reading.parts:
        one = max((_pair(part, name) for name in names), default=Likeness("other"))
        if one.grade in ("same", "close"):
            best = max(best, Likeness("half", one.name))
    return best


def kinship(reading: TitleReading, names: Iterable[str]) -> str:
    """Whether one of the names may be the title in another language.

    "translated": every telling word has its counterpart ("Czarna wdowa", "Black Widow"); "akin": one has ("Gremliny 2",
    "Gremlins 2: The New Batch"); otherwise "other".
    """
    grades = {_kinship(fold(form), fold(name)) for form in reading.forms[:1] for name in names}
    return next((grade for grade in ("translated", "akin") if grade in grades), "other")


@lru_cache(maxsize=65536)
def _kinship(ours: str, theirs: str) -> str:
    if numbers(ours) != numbers(theirs):
        return "other"
    words, left = _beginnings(ours), list(telling(theirs))
    for starts in words:
        counterpart = next((word for word in left if any(_begins(word, start) for start in starts)), None)
        if counterpart:
            left.remove(counterpart)
    met = len(telling(theirs)) - len(left)
    if not met:
        return "other"
    return "translated" if met == len(words) and not left else "akin"


def _begins(word: str, start: str) -> bool:
    """Whether `word` begins so; what is too short to tell ("red") must be the whole word, or its plural."""
    return word.startswith(start) if len(start) >= ALIKE else word.removesuffix("s") == start


@lru_cache(maxsize=4096)
def _beginnings(title: str) -> tuple[tuple[str, ...], ...]:
    """Of each telling word: its own beginning, and those of the English words for it."""
    return tuple((word[:ALIKE], *english(word)) for word in telling(title))


def _pair(form: str, name: str) -> Likeness:
    return Likeness(_grade(fold(form), fold(name)), name)


@lru_cache(maxsize=65536)
def _grade(ours: str, theirs: str) -> str:
    if ours == theirs or ours.replace(" ", "") == theirs.replace(" ", ""):
        return "same"
    if numbers(ours) != numbers(theirs):
        return "other"  # a sequel, or its predecessor
    if min(len(ours), len(theirs)) >= SHORTEST and (ratio(ours, theirs) >= CLOSE or sound(ours) == sound(theirs)):
        return "close"
    short, long = sorted((ours, theirs), key=len)
    within = len(short) >= SHORTEST - 1 and f" {short} " in f" {long} "
    scattered = len(short.split()) > 1 and set(short.split()) < set(long.split())
    return "part" if within or scattered else "other"
