"""Pure: what stands around a title and says something of the showing: an occasion, an edition, and who comes."""

from __future__ import annotations

import re

from events.titles.noise import PROGRAMME

#: What says something of the showing wherever it stands behind a title: an occasion, an edition, and who comes.
_OCCASION = re.compile(
    r"\s+\+\s+(?-i:[a-ząćęłńóśźż]).*$"  # "+ panel ekspercki": a second film has a capital letter
    r"|(?:(?:\s+[-–—+&]\s+|\s*[|(\[+]\s*|,\s+|\s+/\s+)(?:(?!\s[-–—+]\s|[:|(\[]|\s/\s|(?<!\d)\.\s).)*?"
    r"|(?:[:.]\s+))(?<!\w)(?:kin(?:o|a|ie|em)\b|seans"
    r"|pokaz|projekcj|przegl[aą]d|festiwal|cykl\b|cyklu|dkf\b|klub|plener|klasyk|retro\b|retrospektyw|poran(?:ek|ki)"
    r"|przedpremier|prapremier|premier|rocznic|\d+[- ]?lecie|urodzin|jubileusz|walentynk|miko[lł]ajk|andrzejk|sylwestr"
    r"|dzie[nń] (?:kobiet|matki|ojca|dziecka|babci|dziadka)|(?:kultowe|filmowe|letnie) (?:noce|wieczory)|maraton$"
    r"|powr[oó]t do kin|wraca do kin|z okazji|kopi[ai] (?:cyfrow|z |35|70)|kopia$|rekonstrukcj|zrekonstruowan"
    r"|(?:\dk )?remaster|zremaster|odnowion|reedycj|wznowieni|wersj[aei]\b|edycj|wydani[ea]\b|special edition"
    r"|final cut|director.?s cut|redux\b|redivivus|extended|black (?:&|and) (?:white|chrome)|czarno-bia[lł]"
    r"|ladies'? night|babsk|\w+ (?:wersja|edycja)$|(?:[\w ]+ )?na (?:du[zż]ym|wielkim) ekranie"
    r"|w kinach$|\d{1,3} lat$|english[- ]friendly|za \d+ z[lł]|spotkani|dyskusj|debat"
    r"|prelekcj|wyk[lł]ad|wprowadzeni|warsztat|rozmow"
    r"|go[sś][cć]|udzia[lł]em|q ?& ?a|kolekcj|muzyk[aą]|koncert(?:em\b|$)|film pe[lł]nometra[zż]owy).*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:(?:pokaz|seans)\s+(?:specjalny|przedpremierowy|premierowy)|przedpremier\w*|premiera|poran\w+(?: dla dzieci)?)"
    r"\s*[:|–—-]\s*(?=\S)",
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
_SPOKEN = re.compile(r"(?<=\w)(?:\s+[23]D|\s+IMAX)*\s+(?-i:PL|UA|DUB|NAP|LEK)$")  # "2D PL"
_DIRECTED = re.compile(r"\s*[,(\[|–—-]\s*re[zż](?:yseria\b|\.)[^|]*$", re.IGNORECASE)
_SLASHED = re.compile(r"\s+/\s?([^/]{2,60}?)\s?/\s*$")  # "Ziemia obiecana /wersja telewizyjna/"
_AGE = re.compile(r"(?<=\S)[\s\[(]+\d\d\+[\])]?$")
_TIMES = re.compile(r"(?<=\w) [x×] (?=\w)")  # "Godzilla x Kong"
_BULLET = re.compile(r"\s+[•·∙‧▪►▸~*]+\s+")
_JOINED_NUMBER = re.compile(r"(?<=[^\W\d_]{3})(?=\d{1,4}\b)")  # "Mickey17", but "Se7en"


def in_one_form(title: str) -> str:
    """The title with bars, brackets and spaces where some write bullets, slashes and none."""
    return _JOINED_NUMBER.sub(" ", _BULLET.sub(" | ", _TIMES.sub(" i ", _SLASHED.sub(r" (\1)", title))))


def without(title: str) -> str:
    """The title without what is said of the showing before and behind it, unless nothing else is there."""
    title = _BEFORE.sub("", title)
    for around in (_AGE, _DIRECTED, _SPOKEN, _OCCASION):
        rest = around.sub("", title).strip()
        title = rest if any(map(str.isalnum, rest)) and not PROGRAMME.search(rest) else title
    return title


def spoken_of(piece: str) -> bool:
    """Whether a piece of a title speaks of the showing."""
    return PROGRAMME.search(piece) is not None or _ON_A_DAY.search(piece) is not None
