"""Pure: single values as publishers write them in JSON-LD (texts, addresses, times, degrees, languages).

Each function takes a value in any form met in the wild, returns it clean, or raises `Invalid`. Nothing given is "" or
None, never an error: the caller knows what it needs.
"""

from __future__ import annotations

import datetime as dt
import html
import math
import re
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

from events.local_time import localise

MAX_TEXT = 500
MAX_URL = 2000
ENTITIES = 3  # how often a text may have been escaped

_ADDRESS = re.compile(r"https?://[^\s/?#\x00-\x1f\x7f\ud800-\udfff][^\s\x00-\x1f\x7f\ud800-\udfff]*", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
#: Control characters, soft hyphens, marks without width or that turn the direction of what follows.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ZONE_NAME = re.compile(r"\[[\w/+-]+\]$")
_POLISH_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,? +(?:godz\. *)?|T)(?=\d)")
_HOUR = re.compile(r"(?<=[T ])(\d)(?=[:.]\d\d)")
_DOTTED = re.compile(r"(?<=[T ])(\d\d)\.(\d\d)(?![\d.])")
_MIDNIGHT = re.compile(r"([T ])24(:?00)(?=$|[:0.,Zz+ -])(:?00(?:[.,]0+)?)?")
_RFC_2822 = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{1,2}:\d\d.* [+-]\d{4}$")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_DURATION = re.compile(r"P(?:0D)?T(?:(\d{1,2})H)?(?:(\d{1,4})M)?(?:\d+(?:\.\d+)?S)?")


class Invalid(ValueError):
    """A property that can't be read, and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def several(value: Any) -> list[Any]:
    """The values of a property, which may be one or a list."""
    if isinstance(value, list):
        return value
    return [] if value is None or value == "" else [value]


def text(value: Any, name: str) -> str:
    """The first text of a property in one line, without markup; a number is one too. "" for none."""
    for each in several(value):
        if isinstance(each, dict):
            each = each.get("pl") or each.get("pl-PL") or each.get("name") or ""
        if isinstance(each, float) and each.is_integer():
            each = int(each)
        if isinstance(each, bool) or not isinstance(each, str | int | float):
            raise Invalid(name, f"expected a text, found {each!r:.80}")
        if found := clean(str(each), name):
            return found
    return ""


def clean(raw: str, name: str) -> str:
    """One line without entities (escaped twice, too), tags and marks that nobody sees."""
    for _ in range(ENTITIES):
        unescaped = html.unescape(raw)
        if unescaped == raw:
            break
        raw = unescaped
    line = " ".join(_UNSEEN.sub("", _TAG.sub(" ", raw) if "<" in raw else raw).split())
    if not line.isascii() and any("\ud800" <= mark <= "\udfff" for mark in line):
        raise Invalid(name, "half a character (a lone surrogate)")
    if len(line) > MAX_TEXT:
        raise Invalid(name, f"longer than {MAX_TEXT} characters")
    return line


def address(value: Any, name: str, base: str = "") -> str:
    """The first http(s) address of a property, one without a host resolved against `base`; "" for none."""
    wrong: Invalid | None = None
    for each in several(value):
        if isinstance(each, dict):
            each = next(
                (each[key] for key in ("url", "contentUrl", "urlTemplate", "@id") if each.get(key) not in (None, "")),
                "",
            )
            each = each[0] if isinstance(each, list) and each else each
        if each == "":
            continue
        try:
            return _address(each, name, base)
        except Invalid as error:
            wrong = wrong or error
    if wrong:
        raise wrong
    return ""


def _address(value: Any, name: str, base: str) -> str:
    refused = Invalid(name, f"no http(s) address: {value!r:.80}")
    if not isinstance(value, str):
        raise refused
    found = html.unescape(html.unescape(value.strip())).strip().replace(" ", "%20")
    if found.lower().startswith("www."):
        found = f"https://{found}"
    elif found.startswith("//"):
        found = f"https:{found}"
    elif base and not _SCHEME.match(found):
        try:
            found = urljoin(base, found)
        except ValueError:
            raise refused from None
    if not _ADDRESS.fullmatch(found) or len(found) > MAX_URL:
        raise refused
    return found


def moment(value: Any, name: str) -> dt.datetime | None:
    """A time, in UTC; one without an offset is a wall time of Kraków. None for none."""
    given = text(value, name)
    if not given:
        return None
    if _EPOCH.fullmatch(given):
        seconds = float(given) / (1000 if len(given.partition(".")[0]) == 13 else 1)
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    written = _ZONE_NAME.sub("", given.upper() if given[-1] == "z" or "t" in given else given)
    written = re.sub(r"\s+(?=[+-]\d)|\s+(?=Z$)", "", written)
    written = _POLISH_DATE.sub(lambda found: f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}T", written)
    written = _DOTTED.sub(r"\1:\2", _HOUR.sub(r"0\1", written))
    at_midnight = _MIDNIGHT.search(written)
    if at_midnight:
        written = _MIDNIGHT.sub(r"\g<1>00\g<2>", written)
    try:
        if _RFC_2822.match(given):
            return parsedate_to_datetime(given).astimezone(dt.UTC)
        found = dt.datetime.fromisoformat(written)
        found += dt.timedelta(days=1 if at_midnight else 0)
    except (ValueError, OverflowError):
        raise Invalid(name, f"no ISO 8601 time: {given!r:.80}") from None
    if "T" not in written and " " not in written:
        raise Invalid(name, f"a date without a time: {given!r:.80}")
    try:
        return (localise(found) if found.tzinfo is None else found).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Invalid(name, f"a time that no clock shows: {given!r:.80}") from None


def duration(value: Any, name: str) -> dt.timedelta | None:
    """ "PT1H58M" as a length of time, None for none or for one over a day."""
    given = text(value, name)
    if not given:
        return None
    found = _DURATION.fullmatch(given.upper())
    minutes = int(found[1] or 0) * 60 + int(found[2] or 0) if found else 0
    if not 0 < minutes <= 24 * 60:
        raise Invalid(name, f"no length of a screening: {given!r:.80}")
    return dt.timedelta(minutes=minutes)


def degrees(place: dict[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude of a place, None for none."""
    geo = next((each for each in several(place.get("geo")) if isinstance(each, dict)), {})
    pair = [
        next((each for each in (geo.get(axis), place.get(axis)) if each not in (None, "")), None)
        for axis in ("latitude", "longitude")
    ]
    if pair == [None, None]:
        return None
    read = []
    for axis, limit, given in zip(("latitude", "longitude"), (90, 180), pair, strict=True):
        try:
            number = math.nan if isinstance(given, bool) else float(str(given).strip().replace(",", "."))
        except ValueError:
            number = math.nan
        if not -limit <= number <= limit:
            raise Invalid(axis, f"no degrees: {given!r:.80}")
        read.append(number)
    if read == [0, 0]:
        raise Invalid("geo", "0, 0 is in the Atlantic")
    return read[0], read[1]


#: Languages by their ISO 639 codes, and by the beginnings of what English and Polish call them.
_LANGUAGES = {
    "pol": "pl", "eng": "en", "ang": "en", "ukr": "uk", "ger": "de", "deu": "de", "niem": "de", "fre": "fr",
    "fra": "fr", "fren": "fr", "ita": "it", "wło": "it", "spa": "es", "hisz": "es", "jap": "ja", "jpn": "ja",
    "rus": "ru", "ros": "ru", "cze": "cs", "ces": "cs", "kor": "ko", "chi": "zh", "chiń": "zh", "por": "pt",
    "swe": "sv", "szw": "sv", "dan": "da", "duń": "da", "nor": "no", "fin": "fi", "fiń": "fi", "hun": "hu", "węg": "hu",
    "geor": "ka", "gruz": "ka", "tur": "tr", "ara": "ar", "heb": "he", "hin": "hi", "slo": "sk", "sło": "sk",
}  # fmt: skip
_CODE = re.compile(r"([a-z]{2})(?:[-_][A-Za-z0-9]{2,8})*")


def language(value: Any, name: str) -> str:
    """The first language of a property as a code of two letters; "" for none."""
    for each in several(value):
        forms = (
            [each.get(key) for key in ("alternateName", "identifier", "name", "@id")]
            if isinstance(each, dict)
            else [each]
        )
        for form in forms:
            given = form.strip().rpartition("/")[2] if isinstance(form, str) else ""
            if found := _CODE.fullmatch(given.lower() if len(given) == 2 else given):
                return found[1]
            lowered = given.lower()
            for length in (4, 3):
                if lowered[:length] in _LANGUAGES:
                    return _LANGUAGES[lowered[:length]]
        if any(forms):
            raise Invalid(name, f"no language: {each!r:.80}")
    return ""
