"""Reading a fact's marked values: a value that is doubtful is none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from scraper.site.extractors.markup import clean
from scraper.site.polish import find_dates

from .lines import MARKS

FIRST_FILM_YEAR = 1888
YEARS_AHEAD = 5  # films are announced years before they are made
LONGEST_FILM = 900  # minutes; the longest ones shown in cinemas run a little over 800
LONGEST_TEXT = 255
LONGEST_STATEMENT = 150  # characters that may name a production; more is prose
MOST_NAMES = 100

_UNIT_HOURS = r"(?:h|g|godz(?:\.|in[aęy]?)?|:)"
_MINUTES = re.compile(
    r"(?<![0-9.,:])([0-9]{1,3}) ?(?:min(?:\.|ut[aęy]?|uty?|utes?)?|m|['′’])(?![0-9\w])", re.IGNORECASE
)
_HOURS = re.compile(
    rf"(?:([0-9]{{1,2}}) ?{_UNIT_HOURS}|godzina)(?: ?i)?"
    r" ?(?:([0-9]{1,2}) ?(?:m|min(?:\.|ut[aęy]?|uty?)?|['′’])?)?(?![0-9\w])",
    re.IGNORECASE,
)
_ISO_DURATION = re.compile(r"P(?:0D)?T(?:([0-9]{1,2})H)?(?:([0-9]{1,3})M)?(?:[0-9]{1,2}S)?")
_YEAR = re.compile(r"(?<![0-9])(?:1[89]|20|21)[0-9]{2}(?![0-9])")
_YEAR_OF_PRODUCTION = re.compile(rf"{_YEAR.pattern}(?: ?(?:r\.|roku\b|r\b))?", re.IGNORECASE)
_A_YEAR = re.compile(r"\(?((?:1[89]|20|21)[0-9]{2})\)?(?: ?r(?:\.|ok|oku)?)?\.?")

_NOTHING = re.compile(r"(?:brak(?: danych| informacji)?|b\. ?d\.?|bd\.?|n/a|nieznan[aye]|\W*)", re.IGNORECASE)
_NO_COUNTRY = {"rok", "r", "prod", "produkcja", "kraj", "brak", "b.d"}
_NO_NAME = re.compile(
    r"(?:i inni|inni|więcej|pełna obsada|cała obsada|zobacz|brak|nieznan[aye]|…|\.\.\.|»|›|-|–)\b.*|[\W\d_]*",
    re.IGNORECASE,
)
# Companies stand beside countries: "Opus Film, Polska".
_COMPANY = re.compile(
    r"\b(?:films?|filmy|pictures?|studios?|productions?|entertainment|media|bros|tv|telewizja|wytwórnia|cinema|kino|canal"
    r"|sp|ltd|llc|inc|gmbh|group|netflix|disney|pixar|tvp|pisf|warner|fundacja|instytut)\b",
    re.IGNORECASE,
)
_PRODUCED_BY = re.compile(r"^(?:prod(?:ukcja)?\b[.:]? ?)+", re.IGNORECASE)
_MORE_LINK = re.compile(r"(?:www|strona|więcej|pełna obsada|zobacz|rozwiń|pokaż)\b.*|\W*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[/,;|•·\x05\x0e]")
_AND = re.compile(r" (?:i|oraz|and|und|&|\+) ")
_OTHERS = re.compile(r",? (?:i|oraz) (?:inni|inne)\b.*", re.IGNORECASE)
_ROLE = re.compile(r" (?:jako|as|[-–—]|\.{2,}|…) .*|…+$", re.IGNORECASE)
_SMALL_WORDS = {
    "de", "del", "della", "di", "da", "dos", "van", "von", "der", "den", "la", "le", "el", "al", "bin", "ibn", "y", "e",
    "zu", "af", "av", "ten", "ter", "du", "des", "dal", "do", "i", "vel", "ps", "ps.",
}  # fmt: skip
_COUNTRIES_WITH_I = re.compile(r"(?:bośnia|trynidad|antigua|kitts|tomasza|vincent|serbia|wallis) i ", re.IGNORECASE)
_COUNTRIES_WITH_HYPHEN = re.compile(r"(?:gwinea|austro|timor|górski)-", re.IGNORECASE)


def said(value: str) -> str:
    return clean(MARKS.sub(" ", value)).strip(" :|•·–-")


def original_title(values: Iterable[str]) -> str | None:
    """As it is said, without the year behind it and quotation marks around it."""
    for value in values:
        text = re.sub(r" \((?:19|20)[0-9]{2}\)$", "", clean(MARKS.sub(" ", value)).strip(" :|•·"))
        text = re.sub(r"^[–—-] ", "", text)
        quoted = re.fullmatch(r"[„“\"'«»]([^„“”\"«»]+)[”“\"'»«]", text)
        if not _NOTHING.fullmatch(text):
            return (quoted[1] if quoted else text)[:LONGEST_TEXT].strip()
    return None


def distributor(values: Iterable[str]) -> str | None:
    """A company's name: a sentence is none."""
    for value in values:
        text = said(_without_more_links(value).split("|")[0])
        if _NOTHING.fullmatch(text) or (len(text.split()) > 3 and (text[0].islower() or text.endswith((".", "!")))):
            continue
        return _without_stop(text)[:LONGEST_TEXT].strip()
    return None


def people(values: Iterable[str]) -> tuple[str, ...]:
    """The names of a list: its links, else what separates names, without roles; nothing when much of it is no name."""
    for value in values:
        names = [_without_stop(_ROLE.sub("", said(_OTHERS.sub("", part)))) for part in _parts(value)]
        names = [name for name in names if name and not _NO_NAME.fullmatch(name)]
        known = [name for name in names if _is_name(name)]
        if known and len(known) >= 2 * (len(names) - len(known)):
            return tuple(dict.fromkeys(known))[:MOST_NAMES]
    return ()


def _without_more_links(value: str) -> str:
    """A marked value without its links that name nothing: "więcej…", "www"."""
    return re.sub(r"\x01([^\x01\x02]*)\x02", lambda link: "" if _MORE_LINK.fullmatch(said(link[1])) else link[0], value)


def genres(values: Iterable[str]) -> tuple[str, ...]:
    for value in values:
        parts = (said(part).strip(".") for part in _parts(value, joined=False))
        found = dict.fromkeys(
            part
            for part in parts
            if len(part) <= 40 and not any(map(str.isdigit, part)) and not _NOTHING.fullmatch(part)
        )
        if found and all(len(part.split()) <= 4 for part in found):
            return tuple(found)[:MOST_NAMES]
    return ()


def _parts(value: str, *, joined: bool = True) -> list[str]:
    """A list's items: its links, else its emphasised parts of several words, else what separators part."""
    value = re.sub(r"\([^()]*\)", " ", _without_more_links(value))
    if links := [link for link in re.findall(r"\x01([^\x02]*)\x02?", value) if said(link)]:
        return links
    emphases = re.findall(r"\x03([^\x03\x04]*)\x04", value)
    if len(emphases) > 1 and all(" " in said(part) for part in emphases):
        return emphases
    parts = _SEPARATORS.split(value)
    return [name for part in parts for name in (_apart(_OTHERS.sub("", part)) if joined else [part])]


def _apart(part: str) -> list[str]:
    """The people of "Joel Coen i Ethan Coen"; of "Joel i Ethan Coen" only who is named in full."""
    names = [name for name in _AND.split(said(part)) if name]
    full = [name for name in names if " " in name]
    return full if full and len(names) > 1 else [part]


def _is_name(name: str) -> bool:
    """Whether a text looks like a person's name: few words, each with a capital; other scripts have none."""
    found = name[:LONGEST_TEXT].split()
    return (
        0 < len(found) <= 6
        and len(name) <= LONGEST_TEXT
        and not re.search(r"\. \w{2,}\W+\w.*\w{3}\. |[:!?\d]", name)
        and not found[0][0].islower() | (found[0].lower() in _SMALL_WORDS and len(found) == 1)
        and all(not word[0].islower() or word.lower() in _SMALL_WORDS or "'" in word for word in found)
    )


def _without_stop(text: str) -> str:
    return text if re.search(r"(?:\b(?:Jr|Sr|St|o\.o|\w))\.$", text) else text.rstrip(". ")


def year(values: Iterable[str], productions: Iterable[str], *, today: dt.date) -> int | None:
    """The year of production; two in one statement say none."""
    alone = [match[1] for value in values if (match := _A_YEAR.fullmatch(said(value)))]
    beside = [" ".join(_YEAR.findall(text)) for value in productions if len(text := said(value)) <= LONGEST_STATEMENT]
    for found in (*beside, *alone):
        years = {int(one) for one in found.split()}
        if len(years) == 1 and FIRST_FILM_YEAR <= (only := years.pop()) <= today.year + YEARS_AHEAD:
            return only
    return None


def countries(values: Iterable[str]) -> tuple[str, ...]:
    """("USA", "Wielka Brytania") of "USA / Wielka Brytania, 2014", "USA (2025)", "2025, Polska-USA"."""
    for value in values:
        if len(said(value)) > LONGEST_STATEMENT:
            continue
        parts = re.split(r"[/,;()|•·\x02\x05\x0e]| [-–] ", _YEAR_OF_PRODUCTION.sub(" ", value))
        names = [name for part in parts for name in _countries_apart(_PRODUCED_BY.sub("", said(part)).strip(" ."))]
        found = dict.fromkeys(
            name
            for name in names
            if any(map(str.isalpha, name))
            and name.lower() not in _NO_COUNTRY
            and not _COMPANY.search(name)
            and not name[0].islower()
            and len(name.split()) <= 5
        )
        if found:
            return tuple(found)[:MOST_NAMES]
    return ()


def _countries_apart(part: str) -> list[str]:
    if not _COUNTRIES_WITH_HYPHEN.match(part):
        part = re.sub(r"(?<=\w)[-–](?=[A-ZŁŚŻ])", "/", part)
    if not _COUNTRIES_WITH_I.search(part):
        part = re.sub(r" (?:i|oraz|&) ", "/", part)
    return [name.strip() for name in part.split("/")]


def runtime(values: Iterable[str]) -> int | None:
    for value in values:
        text = said(value).removeprefix("ok. ").removeprefix("około ")
        minutes = 0
        if text.isascii() and text.isdigit() and len(text) < 4:
            minutes = int(text)
        elif (match := _ISO_DURATION.fullmatch(text)) or (match := _HOURS.match(text)):
            hours = match[1] or (1 if text.lower().startswith("godzina") else 0)
            minutes = 60 * int(hours) + int(match[2] or 0)
        elif match := _MINUTES.match(text):
            minutes = int(match[1])
        if 0 < minutes <= LONGEST_FILM:
            return minutes
    return None


def premiere(values: Iterable[str]) -> dt.date | None:
    """The date with a year; of several, the one of Poland, else the first; not one of another country alone."""
    for value in values:
        text = said(value)
        parts = re.split(r"[,;/]", text) if len(find_dates(text)) > 1 else [text]
        dated = [
            (not re.search(r"pol|\(pl", part, re.IGNORECASE), dt.date(date.year, date.month, date.day))
            for part in parts
            if not re.search(r"świat|world|usa\b|festiwal", part, re.IGNORECASE)
            for date in find_dates(part)
            if date.year is not None and 1 <= date.year <= 9999
        ]
        if dated and not re.match(r"(?:[^\W\d_]+[ ,.]+){4}", text):
            return min(dated, key=lambda pair: pair[0])[1]
    return None
