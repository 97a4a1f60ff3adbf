# ruff: noqa: E501 - names in tables of few lines
"""Scores, reasons and searches of listings and films made up at random, in full: the same ones in each run."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import pytest

from events.records import FilmFacts
from events.titles import names, reading, spelling
from review.matching import search
from review.matching.candidates import Candidate
from review.matching.countries import code
from review.matching.score import Reason, judge
from review.matching.similarity import kin, likeness
from tests import approved
from tests.review.matching.test_search import ALL
from tests.review.shelf import Shelf, film, listed

TODAY = dt.date(2026, 11, 24)
PARTS = 10
NOISE = (
    "{}", "{}", "{}", "{} 2D dubbing", "DKF: {}", "{} – napisy", "{} 2", "{} (1992)", "{} / Inny tytuł", "„{}”", "{} (wersja reżyserska)",
    "{}: Część druga", "{} reż. Radu Jude", "{} (130')", "Maraton: {} 1-3", "{} + Tenet", "The {}", "{}. Nowy początek", "Balet: {}", "{} (Original)",
)  # fmt: skip
DIRECTORS = (
    "Christopher Nolan",
    "Nolan Christopher",
    "Radu Jude",
    "Luc Besson",
    "L. Besson",
    "Ktoś Inny",
    "Акіра Куросава",
    "Jon Chu",
)
COUNTRIES = ("USA", "Polska", "Francja", "Wielka Brytania", "US", "PL", "Atlantyda")
CAST = ("Joanna Kulig", "Tomasz Kot", "Kulig Joanna", "Ariana Grande", "J. Kulig")


def listing(dice: random.Random, about: Candidate) -> FilmFacts:
    year = (about.year or 2026) + dice.choice((0, 0, 0, 0, -1, 1, 2, 3, 30))
    runtime = (about.runtime or 100) + dice.choice((0, 0, 1, 3, 4, 5, 10, -11, 20, 21, 60))
    return listed(
        dice.choice(NOISE).format(about.title),
        original_title=dice.choice((None, None, about.original_title, about.title, "Something Else")),
        year=dice.choice((year, year, min(year, 2026), 2026, None)),
        runtime=dice.choice((runtime, runtime, None)),
        directors=dice.choice((about.directors, about.directors, (), (dice.choice(DIRECTORS),), DIRECTORS[:2])),
        countries=tuple(dice.sample(COUNTRIES, dice.randrange(3))),
        cast=tuple(dice.sample(CAST, dice.randrange(4))),
        premiere=dice.choice((None, TODAY, TODAY - dt.timedelta(days=20), TODAY + dt.timedelta(days=40))),
    )


def varied(dice: random.Random, about: Candidate, number: int) -> Candidate:
    """The film, or another that is like it."""
    changes: dict[str, Any] = {
        "title": dice.choice(
            (about.title, f"{about.title} 2", f"{about.title}: Nowa nadzieja", about.title.lower(), "Zupełnie inny")
        ),
        "year": dice.choice((about.year, (about.year or 0) + 1, (about.year or 0) - 1, 2026, None)),
        "runtime": dice.choice((about.runtime, (about.runtime or 0) + 4, 0, 35, None)),
        "directors": dice.choice((about.directors, (), (dice.choice(DIRECTORS),))),
        "countries": tuple(dice.sample(COUNTRIES, dice.randrange(3))),
        "cast": tuple(dice.sample(CAST, dice.randrange(4))),
        "vote_count": dice.choice((0, 3, 49, 50, 99, 100, 5000, None)),
        "names": dice.choice(((), (about.title,), ("Something Else", "Inny tytuł"))),
        "polish_title": dice.choice(("", about.title, "Całkiem po polsku")),
        "polish_releases": dice.choice(
            ((), ("2026-11-20",), ("2026-11-27T00:00:00", "1992-01-01"), ("2025", "1993-05-06"))
        ),
        "original_language": dice.choice(("", "pl", "en", "ja")),
        "original_title": dice.choice((about.original_title, "Something Else", "七人の侍")),
        "imdb_id": dice.choice(("", "tt1")),
        "detailed": dice.random() < 0.75,
        "unreadable": dice.choice(
            ((), (), (), ("year",), ("title",), ("rivals",), ("directors", "votes"), ("names", "countries", "language"))
        ),
    }
    kept = dict(dice.sample(sorted(changes.items()), dice.randrange(1, 7)))
    return replace(about, tmdb_id=100 + number, **kept)


def told(reason: Reason) -> str:
    return f"{reason.signal} {reason.outcome} {reason.grade} {reason.points:+.1f} {reason.ours}|{reason.theirs}"


@pytest.mark.parametrize("part", range(PARTS))
def test_scores_and_reasons(part: int) -> None:
    made = {}
    for number in range(part, 30 * PARTS, PARTS):
        dice = random.Random(number)
        about = dice.choice(ALL)
        films = [
            varied(dice, about if dice.random() < 0.8 else dice.choice(ALL), n) for n in range(dice.randrange(1, 5))
        ]
        facts = listing(dice, about)
        made[f"{number:03} {facts.title}"] = [
            [one.candidate.tmdb_id, one.score, one.potential, one.rank, one.told, one.lift, *map(told, one.reasons)]
            for one in judge(facts, films, today=TODAY)
        ]
    approved.compare("scores", made)


@pytest.mark.parametrize("part", range(PARTS))
def test_searches(part: int) -> None:
    made = {}
    for number in range(part, 16 * PARTS, PARTS):
        dice = random.Random(1000 + number)
        about = dice.choice(ALL)
        shelf = Shelf(
            [*ALL, *(replace(varied(dice, about, n), detailed=True) for n in range(dice.randrange(9)))],
            page=dice.choice((1, 3, 20)),
        )
        shelf.lists_people = dice.random() < 0.8
        facts = listing(dice, about)
        if dice.random() < 0.3:  # under a title that nobody knows
            facts = replace(facts, title="Tytuł, którego nie ma")
        proposal = search.find(facts, shelf, today=TODAY)
        made[f"{number:03} {facts.title}"] = [
            [" ".join(map(str, asked)) for asked in shelf.asked],
            proposal.calls, proposal.not_a_film, proposal.labels, proposal.band({100, about.tmdb_id}),
            [[one.candidate.tmdb_id, one.score, one.candidate.detailed] for one in proposal.scored],
        ]  # fmt: skip
    approved.compare("searches", made)


def test_titles_beside_names() -> None:
    titles = sorted({pattern.format(one.title) for pattern in NOISE for one in ALL[::2]})
    known = [one.all_names for one in ALL] + [
        ("Something Else", "Inny tytuł"),
        ("七人の侍",),
        ("Dracula: Nowy początek", "Drakula 2"),
    ]
    made: dict[str, Any] = {}
    for title in titles:
        read = reading.read(title)
        found = [likeness(read, each) for each in known]
        made[title] = [f"{n} {each.grade} {each.name}" for n, each in enumerate(found) if each.grade != "other"]
        made[title] += [f"kin {n}" for n, each in enumerate(known) if kin(read, each)]
        made[title] += [*reading.respelled(title), "/", *reading.inflected(title)]
    approved.compare("names", made)


def test_words_numbers_and_people() -> None:
    made: dict[str, Any] = {}
    for text in ("Piła X", "Łowca żółwi", "Rocky IV", "8½", "Straße", "ＡＢＣ", "E.T.", "Mission: Impossible – 7", "Бугонія", "a-b_c", "", "Nr 5 i 6",
                 "Ojciec chrzestny III", "2001: Odyseja", "Se7en", "X", "Vinci 2", "naïve café", "Æon Øre", "Ⅳ", "½ kilo", "W.E.", "R.E.M. 3D"):  # fmt: skip
        made[text] = [
            spelling.fold(text), spelling.plain(text), list(spelling.words(text)), spelling.numbers(spelling.fold(text)),
            spelling.latin(text), code(text), names.sound(text.lower()),
        ]  # fmt: skip
    people = ("Akira Kurosawa", "Kurosawa Akira", "A. Kurosawa", "Akira K.", "Kurosawa", "Joel i Ethan Coen", "Ethan Coen", "Coen", "Małgorzata Szumowska",
              "Malgorzata Szumowska", "Szumowska-Englert Małgorzata", "Bong Joon-ho", "Joon-ho Bong", "Bong Joon Ho", "Акіра Куросава", "Jon M. Chu", "Jon Chu", "", "J")  # fmt: skip
    for one in people:
        made[f"beside {one}"] = {
            other: names.alike(one, other).name for other in people if names.alike(one, other).name != "NO"
        }
    for name in (
        *COUNTRIES,
        "usa",
        "Stany Zjednoczone",
        "Czechosłowacja",
        "ZSRR",
        "Wlk. Brytania",
        "Hong Kong",
        "pl",
        "Korea Płd.",
    ):
        made[f"country {name}"] = code(name)
    approved.compare("words", made)


def test_a_candidate_s_own_words() -> None:
    dice = random.Random(5)
    films = [varied(dice, dice.choice(ALL), n) for n in range(40)] + [film(1, "Rejs", 1970, "Marek Piwowski")]
    approved.compare("candidates", {
        f"{n:02} {one.title}": [one.all_names, one.doubtful, one.empty, one.obscure, one.polish, one.bare, one.as_dict()]
        for n, one in enumerate(films)
    })  # fmt: skip
