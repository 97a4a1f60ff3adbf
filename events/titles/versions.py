"""Pure: a listing's title → the version of the film it shows ("dubbing", "napisy", IMAX), and the title without it.

`events.titles.reading` reads titles for what to search; here the question is what a visitor will see and hear, so
labels have a meaning. A listing that names no version shows an unknown one: None, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 300  # letters; what is longer is no title, and is not looked through


@dataclass(frozen=True, slots=True)
class Version:
    """`language` is what is heard, `subtitles` what is read (BCP 47); `voice` is "dubbing", "voice-over" or None;
    `format` is the screen's and the sound's, as cinemas write it ("IMAX 3D"). None: the title does not say."""

    language: str | None = None
    subtitles: str | None = None
    voice: str | None = None
    format: str | None = None

    @property
    def label(self) -> str:
        """As Polish cinemas write it: "IMAX 3D, dubbing", "napisy", "ukraiński dubbing"; empty for an unknown one."""
        return _label(self)

    def contradicts(self, other: Version) -> bool:
        """Whether both say something of the same thing, and not the same."""
        heard = (self.voice and other.voice and (self.voice, self.language) != (other.voice, other.language)) or (
            (self.voice == "dubbing" and other.subtitles) or (other.voice == "dubbing" and self.subtitles)
        )
        return bool(heard or (self.format and other.format and _flat(self.format) != _flat(other.format)))


def _flat(format: str) -> str:
    """A format without "2D" where it says more: "IMAX 2D" is IMAX."""
    return " ".join(word for word in format.split() if word != "2D") or format


@lru_cache(maxsize=256)
def _label(version: Version) -> str:
    voice = {"dubbing": "dubbing", "voice-over": "lektor"}.get(version.voice or "", "")
    if voice and version.language == "uk":
        voice = f"ukraiński {voice}"
    subtitles = {None: "", "pl": "napisy", "uk": "napisy ukraińskie", "en": "napisy angielskie"}[version.subtitles]
    return ", ".join(part for part in (version.format or "", voice, subtitles) if part)


_UKRAINIAN, _ENGLISH, _POLISH = r"(?:ukr\w*\.?|ua)", r"(?:ang\w*\.?|eng?|english)", r"(?:pol\w*\.?|pl)"
#: What stands at a title's end, the longest form of each first; the named groups say the language.
_LANGUAGE = rf"(?:(?P<uk>{_UKRAINIAN})|(?P<en>{_ENGLISH})|(?P<pl>{_POLISH}))"
_OTHER = r"(?:(?:\s?[/,+]\s?|\s+i\s+)(?:ukr\w*|ang\w*|eng?|pol\w*|pl|ua)\b)?"  # a second language of subtitles
_GAP = r"[\s\-–—|/,:.(\[+~•]++"
_VOICE = re.compile(
    rf"{_GAP}(?:(?:(?:w\s+)?wersj[ai](?:\s+oryginaln(?:a|ej))?|(?<!\w\s)(?:seans|pokaz|film))\s+)?"
    rf"(?:(?:z|with)\s+)?(?:{_LANGUAGE}\s+)?(?:z )?"
    rf"(?P<kind>dubbing(?:iem|owan[ya])?|dub\.?|lektor(?:em)?|napisy|napisami|nap\.|(?<=[23]D\s)NAP|subtitles)"
    rf"(?:{_GAP}{_LANGUAGE.replace('<', '<after_')}{_OTHER}|\s+po polsku)?[)\]]*\s*$",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"{_GAP}(?:(?P<uk>wersja ukrai[nń]ska|(?<!\w\s)po ukrai[nń]sku|(?-i:UKR|UA))"
    r"|(?P<pl>wersja polska|(?<!\w\s)po polsku))[)\]]*\s*$",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    rf"{_GAP}(?:w |in )?(?:laser )?(?P<format>IMAX|4DX|Screen ?X|(?:Dolby )?Atmos|Dolby Cinema|Dolby Vision|HFR"
    r"|(?:35|70) ?mm|[23]D)[)\]]*\s*$",
    re.IGNORECASE,
)
_SPELLED = {"screenx": "ScreenX", "screen x": "ScreenX", "atmos": "Dolby Atmos", "dolby atmos": "Dolby Atmos",
            "dolby cinema": "Dolby Cinema", "dolby vision": "Dolby Vision",
            "35mm": "35 mm", "70mm": "70 mm"}  # fmt: skip


@lru_cache(maxsize=4096)
def read(title: str) -> tuple[str, Version]:
    """The title without what names a version, and that version. A title of nothing else is left alone."""
    bare = " ".join(title.split())
    if len(bare) > LONGEST:
        return bare, Version()
    language: str | None = None
    subtitles: str | None = None
    voice: str | None = None
    formats: list[str] = []
    while True:
        if found := _VOICE.search(bare):
            named = {name.removeprefix("after_") for name, text in found.groupdict().items() if text} - {"kind"}
            said = min(named, default="pl")
            kind = found["kind"].lower()
            if kind.startswith(("nap", "sub")):
                subtitles = said
            else:
                voice = "dubbing" if kind.startswith("dub") else "voice-over"
                language = said if named else language or said  # "dubbing - wersja ukraińska" has said it already
        elif found := _WHOLE.search(bare):
            language = "uk" if found["uk"] else "pl"
        elif found := _FORMAT.search(bare):
            name = found["format"]
            formats.insert(0, _SPELLED.get(name.lower(), name.upper() if "mm" not in name.lower() else name))
        else:
            break
        if found.start() == 0:
            break
        bare = bare[: found.start()]
    return bare, Version(language, subtitles, voice, " ".join(dict.fromkeys(formats)) or None)


def titled(title: str, hour: str) -> str:
    """The title as if it named the version that stands beside an hour."""
    bare, of_title = read(title)
    return f"{bare} {beside(of_title, hour).label}".rstrip()


@lru_cache(maxsize=1024)
def beside(of_title: Version, hour: str) -> Version:
    """A version by a title, corrected by what stands beside an hour ("2D napisy", "NAP", "IMAX")."""
    said = read(
        "• " + _ABBREVIATED.sub(lambda found: _ABBREVIATIONS[found[0].lower().rstrip(".")], hour[:LONGEST_HOUR])
    )[1]
    heard = said if said.language or said.subtitles or said.voice else of_title
    return Version(heard.language, heard.subtitles, heard.voice, said.format or of_title.format)


LONGEST_HOUR = 100
_ABBREVIATIONS = {"nap": "napisy", "lek": "lektor", "dubb": "dubbing"}
_ABBREVIATED = re.compile(r"\b(?:nap|lek|dubb)\b\.?", re.IGNORECASE)
