"""Pure: one spelling for what is written in many ways, so that titles and names can be compared.

`fold` undoes case, accents, punctuation, scripts that transliterate, and the two kinds of numerals. `sound`
goes further, to what the transliterations of one name share (Tarkowski, Tarkovsky, Тарковский).
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
    "and": "", "i": "", "et": "", "und": "", "y": "", "oraz": "",
    "czesc": "part", "cz": "part", "pt": "part", "epizod": "episode", "kontra": "vs", "versus": "vs", "vol": "volume",
}  # fmt: skip
_ARTICLES = frozenset((
    "the", "a", "an", "le", "la", "les", "l", "un", "une", "der", "die", "das", "ein", "eine", "el", "los", "las",
    "il", "lo", "gli",
))  # fmt: skip
_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")
#: Letters that one transliteration writes and another does not; the first that fits is replaced.
_SOUND = re.compile(
    r"(?P<r>rz)|(?P<s>szcz|shch|stsch|sch|sh|sz|ch(?=[aeiou])|cz|tsch|tch|ts|tz|cs|zh|dz|c(?=[eiy]))|(?P<h>kh|ch|h)"
    r"|(?P<v>w)|(?P<e>[iyj]e)|(?P<i>[yj]+i*|i[yj]*)|(?P<k>ck|q|c)|(?P<f>ph)|(?P<u>ou|oo)"
    r"|(?P<twice>(?P<letter>[a-z])(?P=letter))"
)


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

    "The Gladiator II & Friends" → "gladiator 2 friends". A title of nothing else keeps its words ("Them", "A").
    """
    said = words(_APOSTROPHE.sub("", text))
    # A title's first word is no numeral ("X", "V for Vendetta", "I, Robot").
    kept = said[:1] + [_SAME_WORD.get(word, word) for word in said[1:]]
    bare = [word for word in kept if word and word not in _ARTICLES]
    return " ".join(bare or said) or text.strip()  # "!!!" is a title too


@lru_cache(maxsize=16384)
def sound(text: str) -> str:
    """What the transliterations of a word have in common; only for comparing, never to be shown."""
    word = plain(text)
    return _SOUND.sub(lambda found: found[0][0] if found["twice"] else str(found.lastgroup), word)


def numbers(folded: str) -> frozenset[str]:
    """The numbers in a folded title: what tells a sequel from its predecessor."""
    return frozenset(word for word in folded.split() if word.isdigit())


def latin(text: str) -> bool:
    """Whether `text` can be compared with Latin spellings at all (黒澤 明 can't)."""
    return any("a" <= c <= "z" for c in plain(text))


@lru_cache(maxsize=4096)
def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: any order, initials, lost middle names, other transliterations.

    "J. Lee Thompson" = "John Lee Thompson", "Wong Kar-wai" = "Kar-Wai Wong", "Costa-Gavras" = "Constantin
    Costa-Gavras"; but "Ridley Scott" ≠ "Tony Scott". At least one whole word longer than an initial must agree.
    """
    a, b = (_name_words(name) for name in (one, other))
    if not a or not b:
        return False
    if "".join(sorted(a)) == "".join(sorted(b)) or "".join(a) == "".join(b):
        return True
    fewer, more = sorted((a, b), key=len)
    left, whole = list(more), 0
    for word in sorted(fewer, key=len, reverse=True):
        match = next((w for w in left if _same_word(word, w)), None) or next(
            (w for w in left if _initial(word, w)), None
        )
        if match is None:
            return False
        left.remove(match)
        whole += min(len(word), len(match)) > 1
    return whole > 0


def _name_words(name: str) -> tuple[str, ...]:
    return tuple(words(_APOSTROPHE.sub("", name)))


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    a, b = sound(one), sound(other)
    return min(len(a), len(b)) > 3 and (a == b or _one_off(a, b))


def _one_off(a: str, b: str) -> bool:
    """At most one letter too many, too few or different, in words long enough for a slip of the pen."""
    if abs(len(a) - len(b)) > 1 or max(len(a), len(b)) < 6:
        return False
    short, long = sorted((a, b), key=len)
    start = next((i for i, c in enumerate(short) if c != long[i]), len(short))
    return short[start + (len(a) == len(b)) :] == long[start + 1 :]


def _initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]
