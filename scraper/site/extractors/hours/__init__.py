"""What is written at an hour of a programme: when a showing starts, in which version, and what can't be understood.

"20:15", "20.15 2D napisy", "20:15*", "24:00", "10:30, 12:45 NAP"; but not "ok. 20", "25:99" or "20:15 odwołany".
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from events.records import CANCELLED
from scraper.site.extractors.markup import clean
from scraper.site.polish import SaidDate, dates_in

from . import cancelled, other_days

LONGEST_VERSION = 100
LONGEST_TEXT = 300

_CLOCK = re.compile(
    r"(?<![0-9.:])([0-9]{1,2}) ?[:.] ?([0-9]{2})(?:: ?00)?(?![0-9])(?! ?[:.] ?[0-9])(?! ?(?:zł|pln|min|%))"
)
_DOTTED = re.compile(r"[0-9]{1,2} ?\. ?[0-9]{2}")
_SHORT = re.compile(r"[0-9]{1,2} ?[-./] ?[0-9]|[0-9]{1,2} ?[-/] ?[0-9]{1,2}(?<!1[0-2])")  # "sala 1-2", "Dolby 5.1"
_COLON_BEHIND = re.compile(r"(?<=[0-9]): (?=[0-9]{1,2}[:.][0-9]{2})")  # "12.11: 18:00, 20:00"
_RANGE_BEFORE = re.compile(r"[0-9][ (]*(?:[-–—→>]|do) ?$")  # "10.30-12.11"
_COLON = re.compile(r"(?<![0-9.:])[0-9]{1,2} ?: ?[0-9]{2}(?![0-9])")
_RANGE = re.compile(r"[ (]*(?:[-–—→>]|do(?: godz\.?)?|koniec(?: o)?)[ :]*")
_PRICE = re.compile(r"(?:\b(?:od|do|po|za) )?[0-9]+(?:[.,][0-9]{2})? ?(?:zł|pln)\b\.?", re.IGNORECASE)
_ISO = re.compile(r"(?<=[0-9]{2}-[0-9]{2})T(?=[0-9]{2}:)")
_RAISED = re.compile(r"([0-9]{1,2})[⁰¹²³⁴⁵⁶⁷⁸⁹]{2}(?!\w)")
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_FIRST_WORD = re.compile(r"([^\W\d_]+)\.?,? ")
_HALF_A_DAY = re.compile(r"(?<![0-9:.])(1[0-2]|0?[1-9])[:.]([0-5][0-9]) ?([ap])\.?m\b\.?", re.IGNORECASE)
_APART = re.compile(r"(?<![0-9:.])([01]?[0-9]|2[0-4])(?: ?h ?|[ ])([0-5][0-9])")
_FROM = re.compile(r"od (?:godz\.? ?)?[0-9]{1,2}:[0-9]{2}", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;/|•·+&()\[\]]*(?:\bi\b|\boraz\b)?[\s,;/|•·()\[\]]*")
_UNCERTAIN = re.compile(
    r"\b(?:ok|około|ca|circa|od|do|po|przed|ew|ewentualnie|lub|albo|koniec|kończy)\b|[~≈?]|\b[ap]\.?m\b", re.IGNORECASE
)
_VERSION = re.compile(
    r"\b(?:[234]d|4dx|imax|atmos|dolby|screenx|vip|hfr|laser|nap|napisy|napisami|dub|dubb?ing\w*|dubbingiem|lek|lektor\w*"
    r"|sala|sali|hall|ov|org|oryg\w*|ukr|ukraińsk\w*|angielsk\w*|polsk\w*|pl|en|eng|ua|ad|audiodeskrypcj\w*|wersja|wersji"
    r"|35 ?mm|70 ?mm|knt|dkf)\b",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\b(?:kup(?: bilety?| teraz| online)?|bilety?|rezerwuj|rezerwacja|zarezerwuj|godz|godzina|g|o|seans|start|online"
    r"|h|za [0-9]+ ?(?:godz|h|min)\w*|[0-9]+ ?min|[0-9]+ (?:wolnych )?miejsc\w*|(?:wolne|dostępne) miejsca:? ?[0-9]+"
    r"|zosta\w+ [0-9]+ \w+|reklam\w*|wyprzedan\w+|sold[ -]?out"
    r"|brak (?:wolnych )?(?:miejsc|biletów)|ostatnie (?:miejsca|bilety)|premiera|nowość|dziś|dzisiaj)\b\.?",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"\b(?:ok|około|godz|g|o)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9])(?:[01]?[0-9]|2[0-4])(?![0-9])")


@dataclass(frozen=True, slots=True)
class Hour:
    """A start. `midnight` is the 24:00 that ends the day, which the clock of the next date calls 00:00."""

    time: dt.time
    version: str = ""
    midnight: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What a text says: its hours and the days it gives for them, or the reason why it says none."""

    hours: tuple[Hour, ...] = ()
    reason: str = ""
    days: tuple[SaidDate, ...] = ()


def read(text: str, day: dt.date) -> Written:
    """The hours that a text names, each with the words behind it as its version; `day` is the programme's, which the
    text may name beside them.
    """
    if len(text) > LONGEST_TEXT:
        text = clean(text)
    return _read(text, day) if len(text) <= LONGEST_TEXT else Written(reason="too long for an hour")


@lru_cache(maxsize=8192)
def only(text: str, day: dt.date) -> Hour | None:
    """The one hour that a text names, if it names no day beside it."""
    written = read(text, day)
    return written.hours[0] if len(written.hours) == 1 and not written.days else None


@lru_cache(maxsize=8192)
def _read(text: str, day: dt.date) -> Written:
    text, days = _without_days(_written_plainly(clean(text)), day)
    clocks = list(_CLOCK.finditer(text))
    if not clocks:
        return Written(reason="no time like 10:30")
    if cancelled.is_not_as_written(text):
        alone = len(clocks) == 1 and _BETWEEN.fullmatch(cancelled.without(text).replace(clocks[0][0], "", 1))
        return Written(reason=CANCELLED if alone else cancelled.NOT_AS_WRITTEN)
    before = text[: clocks[0].start()]
    if _UNCERTAIN.search(before):
        return Written(reason="no certain time")
    for said in (before, text[clocks[-1].end() :]):
        if other := other_days.given(said, day):
            return Written(reason=f"{other_days.OF_ANOTHER}{other}")
    ahead = version(before) if other_days.weekday_of(before) is None else ""
    found: list[Hour] = []
    ranged = False
    for n, clock in enumerate(clocks):
        last = n + 1 == len(clocks)
        behind = text[clock.end() :] if last else text[clock.end() : clocks[n + 1].start()]
        if ranged:  # the end of a showing, not a start
            ranged = False
            if not last and _RANGE.fullmatch(behind):  # "10:00 - 12:00 - 14:00" is a list
                return Written(reason="several times, and words between them")
            if last and version(behind):
                found[-1] = Hour(found[-1].time, join(found[-1].version, version(behind)), found[-1].midnight)
            continue
        ranged = not last and _RANGE.fullmatch(behind) is not None
        said = "" if ranged or _BETWEEN.fullmatch(behind) else version(behind)
        if _UNCERTAIN.search(behind) and not ranged:
            return Written(reason="no certain time")
        if not last and not ranged and not (_BETWEEN.fullmatch(_NOISE.sub(" ", behind)) or is_version(behind)):
            return Written(reason="several times, and words between them")
        if _DOTTED.fullmatch(clock[0]) and _may_be(clock, day):
            return Written(reason="a day or a time")
        hour, minute = int(clock[1]), int(clock[2])
        if hour > 24 or minute > 59:
            return Written(reason="not a time of day")
        found.append(Hour(dt.time(hour % 24, minute), join(ahead, said), hour == 24))
    return Written(tuple(found), days=days)


def _without_days(text: str, day: dt.date) -> tuple[str, tuple[SaidDate, ...]]:
    """A text without the days that it names, and these.

    "12.11" is a day beside "18:00", and an hour where all hours are written so; beside "18.00" it is a day if hardly
    any showing starts at such a minute. What is left as an hour and is the programme's own day is neither.
    """
    text = _COLON_BEHIND.sub(" ", text)
    found = [
        (match, said)
        for match, said in dates_in(text)
        if not _SHORT.fullmatch(match[0]) and not _RANGE_BEFORE.search(text[: match.start()])
    ]
    if not found:
        return text, ()
    plain = [match.span() for match, _ in found if _DOTTED.fullmatch(match[0])]
    clocks = [clock for clock in _CLOCK.finditer(text) if clock.span() not in plain]
    colons = any(":" in clock[0] for clock in clocks)
    days = []
    for match, said in reversed(found):
        if match.span() not in plain or colons or (clocks and said.month % 5):
            text = f"{text[: match.start()]} {text[match.end() :]}"
            days.append(said)
    return clean(text), tuple(days)


def _may_be(clock: re.Match[str], day: dt.date) -> bool:
    """Whether a dotted time may be the programme's own day: at no usual minute, or beside other times."""
    return (int(clock[1]), int(clock[2])) == (day.day, day.month) and (bool(day.month % 5) or clock[0] != clock.string)


def _written_plainly(text: str) -> str:
    """ "20:15" of "20³⁰", "20h15", "20 15" and "8:15 PM", without prices; "od 20:15" is when it starts."""
    text = _ISO.sub(" ", text.replace("：", ":").replace("∶", ":"))
    if (raised := _RAISED.search(text)) is not None:
        digits = raised[0][len(raised[1]) :].translate(_PLAIN_DIGITS)
        text = f"{text[: raised.start()]}{raised[1]}:{digits}{text[raised.end() :]}"
    if apart := _APART.fullmatch(text):
        text = f"{apart[1]}:{apart[2]}"
    text = _HALF_A_DAY.sub(lambda clock: f"{int(clock[1]) % 12 + 12 * (clock[3] in 'pP'):02}:{clock[2]}", text)
    text = _PRICE.sub(" ", text).strip()
    return text[3:] if _FROM.fullmatch(text) else text


def at_the_head(text: str) -> Hour | None:
    """The hour that a heading begins with ("10:30 piątek, 3 października"); None when it doesn't, or names a range."""
    text = re.sub(r"^[^\w(]+", "", clean(text)[:LONGEST_TEXT])
    if (first := _FIRST_WORD.match(text)) and other_days.weekday_of(first[1]) is not None:
        text = text[first.end() :]  # "Pt, 10:30"
    text = _written_plainly(text) if _APART.fullmatch(text) or _HALF_A_DAY.match(text) else text
    clock = _CLOCK.match(re.sub(r"^(?:seanse )?(?:o )?(?:godz(?:ina)?\.?|g\.)? ?", "", text, flags=re.IGNORECASE))
    if clock is None or int(clock[1]) > 24 or int(clock[2]) > 59:
        return None
    behind = clock.string[clock.end() :]
    if _RANGE.match(behind) and _CLOCK.match(_RANGE.sub("", behind, count=1)):
        return None
    return Hour(dt.time(int(clock[1]) % 24, int(clock[2])), "", int(clock[1]) == 24)


def has_clock(text: str) -> bool:
    """Whether a text that is not marked as an hour names a time: "10:30", and "10.30" only where it stands alone."""
    if _COLON.search(text):
        return True
    return _CLOCK.search(text) is not None and not re.search(r"[^\W\d_]", text)


def is_clock(text: str) -> bool:
    """Whether a text is a time and nothing else."""
    return _CLOCK.fullmatch(text) is not None


def is_half_a_day(text: str) -> bool:
    """Whether a text says which half of the day an hour beside it is of, and nothing else."""
    return re.fullmatch(r"[ap]\.?m\.?", text.strip(" ()"), re.IGNORECASE) is not None


def is_version(text: str) -> bool:
    """Whether a text beside the hours says in which version they are shown."""
    return len(text) <= LONGEST_VERSION and _VERSION.search(text) is not None


def clocks(text: str) -> set[str]:
    """The times in a text, as "9:30"."""
    return {f"{int(clock[1])}:{clock[2]}" for clock in _CLOCK.finditer(text)}


def hides_an_hour(text: str) -> bool:
    """Whether a text beside the hours may be one that can't be read: "ok. 20"."""
    return bool(_NUMBER.search(text) and _VAGUE.search(text)) and not is_version(text)


@lru_cache(maxsize=4096)
def version(text: str) -> str:
    """The words that say more of a showing than its time, without decoration and offers of tickets."""
    text = re.sub(r"[*†‡#•·|()\[\]{}<>_]+", " ", _CLOCK.sub(" ", clean(text)))
    text = clean(_NOISE.sub(" ", text)).strip(" ,;:.-–—/+&!")
    return text[:LONGEST_VERSION].strip() if re.search(r"[^\W\d_]", text) else ""


def join(*versions: str) -> str:
    """Several versions as one, without saying anything twice."""
    if not any(versions[1:]):
        return versions[0] if versions else ""
    joined = ""
    for said in versions:
        known = set(re.findall(r"\w+", joined.lower()))
        if not set(re.findall(r"\w+", said.lower())) <= known:
            joined = f"{joined} {said}".strip()
    return joined[:LONGEST_VERSION].strip()
