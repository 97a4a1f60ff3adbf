"""Listings on which a careless matcher is silently wrong, by kind: what TMDB has, and what may be accepted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

import pytest

from events.records import FilmFacts
from review.evaluation import ablation
from review.matching import search
from review.matching.candidates import Candidate
from tests.review.shelf import Shelf, film, listed, stub

TODAY = dt.date(2026, 11, 24)


class Trap(NamedTuple):
    facts: FilmFacts
    known: tuple[Candidate, ...]
    right: int | None  # None: only a person may say
    playing: tuple[int, ...] = ()  # in Poland now, says TMDB


def known(tmdb_id: int, title: str, year: int, director: str, **more: object) -> Candidate:
    return film(tmdb_id, title, year, director, **({"polish_title": title, "countries": ("US",)} | more))


IT = (
    known(1, "To", 2017, "Andy Muschietti", runtime=135),
    known(2, "To: Rozdział 2", 2019, "Andy Muschietti", runtime=169),
)
HUNGERS = (
    known(1, "Głód", 2008, "Steve McQueen", runtime=96),
    known(2, "Zagadka nieśmiertelności", 1983, "Tony Scott", names=("Głód",), runtime=96),
)
BILL = (
    known(1, "Kill Bill", 2003, "Quentin Tarantino", names=("Kill Bill: Vol. 1",), runtime=111),
    known(2, "Kill Bill 2", 2004, "Quentin Tarantino", names=("Kill Bill: Vol. 2",), runtime=137),
)
ASSISTANTS = (
    known(1, "Asystentka", 2019, "Kitty Green", runtime=87),
    known(2, "Asystentka", 2020, "Z Q", vote_count=4, runtime=99),
)
GANGSTERS = (
    known(1, "Gangster", 2011, "Anna B"),
    known(2, "Gangster", 2012, "Jan C"),
    known(3, "Gangster", 2006, "Ewa D"),
)
DOLL_TWINS = (
    known(1, "Lalka", 2026, "Maciej Kawalski", runtime=140),
    known(2, "Lalka", 1968, "Wojciech Jerzy Has", runtime=151),
)
AMYS = (
    known(1, "Amy", 2015, "Asif Kapadia", runtime=128),
    known(2, "Back to Black", 2024, "Sam Taylor-Johnson", names=("Amy",), runtime=122),
)
NYMPHS = (
    known(1, "Nimfomanka – Część I", 2013, "Lars von Trier", runtime=117),
    known(2, "Nimfomanka – Część II", 2013, "Lars von Trier", runtime=123),
)
GAMES = (
    known(1, "Igrzyska śmierci: Kosogłos. Część 1", 2014, "Francis Lawrence", runtime=123),
    known(2, "Igrzyska śmierci: Kosogłos. Część 2", 2015, "Francis Lawrence", runtime=137),
)
CHOSEN = (
    known(1, "The Chosen: Sezon 4", 2024, "Dallas Jenkins"),
    known(2, "The Chosen: Sezon 5", 2025, "Dallas Jenkins"),
)
WICKED = known(1, "Wicked", 2024, "Jon M. Chu", runtime=160)
WICKEDS = (WICKED, known(2, "Wicked: Na dobre", 2025, "Jon M. Chu", runtime=137))
PINOCCHIO = (
    known(1, "Pinokio", 2022, "Robert Zemeckis", runtime=105),
    known(2, "Pinokio", 2022, "Guillermo del Toro", runtime=117),
)
KITTY = known(1, "Kicia Kocia", 2026, "Anna X", vote_count=2, runtime=45, countries=("PL",))
KITTY_AWAY = known(1, "Kicia Kocia w podróży", 2026, "Anna X", vote_count=2, runtime=45, countries=("PL",))
TOP_GUN = (
    known(1, "Top Gun", 1986, "Tony Scott", runtime=110),
    known(2, "Top Gun: Maverick", 2022, "Joseph Kosinski", runtime=131),
)
ALIEN = (
    known(1, "Obcy", 1979, "Ridley Scott", original_title="Alien", runtime=117),
    known(2, "Obcy - decydujące starcie", 1986, "James Cameron", original_title="Aliens", runtime=137),
)
DOLLS = (
    known(81315, "Lalka", 1968, "Wojciech Jerzy Has", runtime=152, countries=("PL",)),
    *(known(n, "Lalka", 2026, f"Director {n}", vote_count=n, runtime=80 + n) for n in range(1, 7)),
)

TRAPS = {
    "two of an alternative title and a runtime": Trap(listed("Głód", runtime=96), HUNGERS, None),
    "one of them by its year": Trap(listed("Głód", runtime=96, year=2008), HUNGERS, 1),
    "a part in words": Trap(listed("To: Rozdział drugi", year=2019, directors=("Andy Muschietti",)), IT, 2),
    "a part by vol.": Trap(listed("Kill Bill vol. 2", year=2004, directors=("Quentin Tarantino",)), BILL, 2),
    "a part after its series": Trap(
        listed("Igrzyska śmierci: Kosogłos, część druga", year=2015, directors=("Francis Lawrence",)), GAMES, 2
    ),
    "no part of two": Trap(
        listed("Igrzyska śmierci: Kosogłos", year=2015, directors=("Francis Lawrence",), runtime=137), GAMES, None
    ),
    "no season": Trap(listed("The Chosen", year=2025, directors=("Dallas Jenkins",)), CHOSEN, None),
    "a season in words": Trap(listed("The Chosen. Sezon piąty", year=2025, directors=("Dallas Jenkins",)), CHOSEN, 2),
    "both parts": Trap(listed("Shrek 1 i 2", year=2004), (known(2, "Shrek 2", 2004, "Andrew Adamson"),), None),
    "a sequel that TMDB lacks": Trap(
        listed("Gladiator II", year=2024, directors=("Ridley Scott",)),
        (known(1, "Gladiator", 2000, "Ridley Scott", runtime=155),),
        None,
    ),
    "another number": Trap(
        listed("Toy Story Five", year=2019, directors=("Josh Cooley",), runtime=100),
        (known(1, "Toy Story 4", 2019, "Josh Cooley", runtime=100),),
        None,
    ),
    "a re-release beside its sequel": Trap(listed("Wicked", year=2025, directors=("Jon M. Chu",)), WICKEDS, 1),
    "only the sequel": Trap(listed("Wicked", year=2025, directors=("Jon M. Chu",)), WICKEDS[1:], None),
    "only what it is a sequel of": Trap(
        listed("Wicked - Na dobre", year=2025, directors=("Jon M. Chu",)), (WICKED,), None
    ),
    "remakes of a year": Trap(listed("Pinokio", year=2022), PINOCCHIO, None),
    "remakes of a year, with runtime": Trap(listed("Pinokio", year=2022, runtime=117), PINOCCHIO, 2),
    "a remake that TMDB lacks": Trap(
        listed("Nosferatu", year=2024, directors=("Robert Eggers",), runtime=132),
        (known(1, "Nosferatu", 1979, "Werner Herzog", runtime=107),),
        None,
    ),
    "a series' other film": Trap(
        listed("Kicia Kocia w przedszkolu", year=2026, directors=("Anna X",), runtime=45), (KITTY_AWAY,), None
    ),
    "a series' name": Trap(listed("Kicia Kocia", year=2026, directors=("Anna X",), runtime=45), (KITTY_AWAY,), None),
    "a series' first film": Trap(
        listed("Kicia Kocia. W przedszkolu", year=2026, directors=("Anna X",), runtime=45), (KITTY,), None
    ),
    "a film about a film": Trap(
        listed("Rejs: kulisy", year=1970, runtime=65), (known(1, "Rejs", 1970, "Marek Piwowski", runtime=65),), None
    ),
    "an opera of a film's name": Trap(
        listed("Carmen | opera na żywo", year=2026), (known(1, "Carmen", 2026, "Benjamin Millepied"),), None
    ),
    "a season's ballet": Trap(
        listed("Balet 2026/27 – Giselle", year=2026), (known(1, "Giselle", 2026, "Toa Fraser"),), None
    ),
    "a jubilee": Trap(listed("Top Gun (40. rocznica)", year=2026, directors=("Tony Scott",)), TOP_GUN, 1),
    "a longer cut": Trap(
        listed("Wielki błękit - wersja reżyserska", year=1988, directors=("Luc Besson",), runtime=168),
        (known(1, "Wielki błękit", 1988, "Luc Besson", runtime=137),),
        1,
    ),
    "a short": Trap(listed("Cisza", year=2026), (known(1, "Cisza", 2026, "Anna B", vote_count=1, runtime=14),), None),
    "the director's own short": Trap(
        listed("Cisza", year=2026, directors=("Anna B",), runtime=95),
        (known(1, "Cisza", 2026, "Anna B", vote_count=1, runtime=14),),
        None,
    ),
    "an empty entry beside the film": Trap(
        listed("Cisza", year=2026, directors=("Anna B",)),
        (stub(1, "Cisza", 2026), known(2, "Cisza", 2026, "Anna B", vote_count=9)),
        2,
    ),
    "the director's other film": Trap(
        listed("Solaris", year=2002, directors=("Steven Soderbergh",), runtime=99),
        (known(1, "Na żywo", 2002, "Steven Soderbergh", runtime=99),),
        None,
    ),
    "another film's original title": Trap(listed("Obcy", original_title="Aliens", year=1986), ALIEN, None),
    "another film's Polish title": Trap(
        listed("Joker", year=2019, directors=("Jan Novak",)),
        (known(1, "Joker", 2019, "Todd Phillips"), known(2, "Joker", 2019, "Jan Novak", vote_count=20)),
        2,
    ),
    "a diminutive": Trap(
        listed("Baby bump", year=2015, directors=("Kuba Czekaj",)), (known(1, "Baby bump", 2015, "Jakub Czekaj"),), 1
    ),
    "two people": Trap(
        listed("Matka", year=2009, directors=("Bong Joon Ho",), runtime=128),
        (known(1, "Matka", 2009, "Bong Joon Il", runtime=128),),
        None,
    ),
    "a crowd of namesakes": Trap(listed("Lalka", year=2026, directors=("Wojciech Jerzy Has",)), DOLLS, 81315),
    "a number that is a title": Trap(
        listed("2001: Odyseja kosmiczna", year=2026, directors=("Stanley Kubrick",)),
        (known(1, "2001: Odyseja kosmiczna", 1968, "Stanley Kubrick"), known(2, "2010: Odyseja", 1984, "Peter Hyams")),
        1,
    ),
    "this year's fan film": Trap(
        listed("Superman", year=2026),
        (known(1, "Superman", 1978, "Richard Donner"), known(2, "Superman", 2026, "A Fan", vote_count=3, runtime=90)),
        None,
    ),
    "an unknown programme": Trap(
        listed("Letnie Granie: Powrót", year=2026), (known(1, "Powrót", 2026, "Somebody Else"),), None
    ),
    "the year of one and the runtime of another": Trap(listed("Asystentka", year=2020, runtime=87), ASSISTANTS, None),
    "a year off, and another's runtime": Trap(listed("Asystentka", year=2019, runtime=100), ASSISTANTS, None),
    "the runtime of an older film": Trap(listed("Lalka", year=2026, runtime=150), DOLL_TWINS, None),
    "its own runtime": Trap(listed("Lalka", year=2026, runtime=140), DOLL_TWINS, 1),
    "a name among others": Trap(listed("Amy", year=2024), AMYS, None),
    "a name among others, with its director": Trap(
        listed("Amy", year=2024, directors=("Sam Taylor-Johnson",)), AMYS, 2
    ),
    "a name among others, and a year": Trap(
        listed("Mama", year=2017), (known(1, "mother!", 2017, "Darren Aronofsky", names=("Mama",)),), None
    ),
    "a year, and a film of that title the year before": Trap(listed("Gangster", year=2012), GANGSTERS[:2], None),
    "a year, and a film of that title long before": Trap(listed("Gangster", year=2012), GANGSTERS[1:], 2),
    "a remake of both titles": Trap(
        listed("The Mummy. Mumia"), (known(1, "Mumia", 2017, "Alex Kurtzman", original_title="The Mummy"),), None
    ),
    "a title said twice": Trap(
        listed("The Gray Man. Gray Man"), (known(1, "The Gray Man", 2007, "Scott L. Flynn", vote_count=4),), None
    ),
    "two parts in Roman numerals": Trap(
        listed("Nimfomanka I i II", year=2013, directors=("Lars von Trier",)), NYMPHS, None
    ),
    "two parts by their word": Trap(
        listed("Nimfomanka: część I & II", year=2013, directors=("Lars von Trier",)), NYMPHS, None
    ),
    "a trilogy": Trap(listed("Kill Bill – cała saga", year=2003, directors=("Quentin Tarantino",)), BILL, None),
    "another country's film of that title and year": Trap(
        listed("Gangster", year=2012, countries=("Polska",)), (known(2, "Gangster", 2012, "Jan C"),), None
    ),
    "a title and three of its cast": Trap(
        listed("Gangster", cast=("Ada B", "Cezary D", "Ewa F")),
        (known(2, "Gangster", 2012, "Jan C", cast=("Ada B", "Cezary D", "Ewa F")),),
        2,
    ),
    "a title and its Polish premiere": Trap(
        listed("Gangster", premiere=dt.date(2012, 3, 2)),
        (known(2, "Gangster", 2012, "Jan C", polish_releases=("2012-03-02",)),),
        2,
    ),
    "another part by the listed title alone": Trap(
        listed("Szybcy 2", original_title="Furious", year=2001, directors=("Rob Cohen",)),
        (known(1, "Szybcy", 2001, "Rob Cohen", original_title="Furious"),),
        None,
    ),
    "another director of all else": Trap(
        listed("Pinokio", original_title="Pinocchio", year=2022, runtime=105, directors=("Guillermo del Toro",)),
        (known(1, "Pinokio", 2022, "Robert Zemeckis", original_title="Pinocchio", runtime=105),),
        None,
    ),
    "nobody's entry of both titles": Trap(
        listed("Szybcy", original_title="Furious", year=2026),
        (film(1, "Szybcy", 2026, original_title="Furious", vote_count=0, runtime=0),),
        None,
    ),
    "one film of two": Trap(
        listed("Barbie + Oppenheimer", year=2023, directors=("Greta Gerwig",), runtime=114),
        (known(1, "Barbie", 2023, "Greta Gerwig", runtime=114),),
        None,
    ),
    "a Polish title that TMDB lacks": Trap(
        listed("Łowcy cieni", original_title="The Hunters", runtime=100),
        (film(2, "The Hunters", 2012, "Jan C", runtime=100),),
        2,
    ),
    "a name in other letters": Trap(
        listed("Gangster", year=2012, directors=("Andriej Zwiagincew",), runtime=100),
        (known(2, "Gangster", 2012, "Andrey Zvyagintsev", runtime=100),),
        2,
    ),
    "a name cut off": Trap(
        listed("Gangster", year=2012, directors=("Tim Bekmambetow",), runtime=100),
        (known(2, "Gangster", 2012, "Timur Bekmambetow", runtime=100),),
        2,
    ),
    "facts that could not be read": Trap(
        listed("Gangster", year=2012, directors=("Ewa D",)),
        (film(2, "Gangster", 2012, unreadable=("directors",)),),
        None,
    ),
    "a title alone, of an old film that plays": Trap(
        listed("Gangster"), (known(2, "Gangster", 2012, "Jan C"),), None, playing=(2,)
    ),
    "a title alone, of a new film that TMDB does not list as playing": Trap(
        listed("Gangster"), (known(2, "Gangster", 2026, "Jan C", polish_releases=("2026-11-20",)),), None
    ),
    "a title alone, of a new film that plays": Trap(
        listed("Gangster"), (known(2, "Gangster", 2026, "Jan C", polish_releases=("2026-11-20",)),), 2, playing=(2,)
    ),
    "an entry that tells nothing": Trap(
        listed("Gangster", year=2012, directors=("Ewa D",)), (film(2, "Gangster", 2012, vote_count=None),), None
    ),
    "a series, by title and original title": Trap(
        listed("Nimfomanka", original_title="Nymphomaniac", year=2013, directors=("Lars von Trier",), runtime=117),
        tuple(replace(one, original_title=f"Nymphomaniac: Vol. {one.tmdb_id}") for one in NYMPHS),
        None,
    ),
    "a little known film of last year": Trap(
        listed("Gangster", year=2012), (known(1, "Gangster", 2011, "Anna B", vote_count=4),), None
    ),
    "both titles of an old film, this year": Trap(
        listed("Szybcy", original_title="Furious", year=2026),
        (known(1, "Szybcy", 2001, "Rob Cohen", original_title="Furious"),),
        None,
    ),
    "facts inside the title": Trap(
        listed("Obcy reż. François Ozon (2025)"),
        (*ALIEN, known(3, "Obcy", 2025, "François Ozon", original_title="L'Étranger", vote_count=60)),
        3,
    ),
}


#: The others are measured on more films than these: see docs/MATCHING.md.
EARNING = [one for one in ablation.mechanisms() if one.name.startswith(("signal: ", "cap: ", "names: "))]
EARNING = [one for one in EARNING if one.name != "signal: entry"]


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_what_is_accepted_is_right_and_what_is_sure_is_accepted(trap: Trap) -> None:
    for films in (trap.known, trap.known[::-1]):
        assert _accepted(trap, films) == trap.right


@pytest.mark.parametrize("mechanism", EARNING, ids=lambda mechanism: mechanism.name)
def test_each_signal_guard_and_way_to_read_a_name_is_needed(mechanism: ablation.Mechanism) -> None:
    """Some listing is accepted wrongly without it, or not although it is sure: what no listing needs, goes."""
    with ablation.without(mechanism):
        assert any(_accepted(trap, trap.known) != trap.right for trap in TRAPS.values())


def _accepted(trap: Trap, films: tuple[Candidate, ...]) -> int | None:
    proposal = search.find(trap.facts, Shelf(films), today=TODAY)
    accepted = proposal.band(trap.playing) in ("matched", "provisional")
    return proposal.scored[0].candidate.tmdb_id if accepted else None
