"""Pure: how much a listed title is like one of the names TMDB knows a film under."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from events.titles.names import sound
from events.titles.reading import TitleReading
from events.titles.spelling import fold, numbers

CLOSE = 88.0  # rapidfuzz's ratio (%) from which two spellings are one title
SHORTEST = 5  # letters; shorter titles must be the same
TELLING = 4  # letters of a word that says anything, or of its beginning
GRADES = ("other", "other_part", "part", "numbered", "piece", "first", "half", "close", "same", "both")


@dataclass(frozen=True, slots=True)
class Likeness:
    """`grade` is one of GRADES.

    "both" halves of a double title are names of the film; "half": one of them is; "piece": another piece of the title
    is, or one film of a double bill; "first" and "numbered": the name is the title with a part's number, 1 or a later
    one; "part": one is the other with words more; "other_part": the part of the same series has another number.
    """

    grade: str
    name: str = ""  # TMDB's

    def __lt__(self, other: Likeness) -> bool:
        return GRADES.index(self.grade) < GRADES.index(other.grade)


NONE = Likeness("other")


def likeness(reading: TitleReading, names: Iterable[str]) -> Likeness:
    """The best of all forms of a title against all names of a film."""
    names = tuple(dict.fromkeys(names))
    best = max((pair(form, name) for form in reading.forms for name in names), default=NONE)
    if best.grade in ("same", "close"):
        return best
    for left, right in reading.halves:
        found = [one for half in (left, right) if (one := _named(half, names)).name]
        if found:
            two = len(found) == 2 and fold(left) != fold(right)  # "The Gray Man. Gray Man" is one
            grade = "both" if two else "same" if len(found) == 2 else "half"
            best = max(best, Likeness(grade, found[0].name))
    found = [one for piece in (*reading.pieces, *reading.parts) if (one := _named(piece, names)).name]
    return max(best, Likeness("piece", found[0].name)) if found else best


def _named(text: str, names: Iterable[str]) -> Likeness:
    """The name that `text` is, if any."""
    best = max((pair(text, name) for name in names), default=NONE)
    return best if best.grade in ("same", "close") else NONE


def pair(form: str, name: str) -> Likeness:
    return Likeness(_grade(fold(form), fold(name)), name)


@lru_cache(maxsize=65536)
def _grade(ours: str, theirs: str) -> str:
    if _same(ours, theirs):
        return "same"
    if numbers(ours) != numbers(theirs):
        return _numbered(ours, theirs)
    if _close(ours, theirs):
        return "close"
    short, long = sorted((ours, theirs), key=len)
    within = len(short) >= SHORTEST - 1 and f" {short} " in f" {long} "
    scattered = len(short.split()) > 1 and set(short.split()) < set(long.split())
    return "part" if within or scattered else "other"


def _same(ours: str, theirs: str) -> bool:
    return ours == theirs or ours.replace(" ", "") == theirs.replace(" ", "")


def _close(ours: str, theirs: str) -> bool:
    return min(len(ours), len(theirs)) >= SHORTEST and (ratio(ours, theirs) >= CLOSE or sound(ours) == sound(theirs))


def _numbered(ours: str, theirs: str) -> str:
    """Of titles with other numbers: a sequel, its predecessor, or one film whose number is said on one side only."""
    bare, plain = _unnumbered(ours), _unnumbered(theirs)
    if not bare or not (_same(bare, plain) or _close(bare, plain)):
        return "other"
    mine, yours = numbers(ours), numbers(theirs)
    if mine and yours and not (mine < yours or yours < mine):
        return "other_part"
    more = theirs if mine < yours else ours
    extra = mine ^ yours
    if any(not word.isdigit() for word in more.split()[1 + max(map(more.split().index, extra)) :]):
        return "close"  # what stands behind the number tells the part as well
    if extra == {"1"}:
        return "first"
    return "numbered" if mine < yours else "other_part"


def _unnumbered(folded: str) -> str:
    return " ".join(word for word in folded.split() if not word.isdigit())


def kin(reading: TitleReading, names: Iterable[str]) -> bool:
    """Whether a word of the title begins like one of the names': a person's name, or a loanword ("Gremliny")."""
    ours = _beginnings(fold(reading.forms[0])) if reading.forms else frozenset()
    return any(not ours.isdisjoint(_beginnings(fold(name))) for name in names)


@lru_cache(maxsize=16384)
def _beginnings(folded: str) -> frozenset[str]:
    return frozenset(sound(word)[:TELLING] for word in folded.split() if len(word) >= TELLING and not word.isdigit())
