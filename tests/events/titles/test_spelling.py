from __future__ import annotations

import pytest

from events.titles.names import Alike, alike, same_person
from events.titles.reading import read
from events.titles.spelling import fold
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
        ("Diuna: Część druga", "Diuna 2"),
        ("To: Rozdział 2", "To, rozdział drugi"),
        ("Kill Bill Vol. 1", "Kill Bill: Vol. I"),
        ("Druga część Diuny", "2 Diuny"),
        ("Księga druga", "Book Two"),
    ],
)
def test_spellings_of_one_title(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Gladiator", "Gladiator II"), ("Saw IV", "Saw VI"), ("!!!", "???"), ("Tom i Jerry", "Tom 1 Jerry"),
     ("Księga i miecz", "1 miecz"), ("Nimfomanka cz. 1", "Nimfomanka cz. 2")],
)  # fmt: skip
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
        ("Wojtek Smarzowski", "Wojciech Smarzowski"),
        ("Kasia Adamik", "Katarzyna Adamik"),
        ("Gosia Szumowska", "Szumowska Małgorzata"),
        ("Kuba Czekaj", "Jakub Czekaj"),
        ("Tom McCarthy", "Thomas McCarthy"),
        ("Dave Fincher", "David Fincher"),
        ("Sasha Baron", "Aleksandra Baron"),
        ("Олег Маламуж", "Oleh Malamuzh"),
        ("Олег Янковский", "Oleg Yankovskiy"),
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
        ("Bong Joon Ho", "Bong Joon Il"),
        ("Kim Ki-duk", "Kim Ki-young"),
        ("Wojciech Has", "Wojtek Smarzowski"),
        ("Jan Kowalski", "Janusz Kowalski"),
    ],
)
def test_two_persons(one: str, other: str) -> None:
    assert not same_person(one, other)


@pytest.mark.parametrize(("one", "other"), [("Rob Zemeckis", "Robert Zemeckis"), ("Jan Kowal", "Jan Kowalski")])
def test_a_name_cut_off_neither_agrees_nor_contradicts(one: str, other: str) -> None:
    assert alike(one, other) is alike(other, one) is not Alike.NO


def test_a_name_that_only_begins_alike_may_be_another_s() -> None:
    assert alike("Jan Kowalski", "Janusz Kowalski") is Alike.MAYBE


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
        ("Szybcy i wściekli 4", ("Szybcy i wściekli 5",), "other_part"),
        ("Vinci 2", ("Vinci",), "other_part"),
        ("Vinci", ("Vinci 2",), "numbered"),
        ("Nimfomanka", ("Nimfomanka - Część I",), "first"),
        ("Nimfomanka, cz. 1", ("Nimfomanka - Część I",), "same"),
        ("Wróg numer jeden: część druga", ("Wróg numer jeden - część I",), "other_part"),
        ("Gwiezdne wojny: Nowa nadzieja", ("Gwiezdne wojny: Część IV - Nowa nadzieja",), "close"),
        ("WTF Fest | Mały Otik", ("Mały Otik",), "piece"),
        ("Rok z Marilyn Monroe: Książę i aktoreczka", ("Książę i aktoreczka",), "piece"),
        ("Avatar: Istota wody", ("Avatar",), "part"),
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
