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
_CYRILLIC = dict(
    zip("абвгдезийклмнопрстуфхыэґіѓќ", "a b v g d e z i i k l m n o p r s t u f h y e g i g k".split(), strict=True)
) | {
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "є": "ye", "ђ": "dj", "ћ": "c",
    "љ": "lj", "њ": "nj", "џ": "dz", "ј": "j", "ѕ": "dz", "ъ": "", "ь": "",
}  # fmt: skip
_GREEK = dict(
    zip("αβγδεζηικλμνοπρσςτυφ", "a v g d e z i i k l m n o p r s s t y f".split(), strict=True)
) | {"θ": "th", "ξ": "x", "χ": "ch", "ψ": "ps", "ω": "o"}  # fmt: skip
_LATIN = str.maketrans(_CYRILLIC | _GREEK)

_NUMBERS = {
    word: str(number)
    for number, words in {
        2: "ii two dwa", 3: "iii three trzy", 4: "iv four cztery", 5: "v five", 6: "vi six", 7: "vii seven", 8: "viii eight",
        9: "ix nine", 10: "x ten", 11: "xi eleven", 12: "xii twelve", 13: "xiii thirteen", 14: "xiv", 15: "xv",
    }.items()
    for word in words.split()
}  # fmt: skip
_SAME_WORD = _NUMBERS | {
    "and": "", "i": "", "et": "", "und": "", "y": "", "oraz": "",
    "czesc": "part", "cz": "part", "pt": "part", "epizod": "episode", "kontra": "vs", "versus": "vs", "vol": "volume",
}  # fmt: skip
_ARTICLES = frozenset("the a an le la les l un une der die das ein eine el los las il lo gli".split())
_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")
#: Letters that one transliteration writes and another does not; the first that fits is replaced.
_SOUND = re.compile(
    r"(?P<s>szcz|shch|stsch|sch|sh|sz|ch(?=[aeiou])|cz|tsch|tch|ts|tz|cs|zh|rz|dz)|(?P<h>kh|ch|h)|(?P<v>w)"
    r"|(?P<i>[yj]+i*|i[yj]*)|(?P<k>ck|q|c(?![eiyhsz]))|(?P<f>ph)|(?P<u>ou|oo)|(?P<twice>(?P<letter>[a-z])(?P=letter))"
)
_SOUNDS = {"s": "s", "h": "h", "v": "v", "i": "i", "k": "k", "f": "f", "u": "u"}


def plain(text: str) -> str:
    """Lower case in Latin letters without accents: "Сталкер" → "stalker", "Łódź" → "lodz"."""
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_UNDECOMPOSED)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return bare.translate(_LATIN)


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The words of a title, one space apart, articles and "and" left out, numerals in Arabic digits.

    "The Gladiator II & Friends" → "gladiator 2 friends". A title of nothing else keeps its words ("Them", "A").
    """
    words = _WORD.findall(_APOSTROPHE.sub("", plain(text)))
    # A title's first word is no numeral ("X", "V for Vendetta", "I, Robot").
    kept = words[:1] + [_SAME_WORD.get(word, word) for word in words[1:]]
    bare = [word for word in kept if word and word not in _ARTICLES]
    return " ".join(bare or words)


@lru_cache(maxsize=16384)
def sound(text: str) -> str:
    """What the transliterations of a word have in common; only for comparing, never to be shown."""
    word = plain(text)
    return _SOUND.sub(lambda found: _SOUNDS.get(found.lastgroup or "", "") or found[0][:1], word)


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
    return whole >= min(2, len(fewer)) or (whole == 1 and len(fewer) > 1)


def _name_words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_APOSTROPHE.sub("", plain(name))))


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
