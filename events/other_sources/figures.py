"""Pure: the numbers in a title: which part of a series it names, and words as figures ("Siódma pieczęć", 7)."""

from __future__ import annotations

import re

from events.titles.spelling import plain

LATEST_PART = 20  # a larger number is no part's

_ORDINALS = {
    word: number
    for number, words in enumerate((
        ("1", "i", "one", "first", "pierwsz[ayei]", "jeden", "перш[аеу]"),
        ("2", "ii", "two", "second", "drug[aie]", "dwa", "друг[аеу]"),
        ("3", "iii", "three", "third", "trzeci[ae]?", "trzy", "трет[яєю]"),
        ("4", "iv", "four", "fourth", "czwart[aye]", "cztery", "четверт[аеу]"),
        ("5", "v", "five", "fifth", "pi[ąa]t[aye]"), ("6", "vi", "six", "sixth", "sz[óo]st[aye]"),
        ("7", "vii", "seven", "seventh", "si[óo]dm[aye]"), ("8", "viii", "eight", "eighth", "[óo]sm[aye]"),
        ("9", "ix", "nine", "ninth", "dziewi[ąa]t[aye]"), ("10", "x", "ten", "tenth", "dziesi[ąa]t[aye]"),
    ), start=1)
    for word in words
}  # fmt: skip
_NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?!\w)\.?"
_PART = (
    r"(?:cz[eę][sś][cć]|cz\.?|part|pt\.?|vol(?:ume)?\.?|tom|rozdzia[lł]|chapter|epizod|episode|odc(?:inek)?\.?|akt"
    r"|частина|часть)"
)
_GAP = r"[\s:,.(\[|/–—-]*"
NAMED_PART = re.compile(rf"(?<!\w){_GAP}(?<!\w){_PART}\s*{_NUMBER}[)\]]?", re.IGNORECASE)
_PART_NAMED = re.compile(
    rf"{_GAP}(?<!\w){_NUMBER}\s+(?:cz[eę][sś][cć]|part|rozdzia[lł]|chapter)(?!\w)[)\]]?",
    re.IGNORECASE,
)
#: "Gladiator II", "Avatar 3: Ogień i popiół": the number at the end of a name, before its subtitle too.
_BARE_NUMBER = re.compile(
    r"(?<=\w)\s+(?P<number>\d{1,2}|II|III|IV|V|VI|VII|VIII|IX|X)(?P<rest>\s*$|\s*[:.]\s+|\s+[-–—|]\s+)"
    r"|(?<=\b\w\.)\s(?P<after>[2-9])\s(?=[^\W\d])",  # "Listy do M. 6 Pożegnania i powroty"
    re.IGNORECASE,
)

#: Numbers as words, with their forms in Polish: "Dwunastu gniewnych ludzi" is "12 gniewnych ludzi".
_WORDS = {
    word: number
    for number, words in {
        1: "jeden jedna jedno one pierwszy pierwsza pierwsze first",
        2: "dwa dwaj dwie dwoch dwoje two drugi druga drugie second dwojka",
        3: "trzy trzej trzech troje three trzeci trzecia trzecie third trojka",
        4: "cztery czterej czterech czworo four czwarty czwarta czwarte fourth czworka",
        5: "piec pieciu piecioro five piaty piata piate fifth piatka",
        6: "szesc szesciu six szosty szosta szoste sixth szostka",
        7: "siedem siedmiu seven siodmy siodma siodme seventh siodemka",
        8: "osiem osmiu eight osmy osma osme eighth osemka",
        9: "dziewiec dziewieciu nine dziewiaty dziewiata dziewiate ninth dziewiatka",
        10: "dziesiec dziesieciu ten dziesiaty dziesiata dziesiate tenth dziesiatka",
        11: "jedenascie jedenastu eleven jedenasty jedenasta", 12: "dwanascie dwunastu twelve dwunasty dwunasta",
        13: "trzynascie trzynastu thirteen trzynasty trzynasta", 14: "czternascie czternastu fourteen",
        15: "pietnascie pietnastu fifteen", 16: "szesnascie szesnastu sixteen", 17: "siedemnascie seventeen",
        18: "osiemnascie eighteen", 19: "dziewietnascie nineteen",
        20: "dwadziescia dwudziestu twenty", 30: "trzydziesci trzydziestu thirty",
        40: "czterdziesci czterdziestu forty", 50: "piecdziesiat fifty", 60: "szescdziesiat sixty",
        70: "siedemdziesiat seventy", 80: "osiemdziesiat eighty", 90: "dziewiecdziesiat ninety",
        100: "sto stu hundred", 200: "dwiescie", 300: "trzysta", 400: "czterysta", 500: "piecset",
        1000: "tysiac tysiace tysiecy thousand",
    }.items()
    for word in words.split()
}  # fmt: skip
THOUSAND = 1000
_FIRST = {"iii": "3", "iv": "4", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}  # "XII prac Asteriksa"
_SHORTENED = {"dr": "doktor", "doctor": "doktor"}


def figures(folded: str) -> str:
    """The words of a folded title, its numbers as figures: "sto jeden" is 101, "dwadziescia tysiecy" and "20 000" are
    20000."""
    said: list[str] = []
    spelled = False  # the last one is a number that was written as words, or its beginning
    for place, word in enumerate(folded.split()):
        word = _SHORTENED.get(word, word) if place else _FIRST.get(word, _SHORTENED.get(word, word))
        number = _WORDS.get(word)
        last = int(said[-1]) if said and said[-1].isascii() and said[-1].isdecimal() and len(said[-1]) < 7 else None
        if number == THOUSAND and last and last < THOUSAND:
            said[-1] = str(last * THOUSAND)
        elif number and spelled and last and last > 10 and number < 10 ** (len(str(last)) - len(str(last).rstrip("0"))):
            said[-1] = str(last + number)
        elif word == "000" and last and last < THOUSAND:
            said[-1] += word
        else:
            said.append(word if number is None else str(number))
        spelled = number is not None
    return " ".join(said)


def part_of(text: str) -> tuple[str, int | None, bool, str]:
    """A title without the number of its part, that number, whether something stands behind it, and what before."""
    for pattern in (NAMED_PART, _PART_NAMED):
        if (found := pattern.search(text)) and found.start() > 0 and plain(text[: found.start()]).strip():
            before, behind = text[: found.start()], text[found.end() :].strip(" :.-–—|,")
            number = _number(found["number"])
            return f"{before} {behind}", number, bool(behind), before if behind else ""
    if (
        (found := _BARE_NUMBER.search(text))
        and (number := _number(found["number"] or found["after"]))
        and (number <= LATEST_PART)
    ):
        before, behind = text[: found.start()], text[found.end() :].strip()
        return f"{before}: {behind}" if behind else before, number, bool(behind), before if behind else ""
    return text, None, False, ""


def _number(written: str) -> int | None:
    if written.isdecimal():
        return int(written)
    return next((number for word, number in _ORDINALS.items() if re.fullmatch(word, written, re.IGNORECASE)), None)
