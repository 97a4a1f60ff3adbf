"""Titles of one film as different publishers write them: numbers, words, subtitles, editions, guests, other scripts.

Ours are the listed title and, where it matters, TMDB's original one; theirs is what another source calls the film.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from events.other_sources.likeness import likeness
from events.other_sources.similarity import TITLES_ALIKE
from tests.events.other_sources import pairs_of_titles
from tests.events.other_sources.pairs_of_titles import Pair

ONE_FILM: list[Pair] = [
    (("Diuna: Część druga",), "Diuna 2"),
    (("Diuna: Part Two",), "Diuna 2"),
    (("Top Gun",), "Top gun | 40 rocznica"),
    (("Top Gun",), "TOP GUN - 40. rocznica premiery"),
    (("Ministranci",), "Ministranci + spotkanie"),
    (("Dom dobry",), "Dom dobry – pokaz specjalny ze spotkaniem z reżyserem"),
    (("Franz Kafka",), "Franz Kafka / spotkanie z Agnieszką Holland"),
    (("Harry Potter i Insygnia Śmierci: Część I",), "Harry Potter i Insygnia Śmierci - część 1"),
    (("Bugonia",), "Бугонія (UA)"),
    (("Wicked: Na dobre",), "Wicked. Na dobre"),
    (("Wicked: Na dobre",), "WICKED: NA DOBRE (dubbing PL)"),
    (("Avatar: Ogień i popiół",), "Avatar: Ogień i Popiół 3D"),
    (("Chopin, Chopin!",), "Chopin, Chopin! | Kino Seniora"),
    (("Chopin, Chopin!",), "CHOPIN CHOPIN"),
    (("Siedem", "Se7en"), "Se7en"),
    (("Mission: Impossible – Dead Reckoning Part One",), "Mission Impossible 7: Dead Reckoning"),
    (("Ojciec chrzestny II",), "Ojciec chrzestny: część druga"),
    (("Gwiezdne wojny: Epizod V – Imperium kontratakuje",), "Gwiezdne wojny: Imperium kontratakuje"),
    (("Gwiezdne wojny: część V - Imperium kontratakuje",), "Gwiezdne wojny: Epizod 5 - Imperium kontratakuje"),
    (("Kill Bill: Vol. 1",), "Kill Bill"),
    (("Shrek",), "Shrek – 25-lecie"),
    (("Amadeusz",), "Amadeusz – wersja odrestaurowana 4K"),
    (("Metropolis",), "Metropolis (1927) z muzyką na żywo"),
    (("Nosferatu – symfonia grozy",), "Nosferatu - symfonia grozy + muzyka na żywo"),
    (("Vinci 2",), "Vinci II"),
    (("Gwiezdne wojny: Część III – Zemsta Sithów",), "Zemsta Sithów. 20-lecie"),
    (("Listy do M. Pożegnania i powroty",), "Listy do M. 6 Pożegnania i powroty"),
    (("Ghostbusters. Pogromcy duchów", "Ghostbusters"), "Pogromcy duchów (1984)"),
    (("Cicha noc",), "Kolacja z filmem: Cicha noc"),
    (("Pulp Fiction",), "Pulp fiction – Tarantino na bis"),
    (("Pan Samochodzik i templariusze",), "Pan Samochodzik i Templariusze – Zima w mieście"),
    (("Wojna światów",), "WOJNA ŚWIATÓW 2K REMASTER"),
    (("Teściowie 3",), "Teściowie III"),
    (("Kicia Kocia w podróży",), "Kicia Kocia w podróży - poranek dla dzieci"),
    (("Pucio",), "Pucio | Poranki w kinie"),
    (("Jedna bitwa po drugiej", "One Battle After Another"), "One Battle After Another"),
    (("Jedna bitwa po drugiej", "One Battle After Another"), "Jedna bitwa po drugiej (One Battle After Another)"),
    (("Eternity. Wybieram ciebie",), "Eternity / Wybieram ciebie"),
    (("Eternity. Wybieram ciebie",), "Eternity (Wybieram ciebie)"),
    (("Sto lat samotności",), "100 lat samotności"),
    (("Dwunastu gniewnych ludzi",), "12 gniewnych ludzi"),
    (("Osiem i pół",), "8 1/2"),
    (("Osiem i pół",), "8½"),
    (("Trzy kolory: Niebieski",), "3 kolory: niebieski"),
    (("F1: Film",), "F1"),
    (("F1",), "F1 THE MOVIE"),
    (("28 lat później: Świątynia kości",), "28 lat później. Świątynia kości"),
    (("Dirty Dancing",), "Dirty Dancing | Ladies Night"),
    (("Sny o słoniach",), "Sny o słoniach - przedpremiera"),
    (("Sny o słoniach",), "Przedpremierowo: Sny o słoniach"),
    (("Wielka ciepła trasa",), "Wielka Ciepła Trasa [seans z prelekcją]"),
    (("Ścieżki życia",), "Ścieżki życia, DKF Kinematograf"),
    (("Rejs",), "Rejs (1970)"),
    (("Popiół i diament",), "Popiół i diament. Kolekcja Wajdy"),
    (("Mistrz i Małgorzata", "Master i Margarita"), "Майстер і Маргарита"),
    (("The Substance",), "Substancja (The Substance)"),
    (("Predator: Strefa zagrożenia",), "Predator - Strefa zagrożenia 2D dubbing"),
    (("Pan Tadeusz",), "Pan Tadeusz - z okazji 11 listopada"),
    (("Interstellar",), "Interstellar – 10th Anniversary IMAX 70mm"),
    (("Chłopi",), "Chłopi. Film pełnometrażowy"),
    (("Kopernik",), "Kopernik + Q&A z twórcami"),
    (("Obcy 3", "Alien³"), "Alien 3"),
    (("Potop",), "Potop Redivivus - wersja odrestaurowana"),
    (("Trzy billboardy za Ebbing, Missouri",), "3 billboardy za Ebbing, Missouri"),
    (("Ojciec chrzestny III",), "Ojciec chrzestny cz. 3"),
    (("Minionki rozrabiają: Gru 4", "Despicable Me 4"), "Gru i Minionki 4 / Despicable Me 4"),
    (("Ziemia obiecana",), "Ziemia obiecana | 50-lecie filmu"),
    (("Dziewczyna z igłą",), "Dziewczyna z igłą + rozmowa po filmie"),
    (("Cztery wesela i pogrzeb",), "4 wesela i pogrzeb"),
    (("Matrix",), "MATRIX (25th Anniversary)"),
    (("Kos",), "KOS - seans z audiodeskrypcją"),
    (("Biała odwaga",), "Biała odwaga, spotkanie z Marcinem Koszałką"),
    (("Lśnienie",), "Lśnienie – extended cut"),
    (("Stalker", "Сталкер"), "Сталкер"),
    (("Kundel bury i kocur",), "Przedpremiera: Kundel bury i kocur"),
    (("Super Mario Galaxy Film",), "Super Mario Galaxy: Film"),
    (("Kler",), "Kler [pokaz specjalny]"),
    (("Vaiana 2", "Moana 2"), "Ваяна 2"),
    (("Blade Runner",), "Blade Runner: The Final Cut"),
    (("Dwoje do poprawki",), "2 do poprawki"),
    (("Piraci z Karaibów: Klątwa Czarnej Perły",), "Piraci z Karaibów 1: Klątwa Czarnej Perły"),
]
TWO_FILMS: list[Pair] = [
    (("Czarownica",), "Czarownice"),
    (("Lśnienie",), "Olśnienie"),
    (("Ennio",), "Ennio – koncert wspomnień"),
    (("Gwiezdne wojny: Część III – Zemsta Sithów",), "Gwiezdne wojny: Część II – Atak klonów"),
    (("Diuna",), "Diuna 2"),
    (("Wicked",), "Wicked: Na dobre"),
    (("Avatar",), "Avatar 3"),
    (("Gladiator",), "Gladiator II"),
    (("Anora",), "Nora"),
    (("12 małp",), "12 gniewnych ludzi"),
    (("Ojciec",), "Ojciec chrzestny"),
    (("Kill Bill 1",), "Kill Bill 2"),
    (("Vinci",), "Vinci 2"),
    (("Rejs",), "Rejsy"),
    (("Matka",), "Matki"),
    (("28 dni później",), "28 lat później"),
    (("28 lat później",), "28 lat później: Świątynia kości"),
    (("Siedem",), "Siedem samurajów"),
    (("Trzy kolory: Biały",), "Trzy kolory: Niebieski"),
    (("Shrek",), "Shrek 2"),
    (("Pan Tadeusz",), "Pan Samochodzik"),
    (("Eternity",), "Eternal"),
    (("Nosferatu (1922)",), "Nosferatu (2024)"),
    (("Zimna wojna",), "Zimowa wojna"),
    (("Bogowie",), "Boginie"),
    (("Teściowie",), "Teściowie 2"),
    (("Hamlet",), "Hamnet"),
    (("Dziadek do orzechów",), "Dziadek"),
    (("Kopernik",), "Kopernik i Mikołaj"),
    (("Harry Potter i Insygnia Śmierci: Część I",), "Harry Potter i Insygnia Śmierci: Część II"),
    (("Gwiezdne wojny: Epizod IV",), "Gwiezdne wojny: Epizod V"),
    (("Dom",), "Dom dobry"),
    (("Duchy Inisherin",), "Duchy"),
    (("Obcy 3",), "Obcy 4"),
    (("Siedem",), "Siedem minut"),
    (("Premiera",), "Premiera lat"),
    (("Film",), "Filmowcy"),
    (("Cztery pokoje",), "Cztery pory roku"),
    (("Trzy kolory: Czerwony",), "3 kolory: Biały"),
    (("Koncert",), "Koncert życzeń"),
    (("Ona",), "On"),
    (("Kolekcja",), "Kolekcjoner"),
    (("Super Mario Bros. Film",), "Super Mario Galaxy Film"),
    (("Hamlet",), "NT Live: Hamlet"),
    (("Dziadek do orzechów",), "Balet: Dziadek do orzechów"),
]


def written_down() -> tuple[list[Pair], list[Pair]]:
    """The pairs of titles_in_the_wild.txt: of one film, and of two."""
    pairs: dict[str, list[Pair]] = {}
    for line in (Path(__file__).parent / "titles_in_the_wild.txt").read_text("utf-8").splitlines():
        if line in ("[one film]", "[two films]"):
            group = pairs.setdefault(line, [])
        elif line and not line.startswith("#"):
            *ours, theirs = line.split(" ~ ")
            group.append((tuple(ours), theirs))
    return pairs["[one film]"], pairs["[two films]"]


@pytest.mark.parametrize(
    ("one_film", "two_films"),
    [(ONE_FILM, TWO_FILMS), pairs_of_titles.HALF_A, pairs_of_titles.HALF_B, written_down()],
    ids=["by kind", "half A", "half B", "in the wild"],
)
def test_titles_of_one_film_are_seen_to_be_and_no_others(one_film: list[Pair], two_films: list[Pair]) -> None:
    assert len(one_film) + len(two_films) >= 110
    missed = [pair for pair in one_film if likeness(pair[0], [pair[1]]) < TITLES_ALIKE]
    wrong = [pair for pair in two_films if likeness(pair[0], [pair[1]]) >= TITLES_ALIKE]
    assert not wrong
    assert len(missed) <= 0.045 * len(one_film), missed
    turned = [pair for pair in (*one_film, *two_films) if likeness([pair[1]], pair[0]) != likeness(pair[0], [pair[1]])]
    assert not turned


@pytest.mark.parametrize(
    "theirs",
    ["Lanthimos: Bugonia", "Bugonia – Lanthimos w Baranach", "Bugonia. Yorgos Lanthimos", "Filmy Lanthimosa: Bugonia"],
)
def test_a_cycle_called_after_who_directed_is_no_part_of_the_title(theirs: str) -> None:
    assert likeness(["Bugonia"], [theirs], ("Yorgos Lanthimos",)) >= TITLES_ALIKE
    assert likeness(["Bugonia"], [theirs.replace("Bugonia", "Zabicie")], ("Yorgos Lanthimos",)) == 0
    assert likeness(["Mufasa"], ["Mufasa: Król Lew"], ("Barry Jenkins",)) < TITLES_ALIKE
