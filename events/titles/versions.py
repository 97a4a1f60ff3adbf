"""Pure: a listing's title → the version of the film it shows ("dubbing", "napisy", IMAX), and the title without it.

`events.titles.reading` reads titles for what to search; here the question is what a visitor will see and hear, and who
can follow it, so labels have a meaning. A listing that names no version shows an unknown one: None, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

LONGEST = 300  # letters; what is longer is no title, and is not looked through


@dataclass(frozen=True, slots=True)
class Version:
    """`language` is what is heard, `subtitles` what is read (BCP 47); `voice` is "dubbing", "voice-over" or None;
    `format` is the screen's and the sound's, as cinemas write it ("IMAX 3D"). None: the title does not say. `access`:
    for whom it was made accessible, keys of `ACCESS`. `original`: it says that the film is heard as it was made."""

    language: str | None = None
    subtitles: str | None = None
    voice: str | None = None
    format: str | None = None
    access: tuple[str, ...] = ()
    original: bool = False

    @property
    def as_made(self) -> bool:
        """Whether the film is heard in the language in which it was made, as far as somebody says so."""
        return self.original or (self.subtitles is not None and self.voice is None)

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
    if "subtitles-for-the-deaf" in version.access and subtitles == "napisy":
        subtitles = ""  # its own label says so
    original = "wersja oryginalna" if version.original and not subtitles else ""
    access = (ACCESS[name] for name in version.access)
    return ", ".join(part for part in (version.format or "", voice, subtitles, original, *access) if part)


#: What makes a showing accessible, and what Polish cinemas call it.
ACCESS = {
    "audio-description": "audiodeskrypcja",
    "subtitles-for-the-deaf": "napisy dla niesłyszących",
    "sign-language": "PJM",
    "sensory": "seans przyjazny sensorycznie",
}
_IMPAIRED = (
    r"(?:osób\s+)?(?:niesłysząc|niesłyszac|głuch|gluch|słabosłysząc|niedosłysząc|z\s+niepełnosprawnością słuchu)\w*"
)
_ACCESS = {
    "audio-description": re.compile(
        r"(?:(?:\bz\s+)?\baudio[ -]?deskrypcj\w+|\baudio[ -]?descri\w+|(?<=[(\[+,/|–-])\s*(?-i:AD)\b)", re.IGNORECASE
    ),
    "subtitles-for-the-deaf": re.compile(
        rf"(?:\bz\s+)?\bnapis(?:y|ami)(?:\s+(?:polskie|polskimi))?\s+dla\s+{_IMPAIRED}"
        rf"(?:\s+i\s+(?:niedo|słabo)?słysząc\w*)?|(?:\bnapisy\s+|(?<=[(\[+,/|–-])\s*)(?-i:SDH|NdG)\b",
        re.IGNORECASE,
    ),
    "sign-language": re.compile(
        r"(?:\bz\s+)?\btłumacz\w+\s+(?:na\s+|w\s+)?(?:polski\w*\s+)?(?:język\w*\s+)?(?:migow\w*|(?-i:PJM)\b)"
        r"|(?:\b(?:z|na|w)\s+)?\bpolski\w*\s+język\w*\s+migow\w*|\b(?-i:PJM)\b|\bwith sign language\b",
        re.IGNORECASE,
    ),
    "sensory": re.compile(
        r"\b(?:seans|pokaz|projekcja|kino)\w*\s+sensoryczn\w+|(?:\b(?:seans|pokaz|projekcja)\w*\s+)?"
        r"(?:\b(?:przyjazn\w+|dostosowan\w+)\s+sensorycznie"
        r"|\bdla\s+(?:osób|dzieci|widzów)\s+(?:w|z|ze)\s+(?:spektrum(?:\s+autyzmu)?|autyzmem))"
        r"|\b(?:sensory|autism)[ -]friendly(?:\s+(?:screening|seans|pokaz))?",
        re.IGNORECASE,
    ),
}
_AROUND = r"[\s\-–—|/,:.()\[\]+~•&]*+"
_ROUND = re.compile(rf"(?:{_AROUND}(?:\b(?:i|oraz|and)\b{_AROUND})?\x00)+{_AROUND}")  # labels and what stands between

_UKRAINIAN, _ENGLISH, _POLISH = r"(?:ukr\w*\.?|ua|укр\w*\.?)", r"(?:ang\w*\.?|eng?|english)", r"(?:pol\w*\.?|pl)"
#: What stands at a title's end, the longest form of each first; the named groups say the language.
_LANGUAGE = rf"(?:(?P<uk>{_UKRAINIAN})|(?P<en>{_ENGLISH})|(?P<pl>{_POLISH}))"
_OTHER = r"(?:(?:\s?[/,+]\s?|\s+i\s+)(?:ukr\w*|ang\w*|eng?|pol\w*|pl|ua)\b)?"  # a second language of subtitles
_GAP = r"[\s\-–—|/,:.(\[+~•]++"
_END = r"[)\]/|*~]*\s*$"  # what closes a label
_VOICE = re.compile(
    rf"{_GAP}(?:(?:(?:w\s+)?wersj[ai](?:\s+oryginaln(?:a|ej))?|(?<!\w\s)(?:seans|pokaz|film))\s+)?"
    rf"(?:(?:z|with)\s+)?(?:{_LANGUAGE}\s+)?(?:z )?"
    rf"(?P<kind>dubbing(?:iem|owan[ya])?|dub\.?|lektor(?:em)?|napisy|napisami|nap\.|(?<=[23]D\s)NAP|subtitles"
    r"|дубляж\w*|дубл?\.?|дубльован\w+|субтитр\w*)"
    rf"(?:{_GAP}{_LANGUAGE.replace('<', '<after_')}{_OTHER}|\s+po polsku)?{_END}",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"{_GAP}(?:(?P<uk>wersja ukrai[nń]ska|(?<!\w\s)po ukrai[nń]sku|(?-i:UKR|UA)"
    r"|українська версія|українською(?: мовою)?)"
    r"|(?P<pl>wersja polska|(?<!\w\s)po polsku)"
    r"|(?P<made>(?:(?:w\s+)?wersj[ai]\s+oryginaln(?:a|ej)|oryginalna wersja(?: językowa)?|original (?:version|language)"
    rf"|(?-i:OV)|мовою оригіналу|в оригіналі))){_END}",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    rf"{_GAP}(?:w |in |na |z (?:ta[sś]my )?|kopia )?(?:laser )?"
    r"(?P<format>IMAX|4DX|Screen ?X|(?:Dolby )?Atmos|Dolby Cinema|Dolby Vision|HFR"
    rf"|(?:35|70) ?mm|[23]D){_END}",
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
    bare, access = _accessible(bare)
    original = False
    language: str | None = None
    subtitles: str | None = None
    voice: str | None = None
    formats: list[str] = []
    while True:
        if found := _VOICE.search(bare):
            named = {name.removeprefix("after_") for name, text in found.groupdict().items() if text} - {"kind"}
            said = min(named, default="pl")
            kind = found["kind"].lower()
            if kind.startswith(("nap", "sub", "суб")):
                subtitles = said
            else:
                voice = "dubbing" if kind.startswith(("dub", "дуб")) else "voice-over"
                language = said if named else language or said  # "dubbing - wersja ukraińska" has said it already
        elif found := _WHOLE.search(bare):
            if found["made"]:
                original = True
            else:
                language = "uk" if found["uk"] else "pl"
        elif found := _FORMAT.search(bare):
            name = found["format"]
            formats.insert(0, _SPELLED.get(name.lower(), name.upper() if "mm" not in name.lower() else name))
        else:
            break
        if found.start() == 0:
            break
        bare = bare[: found.start()]
    if "subtitles-for-the-deaf" in access and not subtitles:
        subtitles = "pl"
    return bare, Version(language, subtitles, voice, " ".join(dict.fromkeys(formats)) or None, access, original)


def _accessible(title: str) -> tuple[str, tuple[str, ...]]:
    """The title without the labels of an accessible showing, wherever they stand, and which these are."""
    marked, access = title, []
    for name, pattern in _ACCESS.items():
        without = pattern.sub("\x00", marked)
        if without != marked:
            access.append(name)
            marked = without
    return (_ROUND.sub(_joined, marked).strip() or title if access else title), tuple(access)


def _joined(found: re.Match[str]) -> str:
    """What is left between the two sides of a label: the colon or dash of a title, if one stood before it."""
    return " - " if found.start() > 0 and found.end() < len(found.string) else ""


def titled(title: str, hour: str) -> str:
    """The title as if it named the version that stands beside an hour."""
    bare, of_title = read(title)
    return f"{bare} {replace(beside(of_title, hour), access=(), original=False).label}".rstrip()


@lru_cache(maxsize=1024)
def beside(of_title: Version, hour: str) -> Version:
    """A version by a title, corrected by what stands beside an hour ("2D napisy", "NAP", "IMAX")."""
    said = read(
        "• " + _ABBREVIATED.sub(lambda found: _ABBREVIATIONS[found[0].lower().rstrip(".")], hour[:LONGEST_HOUR])
    )[1]
    heard = said if said.language or said.subtitles or said.voice or said.original else of_title
    access = tuple(name for name in ACCESS if name in said.access or name in of_title.access)
    return replace(heard, format=said.format or of_title.format, access=access)


LONGEST_HOUR = 100
_ABBREVIATIONS = {"nap": "napisy", "lek": "lektor", "dubb": "dubbing"}
_ABBREVIATED = re.compile(r"\b(?:nap|lek|dubb)\b\.?", re.IGNORECASE)
