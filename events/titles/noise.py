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
        ends = r"^\s*(?:%s)\s*" if self.place == "front" else r"(?:\s*[-–—|/,:.(\[+~•*]++\s*+|\s++)(?:%s)[)\]/]?\s*$"
        object.__setattr__(self, "regex", re.compile(ends % self.pattern, re.IGNORECASE))


_LANGUAGE = r"(?:pol(?:sk\w{1,3}|\.)?|ukr(?:ai[nń]sk\w{1,3}|\.)?|ang(?:ielsk\w{1,3}|\.)?|english|pl|ua|en|eng)"
_LANGUAGES = rf"{_LANGUAGE}(?:(?: ?[/,+&] ?| i ){_LANGUAGE})*"
# "wersja z …", and what stands alone between a title and "z …"; "Mój film z napisami" keeps its film.
_WITH = r"(?:(?:w )?wersj[ai] )?(?:(?<!\w )(?:seans|pokaz|film) )?(?:(?:z|with) )?"
_CYCLE = (
    r"(?:dkf|dyskusyjny klub filmowy|klub filmowy|filmowy klub|klub seniora|kino|klasyka|klasyczn[ey]|cykl"
    r"|przegl[aą]d|festiwal|retrospektywa|seans|pokaz|premiera|przedpremiera|filmoteka|arcydzie[lł]a|mistrzowie"
    r"|wakacje|ferie|rodzinn[ey]|nowe horyzonty|kultura dost[eę]pna|tani[ea]?|wtorek|[sś]roda|niedziela|senior|urodziny"
    r"|best of(?! the best)|movie club|tydzie[nń] (?:kina|film)|dni (?:kina|filmu)|spotkani[ea] z|millennium docs"
    r"|(?:mastercard )?off camera|nhef|mdag|mff|kff|afrykamera|wiosna film[oó]w|cinema italia oggi|kinoprzedszkole"
    r"|orange|familijn[ae]|helios|multikino|oscarow[ey])"
)

RULES: tuple[Rule, ...] = (
    Rule("ukraiński dubbing", "end", rf"{_WITH}(?:(?:dubbing(?:iem)?|dub\.?) (?:ukr\w*\.?|ua|po ukrai[nń]sku)"
         r"|(?:ukr\w*\.?|ua) (?:dubbing(?:iem)?|dub\.?))|wersja ukrai[nń]ska",
         ("Kot w butach ukraiński dubbing", "Kot w butach")),
    Rule("ukraiński dubbing", "end", r"українськ(?:ий дубляж|ою(?: мовою)?|а версія|і субтитри)",
         ("Кіт у чоботях (український дубляж)", "Кіт у чоботях")),
    Rule("dubbing", "end", rf"{_WITH}(?:{_LANGUAGES} )?(?:dubbing(?:iem|owan[ya])?|dub\.?)(?:[ (/]+{_LANGUAGES})?",
         ("Wicked: Na dobre dubbing", "Wicked: Na dobre")),
    Rule("dubbing", "end", rf"{_WITH}polskim dubbingiem", ("Vaiana 2 (wersja z polskim dubbingiem)", "Vaiana 2")),
    Rule("napisy", "end", rf"{_WITH}(?:{_LANGUAGES} )?(?:napisy|napisami|nap\.|subtitles)"
         rf"(?:[ (/]+{_LANGUAGES}| po polsku)?(?: dla (?:os[oó]b )?(?:nies|g[lł])\w+)?",
         ("Persona - napisy polskie", "Persona")),
    Rule("napisy", "end", rf"{_LANGUAGES} subs?\.?", ("Persona (ENG SUB)", "Persona")),
    Rule("wersja ukraińska", "end", r"(?:po ukrai[nń]sku|(?-i:UKR|UA))", ("Kot w butach (UKR)", "Kot w butach"),
         sure=False),
    Rule("lektor", "end", rf"{_WITH}(?:{_LANGUAGES} )?lektor(?:em)?(?: {_LANGUAGES})?",
         ("Dom dobry lektor", "Dom dobry")),
    Rule("audiodeskrypcja", "end", rf"{_WITH}audiodeskrypcj[aą](?: i napisami)?",
         ("Kulej. Dwie strony medalu z audiodeskrypcją", "Kulej. Dwie strony medalu")),
    Rule("audiodeskrypcja", "end", r"(?<!\w )(?-i:AD|CC|PJM)(?:\s*[+/,&]\s*(?-i:AD|CC|PJM))*",
         ("Kulej (AD + CC + PJM)", "Kulej"), sure=False),
    Rule("dla niesłyszących", "end", r"(?:(?:wersja|seans) )?(?:dla (?:os[oó]b )?(?:nies[lł]ysz[aą]cych"
         r"|nie(?:do)?widz[aą]cych)|z (?:t[lł]umaczeniem na )?PJM)", ("Anora dla niesłyszących", "Anora")),
    Rule("wersja polska", "end", r"(?:wersja (?:polska|pl)|wersja j[eę]zykowa polska|polska wersja(?: j[eę]zykowa)?)",
         ("Dziewczyny z Dubaju wersja polska", "Dziewczyny z Dubaju")),
    Rule("wersja polska", "end", r"po polsku", ("Vaiana 2 po polsku", "Vaiana 2"), sure=False),
    Rule("wersja oryginalna", "end", r"(?:wersja (?:oryginalna|angielska)|w wersji (?:oryginaln|angielski)ej"
         r"|oryginalna wersja(?: j[eę]zykowa)?|original version|org\.(?: ang\.?)?|(?-i:OV|VO|OmU|ORG))",
         ("Konklawe wersja oryginalna", "Konklawe")),
    Rule("wersja oryginalna", "end", r"(?-i:ENG)", ("Konklawe ENG", "Konklawe"), sure=False),
    Rule("wersja reżyserska", "end", r"(?:wersja re[zż]yserska|(?:the )?director'?s cut|(?:the )?(?<!^the )final cut"
         r"|redux|wersja rozszerzona|extended(?: edition| cut)?|wersja zremasterowana)",
         ("Amadeusz - wersja reżyserska", "Amadeusz"), sure=False),
    Rule("rocznica", "end", r"(?:(?:na |z okazji |the )?\d{1,3}(?:\.|th|st|nd|rd|-?ta)?[ -]*"
         r"(?:rocznic[aęy](?: premiery)?|anniversary(?: edition| re-?release)?|lecie(?: filmu| premiery)?"
         r"|lat (?:p[oó][zź]niej )?od premiery)|(?:wersja )?rocznicowa)", ("Top Gun 40th anniversary", "Top Gun")),
    Rule("odnowiony", "end", r"(?:(?:wersja )?(?:odnowiona|zrekonstruowana|odrestaurowana)(?: cyfrowo)?(?: wersja)?"
         r"|rekonstrukcja(?: cyfrowa)?|(?:[248]k )?(?:digital )?remaster(?:ed)?"
         r"|(?:w |wersja |w wersji )?[248]K(?: restoration)?)",
         ("Rejs - wersja odnowiona cyfrowo", "Rejs")),
    Rule("rok", "end", r"(?<=[(\[])(?:[^()\[\]\d]{2,40}[ ,]+)?(?:19|20)\d\d(?:\s*/\s*(?:19|20)\d\d)?",
         ("Obcy (1979)", "Obcy"), sure=False),
    Rule("2D", "end", r"2D", ("Piraci 2D", "Piraci")),
    Rule("3D", "end", r"(?:w |in )?3D(?: HFR)?", ("Avatar: Ogień i popiół 3D", "Avatar: Ogień i popiół"), sure=False),
    Rule("IMAX", "end", r"(?:w |in )?(?:laser )?IMAX(?: 2D| 3D| 70 ?mm| laser)?", ("Tenet IMAX", "Tenet")),
    Rule("4DX", "end", r"4DX", ("Diuna: Część druga 4DX", "Diuna: Część druga")),
    Rule("ScreenX", "end", r"Screen ?X", ("F1 ScreenX", "F1")),
    Rule("Dolby Atmos", "end", r"(?:w )?(?:Dolby(?: Atmos| Vision| Cinema)?|Atmos)",
         ("Oppenheimer Dolby Atmos", "Oppenheimer")),
    Rule("70 mm", "end", r"(?:(?:na|w|z)(?: ta[sś]m\w+)? )?(?:35|70) ?mm", ("Oppenheimer 70mm", "Oppenheimer")),
    Rule("HFR", "end", r"HFR", ("Avatar HFR HFR", "Avatar")),
    Rule("NAP", "end", r"(?-i:NAP)", ("Anora - NAP", "Anora")),
    Rule("KNT", "end", r"(?-i:KNT)", ("Anora - KNT", "Anora")),
    Rule("DKF", "end", r"(?-i:DKF|PKF)(?: [\w.]{3,20})?", ("Stalker - DKF", "Stalker")),
    Rule("przedpremiera", "end", r"(?:pokaz )?przedpremier(?:a|owo|owy|y)|prapremiera|pokaz specjalny|pokaz premierowy",
         ("Bugonia - pokaz przedpremierowy", "Bugonia")),
    Rule("przedpremiera", "end", r"(?:premiera|nowo[sś][cć])!?", ("Bugonia - premiera", "Bugonia"), sure=False),
    Rule("seans", "end", r"(?:(?:seans )?(?:bez reklam|przyjazny sensorycznie)|sensory friendly|(?-i:PJM)"
         r"|(?:seans|pokaz) (?:szkolny|zamkni[eę]ty|plenerowy|dla (?:seniora|senior[oó]w|dzieci|szk[oó][lł]))"
         r"|ostatni[ea]? (?:seanse?|pokazy?|projekcj[ae]))", ("Bugonia (seans bez reklam)", "Bugonia"), sure=False),
    Rule("spotkanie", "end", r"(?:\+|oraz|plus) (?:spotkanie|dyskusja|rozmowa|prelekcja|wyk[lł]ad|Q ?& ?A|warsztaty"
         r"|koncert|quiz)\b.*", ("Ministranci + spotkanie z reżyserem", "Ministranci")),
    Rule("spotkanie", "end", r"(?:i (?:spotkanie|dyskusja|prelekcja|wyk[lł]ad|Q ?& ?A|warsztaty|quiz)"
         r"|(?:pokaz )?z (?:dyskusj[aą]|prelekcj[aą]|wprowadzeniem|udzia[lł]em tw[oó]rc[oó]w))\b.*",
         ("Ministranci - pokaz z prelekcją", "Ministranci"), sure=False),
    Rule("muzyka na żywo", "end", r"z muzyk[aą] na [zż]ywo", ("Metropolis z muzyką na żywo", "Metropolis")),
    Rule("sing-along", "end", r"(?:sing[- ]?along|karaoke)", ("Mamma Mia! Sing-along", "Mamma Mia!")),
    Rule("kolekcja", "front", r"kolekcja(?:\s+[^:]{2,40}:|\s*[-–:]|(?=\s))", ("Kolekcja Rebeka", "Rebeka"), sure=False),
    Rule("kino seniora", "front", r"(?:kino (?:dla )?senior(?:a|[oó]w)|filmowy (?:klub )?seniora?|senior w kinie)"
         r"\s*[-–:|]",
         ("Kino Seniora: Blue Jay", "Blue Jay")),
    Rule("Ladies Night", "front", r"(?:ladies'? night|kino (?:dla )?kobiet|kino na obcasach|babski wiecz[oó]r)"
         r"\s*[-–:|]",
         ("Ladies Night: Dirty Dancing", "Dirty Dancing")),
    Rule("DKF", "front", r"(?:DKF|PKF)(?:\s+[^:]{2,30}?)?\s*(?::|[-–]\s)", ("DKF: Suspiria", "Suspiria")),
    Rule("w kinie", "front", r"[^:]{2,40} w (?:kinie|Baranach|multikinie)[^:]{0,20}:",
         ("Klasyka w kinie: Agora", "Agora"), sure=False),
    Rule("poranek", "front", r"(?:filmow[ey] |bajkow[ey] |rodzinn[ey] )?poran(?:ek|ki)"
         r"(?: (?:dla|filmow|z) ?[^:|]{1,30})?\s*(?:[:|]|[-–]\s)",
         ("Poranek dla dzieci: Bolek i Lolek", "Bolek i Lolek"), sure=False),
    Rule("podwójny seans", "front", r"(?:podw[oó]jny seans|seans podw[oó]jny|double (?:feature|bill))\s*[-–:|]",
         ("Podwójny seans: Barbie + Oppenheimer", "Barbie + Oppenheimer")),
    Rule("bez barier", "front", r"(?:kino bez barier|seans (?:bez barier|przyjazny sensorycznie))\s*[-–:|]",
         ("Kino bez barier - Anora", "Anora")),
    Rule("IMAX", "front", r"(?:IMAX|4DX|ScreenX|Dolby Atmos|[23]D)\s*[-–:|]", ("IMAX: Tenet", "Tenet"), sure=False),
    Rule("cykl", "front", rf"{_CYCLE}\b[^:|]{{0,40}}[:|]", ("Kino Konesera: Anora", "Anora"), sure=False),
    Rule("cykl", "front", r"(?:KNT|NAP|KD)\s*[-–:]", ("KNT: Anora", "Anora")),
)  # fmt: skip

#: Words that name a programme, a hall, or what is added to a film: a piece of a title with one is no film's title.
PROGRAMME = re.compile(
    rf"\b(?:{_CYCLE[3:-1]}|klasyk\w*|klub\w*|filmow\w+|wieczory?|maraton|replay|fest|film festival|akademia|pałacowe"
    r"|plenerow\w+|prelekcj\w+|spotkani\w+|dyskusj\w+|wyk[lł]ad\w*|warsztat\w*|rocznic\w+|urodzin\w*|edycja|sala|kina"
    r"|napisy|dubbing|lektor\w*|premier[ay]|cyklu|horyzonty|senior\w*|lato z|przeboje|mow[iy]|ang|pjm|cc|ad|dkf"
    r"|mediateka|edukacj\w+|seans\w*|gościni?|zaprasza|po filmie|przed filmem)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NotAFilm:
    """A title that speaks of something other than one film."""

    kind: Kind
    certain: bool
    pattern: str
    example: str

    def matches(self, title: str) -> bool:
        return re.search(self.pattern, title, re.IGNORECASE) is not None


_SEASON = r"20\d\d ?/ ?(?:20)?\d\d"
_STAGE = r"(?:oper\w+|balet\w*|teatr\w*|met|live|scena)"

NOT_FILMS: tuple[NotAFilm, ...] = (
    # By form: a season beside a stage's word, a set's number, several films in one showing, a film not told.
    NotAFilm(Kind.BROADCAST, True, rf"\b{_STAGE}\b.*\b{_SEASON}\b|\b{_SEASON}\b.*\b{_STAGE}\b",
             "Balet 2026/27 – Dziadek do orzechów"),
    NotAFilm(Kind.BROADCAST, True, r"[|/(:–—-] ?(?:teatr|opera|balet|met|operetka) (?:w kinie|na [zż]ywo)\b"
             r"|^re ?transmisj\w+\b|\(re ?transmisj\w+|\barena di verona\b|\bmetropolitan opera\b"
             r"|\b(?:bayreuther|salzburger) festspiele\b", "Niebezpieczne związki | TEATR W KINIE"),
    NotAFilm(Kind.PROGRAMME, False, r"[-–—:|(.] ?zestaw (?:[ivx]+|\d+)\)?$|\b(?:pasmo|blok|zestaw) film[oó]w\b"
             r"|\b(?:pasmo|blok|zestaw|pokaz) (?:film\w+ )?kr[oó]tk\w+", "Przytul mnie - zestaw VII"),
    NotAFilm(Kind.DOUBLE_BILL, False, r"\b(?:podw[oó]jny|potr[oó]jny) (?:seans|pokaz)\b|\bseans podw[oó]jny\b"
             r"|\bdouble (?:bill|feature)\b", "21 i 22 Jump Street – podwójny seans"),
    NotAFilm(Kind.MARATHON, True, r"\bmini[- ]?maraton\b", "Superman i Supergirl Mini Maraton"),
    NotAFilm(Kind.PROGRAMME, False, r"^(?:seans|pokaz|film) (?:w ciemno|niespodziank\w+|tajemniczy)\b|\bw ciemno$"
             r"|^tajemniczy seans\b", "SEANS W CIEMNO"),
    NotAFilm(Kind.CONCERT, False, r"^\d{1,3}\. (?:koncert|gala|festiwal)\b|\bnajwi[eę]ksze przeboje\b|\brecital\b",
             "34. Koncert Zespołu Tanecznego Miraż"),
    # Somebody's name, and in quotes what they perform.
    NotAFilm(Kind.STAGE_PLAY, False, r"^(?-i:[A-ZŻŹĆŁŚÓ][\w-]+ [A-ZŻŹĆŁŚÓ][\w-]+) [„\"“][^„\"”“]+[”\"“]$",
             'Abelard Giza "Wentyl"'),
    NotAFilm(Kind.STAGE_PLAY, True, r"^spektakl(?: teatralny)?\s*[-–:„\"]", "Spektakl - Szalone nożyczki"),
    NotAFilm(Kind.STAGE_PLAY, True, r"\((?:spektakl|monodram)(?: teatralny)?\)|[-–:] spektakl(?: teatralny)?$",
             "Mayday (spektakl)"),
    NotAFilm(Kind.STAGE_PLAY, True, r"^(?:teatr|kabaret|musical) (?:w kinie|na ekranie|na [zż]ywo)\b.*[-–:|]",
             "Teatr w kinie: Mayday"),
    NotAFilm(Kind.STAGE_PLAY, False, r"^(?:teatr|monodram|kabaret|stand[- ]?up|impro)\b|\bspektakl\b"
             r"|\bteatr\w* na (?:ekranie|[zż]ywo)|^helios na scenie\b|[-–:(|] ?(?:stand-?up|kabaret|monodram)\)?$",
             "Stand-up: Rafał Pacześ"),
    NotAFilm(Kind.BROADCAST, True, r"^(?:the )?(?:met(?:ropolitan)? opera|met live|met:"
             r"|royal (?:ballet|opera house|opera:)|roh\b|rbo\b|national theatre(?: live\b|\s*[-–:|])|nt ?live|ntl:"
             r"|rsc live\b|royal shakespeare company\b"
             r"|bolshoi ballet|teatro alla scala"
             r"|(?:opera|balet) (?:na [zż]ywo|w kinie)\b|opera paryska:"
             r"|(?:opera|balet|teatr) (?:z )?(?:met|oper\w+ paryski\w+|bolszoj\w*)\b)", "Metropolitan Opera: Tosca"),
    NotAFilm(Kind.BROADCAST, True, r"(?:[-–—:(|/+,]|\.\s) ?(?:nt ?live|national theatre(?: live)?|rsc(?: live)?|roh|rbo"
             r"|royal (?:shakespeare company|ballet(?: (?:&|and) opera)?|opera(?: house)?)|teatr telewizji"
             r"|(?:the )?met(?:ropolitan)? opera|the met|bolshoi ballet|balet bolszoj|teatro alla scala)\)?$",
             "Hamlet (NT Live)"),
    NotAFilm(Kind.BROADCAST, True, r"[-–:(|] ?(?:transmisja|retransmisja)\b|\b(?:re)?transmisja (?:z|na [zż]ywo|meczu)"
             r"|live in HD", "Aida - transmisja na żywo"),
    NotAFilm(Kind.BROADCAST, False, r"^(?:opera|balet|operetka|musical|la scala|mecz)\s*[-–:]|^(?:wystawa|mecz)\b"
             r"|[-–:(|] ?(?:opera|balet|operetka)\)?$|exhibition on screen|sztuka na ekranie",
             "Balet: Jezioro łabędzie"),
    NotAFilm(Kind.CONCERT, True, r"^koncert\b[^:]{0,60}:|[-–:(] ?koncert (?:na [zż]ywo|z [\w ]+)\)?$",
             "Koncert André Rieu: Maastricht"),
    NotAFilm(Kind.CONCERT, False, r"^koncert(?:y|u)? [\w-]|andr[eé] rieu|live in concert|\bw koncercie\b"
             r"|: live (?:at|in|from)\b|[-–:(] ?koncert\)?$|\bworld tour\b", "Metallica - koncert"),
    NotAFilm(Kind.MARATHON, True, r"^(?:nocny maraton|enemef)\b[ :]"
             r"|^maraton\s*(?:[-–:]|film|kina|horror|grozy|komedii|anime)"
             r"|[-–:] maraton(?: film[oó]w\w*)?$|maraton film", "Maraton filmów o Harrym Potterze"),
    NotAFilm(Kind.MARATHON, True, r"^noc (?:kina|film[oó]w|horror[oó]w|oscarow\w*|reklamo[zż]erc[oó]w) \w",
             "Noc Kina Azjatyckiego"),
    NotAFilm(Kind.MARATHON, False, r"\bmaraton\b|^enemef\b"
             r"|^noc (?:kina|film[oó]w|horror[oó]w|oscar\w*|reklamo[zż]erc[oó]w)$"
             r"|^(?:trylogia|dylogia)\b|\btrylogia w jeden"
             r"|[-–—:|(+,.] ?(?:ca[lł]a |kompletna )?(?:dylogia|trylogia|tetralogia|kwadrologia|pentalogia|saga)\)?$",
             "Władca Pierścieni: trylogia"),
    NotAFilm(Kind.LADIES_NIGHT, True, r"^(?:ladies'? night|babski wiecz[oó]r|kino na obcasach)\s*(?:\d{1,2}[. ].*|!+)$",
             "Ladies Night 8 marca"),
    NotAFilm(Kind.LADIES_NIGHT, False, r"^(?:ladies'? night|babski wiecz[oó]r|kino na obcasach|kino kobiet)"
             r"(?:\s*\d*$|\s*[-–:|] (?:wiecz[oó]r|pokaz|seans|film)\b)", "Ladies Night"),
    NotAFilm(Kind.PROGRAMME, True, r"^(?:poranki|(?:filmow[ey]|bajkow[ey]) poran(?:ek|ki)"
             r"|poran(?:ek|ki) (?:filmow[ey]|dla (?:dzieci|malucha|maluch[oó]w)))$", "Filmowe Poranki"),
    NotAFilm(Kind.PROGRAMME, False, r"^(?:filmow[ey] |bajkow[ey] )?(?:poranki\b"
             r"|poranek(?:$| (?:dla|filmow)|\s*[-–:|]))",
             "Poranek dla dzieci: Bolek i Lolek"),
    NotAFilm(Kind.PROGRAMME, False, r"^(?:zestaw|przegl[aą]d|festiwal|etiudy|kr[oó]tkie metra\w*|kino szort[oó]w"
             r"|filmy kr[oó]tkometra[zż]owe|bajki dla dzieci)\b(?!.*[:|])|^shorts\b.*\d|[-–:] zestaw \d+$"
             r"|\b(?:zestaw|blok) (?:film[oó]w|kr[oó]tki\w*|animacji)"
             r"|^(?:film|seans)[- ]niespodzianka$|^sneak preview\b", "Zestaw filmów krótkich 3"),
)  # fmt: skip
