"""Pure: how alike two sources' titles of a film are, in %.

Both sides are read as the matcher reads a listing (`events.titles`): without what a cinema writes around a title. Then
the parts of a series are told apart by their number, however it is written, and the films whose titles differ only by
an ending ("Czarownica", "Czarownice") stay two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz
from rapidfuzz.distance import Postfix, Prefix

from events.titles import reading, versions
from events.titles.names import sound
from events.titles.spelling import fold, plain

SLIP = 8  # letters: a shorter title with another letter is another title
HALF = 0.97  # of the likeness that a half of a double title can have: a whole one goes first
ENDING = 2  # letters
LATEST_PART = 20  # a larger number is no part's

_ORDINALS = {
    word: number
    for number, words in enumerate((
        ("1", "i", "one", "first", "pierwsz[ayei]", "jeden"), ("2", "ii", "two", "second", "drug[aie]", "dwa"),
        ("3", "iii", "three", "third", "trzeci[ae]?", "trzy"), ("4", "iv", "four", "fourth", "czwart[aye]", "cztery"),
        ("5", "v", "five", "fifth", "pi[ąa]t[aye]"), ("6", "vi", "six", "sixth", "sz[óo]st[aye]"),
        ("7", "vii", "seven", "seventh", "si[óo]dm[aye]"), ("8", "viii", "eight", "eighth", "[óo]sm[aye]"),
        ("9", "ix", "nine", "ninth", "dziewi[ąa]t[aye]"), ("10", "x", "ten", "tenth", "dziesi[ąa]t[aye]"),
    ), start=1)
    for word in words
}  # fmt: skip
_NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?!\w)\.?"
_PART = (
    r"(?:cz[eę][sś][cć]|cz\.?|part|pt\.?|vol(?:ume)?\.?|tom|rozdzia[lł]|chapter|epizod|episode|odc(?:inek)?\.?|akt"
    r"|частина|часть)"
)
_GAP = r"[\s:,.(\[|/–—-]*"
_NAMED_PART = re.compile(rf"(?<!\w){_GAP}(?<!\w){_PART}\s*{_NUMBER}[)\]]?", re.IGNORECASE)
_PART_NAMED = re.compile(
    rf"{_GAP}(?<!\w){_NUMBER}\s+(?:cz[eę][sś][cć]|part|rozdzia[lł]|chapter)(?!\w)[)\]]?",
    re.IGNORECASE,
)
#: "Gladiator II", "Avatar 3: Ogień i popiół": the number at the end of a name, before its subtitle too.
_BARE_NUMBER = re.compile(
    r"(?<=\w)\s+(?P<number>\d{1,2}|II|III|IV|V|VI|VII|VIII|IX|X)(?P<rest>\s*$|\s*[:.]\s+|\s+[-–—|]\s+)", re.IGNORECASE
)
_YEAR = re.compile(r"[(\[]((?:19|20)\d\d)[)\]]")
_HALVES = re.compile(r"(?<=\w)\.\s+(?=\w)|\s+[/|]\s+|\s*[()]\s*")
#: What else stands behind a title: an edition, an occasion, and who comes.
_EXTRA = re.compile(
    r"\s*[-–—|+&(\[,:/]\s*(?:po(?:łączone|)\s+|ze?\s+)?(?:spotkani[ea]m?|dyskusj[aęią]+|rozmow[aąy]|prelekcj[aęią]+"
    r"|q\s?&\s?a|warsztat\w*|wprowadzenie\w*|gość|gości\w*|udziałem|edycja|wydanie|wersja|special edition"
    r"|anniversary edition|pokaz|seans|projekcja|poranek|poranki|muzyk[aą]|koncert(?:em)?\b"
    r"|okazji|przedpremier\w*|premier[ay]|urodziny|jubileusz\w*|cyklu|kolekcj[aię]+)\b.*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:(?:pokaz|seans)\s+(?:specjalny|przedpremierowy|premierowy)|przedpremier\w*|premiera|poran\w+(?: dla dzieci)?)"
    r"\s*[:|–—-]\s*(?=\S)",
    re.IGNORECASE,
)
_THE_FILM = re.compile(r"(?:\s*[:–—-]\s*(?:the\s+)?(?:film|movie)|\s+the\s+(?:movie|film))$", re.IGNORECASE)
_HALF = re.compile(r"\s*(?:½|(?<=\d)\s1/2(?!\d))")
_RAISED = str.maketrans({"¹": " 1", "²": " 2", "³": " 3"})  # "Alien³"
#: Numbers as words, with their forms in Polish: "Dwunastu gniewnych ludzi" is "12 gniewnych ludzi".
_CARDINALS = {
    word: str(number)
    for number, words in {
        1: "jeden jedna jedno one", 2: "dwa dwie dwoch dwoje two", 3: "trzy trzech troje three",
        4: "cztery czterech czworo four",
        5: "piec pieciu five", 6: "szesc szesciu six", 7: "siedem siedmiu seven", 8: "osiem osmiu eight",
        9: "dziewiec dziewieciu nine", 10: "dziesiec dziesieciu ten", 11: "jedenascie jedenastu eleven",
        12: "dwanascie dwunastu twelve", 13: "trzynascie trzynastu thirteen", 20: "dwadziescia dwudziestu twenty",
        40: "czterdziesci czterdziestu forty", 100: "sto stu hundred", 1000: "tysiac thousand",
    }.items()
    for word in words.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a title: its words, without the number of the `part` (None: it says none). `subtitled`: what
    stands behind that number names the film by itself. `weight`: what it counts, 1 for a whole title."""

    words: str
    part: int | None
    subtitled: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared. `year`: what it says in brackets."""

    forms: tuple[Form, ...]
    version: versions.Version
    year: int | None


@lru_cache(maxsize=8192)
def read(title: str) -> Title:
    """A title without what stands around it, in the ways in which another source may write it."""
    bare, version = versions.read(title)
    found = _YEAR.search(title)
    plainly = _HALF.sub(" pół", _BEFORE.sub("", bare)).translate(_RAISED)
    told = reading.read(_EXTRA.sub("", plainly) or plainly)
    forms = {form: None for text in told.forms for form in _forms(text)}
    return Title(tuple(forms), version, int(found[1]) if found else None)


def likeness(ours: Iterable[str], theirs: Iterable[str]) -> float:
    """Of the most alike of two films' titles, in %; 0 where a part, a year or the version shown contradicts."""
    one, other = [read(title) for title in ours], [read(title) for title in theirs]
    if not one or not other or one[0].version.contradicts(other[0].version):
        return 0.0
    years = {title.year for title in (one[0], other[0]) if title.year}
    if years and max(years) - min(years) > 1:
        return 0.0
    forms = product((form for title in one for form in title.forms), (form for title in other for form in title.forms))
    return max((_likeness(a, b) for a, b in forms), default=0.0)


def _forms(text: str) -> Iterator[Form]:
    bare, part, subtitled, series = _part(text)
    yield Form(_words(bare), part, subtitled, 1.0)
    if film := _THE_FILM.sub("", text).strip() if _THE_FILM.search(text) else "":  # "F1: Film" is F1
        yield Form(_words(film), part, False, HALF)
    if series and part and part > 1:  # "Avatar 3: Ogień i popiół" is "Avatar 3" too
        yield Form(_words(series), part, False, HALF)
    halves = [reading.read(half).forms[0] for half in _HALVES.split(text) if fold(half)]
    if len(halves) > 1 and len({fold(half) for half in halves}) == 1:  # "Ida / Ida"
        yield Form(_words(halves[0]), *_part(halves[0])[1:3], 1.0)
    halves = [half for half in halves if len(fold(half)) > 3]
    if len(halves) > 1:
        for half in halves:
            bare, part, subtitled, _ = _part(half)
            yield Form(_words(bare), part, subtitled, HALF)


def _words(text: str) -> str:
    """One spelling of a title, with its numbers as figures."""
    return " ".join(_CARDINALS.get(word, word) for word in fold(text).split())


def _part(text: str) -> tuple[str, int | None, bool, str]:
    """A title without the number of its part, that number, whether something stands behind it, and what before."""
    for pattern in (_NAMED_PART, _PART_NAMED):
        if (found := pattern.search(text)) and found.start() > 0 and plain(text[: found.start()]).strip():
            before, behind = text[: found.start()], text[found.end() :].strip(" :.-–—|,")
            number = _number(found["number"])
            return f"{before} {behind}", number, bool(behind), before if behind else ""
    if (found := _BARE_NUMBER.search(text)) and (number := _number(found["number"])) and number <= LATEST_PART:
        before, behind = text[: found.start()], text[found.end() :].strip()
        return f"{before}: {behind}" if behind else before, number, bool(behind), before if behind else ""
    return text, None, False, ""


def _number(written: str) -> int | None:
    if written.isdecimal():
        return int(written)
    return next((number for word, number in _ORDINALS.items() if re.fullmatch(word, written, re.IGNORECASE)), None)


@lru_cache(maxsize=65536)
def _likeness(a: Form, b: Form) -> float:
    numbers = [[word for word in form.words.split() if word.isdecimal()] for form in (a, b)]
    if numbers[0] != numbers[1]:
        return 0.0
    alike = _spelt_alike(a.words, b.words)
    if (a.part or 1) != (b.part or 1):
        unnumbered = (a.part is None and b.subtitled) or (b.part is None and a.subtitled)
        if not (unnumbered and alike == 100):
            return 0.0
    return alike * min(a.weight, b.weight)


def _spelt_alike(a: str, b: str) -> float:
    """How alike two spellings are: a slip or another transliteration makes no other title, another ending does."""
    if a == b:
        return 100.0
    longest = max(len(a), len(b))
    if longest > SLIP // 2 and sound(a) == sound(b):
        return 100.0
    if longest <= SLIP or _another_ending(a.split(), b.split()):
        return 0.0
    return fuzz.ratio(a, b)


def _another_ending(a: list[str], b: list[str]) -> bool:
    """Whether just one word differs, and by its ending alone: in number or gender. A letter that is missing there, in
    a title of several words, is a slip."""
    if len(a) != len(b):
        return False
    differing = [(one, other) for one, other in zip(a, b, strict=True) if one != other]
    if len(differing) != 1:
        return False
    one, other = differing[0]
    start = Prefix.similarity(one, other)
    ends = one[start:], other[start:]
    if start < 3 or max(map(len, ends)) > ENDING or Postfix.similarity(*ends):
        return False  # something else, or a letter within the word
    return len(a) == 1 or all(ends)
