"""Pure: numbers written as words in a folded title → figures, so that "Siódma pieczęć" and "7. pieczęć" are one."""

from __future__ import annotations

#: Numbers as words, with their forms in Polish: "Dwunastu gniewnych ludzi" is "12 gniewnych ludzi".
_WORDS = {
    word: number
    for number, words in {
        1: "jeden jedna jedno one pierwszy pierwsza pierwsze first",
        2: "dwa dwie dwoch dwoje two drugi druga drugie second dwojka",
        3: "trzy trzech troje three trzeci trzecia trzecie third trojka",
        4: "cztery czterech czworo four czwarty czwarta czwarte fourth czworka",
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


def figures(folded: str) -> str:
    """The words of a folded title, its numbers as figures: "sto jeden" is 101, "dwadziescia tysiecy" and "20 000" are
    20000."""
    said: list[str] = []
    spelled = False  # the last one is a number that was written as words, or its beginning
    for word in folded.split():
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
