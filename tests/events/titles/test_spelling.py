from __future__ import annotations

import pytest

from events.titles.reading import read
from events.titles.spelling import fold, same_person
from review.matching.countries import code
from review.matching.similarity import likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gladiator II", "gladiator 2"),
        ("Rocky V", "Rocky 5"),
        ("Ocean's Thirteen", "Oceans 13"),
        ("The Lighthouse", "Lighthouse"),
        ("Rocky & Bullwinkle", "Rocky and Bullwinkle"),
        ("Łódź, żółć", "lodz zolc"),
        ("Сталкер", "Stalker"),
        ("Diuna: Część druga", "Diuna: czesc druga"),
        ("Godzilla kontra Kong", "Godzilla vs. Kong"),
        ("Dune: Part Two", "Dune Part 2"),
    ],
)
def test_spellings_of_one_title(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Gladiator", "Gladiator II"), ("Saw IV", "Saw VI"), ("!!!", "???")])
def test_titles_of_two_films(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("J. Lee Thompson", "John Lee Thompson"),
        ("D.J. Caruso", "DJ Caruso"),
        ("Wong Kar-wai", "Kar-Wai Wong"),
        ("Bong Joon-ho", "Joon Ho Bong"),
        ("Costa-Gavras", "Constantin Costa-Gavras"),
        ("Andriej Tarkowski", "Andrei Tarkovsky"),
        ("Андрей Тарковский", "Andrey Tarkovskiy"),
        ("Andrzej Zwiagincew", "Andrey Zvyagintsev"),
        ("Siergiej Bondarczuk", "Sergei Bondarchuk"),
        ("Agnieszka Smoczyńska", "Agnieszka Smoczynska"),
    ],
)
def test_one_person_written_two_ways(one: str, other: str) -> None:
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ridley Scott", "Tony Scott"),
        ("Joel Coen", "Ethan Coen"),
        ("Lana Wachowski", "Lilly Wachowski"),
        ("Radu Jude", "Luc Besson"),
        ("", "Luc Besson"),
        ("J. A. Bayona", "J. J. Abrams"),
    ],
)
def test_two_persons(one: str, other: str) -> None:
    assert not same_person(one, other)


@pytest.mark.parametrize(
    ("listed", "known", "grade"),
    [
        ("The Mummy. Mumia", ("Mumia", "The Mummy"), "both"),
        ("Spider-Man", ("Spiderman",), "same"),
        ("Retfaerdighedens ryttere", ("Retfærdighedens ryttere",), "same"),
        ("Zwierzogród", ("Zwierzogrod!",), "same"),
        ("Dyskretny urok burzuazji", ("Dyskretny urok burżuazij",), "close"),
        ("Eternity. Wybieram ciebie", ("Eternity",), "half"),
        ("Wicked: Na dobre", ("Wicked",), "part"),
        ("Szybcy i wściekli 4", ("Szybcy i wściekli 5",), "other"),
        ("Vinci 2", ("Vinci",), "other"),
        ("Ida", ("Ida i ja", "Idol"), "other"),
        ("Rejs", (), "other"),
    ],
)
def test_how_like_a_title_is_to_a_films_names(listed: str, known: tuple[str, ...], grade: str) -> None:
    assert likeness(read(listed), known).grade == grade
    assert likeness(read(listed), known[::-1]).grade == grade


@pytest.mark.parametrize(
    ("name", "iso"),
    [("Wielka Brytania", "GB"), ("UK", "GB"), ("gb", "GB"), ("Włochy", "IT"), ("ZSRR", "RU"), ("Nibylandia", None)],
)
def test_countries_by_any_name(name: str, iso: str | None) -> None:
    assert code(name) == iso
