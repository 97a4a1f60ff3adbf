"""Pure: what cinemas write around a film's title, and the titles of what is no film. Each row's example is its test."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """What a listing may be that is not one film."""

    STAGE_PLAY = "stage_play"
    BROADCAST = "broadcast"  # opera, ballet, theatre
    CONCERT = "concert"
    MARATHON = "marathon"
    LADIES_NIGHT = "ladies_night"
    PROGRAMME = "programme"  # a set of shorts, a children's morning
    DOUBLE_BILL = "double_bill"


@dataclass(frozen=True, slots=True)
class Rule:
    """Noise at one end of a title. `sure`: no film's own title looks so, the unstripped form need not be kept."""

    label: str
    place: Literal["front", "end"]
    pattern: str
    example: tuple[str, str]  # a title, and what is left of it
    sure: bool = True
    regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ends = r"^\s*(?:%s)\s*" if self.place == "front" else r"(?:\s*[-–—|/,:.(\[]+\s*|\s+)(?:%s)[)\]]?\s*$"
        object.__setattr__(self, "regex", re.compile(ends % self.pattern, re.IGNORECASE))


_LANGUAGE = r"(?:pol(?:ski[ea]?|\.)?|ukr(?:ai[nń]ski[ea]?|\.)?|angielski[ea]?|ang\.?|pl|ua|ukr|en|eng)"
_CYCLE = (
    r"(?:dkf|dyskusyjny klub filmowy|klub filmowy|filmowy klub|kino|klasyka|klasyczn[ey]|cykl|przegl[aą]d|festiwal"
    r"|retrospektywa|seans|pokaz|premiera|przedpremiera|filmoteka|arcydzie[lł]a|mistrzowie|wakacje|ferie|rodzinn[ey]"
    r"|nowe horyzonty|kultura dost[eę]pna|tani[ea]?|wtorek|[sś]roda|niedziela|senior|urodziny|best of|movie club)"
)

RULES: tuple[Rule, ...] = (
    Rule("ukraiński dubbing", "end", r"(?:dubbing (?:ukr\w*\.?|ua)|(?:ukr\w*\.?|ua) dubbing|dubbing po ukrai[nń]sku"
         r"|wersja ukrai[nń]ska|po ukrai[nń]sku)", ("Kot w butach ukraiński dubbing", "Kot w butach")),
    Rule("dubbing", "end", rf"(?:{_LANGUAGE} )?(?:z )?(?:dubbing(?:iem|owany)?|dub\.?)(?: {_LANGUAGE})?",
         ("Wicked: Na dobre dubbing", "Wicked: Na dobre")),
    Rule("napisy", "end", rf"(?:{_LANGUAGE} )?(?:z )?(?:napisy|napisami|nap\.|subtitles|english subtitles)"
         rf"(?: {_LANGUAGE}| po polsku)?", ("Persona - napisy polskie", "Persona")),
    Rule("lektor", "end", rf"(?:z )?lektor(?:em)?(?: {_LANGUAGE})?", ("Dom dobry lektor", "Dom dobry")),
    Rule("audiodeskrypcja", "end", r"(?:z )?audiodeskrypcj[aą](?: i napisami)?",
         ("Kulej. Dwie strony medalu z audiodeskrypcją", "Kulej. Dwie strony medalu")),
    Rule("wersja polska", "end", r"(?:wersja (?:polska|pl)|wersja j[eę]zykowa polska|po polsku)",
         ("Dziewczyny z Dubaju wersja polska", "Dziewczyny z Dubaju")),
    Rule("wersja oryginalna", "end", r"(?:wersja (?:oryginalna|angielska)|original version|(?-i:OV))",
         ("Konklawe wersja oryginalna", "Konklawe")),
    Rule("wersja reżyserska", "end", r"(?:wersja re[zż]yserska|(?:the )?director'?s cut|(?:the )?final cut|redux"
         r"|wersja rozszerzona|extended(?: edition| cut)?|wersja zremasterowana)",
         ("Amadeusz - wersja reżyserska", "Amadeusz"), sure=False),
    Rule("rocznica", "end", r"(?:(?:na |z okazji |the )?\d{1,3}(?:\.|th|st|nd|rd|-?ta)?[ -]*"
         r"(?:rocznic[aęy](?: premiery)?|anniversary(?: edition| re-?release)?|lecie(?: filmu| premiery)?"
         r"|lat (?:p[oó][zź]niej )?od premiery)|(?:wersja )?rocznicowa)", ("Top Gun 40th anniversary", "Top Gun")),
    Rule("odnowiony", "end", r"(?:(?:wersja )?(?:odnowiona|zrekonstruowana|odrestaurowana)(?: cyfrowo)?(?: wersja)?"
         r"|rekonstrukcja(?: cyfrowa)?|(?:4k )?(?:digital )?remaster(?:ed)?|(?:w )?4K(?: restoration)?|w wersji 4K)",
         ("Rejs - wersja odnowiona cyfrowo", "Rejs")),
    Rule("2D", "end", r"2D", ("Piraci 2D", "Piraci")),
    Rule("3D", "end", r"(?:w )?3D(?: HFR)?", ("Avatar: Ogień i popiół 3D", "Avatar: Ogień i popiół"), sure=False),
    Rule("IMAX", "end", r"(?:w |in )?(?:laser )?IMAX(?: 2D| 3D| 70 ?mm| laser)?", ("Tenet IMAX", "Tenet")),
    Rule("4DX", "end", r"4DX", ("Diuna: Część druga 4DX", "Diuna: Część druga")),
    Rule("ScreenX", "end", r"Screen ?X", ("F1 ScreenX", "F1")),
    Rule("Dolby Atmos", "end", r"(?:w )?(?:Dolby(?: Atmos| Vision| Cinema)?|Atmos)",
         ("Oppenheimer Dolby Atmos", "Oppenheimer")),
    Rule("70 mm", "end", r"(?:35|70) ?mm", ("Oppenheimer 70mm", "Oppenheimer")),
    Rule("HFR", "end", r"HFR", ("Avatar HFR HFR", "Avatar")),
    Rule("NAP", "end", r"(?-i:NAP)", ("Anora - NAP", "Anora")),
    Rule("KNT", "end", r"(?-i:KNT)", ("Anora - KNT", "Anora")),
    Rule("DKF", "end", r"(?-i:DKF|PKF)(?: [\w.]{3,20})?", ("Stalker - DKF", "Stalker")),
    Rule("przedpremiera", "end", r"(?:pokaz )?przedpremier(?:a|owo|owy|y)|pokaz specjalny|pokaz premierowy|premiera",
         ("Bugonia - pokaz przedpremierowy", "Bugonia")),
    Rule("spotkanie", "end", r"(?:\+|i|oraz|plus) (?:spotkanie|dyskusja|rozmowa|prelekcja|wyk[lł]ad|Q ?& ?A|warsztaty"
         r"|koncert|quiz)\b.*", ("Ministranci + spotkanie z reżyserem", "Ministranci")),
    Rule("muzyka na żywo", "end", r"z muzyk[aą] na [zż]ywo", ("Metropolis z muzyką na żywo", "Metropolis")),
    Rule("kolekcja", "front", r"kolekcja(?:\s+[^:]{2,40}:|\s*[-–:]|(?=\s))", ("Kolekcja Rebeka", "Rebeka"), sure=False),
    Rule("kino seniora", "front", r"(?:kino (?:dla )?senior(?:a|[oó]w)|filmowy senior|senior w kinie)\s*[-–:]",
         ("Kino Seniora: Blue Jay", "Blue Jay")),
    Rule("Ladies Night", "front", r"(?:ladies'? night|kino (?:dla )?kobiet|kino na obcasach|babski wiecz[oó]r)\s*[-–:]",
         ("Ladies Night: Dirty Dancing", "Dirty Dancing")),
    Rule("DKF", "front", r"(?:DKF|PKF)(?:\s+[^:]{2,30}?)?\s*(?::|[-–]\s)", ("DKF: Suspiria", "Suspiria")),
    Rule("w kinie", "front", r"[^:]{2,40} w kinie\s*:", ("Klasyka w kinie: Agora", "Agora"), sure=False),
    Rule("cykl", "front", rf"{_CYCLE}\b[^:|]{{0,40}}[:|]", ("Kino Konesera: Anora", "Anora"), sure=False),
    Rule("cykl", "front", r"(?:KNT|NAP|KD)\s*[-–:]", ("KNT: Anora", "Anora")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotAFilm:
    """A title that speaks of something other than one film."""

    kind: Kind
    certain: bool
    pattern: str
    example: str

    def matches(self, title: str) -> bool:
        return re.search(self.pattern, title, re.IGNORECASE) is not None


NOT_FILMS: tuple[NotAFilm, ...] = (
    NotAFilm(Kind.STAGE_PLAY, True, r"^spektakl(?: teatralny)?\s*[-–:„\"]", "Spektakl - Szalone nożyczki"),
    NotAFilm(Kind.STAGE_PLAY, True, r"\((?:spektakl|monodram)(?: teatralny)?\)|[-–:] spektakl(?: teatralny)?$",
             "Mayday (spektakl)"),
    NotAFilm(Kind.STAGE_PLAY, False, r"^(?:teatr|monodram|kabaret|stand[- ]?up|impro)\b|\bspektakl\b"
             r"|\bteatr\w* na (?:ekranie|[zż]ywo)", "Stand-up: Rafał Pacześ"),
    NotAFilm(Kind.BROADCAST, True, r"^(?:the )?(?:met(?:ropolitan)? opera|met live|met:|royal (?:ballet|opera)|roh\b"
             r"|national theatre live|nt ?live|bolshoi ballet|teatro alla scala|opera (?:na [zż]ywo|w kinie)"
             r"|balet w kinie)", "Metropolitan Opera: Tosca"),
    NotAFilm(Kind.BROADCAST, True, r"[-–:(|] ?(?:transmisja|retransmisja)\b|\b(?:re)?transmisja (?:z|na [zż]ywo)"
             r"|live in HD", "Aida - transmisja na żywo"),
    NotAFilm(Kind.BROADCAST, False, r"^(?:opera|balet|operetka|musical)\s*[-–:]|^wystawa\b|exhibition on screen",
             "Balet: Jezioro łabędzie"),
    NotAFilm(Kind.CONCERT, True, r"^koncert\b[^:]{0,60}:|^koncert [-–] |[-–:(] ?koncert(?: na [zż]ywo| z [\w ]+)?\)?$",
             "Koncert André Rieu: Maastricht"),
    NotAFilm(Kind.CONCERT, False, r"^koncert(?:y|u)? \w|andr[eé] rieu|live in concert|\bw koncercie\b"
             r"|: live (?:at|in|from)\b", "Pearl Jam: Live at the Garden"),
    NotAFilm(Kind.MARATHON, True, r"^(?:nocny )?(?:maraton|enemef)\b(?! \d)[ :]|[-–:] maraton(?: film[oó]w\w*)?$"
             r"|maraton film", "Maraton filmów o Harrym Potterze"),
    NotAFilm(Kind.MARATHON, True, r"^noc (?:kina|film[oó]w|horror[oó]w|oscar\w*|reklamo[zż]erc[oó]w)\b",
             "Noc Kina Azjatyckiego"),
    NotAFilm(Kind.MARATHON, False, r"\bmaraton\b|^trylogia\b|: trylogia$|\btrylogia w jeden",
             "Władca Pierścieni: trylogia"),
    NotAFilm(Kind.LADIES_NIGHT, True, r"^(?:ladies'? night|babski wiecz[oó]r|kino na obcasach)\s*(?:\d.*|[!.]*)?$",
             "Ladies Night"),
    NotAFilm(Kind.PROGRAMME, True, r"^(?:poran(?:ek|ki)|filmowy poranek)\b[^:]{0,30}(?::| - |$)",
             "Poranek dla dzieci: Bolek i Lolek"),
    NotAFilm(Kind.PROGRAMME, False, r"^(?:zestaw|przegl[aą]d|festiwal|etiudy|kr[oó]tkie metra|kino szort[oó]w)\b"
             r"|^shorts?\b.*\d|\b(?:zestaw|blok) (?:film[oó]w|kr[oó]tki\w*|animacji)", "Zestaw filmów krótkich 3"),
)  # fmt: skip
