"""Pure: a title as a source writes it → the ways in which another source may write the title of the same film.

It is read as the matcher reads a listing (`events.titles`): without what a cinema writes around a title. What stands
behind a bar, a slash or in brackets is another title of the film, or says something of the showing. What stands behind
a full stop, a colon or a dash is a subtitle, which makes another film, unless it names an occasion or an edition, or is
the title again in another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from events.other_sources import occasions
from events.other_sources.figures import NAMED_PART, figures, part_of
from events.titles import reading, versions
from events.titles.noise import NOT_FILMS, Kind
from events.titles.spelling import fold

HALF = 0.97  # of the likeness that a half of a double title can have: a whole one goes first
TELLING = 3  # words of a title that is known without what stands before it
SHARED = 5  # letters of a word that two titles of one film have in common
MOST = 6  # pieces of a title

#: What parts another title of the film, or a word on the showing, and what parts a subtitle.
_HALVES = re.compile(r"\s+[/|]\s+|\s*\|+\s*|\s*//\s*|\s*[()\[\]]\s*")
_SUBTITLE = re.compile(r"(?<=[\w!?…)\"”'])\.\s+(?=\w)|:\s+|\s+[-–—]\s+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_THE_FILM = re.compile(r"(?:\s*[:.–—-]\s*(?:the\s+)?(?:film|movie)|\s+the\s+(?:movie|film))$", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:o film\w+|o|kulisy|making|dokument\w*|ksi[aą][zż]k\w+|wok[oó][lł]|muzyk\w+|wystaw\w+|koncert\w*)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(r",?\s+(?:czyli|albo)\s+", re.IGNORECASE)
_HALF = re.compile(r"\s*(?:½|(?<=\d)\s1/2(?!\d))")
_RAISED = str.maketrans({"¹": " 1", "²": " 2", "³": " 3"})  # "Alien³"
_POLISH = re.compile(r"[ąćęłńóśźż]|\b(?:w|z|na|się|nie|jest|dla|po|od|za|przez)\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|of|and|with|from|for|my|your|is|this|that|who)\b", re.IGNORECASE)
_MARATHON = re.compile(r"\s*(?:nocny |mini[- ]?)?maraton\s*:|\s*enemef\b", re.IGNORECASE)
_OTHER_LETTERS = re.compile(r"[^\W\dA-Za-zÀ-ɏ]")
_PLAYED = re.compile(r"[|/(–—-]\s*(?:spektakl|monodram|stand-?up|kabaret|balet|opera)\b", re.IGNORECASE)
_STAGE = re.compile(
    r"^(?:the )?(?:met|opera|balet|teatr|operetka|live|roh|ntl?|royal|national|retransmisja|transmisja|sezon)\b"
    r"|\b(?:opera house|ballet|live|na żywo|hd|20\d\d ?/ ?(?:20)?\d\d|paryska|bolszoj)\b",
    re.IGNORECASE,
)


#: What tells two broadcasts of one work apart: who plays it, as what, and in which season.
_PRODUCTION = {
    "house": re.compile(
        r"\b(?:(?P<met>met|metropolitan)|(?P<rsc>rsc|royal shakespeare)|(?P<royal>royal (?:ballet|opera)|roh|rbo)"
        r"|(?P<nt>nt ?live|ntl|national theatre)|(?P<bolshoi>bolsho[iy]\w*|bolszoj\w*)|(?P<paris>parys\w+|de paris)"
        r"|(?P<scala>scala))\b",
        re.IGNORECASE,
    ),
    "kind": re.compile(
        r"(?<!royal )\b(?:(?P<opera>opera)|(?P<ballet>bal(?:et|let)))\b(?! paryska| house)", re.IGNORECASE
    ),
    "season": re.compile(r"\b20(?P<year>\d\d)/(?:20)?\d\d\b"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a title: its words, without the number of the `part` (None: it says none). `subtitled`: what
    stands behind that number names the film by itself. `weight`: what it counts, 1 for a whole title. `latin`: its
    letters were."""

    words: str
    part: int | None
    subtitled: bool
    weight: float
    latin: bool


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared. `doubles`: two titles that it may consist of. `year`: what it says in brackets.
    `performed`: the works that a broadcast or play shows; empty for a film.
    `production`: who plays them, as what, when."""

    forms: tuple[Form, ...]
    doubles: tuple[tuple[str, str], ...]
    version: versions.Version
    year: int | None
    performed: frozenset[str]
    production: tuple[str, ...]

    def another_production(self, other: Title) -> bool:
        """Whether both say who plays, as what or in which season, and not the same."""
        return any(a and b and a != b for a, b in zip(self.production, other.production, strict=True))


@lru_cache(maxsize=8192)
def read(title: str) -> Title:
    """A title without what stands around it, in the ways in which another source may write it."""
    title = title[: reading.LONGEST]
    bare, version = versions.read(occasions.in_one_form(title))
    bare = _HALF.sub(" pół", bare).translate(_RAISED)
    told = reading.read(occasions.without(bare))
    forms = {form: None for text in told.forms for form in _forms(text)}
    forms[_form(*part_of(bare)[:2], 1.0)] = None  # whole, in case that what was taken for an occasion is its subtitle
    doubles = {pair: None for text in told.forms[:1] for pair in _doubles(text)}
    performed = _performed(title, told)
    return Title(tuple(forms), tuple(doubles), version, occasions.made_in(title), performed, _production(title))


def _forms(text: str) -> Iterator[Form]:
    bare, part, subtitled, series = part_of(text)
    yield _form(bare, part, 1.0, subtitled=subtitled)
    if film := _THE_FILM.sub("", text).strip() if _THE_FILM.search(text) else "":  # "F1: Film" is F1
        yield _form(film, part, HALF)
    if series and part and part > 1:  # "Avatar 3: Ogień i popiół" is "Avatar 3" too
        yield _form(series, part, HALF)
    if part:
        yield _form(text, None, HALF)  # "Fantastyczna 4"
    if (named := NAMED_PART.search(text)) and " " in (alone := text[named.end() :].strip(" :.-–—|,")):
        yield _form(alone, None, HALF)  # what an episode is called: "Część III – Zemsta Sithów"
    yield from (_form(quoted, part, HALF) for quoted in _quoted(text))
    parts = _HALVES.split(text, MOST)
    apart = len(parts) > 1 and _told(parts[0]) and not any(_number(half) for half in parts[1:])
    halves = [reading.read(half).forms[0] for half in parts if _told(half)] if apart else []
    if len(halves) > 1 and len({fold(half) for half in halves}) == 1:  # "Ida / Ida"
        yield _form(*part_of(halves[0])[:2], 1.0, subtitled=part_of(halves[0])[2])
        return
    pieces = [half for place, half in enumerate(halves) if not place or len(fold(half)) > SHARED - 2]
    for piece in (*pieces, *_behind(text)):
        bare, own, subtitled, _ = part_of(piece)
        yield _form(bare, part if own is None else own, HALF, subtitled=subtitled)


def _form(text: str, part: int | None, weight: float, *, subtitled: bool = False) -> Form:
    return Form(figures(fold(text)), part, subtitled, weight, not _OTHER_LETTERS.search(text))


def _quoted(text: str) -> Iterator[str]:
    """What stands in quotes beside the name of a cycle: "Kino Konesera „Bugonia”"; not what is spoken about."""
    for found in reading.QUOTED.finditer(text):
        around = f"{text[: found.start()]} {text[found.end() :]}"
        if _told(around) and not _ABOUT.search(around):
            yield found["inner"]


def _behind(text: str) -> Iterator[str]:
    """What may be the whole title behind a colon, a dash or a full stop, or before it in another language."""
    if found := _CALLED.search(text):
        yield text[: found.start()]
        if " " in text[found.end() :]:
            yield text[found.end() :]
    gaps = [*islice(_SUBTITLE.finditer(text), MOST)]
    if len(gaps) > 1:  # "Demon Slayer: Kimetsu no Yaiba – The Movie: Infinity Castle"
        yield f"{text[: gaps[0].start()]} {text[gaps[-1].end() :]}"
    for gap in gaps:
        before, behind = text[: gap.start()].strip(), text[gap.end() :].strip()
        if not _told(before) or not _told(behind):
            continue
        shared = {word for word in fold(before).split() if len(word) >= SHARED} & set(fold(behind).split())
        if _two_languages(before, behind):
            yield from (before, behind)
        elif gap[0].strip() not in ".:" and occasions.spoken_of(behind):
            yield before
        elif (
            shared
            or len(behind.split()) >= TELLING
            or (occasions.cycle(before, behind) and gap[0].strip() != ".")
            or occasions.spoken_of(before)
        ):
            yield behind


def _doubles(text: str) -> Iterator[tuple[str, str]]:
    for gap in (*islice(_SUBTITLE.finditer(text), MOST), *islice(_HALVES.finditer(text), MOST)):
        before, behind = (figures(fold(half)) for half in (text[: gap.start()], text[gap.end() :].strip(" )]")))
        if before and behind and before != behind:
            yield before, behind


def _two_languages(one: str, other: str) -> bool:
    """Whether one is surely Polish and the other surely English."""
    polish, english = ([bool(marks.search(text)) for text in (one, other)] for marks in (_POLISH, _ENGLISH))
    return polish != english and sorted(polish) == sorted(english) == [False, True]


def _performed(title: str, told: reading.TitleReading) -> frozenset[str]:
    """The works of a broadcast, a play or a marathon by name, or "?" where none is told; nothing of a film."""
    if len(told.parts) > 1 and len({fold(part).split()[0] for part in told.parts}) == 1:  # "Shrek 1-3"
        return frozenset(figures(fold(part)) for part in told.parts)
    spoken = [rule for rule in NOT_FILMS if rule.matches(title)]
    if (
        not _MARATHON.match(title)
        and not _PLAYED.search(title)
        and not any(_staged(rule.kind, certain=rule.certain) for rule in spoken)
    ):
        return frozenset()
    pieces = [piece for part in _HALVES.split(title) for piece in _SUBTITLE.split(part)][:MOST]
    works = (piece for piece in pieces if _told(piece) and not _STAGE.search(piece.strip()))
    return frozenset(figures(fold(piece)) for piece in works) or frozenset("?")


def _production(title: str) -> tuple[str, ...]:
    """For each of `_PRODUCTION` what the title says; "" where it says nothing, or two things."""
    told = ({found["year"] if name == "season" else str(found.lastgroup) for found in pattern.finditer(title)}
            for name, pattern in _PRODUCTION.items())  # fmt: skip
    return tuple(min(said) if len(said) == 1 else "" for said in told)


def _staged(kind: Kind, *, certain: bool) -> bool:
    return kind is Kind.BROADCAST or (certain and kind in (Kind.STAGE_PLAY, Kind.CONCERT))


def _number(half: str) -> bool:
    """Whether a half of a title is a number, but no year."""
    return half.strip().isdecimal() and not _YEAR.fullmatch(half.strip())


def _told(text: str) -> bool:
    return any(map(str.isalpha, text))


def other_halves(title: Title, names: frozenset[str]) -> Iterator[Form]:
    """What a double title's half is called where the other one is among the film's names: of "Ghostbusters. Pogromcy
    duchów", which is "Ghostbusters" too."""
    for pair in title.doubles:
        for half, other in (pair, pair[::-1]):
            if half in names:
                yield Form(other, None, False, HALF, True)


def wholes(titles: Iterable[Title]) -> frozenset[str]:
    """The words of every title as a whole."""
    return frozenset(form.words for title in titles for form in title.forms if form.weight == 1)
