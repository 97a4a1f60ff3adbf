"""Pure: one spelling for what is written in many ways, so that titles and names can be compared.

`fold` undoes case, accents, punctuation, scripts that transliterate, the two kinds of numerals, and the many ways to
say which part of a series a film is. `events.titles.names` goes further with what is said of people.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "ѓ": "g", "д": "d", "ђ": "dj", "е": "e", "є": "ye", "ж": "zh",
    "з": "z", "ѕ": "dz", "и": "i", "й": "i", "і": "i", "ј": "j", "к": "k", "ќ": "k", "л": "l", "љ": "lj", "м": "m",
    "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "h",
    "ц": "ts", "ч": "ch", "џ": "dz", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_LATIN = str.maketrans(_CYRILLIC | _GREEK)

_NUMBERS = {
    "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10", "xi": "11",
    "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "thirteen": "13", "dwa": "2", "trzy": "3", "cztery": "4",
}  # fmt: skip
_SAME_WORD = _NUMBERS | {
    "and": "", "i": "", "et": "", "und": "", "y": "", "oraz": "", "czesc": "part", "epizod": "episode", "kontra": "vs",
    "versus": "vs", "vol": "volume",
}  # fmt: skip
#: Words for a part of a series, when its number stands beside them.
_PARTS = frozenset((
    "part", "pt", "czesc", "czesci", "cz", "volume", "vol", "chapter", "rozdzial", "ksiega", "book", "episode",
    "epizod", "odcinek", "odc", "season", "sezon", "seria", "teil", "kapitel", "partie", "chapitre", "parte",
    "chastina", "chast",
))  # fmt: skip
_COUNTED = {
    "1": "one jeden jedna pierwsza pierwszy pierwsze first", "2": "two dwa drugi druga drugie second",
    "3": "three trzy trzeci trzecia trzecie third", "4": "four cztery czwarty czwarta czwarte fourth",
    "5": "five piec piaty piata piate fifth", "6": "six szesc szosty szosta szoste sixth",
    "7": "seven siedem siodmy siodma siodme seventh", "8": "eight osiem osmy osma osme eighth",
    "9": "nine dziewiec dziewiaty dziewiata dziewiate ninth", "10": "ten dziesiec dziesiaty dziesiata dziesiate tenth",
}  # fmt: skip
_PART_NUMBERS = _NUMBERS | {word: number for number, words in _COUNTED.items() for word in words.split()}
#: "i" is a numeral behind such a word, but not in "Tom i Jerry" or "Księga i miecz".
_PART_ONE = re.compile(
    r"\b(cz(?:ęść|\.)?|part|pt\.?|vol(?:ume|\.)?|rozdział|chapter|epi(?:sode|zod)|księga|book|sezon|season)\s+i"
    r"(?=\s*(?:$|[^\w\s]))",
    re.IGNORECASE,
)
_ARTICLES = frozenset((
    "the", "a", "an", "le", "la", "les", "l", "un", "une", "der", "die", "das", "ein", "eine", "el", "los", "las",
    "il", "lo", "gli",
))  # fmt: skip
_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")


def plain(text: str) -> str:
    """Lower case in Latin letters without accents: "Сталкер" → "stalker", "Łódź" → "lodz"."""
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_UNDECOMPOSED)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return bare.translate(_LATIN)


def words(text: str) -> list[str]:
    """The words as a search sees them: nothing left out, nothing reworded."""
    return _WORD.findall(plain(text))


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The words of a title, one space apart, articles and "and" left out, numerals in Arabic digits.

    "The Gladiator II & Friends" → "gladiator 2 friends", and "Diuna: Część druga" → "diuna 2". A title of nothing
    else keeps its words ("Them", "A").
    """
    said = words(_PART_ONE.sub(r"\1 1", _APOSTROPHE.sub("", text)))
    kept: list[str] = []
    place = 0
    while place < len(said):
        word, after, later = (*said[place : place + 3], "", "")[:3]
        number = _part(word, after, later)
        # A title's first word is no numeral ("X", "V for Vendetta", "I, Robot").
        kept.append(number or (_SAME_WORD.get(word, word) if place else word))
        place += 2 if number else 1
    bare = [word for word in kept if word and word not in _ARTICLES]
    return " ".join(bare or said) or text.strip()  # "!!!" is a title too


def _part(one: str, other: str, next_one: str) -> str:
    """The number that two words give a part ("część", "druga"; "second", "chapter"), or nothing."""
    if one in _PARTS:
        return other if other.isdigit() else _PART_NUMBERS.get(other, "")
    # "numer jeden, część druga" is the second part.
    alone = other in _PARTS and len(one) > 2 and not _part(other, next_one, "")
    return _PART_NUMBERS.get(one, "") if alone else ""


def numbers(folded: str) -> frozenset[str]:
    """The numbers in a folded title: what tells a sequel from its predecessor."""
    return frozenset(word for word in folded.split() if word.isdigit())


def latin(text: str) -> bool:
    """Whether `text` can be compared with Latin spellings at all (黒澤 明 can't)."""
    return any("a" <= c <= "z" for c in plain(text))
