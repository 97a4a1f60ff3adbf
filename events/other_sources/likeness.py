"""Pure: how alike two sources' titles of a film are, in %.

The parts of a series are told apart by their number, however it is written, films by their subtitle, and films whose
titles differ only by an ending ("Czarownica", "Czarownice") stay two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, Postfix, Prefix

from events.other_sources.occasions import without_names
from events.other_sources.wording import HALF, Form, Title, other_halves, read, wholes
from events.titles.names import sound

SLIP = 8  # letters: a shorter title with another letter is another title
LONG_WORD = 5  # letters: the same of a word
SHORT = 4  # letters: so short a title sounds like many
LONG = 12  # letters: of a title in which even a short word may lack one
ORDER = 4  # words, at least, that may stand in another order
ENDING = 2  # letters
PLURAL = ("i", "y")  # what a Polish plural adds
TRANSLATED, TRANSLITERATED = 72, 80  # %
_IE = re.compile(r"ie\b")


def likeness(ours: Iterable[str], theirs: Iterable[str], people: tuple[str, ...] = ()) -> float:
    """Of the most alike of two films' titles, in %; 0 where a part, a year or the version shown contradicts. `people`:
    who directed, after whom a cycle may be called."""
    one, other = ([read(title) for title in _with_and_without(titles, people)] for titles in (ours, theirs))
    if not one or not other or one[0].version.contradicts(other[0].version):
        return 0.0
    years = {title.year for title in (one[0], other[0]) if title.year}
    if years and max(years) - min(years) > 1:
        return 0.0
    if one[0].performed or other[0].performed:
        return _performances(one[0], other[0])
    if _both_halves(one, other) or _both_halves(other, one):
        return 100 * HALF
    return max((_likeness(a, b) for a, b in product(_forms(one), _forms(other))), default=0.0)


def _with_and_without(titles: Iterable[str], people: tuple[str, ...]) -> Iterator[str]:
    for title in titles:
        yield title
        if people and (rest := without_names(title, people)) != title:
            yield rest


def _forms(titles: Sequence[Title]) -> list[Form]:
    found = [form for title in titles for form in title.forms]
    if len(titles) > 1 and titles[0].doubles:
        found += other_halves(titles[0], wholes(titles[1:]))
    return found


def _performances(one: Title, other: Title) -> float:
    """Of two broadcasts or plays; none is a film, whatever it is called."""
    if one.another_production(other):
        return 0.0
    if {form.words for form in one.forms[:1]} == {form.words for form in other.forms[:1]}:
        return 100.0 if one.performed and other.performed else 0.0
    return 100 * HALF if one.performed & other.performed else 0.0


def _both_halves(one: Sequence[Title], other: Sequence[Title]) -> bool:
    """Whether a title of one consists of two that the other has."""
    known = wholes(other)
    return any(known.issuperset(pair) for title in one for pair in title.doubles)


@lru_cache(maxsize=65536)
def _likeness(a: Form, b: Form) -> float:
    numbers = [[word for word in form.words.split() if word.isdecimal()] for form in (a, b)]
    if numbers[0] != numbers[1]:
        return 0.0
    alike = _spelt_alike(a, b)
    if (a.part or 1) != (b.part or 1):
        unnumbered = (a.part is None and b.subtitled) or (b.part is None and a.subtitled)
        if not (unnumbered and alike == 100):
            return 0.0
    return alike * min(a.weight, b.weight)


def _spelt_alike(one: Form, other: Form) -> float:
    """How alike two spellings are: a slip or another transliteration makes no other title, another ending does."""
    a, b = one.words, other.words
    longest = max(len(a), len(b))
    if a == b:
        return 100.0
    if longest > SHORT and one.latin != other.latin and _heard(a) == _heard(b):
        return 100.0
    if longest == SHORT and one.latin != other.latin and sound(a) == sound(b):
        return 100.0
    if longest <= SLIP:
        return 100.0 if _initials(a, b) or _initials(b, a) else 0.0
    if one.latin != other.latin:
        return _in_other_letters(a, b)
    words = a.split(), b.split()
    if a.replace(" ", "") == b.replace(" ", "") or _reordered(*words):
        return 100.0
    return fuzz.ratio(a, b) if _slips(*words) else 0.0


def _initials(one: str, other: str) -> bool:
    """Whether one title is the other's letters: "E.T." and "ET"."""
    return all(len(word) == 1 for word in one.split()) and one.replace(" ", "") == other.replace(" ", "")


def _heard(text: str) -> str:
    """As it sounds in English, which Cyrillic writes: "Супермен", "Барбі"."""
    return sound(_IE.sub("i", text).replace("dzh", "j")).replace("a", "e")


def _in_other_letters(a: str, b: str) -> float:
    """Of a title in Cyrillic and one in Latin letters, which may be its translation: "Лісова пісня", "Leśna pieśń"."""
    one, other = sound(a), sound(b)
    alike = fuzz.ratio(one, other)
    same = one.split()[0] == other.split()[0] or (alike >= TRANSLITERATED and one[0] == other[0])
    return 100 * HALF if " " in one and same and alike >= TRANSLATED else fuzz.ratio(a, b)


def _reordered(a: Sequence[str], b: Sequence[str]) -> bool:
    return len(a) >= ORDER and a[0] == b[0] and Counter(a) == Counter(b)


def _slips(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether the words differ by no more than slips of the pen, and not just by the ending of one."""
    if len(a) != len(b):
        one_more = Counter(a) - Counter(b) if len(a) > len(b) else Counter(b) - Counter(a)
        return one_more.total() > 1 and DamerauLevenshtein.distance("".join(a), "".join(b)) <= 1
    differing = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if any(_another_ending(*words, alone=len(a) == 1) or _prefixed(*words) for words in differing):
        return False
    lost = len(differing) == 1 and max(sum(map(len, a)), sum(map(len, b))) >= LONG
    return all(_slip(x, y, 1 if lost else LONG_WORD) for x, y in differing)


def _slip(a: str, b: str, lost: int) -> bool:
    """A letter that is missing in a word of at least `lost`, another one in a long word, or a few in one that sounds
    the same or begins so ("Kapitan", "Captain")."""
    short, long = sorted((len(a), len(b)))
    slips = DamerauLevenshtein.distance(a, b)
    if slips == 1 and short < long:
        return long >= lost
    if short < LONG_WORD:
        return False
    return sound(a) == sound(b) or slips <= 1 + (long > LONG_WORD + 1 and sound(a)[:1] == sound(b)[:1])


def _prefixed(one: str, other: str) -> bool:
    """Whether one word is the other with something before it, which no slip is: "Lśnienie", "Olśnienie"."""
    return one.endswith(other) or other.endswith(one)


def _another_ending(one: str, other: str, *, alone: bool) -> bool:
    """Whether a word differs by its ending alone: in number or gender. A letter that is missing there, in a title of
    several words, is a slip, unless it makes a plural."""
    one, other = one.replace("x", "ks"), other.replace("x", "ks")
    start = Prefix.similarity(one, other)
    ends = one[start:], other[start:]
    if start < 3 or max(map(len, ends)) > ENDING or one == other:
        return False
    if Postfix.similarity(*ends):
        return sorted(ends, key=len) == ["a", "ka"]  # "Pianista", "Pianistka"; else a letter within the word
    return alone or all(ends) or "".join(ends) in PLURAL
