"""Pure: a title as a cinema lists it → the forms to search and compare, and what it says besides.

What stands before or behind a colon, a bar, a dash, in quotes or in brackets may be the title, or a programme's name:
such pieces are read by structure. The tables of `events.titles.noise` hold what structure can't know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from events.titles.noise import NOT_FILMS, PROGRAMME, RULES
from events.titles.noise import Kind as Kind
from events.titles.spelling import fold, numbers


@dataclass(frozen=True, slots=True)
class Hint:
    """That a listing is not one film. `certain`: nothing else carries such a title, so TMDB need not be asked."""

    kind: Kind
    certain: bool


@dataclass(frozen=True, slots=True)
class Said:
    """The facts that stand in the title itself: "Obcy reż. François Ozon (2025)", "500 mil (102')"."""

    year: int | None = None
    runtime: int | None = None
    directors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleReading:
    """What a title says.

    `forms`: whole titles, the likeliest first, never empty unless the title is. `halves`: the ways to read it as
    two titles of one film ("The Mummy. Mumia"). `pieces`: what may be a title inside it, the likeliest first.
    `parts`: the films of a double bill. `labels`: format and language.
    """

    forms: tuple[str, ...]
    halves: tuple[tuple[str, str], ...] = ()
    pieces: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    hint: Hint | None = None
    said: Said = Said()

    @property
    def longer_cut(self) -> bool:
        return "wersja reżyserska" in self.labels


_ABBREVIATIONS = frozenset((
    "dr", "mr", "mrs", "ms", "st", "vs", "vol", "cz", "pt", "no", "nr", "prof", "sgt", "lt", "jr", "sr", "ks", "św",
    "im", "reż", "odc",
))  # fmt: skip
#: Where a title may fall into two of one film.
_BREAK = re.compile(r"(?<=[\w!?…)\"”'])\.\s+(?=\S)|\s+/\s+")
#: Where it may end and something else begin, the strongest first.
_GAPS = tuple(re.compile(gap) for gap in (
    r"\s*\|+\s*|\s*//\s*|\s+[•·∙‧▪►▸]\s+", r"\s+/\s+|(?<=\w)/(?=[^\W\d])|_", r"\s+[-–—]\s+", r"\s*[()\[\]]\s*", r":\s+",
    r"(?<=[\w!?…\"”'])\.\s+(?=\S)",
))  # fmt: skip
_COLON = _GAPS[4]
QUOTED = re.compile(r"[„“\"«](?P<inner>[^„“”\"«»]{2,})[”“\"»]")
_BRACKETED = re.compile(r"^(?P<outer>[^()]{2,}?)\s*\((?P<inner>[^()]{2,})\)$")
_BILL = re.compile(r"\s+(?:\+|oraz film)\s+")
_BILL_OF_TWO = re.compile(r"\s+(?:\+|/|i|oraz|oraz film)\s+")  # where it says that it is one
_SLASH = re.compile(r"\s+[/|]\s+")
#: "Shrek 1-3", "Kill Bill 1 i 2": one name, and the first and last number of what is shown.
_NUMBERED = re.compile(
    r"(?:(?i:(?:nocny )?maraton:?\s+))?(?P<name>.*\w)[\s:,.–-]+(?:(?i:cz(?:ęści|ęść|\.)?|vol\.?|parts?)\s+)?"
    r"(?P<first>\d|I{1,3}|IV|V)\s*"
    r"(?P<by>[-–]|\s(?:i|oraz)\s|\s?[+&]\s?|,\s)\s*(?P<last>\d|II|III|IV|VI?)$"
)
_WRAPPED = re.compile(r'^[\s„"“«\']+(?P<inner>[^„"“”«»]+)[\s”"“»\']+$')
_NAME = r"[^\W\d_a-zà-ž][\w.'’-]*"
_DIRECTED = re.compile(
    rf"[\s,(\[|/–-]*\b(?i:w )?(?i:reż(?:yseria|\.)?|dir(?:ected by|\.)):?\s+"
    rf"(?P<name>{_NAME}(?:\s+(?:{_NAME}|de|del|der|van|von|la|le)){{1,4}})[)\]]?"
)
_MINUTES = re.compile(r"[(\[,]?\s*\b(?P<minutes>[1-4]?\d\d)\s*(?:['’′]|min(?:\.|ut)?)(?!\w)\s*[)\]]?")
_YEAR = re.compile(r"[(\[](?:[^()\[\]\d]+[ ,])?(?P<year>(?:19|20)\d\d)(?:\s*/\s*(?:19|20)\d\d)?[)\]]")
#: Letters that were lost on the way: "Sprawiedliwo\ufffd\ufffd owiec".
_LOST = re.compile(r"(?:ďż˝|\ufffd|ï¿½)+")
#: What stands between names, and is written in many ways.
_AND = frozenset(("and", "i", "&", "und", "et", "y", "kontra", "vs", "vs."))
_ROMAN = {"2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI", "7": "VII", "8": "VIII", "9": "IX", "10": "X"}
_ARABIC = {roman: arabic for arabic, roman in _ROMAN.items()}
LONGEST = 300  # letters; the rest is no title, and would cost the tables' patterns hours
PIECES = 6
MOST = 12  # places where a title may end or fall in two; more are no title's, and would cost time
LONG_WORD, ENDING = 7, 3  # letters: of a word that may be inflected or translated by its ending, and of that
LONG_ALONE = 10  # letters of a word that is a whole title
_SUBTITLE = re.compile(r"\s*(?::|\s[-–—])\s+")


@lru_cache(maxsize=4096)
def read(title: str) -> TitleReading:
    """Take the noise off `title` and say what it was; see `TitleReading`. Never raises, whatever the text."""
    title = " ".join(title.replace("\0", " ")[: 2 * LONGEST].split())[:LONGEST].strip()
    title, said = _facts(title)
    bare, labels, kept = _strip(_LOST.sub("", title))
    # "Kino Konesera: NT Live: Hamlet (napisy)": without the noise, too, it may speak of what is no film.
    spoken = [rule for text in (title, bare) for rule in NOT_FILMS if rule.matches(text)]
    hint = max((Hint(rule.kind, rule.certain) for rule in spoken), key=lambda hint: hint.certain, default=None)
    parts = _parts(bare, said="podwójny seans" in labels)
    if parts and hint is None:
        # "Romeo + Juliet" is one film, "Kill Bill 1 + Kill Bill 2" can't be.
        hint = Hint(Kind.DOUBLE_BILL, certain=len({fold(part).split(" ")[0] for part in parts}) == 1)
    forms = [bare, *kept]
    if wrapped := _WRAPPED.match(bare):
        forms.insert(0, wrapped["inner"].strip())
    if _LOST.search(title):
        forms.insert(0, " ".join(sorted(_strip(title)[0].split(), key=lambda word: bool(_LOST.search(word)))))
        forms[0] = _LOST.sub("", forms[0])  # a search takes the last word for the beginning of one
    halves = () if parts else tuple(_halves(forms[0]))
    pieces = () if parts else _pieces(bare)
    return TitleReading(_distinct(forms), halves, pieces, parts, tuple(dict.fromkeys(labels)), hint, said)


def respelled(title: str) -> Iterator[str]:
    """Other ways to write a title that a search by its words may need, the nearest first.

    "Gladiator 2" → "Gladiator II"; "Rocky and Bullwinkle" → "Rocky Bullwinkle" (TMDB may write "&");
    "Maquia: Obiecaj mi kwiat" → "Maquia".
    """
    words = title.split()
    for numerals in (_ROMAN, _ARABIC):
        if words[1:] and any(word.strip(":") in numerals for word in words[1:]):
            yield " ".join(words[:1] + [numerals.get(word.strip(":"), word) for word in words[1:]])
    if (unnumbered := " ".join(w for w in fold(title).split() if not w.isdigit())) and numbers(fold(title)):
        yield unnumbered  # "Diuna 2" is "Dune: Part Two"
    if any(word.casefold() in _AND for word in words[1:-1]):
        yield " ".join(word for word in words if word.casefold() not in _AND)
    first, *rest = _SUBTITLE.split(title, maxsplit=1)
    if rest and len(fold(first)) > 3:
        yield first


def inflected(title: str) -> Iterator[str]:
    """A foreign title as another language may end it: "Ronal barbaren" → "Ronal barba". A search takes the last word
    for the beginning of one, so this finds "Ronal the Barbarian"."""
    words = title.split()
    if words and len(words[-1]) >= (LONG_WORD if len(words) > 1 else LONG_ALONE):
        yield title[:-ENDING]


def _facts(title: str) -> tuple[str, Said]:
    """The title without the facts that stand in it, unless nothing else does. A year stays: it may be part of it."""
    year: int | None = None
    runtime: int | None = None
    directors: tuple[str, ...] = ()
    if found := _YEAR.search(title, 1):
        year = int(found["year"])
    for pattern in (_DIRECTED, _MINUTES):
        if found := pattern.search(title, 1):
            rest = f"{title[: found.start()]} {title[found.end() :]}".strip(" ,-–|/")
            if not fold(rest):
                continue
            title = rest
            if pattern is _DIRECTED:
                directors = (found["name"].rstrip("."),)
            else:
                runtime = int(found["minutes"])
    return title, Said(year, runtime, directors)


def _strip(title: str) -> tuple[str, list[str], list[str]]:
    """The title without noise, the labels found, and the forms that may be a title's own after all."""
    labels: list[str] = []
    kept: list[str] = []
    found = True
    while found:
        found = False
        for rule in RULES:
            if not (noise := rule.regex.search(title)):
                continue
            rest = (title[: noise.start()] + title[noise.end() :]).strip(" -–—|,~•*+/")
            if fold(rest):
                labels.append(rule.label)
                if not rule.sure:
                    kept.append(title)
                title, found = rest, True
    return title, labels, kept


def _pieces(title: str) -> tuple[str, ...]:
    """What may be a title inside a longer text, by its structure: each piece between gaps, without its own noise.

    Behind a colon only, not before it, unless a programme follows: "Avatar" is no title of "Avatar: Istota wody".
    A piece that begins with a part's number is none: the whole is told by it. What names a programme is none either,
    where anything else does.
    """
    found = [quoted["inner"].strip(" ,.") for quoted in QUOTED.finditer(title)]
    now = [title]
    for gap in _GAPS:
        later: list[str] = []
        for text in now:
            between = (part for part in gap.split(text, MOST) if any(map(str.isalnum, part)))
            texts = [piece for piece in (_strip(part)[0].strip(' „”“"«»,.') for part in between) if fold(piece)]
            if any(fold(piece).split()[0].isdigit() and len(fold(piece)) < 3 for piece in texts[1:]):
                texts = [text]
            if len(texts) > 1:
                found += texts[1:] if gap is _COLON and not _programme(texts[-1]) else texts
            later += texts
        now = later[:MOST]
    whole = fold(title)
    pieces = [piece for piece in dict.fromkeys(found) if len(fold(piece)) > 1 and fold(piece) != whole]
    films = [piece for piece in pieces if not _programme(piece)]
    if parts := {number for piece in films if (number := fold(piece).split()[-1]) in _ROMAN}:
        films = [piece for piece in films if parts & numbers(fold(piece))]  # of "Krąg 2. The Ring" none is "The Ring"
    return _distinct(films or pieces)[:PIECES]


def _programme(piece: str) -> bool:
    return PROGRAMME.search(piece) is not None


def _parts(title: str, *, said: bool) -> tuple[str, ...]:
    """The films of a double bill; `said`: the title calls itself one. "A / B" is one only of a film and its sequel."""
    if found := _NUMBERED.fullmatch(title):
        first, last = (int(_ARABIC.get(said, said.replace("I", "1"))) for said in found.group("first", "last"))
        if last == first + 1 or (first < last and found["by"] in "-–"):
            return tuple(f"{found['name']} {number}" for number in range(first, last + 1))
    parts = tuple(_strip(part)[0] for part in (_BILL_OF_TWO if said else _BILL).split(title, MOST))
    if len(parts) > 1:
        return parts
    parts = tuple(_strip(part)[0] for part in _SLASH.split(title, MOST))
    told_apart = len({numbers(fold(part)) for part in parts}) == len(parts) > 1
    return parts if told_apart and len({fold(part).split(" ")[0] for part in parts}) == 1 else ()


def _halves(title: str) -> Iterator[tuple[str, str]]:
    if found := _BRACKETED.match(title):
        yield found["outer"].strip(), found["inner"].strip()
    for gap in islice(_BREAK.finditer(title), MOST):
        left, right = title[: gap.start()].strip(), title[gap.end() :].strip()
        if len(fold(left)) > 1 and len(fold(right)) > 1 and left.split()[-1].casefold() not in _ABBREVIATIONS:
            yield left, right


def _distinct(forms: list[str]) -> tuple[str, ...]:
    return tuple({fold(form): form for form in reversed(forms) if form}.values())[::-1]
