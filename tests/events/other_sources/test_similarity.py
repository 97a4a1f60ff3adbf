"""Duplicates: what makes two screenings one, and how well that does on 400 labelled pairs of the demo's week."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from events.other_sources import similarity
from events.other_sources.similarity import Screening
from events.titles import versions
from tests.events.other_sources.labelled import PAIRS, labelled

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
KIJOW = (50.0588, 19.9249)
NEAR = (50.0600, 19.9249)  # 133 m north of it
FAR = (50.0634, 19.9249)  # 511 m


def screening(
    title: str,
    minute: int = 0,
    *,
    cinema: str = "Kijów",
    at: tuple[float, float] | None = KIJOW,
    source: str = "",
    n: int = 1,
) -> Screening:
    latitude, longitude = at or (None, None)
    start = NOON + dt.timedelta(minutes=minute)
    return Screening((source, n), source, (title,), start, cinema, latitude, longitude)


theirs = partial(screening, source="portal")


def pairs(*rows: Screening) -> set[tuple[int, int]]:
    """Found pairs, as (number of ours, number of theirs)."""
    found = (sorted((duplicate.one.key, duplicate.other.key)) for duplicate in similarity.duplicates(rows))
    return {(ours[1], other[1]) for ours, other in found}


@pytest.mark.parametrize("seed", ["duplicates", "again", "once more"])
def test_400_labelled_pairs(seed: str) -> None:
    data = labelled(dt.date(2026, 11, 24), seed)
    found = {frozenset((d.one.key, d.other.key)) for d in similarity.duplicates(data.screenings)}
    truth = {frozenset((pair.ours.key, pair.theirs.key)) for pair in data.pairs if pair.same}
    assert len(data.pairs) == PAIRS
    precision, recall = len(found & truth) / len(found), len(found & truth) / len(truth)
    figures = f"{seed}: precision {precision:.4f}, recall {recall:.4f}"
    print(figures)  # pytest -rP shows it
    assert precision >= 0.995, figures
    assert recall >= 0.97, figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anora", "ANORA"),
        ("Anora - napisy", "Anora"),
        ("Gladiator 2", "Gladiator II"),
        ("Obcy: Romulus", "Obcy - Romulus"),
        ("Konklawe", "Kino Seniora: Konklawe"),
        ("Łowca jeleni", "Lowca jeleni"),
        ("Diuna: Część druga", "Diuna 2"),
        ("Diuna: część 2", "Diuna: Part Two"),
        ("Diuna: Część pierwsza", "Diuna"),
        ("Gladiator II", "Gladiator: część II"),
        ("Harry Potter i Insygnia Śmierci: Część I", "Harry Potter i Insygnia Śmierci, część 1"),
        ("Kill Bill 2", "Kill Bill Vol. 2"),
        ("Kill Bill Vol. II", "Kill Bill cz. 2"),
        ("Nimfomanka cz. 1", "Nimfomanka - część pierwsza"),
        ("Avatar 3: Ogień i popiół", "Avatar: Ogień i popiół"),
        ("Avatar 3", "Avatar 3: Ogień i popiół"),
        ("Top Gun", "Top gun | 40 rocznica"),
        ("Top Gun", "Top Gun - 40th Anniversary"),
        ("Amadeusz", "Amadeusz - wersja reżyserska"),
        ("Rejs", "Rejs (wersja odnowiona cyfrowo)"),
        ("Ministranci", "Ministranci + spotkanie z reżyserem"),
        ("Ministranci", "Ministranci | spotkanie z twórcami"),
        ("Ministranci", "Ministranci + dyskusja"),
        ("Ministranci", "Ministranci [spotkanie]"),
        ("Piła X", "Piła 10"),
        ("Bugonia", "Бугонія (UA)"),
        ("Сталкер", "Stalker"),
        ("Nosferatu (2024)", "Nosferatu"),
        ("Wiedźmin", "Wiedzmin"),
        ("Zwierzogród 2", "Zwierzgród 2"),
    ],
)
def test_titles_of_one_film(one: str, other: str) -> None:
    assert pairs(screening(one), theirs(other)) == {(1, 1)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gladiator", "Gladiator 2"),
        ("Kill Bill 1", "Kill Bill 2"),
        ("Dracula", "Dracula: Historia wiecznej miłości"),
        ("Dom dobry", "Dobry dom"),
        ("Wicked dubbing", "Wicked napisy"),
        ("Wicked 2D", "Wicked 3D"),
        ("Kino Kijów: Anora", "Kino Kijów: Konklawe"),
        ("Czarownica", "Czarownice"),
        ("Alien", "Aliens"),
        ("Predator", "Predators"),
        ("Anora", "Nora"),
        ("Heat", "Heart"),
        ("Wiedźma z Salem", "Wiedźmy z Salem"),
        ("Diuna: Część druga", "Diuna"),
        ("Diuna: Część druga", "Diuna: Część pierwsza"),
        ("Nimfomanka cz. 1", "Nimfomanka cz. 2"),
        ("Kill Bill Vol. I", "Kill Bill Vol. II"),
        ("Avatar 3: Ogień i popiół", "Avatar: Istota wody"),
        ("Nosferatu (1922)", "Nosferatu (2024)"),
        ("Wicked - Na dobre", "Wicked"),
        ("Sami swoi", "Sami swoi. Początek"),
        ("Tosca", "Toska"),
        ("Skrzat. Nowy początek", "Nowy początek"),
        ("Predator: Strefa zagrożenia", "Predator"),
        ("Diuna (PL)", "Obcy (PL)"),  # what stands in brackets is too short for a title
        ("Diuna (Jaś)", "Jaś"),
        ("300 | Bajka", "Bajka"),  # a number before a bar is no title that another stands beside
    ],
)
def test_titles_of_two(one: str, other: str) -> None:
    assert pairs(screening(one), theirs(other)) == set()


@pytest.mark.parametrize(("minute", "same"), [(15, True), (-15, True), (16, False), (-16, False)])
def test_a_quarter_of_an_hour_is_the_limit(minute: int, same: bool) -> None:
    assert bool(pairs(screening("Anora"), theirs("Anora", minute))) is same


@pytest.mark.parametrize(
    ("cinema", "at", "same"),
    [
        ("Kino Kijów", None, True),
        ("Kino Kijów, Kraków", FAR, True),
        ("Sala przy Alejach", NEAR, True),
        ("Sala przy Alejach", FAR, False),
        ("Sala przy Alejach", None, False),
    ],
)
def test_one_cinema_by_name_or_by_place(cinema: str, at: tuple[float, float] | None, same: bool) -> None:
    assert bool(pairs(screening("Anora"), theirs("Anora", cinema=cinema, at=at))) is same


def test_a_cinema_known_by_name_is_not_the_one_next_door() -> None:
    next_door = screening("Anora", cinema="Paradox", at=NEAR, n=2)
    assert pairs(screening("Anora"), next_door, theirs("Anora", cinema="Kino Paradox")) == {(2, 1)}
    known = theirs("Ida", cinema="Kino Kijów", n=2)
    assert pairs(screening("Anora"), known, theirs("Anora", cinema="Paradox", at=NEAR)) == set()


def test_one_duplicate_each_and_the_best_first() -> None:
    ours = (screening("Anora", 0, n=1), screening("Anora", 10, n=2), screening("Konklawe", 0, n=3))
    others = (theirs("Anora", 1, n=1), theirs("Anora", 11, n=2), theirs("Konklawe", 2, n=3))
    assert pairs(*ours, *others) == {(1, 1), (2, 2), (3, 3)}
    assert pairs(*ours[:1], *others[:2]) == {(1, 1)}


def test_the_versions_pair_up() -> None:
    ours = (screening("Wicked dubbing", n=1), screening("Wicked napisy", n=2))
    others = (theirs("Wicked - napisy", n=2), theirs("Wicked (dubbing)", n=1))
    assert pairs(*ours, *others) == {(1, 1), (2, 2)}


def test_screenings_of_one_source_are_never_duplicates() -> None:
    assert pairs(screening("Anora", n=1), screening("Anora", n=2)) == set()


def test_a_pair_said_to_be_apart_leaves_both_free() -> None:
    ours, first, second = screening("Anora"), theirs("Anora", 1, n=1), theirs("Anora", 2, n=2)
    (duplicate,) = similarity.duplicates((ours, first, second), [frozenset((ours.key, first.key))])
    assert {duplicate.one.key, duplicate.other.key} == {ours.key, second.key}


@pytest.mark.parametrize(
    ("title", "bare", "label"),
    [
        ("Wicked: Na dobre 2D dubbing", "Wicked: Na dobre", "2D, dubbing"),
        ("Zwierzogród 2 ukraiński dubbing", "Zwierzogród 2", "ukraiński dubbing"),
        ("Zwierzogród 2 dubbing ukraiński", "Zwierzogród 2", "ukraiński dubbing"),
        ("Interstellar IMAX", "Interstellar", "IMAX"),
        ("Avatar: Ogień i popiół IMAX 3D napisy", "Avatar: Ogień i popiół", "IMAX 3D, napisy"),
        ("Persona - napisy polskie", "Persona", "napisy"),
        ("Rejs (lektor)", "Rejs", "lektor"),
        ("Oppenheimer 70mm", "Oppenheimer", "70 mm"),
        ("Bugonia (seans z napisami)", "Bugonia", "napisy"),
        ("Bugonia - wersja z lektorem", "Bugonia", "lektor"),
        ("Vaiana 2 (wersja z polskim dubbingiem)", "Vaiana 2", "dubbing"),
        ("Vaiana 2 z polskimi napisami", "Vaiana 2", "napisy"),
        ("Bugonia napisy PL/UKR", "Bugonia", "napisy"),
        ("Bugonia 2D NAP", "Bugonia", "2D, napisy"),
        ("Bugonia 2D DUB ATMOS", "Bugonia", "2D Dolby Atmos, dubbing"),
        ("F1 laser IMAX", "F1", "IMAX"),
        ("Wesele po polsku", "Wesele po polsku", ""),
        ("Mój film z napisami", "Mój film", "napisy"),
        ("Bugonia dubbing (UA)", "Bugonia", "ukraiński dubbing"),
        ("Bugonia (2D/dubbing/UA)", "Bugonia", "2D, ukraiński dubbing"),
        ("Bugonia dubbing - wersja ukraińska", "Bugonia", "ukraiński dubbing"),
        ("Bugonia 2D NAP/UKR", "Bugonia", "2D, napisy ukraińskie"),
        ("Bugonia - napisy (ang.)", "Bugonia", "napisy angielskie"),
        ("Bugonia with English subtitles", "Bugonia", "napisy angielskie"),
        ("Bugonia (wersja oryginalna z napisami)", "Bugonia", "napisy"),
        ("Bugonia w wersji z dubbingiem", "Bugonia", "dubbing"),
        ("Anora", "Anora", ""),
        ("2D", "2D", ""),
        ("Dubbing", "Dubbing", ""),
        ("Flow OV", "Flow", "wersja oryginalna"),
        ("Flow (AD)", "Flow", "audiodeskrypcja"),
        ("Ad Astra", "Ad Astra", ""),
        ("Flow z audiodeskrypcją i napisami dla niesłyszących", "Flow", "audiodeskrypcja, napisy dla niesłyszących"),
        (
            "Kino bez barier: Flow (AD + napisy SDH)",
            "Kino bez barier: Flow",
            "audiodeskrypcja, napisy dla niesłyszących",
        ),
        ("Seans sensoryczny: Flow", "Flow", "seans przyjazny sensorycznie"),
        ("Flow - pokaz sensoryczny - dubbing", "Flow", "dubbing, seans przyjazny sensorycznie"),
        ("Flow | tłumaczenie na PJM", "Flow", "PJM"),
        ("Flow z tłumaczeniem na polski język migowy", "Flow", "PJM"),
        ("Język migowy miłości", "Język migowy miłości", ""),
        ("Sensoryczny świat", "Sensoryczny świat", ""),
        ("Audiodeskrypcja", "Audiodeskrypcja", "audiodeskrypcja"),
    ],
)
def test_versions(title: str, bare: str, label: str) -> None:
    found, version = versions.read(title)
    assert (found, version.label) == (bare, label)


@pytest.mark.parametrize(
    ("title", "hour", "label"),
    [
        ("Wicked dubbing", "napisy", "napisy"),
        ("Wicked", "2D NAP", "2D, napisy"),
        ("Wicked", "nap.", "napisy"),
        ("Wicked dubbing", "IMAX", "IMAX, dubbing"),
        ("Wicked 3D napisy", "2D", "2D, napisy"),
        ("Wicked", "DUB", "dubbing"),
        ("Wicked ukraiński dubbing", "Sala 3", "ukraiński dubbing"),
        ("Wicked", "2D, NAP, ATMOS", "2D Dolby Atmos, napisy"),
        ("Wicked", "•" * 5000, ""),
    ],
)
def test_what_stands_beside_an_hour_beats_the_title(title: str, hour: str, label: str) -> None:
    assert versions.beside(versions.read(title)[1], hour).label == label
    assert versions.read(versions.titled(title, hour))[1].label == label


def test_a_title_and_its_hour_both_say_for_whom_it_is_accessible() -> None:
    version = versions.beside(versions.read("Wicked - audiodeskrypcja")[1], "2D napisy PJM")
    assert version.label == "2D, napisy, audiodeskrypcja, PJM"
    assert versions.titled("Wicked - audiodeskrypcja", "2D napisy PJM") == "Wicked 2D, napisy"
