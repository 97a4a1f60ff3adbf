"""Pure: what stands around a title and says something of the showing: an occasion, an edition, and who comes."""

from __future__ import annotations

import re
from functools import lru_cache

from events.other_sources.figures import figures
from events.titles.noise import PROGRAMME
from events.titles.spelling import fold

NAME, INFLECTED = 3, 5  # letters: of a surname without its last one, and of what an inflected one has instead
_PIECES = re.compile(r"(\s*[:|]\s*|\s+[-–—/]\s+|(?<=\w\w)\.\s+|,\s+)")

#: What says something of the showing wherever it stands behind a title: how, when and in which copy it is shown.
_SHOWING = (
    r"(?:kin(?:o\w*|a|ie|em)\b|seans|pokaz|projekcj|przegl[aą]d|festiwal|cyklu?\b|dkf\b|plener"
    r"|klub (?:film|dyskus|senior)|klasyk|retrospektyw|poran(?:ek|ki)|przedpremier"
    r"|prapremier|rocznic|\d+[- ]?lecie|powr[oó]t do kin|wraca do kin"
    r"|z okazji|kopi[ai] (?:cyfrow|z |35|70)|kopia$|rekonstrukcj|zrekonstruowan|restaurac|odrestaurowan"
    r"|(?:\dk )?remaster|zremaster|odnowion|reedycj|wznowieni|wersj[aei]\b|edycj|wydani[ea]\b|special edition"
    r"|final cut|director.?s cut|redux\b|redivivus|extended|black (?:&|and) (?:white|chrome)|czarno-bia[lł]"
    r"|ladies'? night|\w+ (?:wersja|edycja)$|(?:[\w ]+ )?na (?:du[zż]ym|wielkim) ekranie|w kinach$|\d{1,3} lat$"
    r"|english[- ]friendly|za \d+ z[lł]|q ?& ?a|prelekcj|kolekcj|film pe[lł]nometra[zż]owy"
    r"|film (?:otwarcia|zamkni[eę]cia)"
    r"|(?:spotkani|dyskusj|debat|wyk[lł]ad|warsztat|rozmow|premier)\w* (?:z|ze|po|przed|dla|w)\b)"
)
#: The same behind a dash, a bar, a comma or in brackets; behind a full stop or a colon these may be a film's subtitle.
_OCCASION = (
    r"(?:klub|retro\b|premier|urodzin|jubileusz|walentynk|miko[lł]ajk|andrzejk|sylwestr|maraton$"
    r"|dzie[nń] (?:kobiet|matki|ojca|dziecka|babci|dziadka)|(?:kultowe|filmowe|letnie) (?:noce|wieczory)|babsk"
    r"|spotkani|dyskusj|debat|wyk[lł]ad|wprowadzeni|warsztat|lekcj|rozmow|go[sś][cć]|udzia[lł]em|muzyk[aą]|orkiestr"
    r"|koncert(?:em\b|$)|dla (?:senior|szk[oó][lł]|dzieci|m[lł]odzie|grup|rodzin|mam\b)|wst[eę]p (?:woln|bezp)"
    r"|odwo[lł]an|wyprzedan|sold out|ostatni[ea]? (?:dzie[nń]|szansa)|wydarzenie|event\b|oscar|laureat|nagrod"
    r"|\w+ (?:tygodnia|miesi[aą]ca|roku)$"
    r"|z[lł]ot\w+ (?:glob|lew|palm|nied[zź]wied|lwy)|(?:35|70) ?mm|uhd\b|j[eę]zyk (?:oryg|ang|ukr)"
    r"|zmiana (?:godz|sali))"
)
_BEHIND = re.compile(
    r"\s+\+\s+(?-i:[a-ząćęłńóśźż]).*$"  # "+ panel ekspercki": a second film has a capital letter
    r"|(?:\s+[-–—+&]\s+|\s*[|(\[+]\s*|,\s+|\s+/\s+)(?:(?!\s[-–—+]\s|[:|(\[]|\s/\s|(?<!\d)\.\s).)*?"
    rf"(?<!\w)(?:{_SHOWING}|{_OCCASION}).*$"
    r"|(?<!^\d)(?<!^\d\d)(?<!^\d\d\d)[:.]\s+"
    rf"(?:(?:[^\W\d]\w*\s+){{1,2}}(?:poran(?:ek|ki)|seans|pokaz|projekcj)|filmow\w+ \w+ w kinie|{_SHOWING})"
    r"(?:(?!\s[-–—|]\s).)*$",
    re.IGNORECASE,
)
#: What opens a title without being of it: "Przedpremierowy pokaz filmu …", "Film „…”", "NOWOŚĆ! …", "[PREMIERA] …"; but
#: "(Nie)znajomi" and "[REC] 2".
_BEFORE = re.compile(
    r"^(?:(?:(?:pokaz|seans)\s+(?:specjalny|przedpremierowy|premierowy)|przedpremier\w*|prapremiera|premiera|nowo[sś][cć]"
    r"|hit|film|kino|seans|ostatnia szansa|poran\w+(?: dla dzieci)?)\s*[:|!–—-]"
    r"|(?:\w+\s+)?(?:pokaz|seans|projekcja|premiera|(?:wiecz[oó]r|spotkanie)\s+z)\s+(?:\w+\s+)?film(?:u|em|ie)\b\s*[:–—-]?"
    r"|film\s+(?=[„”\"«])|[\[(][^\[\]()\d]{3,40}[\])](?=\s+\D)|\d{1,2}[:.]\d\d(?=\s))\s*(?=\S)",
    re.IGNORECASE,
)
#: A day or an evening that a cinema gives a name: "Tani wtorek", "Babski wieczór", "Dzień Kobiet".
_ON_A_DAY = re.compile(
    r"\b(?:poniedzia[lł]\w+|wtor(?:ek|ki)|[sś]rod[ay]|czwart(?:ek|ki)|pi[aą]t(?:ek|ki)|sobot[ay]|niedziel[ae]|weekend\w*"
    r"|wiecz[oó]r|noce?|babsk\w+|dzie[nń] (?:kobiet|matki|ojca|dziecka|babci|dziadka|ch[lł]opaka|nauczyciela)"
    r"|walentyn\w+|miko[lł]ajk\w+|andrzejk\w+|halloween\w*|sylwest\w+|[sś]wi[aą]teczn\w+|majów\w+|[sś]piewa(?:my|nie)"
    r"|za \d+ z[lł]|ladies'? night|english friendly|z okazji|imax|na bis|film(?:em|ie|ami|ow\w+)"
    r"|(?:zima|lato|ferie|wakacje) w mie[sś]cie|kin(?:ie|em|ach)|ekran\w*|rabat\w*)\b",
    re.IGNORECASE,
)
#: "2D PL", "2D/N", "- PL"
_SPOKEN = re.compile(
    r"(?<=\w)(?:\s+[23]D|\s+IMAX)*(?:\s+[23]D\s?/?\s?(?-i:[ND])|\s?[\[(](?-i:[NDL])[\])]"
    r"|\s+(?:[-–—/]\s+)?(?-i:PL|UA|DUB|NAP|LEK|UKR|ukr\.?))$"
)
#: "…, Francja 2025", "… – USA 1975", "…, W. J. Has, 1973, 124 min": where, by whom and when it was made.
_MADE = re.compile(
    r"(?:,\s+(?:[^\W\d_][\w.'’/-]*,?\s+){0,8}|\s[-–—|/]\s+(?-i:[A-ZŁŚŻ])[\w.'’/-]*,?\s+(?:[^\W\d_][\w.'’/-]*,?\s+){0,6}"
    r"|\s[|/]\s+)(?P<year>(?:19|20)\d\d)(?:\s*r(?:\.|oku)?)?(?:\s*[,|/]\s*\d{2,3}\s*(?:['’′]|min\.?))?$"
)
_BRACKETED_YEAR = re.compile(r"[(\[]((?:19|20)\d\d)[)\]]")
_LATELY = re.compile(r"(?<!\bza)(?<!\bpo)(?<!\bod)(?<!\bprzez)\s+\d{2,3}\s+lat$", re.IGNORECASE)  # "… 50 LAT"
_DIRECTED = re.compile(r"\s*[,(\[|–—-]\s*(?:re[zż]|реж)(?:yseria\b|\.)[^|]*$", re.IGNORECASE)
_SLASHED = re.compile(r"\s+/\s?([^/]{2,60}?)\s?/\s*$")  # "Ziemia obiecana /wersja telewizyjna/"
_AGE = re.compile(
    r"(?<=\S)(?:[\s\[(]+(?:\d\d\+|\+\d\d|od(?: lat \d+| \d+ lat))[\])]?|\s*[\[(](?:[6-9]|1[0-8])[\])])$", re.IGNORECASE
)
_LETTERS = re.compile(r"#.+|[^\W\da-zà-ž]{2,5}\d*")  # "WFF", "#KinoPolskie"
_TIMES = re.compile(r"(?<=\w) [x×] (?=\w)")  # "Godzilla x Kong"
_JOINED_TITLES = re.compile(r"(?<=\w{5})/(?=[^\W\d][\w ]{4})")  # "Chłopi/The Peasants", but "Face/Off"
_BULLET = re.compile(r"\s+[•·∙‧▪►▸~*]+\s+")
_JOINED_NUMBER = re.compile(r"(?<=[^\W\d_]{3})(?=\d{1,4}\b)")  # "Mickey17", but "Se7en"


def in_one_form(title: str) -> str:
    """The title with bars, brackets and spaces where some write bullets, slashes and none."""
    title = _JOINED_TITLES.sub(" / ", title)
    return _JOINED_NUMBER.sub(" ", _BULLET.sub(" | ", _TIMES.sub(" i ", _SLASHED.sub(r" (\1)", title))))


def without(title: str) -> str:
    """The title without what is said of the showing before and behind it, unless nothing else is there."""
    title = _BEFORE.sub("", title)
    for around in (_AGE, _DIRECTED, _SPOKEN, _MADE, _LATELY, _BEHIND, _BEHIND):
        rest = around.sub("", title).strip()
        title = rest if any(map(str.isalnum, rest)) and not PROGRAMME.search(rest) else title
    return title


def spoken_of(piece: str) -> bool:
    """Whether a piece of a title speaks of the showing."""
    return PROGRAMME.search(piece) is not None or _ON_A_DAY.search(piece) is not None


def cycle(piece: str, behind: str) -> bool:
    """Whether what stands before a colon may be a cycle's name: a long one, a person's, a festival's.

    A word or two may be a film's own, as in "Mufasa: Król Lew" and "Biały ptak: Cudowny chłopak"; so may two names
    before a single word: "X-Men Geneza: Wolverine".
    """
    said = piece.split()
    capital = all(word[:1].isupper() for word in said) and not f"{piece}{behind}".isupper()
    named = len(said) == 2 and capital and " " in behind
    told = named or len(said) > 2 or said[-1].isdecimal()
    series = figures(fold(piece))[:1].isdigit()  # "Trzy kolory: Biały"
    return spoken_of(piece) or (told and not series) or _LETTERS.fullmatch(piece) is not None


@lru_cache(maxsize=8192)
def without_names(title: str, people: tuple[str, ...]) -> str:
    """The title without a cycle that is called after one of these: "Lanthimos w Baranach: Bugonia"."""
    pieces = _PIECES.split(title)
    surnames = [fold(name).split()[-1][:-1] for name in people if fold(name)]

    def named(piece: str) -> bool:
        return any(
            len(name) >= NAME and word.startswith(name) and len(word) <= len(name) + INFLECTED
            for word in fold(piece).split()
            for name in surnames
        )

    for rest, piece in ((pieces[2:], pieces[0]), (pieces[:-2], pieces[-1])):
        if any(map(str.isalnum, "".join(rest))) and named(piece):
            return "".join(rest).strip()
    return title


def made_in(title: str) -> int | None:
    """The year of a film as its title says it."""
    found = _BRACKETED_YEAR.search(title)
    if found:
        return int(found[1])
    made = _MADE.search(title)
    return int(made["year"]) if made else None
