"""Pure: the city whose cinemas these are. The settings CITY and TIME_ZONE say which, before anything else reads it."""

from __future__ import annotations

import re
import unicodedata
from zoneinfo import ZoneInfo

NAME = "Kraków"
ZONE = ZoneInfo("Europe/Warsaw")
_IN_ENGLISH = {"krakow": "cracow", "warszawa": "warsaw"}
_LETTERS = str.maketrans("łŁ", "lL")


def be(name: str, zone: str) -> None:
    """Called once, by the settings."""
    global NAME, ZONE
    found = ZoneInfo(zone)
    NAME, ZONE = name, found


def plain(name: str) -> str:
    """In lower case and ASCII: "Łódź" is "lodz"."""
    apart = unicodedata.normalize("NFKD", name.translate(_LETTERS).casefold())
    return "".join(letter for letter in apart if letter.isascii())


def spellings() -> frozenset[str]:
    """How the city's name is written, in lower case: as it is, without Polish letters, in English."""
    ascii_name = plain(NAME)
    return frozenset({NAME.casefold(), ascii_name, _IN_ENGLISH.get(ascii_name, ascii_name)})


def pattern() -> str:
    """A regular expression of these spellings."""
    return "|".join(map(re.escape, sorted(spellings())))
