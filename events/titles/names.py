"""Pure: whether two names are one person's, in whatever form and alphabet a page writes them."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from events.titles.spelling import plain, words

_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")
#: Letters that one transliteration writes and another does not; the first that fits is replaced.
_SOUND = re.compile(
    r"(?P<r>rz)|(?P<s>szcz|shch|stsch|sch|sh|sz|ch(?=[aeiou])|cz|tsch|tch|ts|tz|cs|zh|dz|c(?=[eiy]))|(?P<h>kh|ch|h)"
    r"|(?P<v>w)|(?P<e>[iyj]e)|(?P<i>[yj]+i*|i[yj]*)|(?P<k>ck|q|c)|(?P<f>ph)|(?P<u>ou|oo)"
    r"|(?P<twice>(?P<letter>[a-z])(?P=letter))"
)
#: First names and what they are shortened to; each name counts as every other of its line.
_FIRST_NAMES = """
agnieszka aga; aleksander alexander alexandre alek olek alex sasha sasza; aleksandra alexandra ola sasha sasza;
alfred fred; andrzej jedrek; andrew andy drew; anna ania anka; anthony tony antoni antek; barbara basia;
bartlomiej bartosz bartek
benjamin ben; catherine katherine kathryn kate cathy; charles charlie chuck; christopher chris; daniel dan danny
david dave; dorota dorotka; donald don; edward ed eddie ted; elzbieta ela; elizabeth liz beth; franciszek franek
frederick fred; gabriel gabe; grzegorz grzesiek; gregory greg; henryk heniek; henry hank harry; jacek jacenty
jakub kuba; james jim jimmy jamie; jan janek jas; jeffrey jeff; jennifer jen; jerzy jurek; joanna asia; john jack
johnny; jonathan jon; joseph joe; jozef jozek; julian julek; karol karolek; katarzyna kasia; kenneth ken;
krzysztof krzysiek; lawrence larry; leonard leo; lukasz luke; maciej maciek; magdalena magda;
malgorzata gosia malgosia;
marcin martin; margaret maggie peggy meg; maria marysia; matthew matt; mateusz mati; michal michalek; michael mike mick;
mikolaj nikolaj nikolai; nicholas nick; nicolas nico; patrick pat; pawel pawelek; peter pete; philip phil;
piotr piotrek;
rafal rafalek; raymond ray; richard rick dick; robert bob bobby rob; ronald ron; ryszard rysiek; samuel sam;
sebastian seba; stanislaw stas staszek; stephen steven steve; susan sue; tadeusz tadek; thomas tom tommy; timothy tim;
tomasz tomek; theodore ted; victoria vicky; vincent vince; waldemar waldek; walter walt; william bill billy will;
wladyslaw wladek; wojciech wojtek; zbigniew zbyszek; zdzislaw zdzich; zofia zosia
"""
_CALLED: dict[str, set[int]] = {}
for _number, _line in enumerate(re.split(r"[;\n]+", _FIRST_NAMES.strip())):
    for _name in _line.split():
        _CALLED.setdefault(_name, set()).add(_number)

CUT = 3  # letters of a first name that may stand for a longer one ("Rob", "Robert")


class Alike(IntEnum):
    """How likely two names are one person's: `MAYBE` is neither agreement nor contradiction."""

    NO = 0
    MAYBE = 1
    YES = 2


@lru_cache(maxsize=16384)
def sound(text: str) -> str:
    """What the transliterations of a word have in common; only for comparing, never to be shown."""
    word = plain(text)
    return _SOUND.sub(lambda found: found[0][0] if found["twice"] else str(found.lastgroup), word)


def same_person(one: str, other: str) -> bool:
    return alike(one, other) is Alike.YES


@lru_cache(maxsize=4096)
def alike(one: str, other: str) -> Alike:
    """Whether two names may be one person's: any order, initials, lost middle names, diminutives, transliterations.

    "J. Lee Thompson" = "John Lee Thompson", "Wong Kar-wai" = "Kar-Wai Wong", "Wojtek" = "Wojciech Smarzowski",
    "Costa-Gavras" = "Constantin Costa-Gavras"; "Tim" may be "Timur Bekmambetow"; but "Ridley Scott" ≠ "Tony Scott".
    At least one whole word longer than an initial must agree.
    """
    return max(_alike(a, b) for a in _spellings(one) for b in _spellings(other))


def _spellings(name: str) -> tuple[str, ...]:
    """The name, and as Ukrainian reads it: its г is an h ("Олег" is Oleh, in Russian Oleg)."""
    lowered = name.casefold()
    return (name, lowered.replace("г", "h")) if "г" in lowered else (name,)


def _alike(one: str, other: str) -> Alike:
    a, b = (tuple(words(_APOSTROPHE.sub("", name))) for name in (one, other))
    if not a or not b:
        return Alike.NO
    if "".join(sorted(a)) == "".join(sorted(b)) or "".join(a) == "".join(b):
        return Alike.YES
    fewer, more = sorted((a, b), key=len)
    left, whole, sure = list(more), 0, Alike.YES
    # The plain agreements first, so that no weaker one takes their word.
    for fits in (_same_word, _called, _initial, _cut_off):
        unmatched = []
        for word in sorted(fewer, key=len, reverse=True):
            match = next((candidate for candidate in left if fits(word, candidate)), None)
            if match is None:
                unmatched.append(word)
                continue
            left.remove(match)
            whole += fits is _same_word and min(len(word), len(match)) > 1
            sure = Alike.MAYBE if fits is _cut_off else sure
        fewer = tuple(unmatched)
    return sure if whole and not fewer else Alike.NO


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


def _called(one: str, other: str) -> bool:
    return not _CALLED.get(one, set()).isdisjoint(_CALLED.get(other, set()))


def _initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _cut_off(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= CUT and long.startswith(short)
