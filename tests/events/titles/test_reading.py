"""The tables of noise are tested by their own examples."""

from __future__ import annotations

import time
from typing import Any
from unittest.mock import Mock, patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.titles import noise
from events.titles import reading as titles
from events.titles.noise import Kind
from events.titles.reading import Said, read


@pytest.mark.parametrize("rule", noise.RULES, ids=lambda rule: f"{rule.label}: {rule.example[0]}")
def test_a_rule_takes_its_noise_off(rule: noise.Rule) -> None:
    title, left = rule.example
    reading = titles.read(title)
    assert reading.forms[0] == left
    assert rule.label in reading.labels
    assert rule.regex.search(title)


@pytest.mark.parametrize("rule", noise.NOT_FILMS, ids=lambda rule: rule.example)
def test_what_is_no_film_is_recognised(rule: noise.NotAFilm) -> None:
    assert rule.matches(rule.example)
    assert titles.read(rule.example).hint == titles.Hint(rule.kind, rule.certain)


@pytest.mark.parametrize(
    ("title", "form", "labels"),
    [
        ("Zwierzogród 2 - 3D ukraiński dubbing", "Zwierzogród 2", {"3D", "ukraiński dubbing"}),
        ("Aquaman Dolby Atmos 2D", "Aquaman", {"Dolby Atmos", "2D"}),
        ("DKF: Persona (napisy)", "Persona", {"DKF", "napisy"}),
        ("Kino Seniora: „Vinci 2”", "Vinci 2", {"kino seniora"}),
        ("Mój film z napisami", "Mój film", {"napisy"}),
        ("Bugonia (seans z napisami)", "Bugonia", {"napisy"}),
        ("Bugonia - wersja z lektorem", "Bugonia", {"lektor"}),
        ("Bugonia (wersja z polskim dubbingiem)", "Bugonia", {"dubbing"}),
        ("Bugonia 2D NAP/UKR", "Bugonia", {"2D", "NAP", "wersja ukraińska"}),
        ("Bugonia (napisy PL/UKR)", "Bugonia", {"napisy"}),
        ("Bugonia - napisy polskie i ukraińskie", "Bugonia", {"napisy"}),
        ("Bugonia z napisami dla niesłyszących", "Bugonia", {"napisy"}),
        ("Bugonia with English subtitles", "Bugonia", {"napisy"}),
        ("Bugonia (AD + napisy)", "Bugonia", {"audiodeskrypcja", "napisy"}),
        ("Bugonia w wersji z dubbingiem", "Bugonia", {"dubbing"}),
        ("Bugonia w wersji oryginalnej z napisami", "Bugonia", {"wersja oryginalna", "napisy"}),
        ("Bugonia - napisy (ang.)", "Bugonia", {"napisy"}),
        ("Bugonia - wersja 4K", "Bugonia", {"odnowiony"}),
        ("Bugonia • 2D ~ [dubbing]", "Bugonia", {"2D", "dubbing"}),
        ("Bugonia + DKF", "Bugonia", {"DKF"}),
        ("Filmowe Poranki - Bing", "Bing", {"poranek"}),
        ("Hitchcock w Baranach: Ptaki (1963)", "Ptaki", {"w kinie", "rok"}),
    ],
)
def test_noise_comes_in_layers(title: str, form: str, labels: set[str]) -> None:
    reading = titles.read(title)
    assert reading.forms[0] == form
    assert set(reading.labels) == labels


@pytest.mark.parametrize(
    "title",
    [
        "Maratończyk", "Maraton tańca", "Nocny maraton", "Koncert", "Le Concert (Koncert)", "Koncert - Le Concert",
        "Jonas Brothers: Koncert 3D", "Noc filmów", "Noc w operze", "Teatr krwi", "Tosca", "Carmen", "Ladies Night",
        "Babski wieczór", "Poranek kojota", "Poranek: Wschód słońca", "Wielka premiera", "Wesele po polsku",
        "Miłość i koncert", "The Final Cut", "Best of the Best 3: No Turning Back", "Fahrenheit 9/11",
        "Short Circuit 2",
        "Royal Opera", "IMAX: Hubble 3D", "UA", "Ad Astra", "Noc na Ziemi", "2000 AD",
        "Opera", "Premiera", "Kino Paradiso", "2046", "IO", "M", "Z", "3D",
        "Dubbing", "Nap", "The Nap", "Klasyczna historia", "Spektakularny", "Trzy kolory: Niebieski", "Kolekcja",
        "Piranha 3D", "Kolekcja sukienek", "Blade Runner: The Final Cut",
    ],
)  # fmt: skip
def test_what_looks_like_noise_may_be_a_title(title: str) -> None:
    reading = titles.read(title)
    assert title in reading.forms
    assert reading.hint is None or not reading.hint.certain


@pytest.mark.parametrize(
    ("title", "halves"),
    [
        ("Eternity. Wybieram ciebie", {("Eternity", "Wybieram ciebie")}),
        ("Mumia (The Mummy)", {("Mumia", "The Mummy")}),
        ("Dr. Strangelove", set()),
        ("M. Morderca", set()),
        ("Morderca. M", set()),
        ("Radin!. Dusigrosz", {("Radin!", "Dusigrosz")}),
    ],
)
def test_double_titles_come_apart(title: str, halves: set[tuple[str, str]]) -> None:
    assert set(titles.read(title).halves) == halves


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("NTL: Hamlet", Kind.BROADCAST),
        ("Kino Konesera: NT Live: Hamlet (napisy)", Kind.BROADCAST),
        ("Hamlet - spektakl (napisy)", Kind.STAGE_PLAY),
        ("Balet Bolszoj: Jezioro łabędzie", Kind.BROADCAST),
        ("Teatr Bolszoj: Giselle", Kind.BROADCAST),
        ("Royal Ballet & Opera: Giselle", Kind.BROADCAST),
        ("RBO: Giselle", Kind.BROADCAST),
        ("Opera z Met: Aida", Kind.BROADCAST),
        ("Teatr w kinie: Mayday", Kind.STAGE_PLAY),
        ("Nocny Maraton Horrorów", Kind.MARATHON),
        ("ENEMEF: Noc Horrorów", Kind.MARATHON),
        ("Maraton: Obcy", Kind.MARATHON),
        ("Ladies Night 8 marca", Kind.LADIES_NIGHT),
        ("Filmowe Poranki", Kind.PROGRAMME),
        ("Metallica: koncert na żywo", Kind.CONCERT),
    ],
)
def test_what_can_be_no_film_is_certain(title: str, kind: Kind) -> None:
    assert titles.read(title).hint == titles.Hint(kind, certain=True)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Rafał Pacześ - stand-up", Kind.STAGE_PLAY),
        ("Tosca - opera", Kind.BROADCAST),
        ("Maraton Harry Potter", Kind.MARATHON),
        ("Kino Kobiet", Kind.LADIES_NIGHT),
        ("Ladies Night - wieczór kobiet", Kind.LADIES_NIGHT),
        ("Bing - zestaw 3", Kind.PROGRAMME),
        ("Seans niespodzianka", Kind.PROGRAMME),
    ],
)
def test_what_may_be_no_film_is_asked_about(title: str, kind: Kind) -> None:
    assert titles.read(title).hint == titles.Hint(kind, certain=False)


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Kill Bill 1 / Kill Bill 2", ("Kill Bill 1", "Kill Bill 2")),
        ("Obcy / Obcy 2", ("Obcy", "Obcy 2")),
        ("Kill Bill 1 i 2", ("Kill Bill 1", "Kill Bill 2")),
        ("Shrek 1 + 2 dubbing", ("Shrek 1", "Shrek 2")),
        ("Maraton Shrek 1-3", ("Shrek 1", "Shrek 2", "Shrek 3")),
        ("Podwójny seans: Barbie i Oppenheimer", ("Barbie", "Oppenheimer")),
        ("Mumia / The Mummy", ()),
        ("Fahrenheit 9/11", ()),
        ("Jules i Jim", ()),
        ("Rok 1 - 9", ("Rok 1", "Rok 2", "Rok 3", "Rok 4", "Rok 5", "Rok 6", "Rok 7", "Rok 8", "Rok 9")),
    ],
)
def test_the_films_of_a_double_bill(title: str, parts: tuple[str, ...]) -> None:
    assert titles.read(title).parts == parts


def test_a_double_bill_names_its_films() -> None:
    reading = titles.read("Shrek + Shrek 2 dubbing")
    assert reading.parts == ("Shrek", "Shrek 2")
    assert reading.hint == titles.Hint(Kind.DOUBLE_BILL, certain=True)
    assert titles.read("Romeo + Juliet").hint == titles.Hint(Kind.DOUBLE_BILL, certain=False)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Gladiator 2", "Gladiator II"),
        ("Rocky V", "Rocky 5"),
        ("Rocky and Bullwinkle", "Rocky Bullwinkle"),
        ("Maquia: Obiecaj mi kwiat", "Maquia"),
    ],
)
def test_other_ways_to_write_a_title(title: str, other: str) -> None:
    assert other in titles.respelled(title)


@pytest.mark.parametrize(
    ("title", "other"), [("Ronal barbaren", ["Ronal barba"]), ("Ronal bar", []), ("Barbaren", []), ("", [])]
)
def test_a_last_word_in_another_language(title: str, other: list[str]) -> None:
    assert list(titles.inflected(title)) == other


@pytest.mark.parametrize("text", ["-", "( ", "a ", "1 + ", "maraton ", "kino "])
def test_a_text_without_end_is_read_in_no_time(text: str) -> None:
    begun = time.process_time()
    titles.read(text * 10_000)
    assert time.process_time() - begun < 2  # a hundred times what it takes


def searches(text: str) -> int:
    """How often the noise's patterns are tried while a title is read."""
    rules: list[Any] = [Mock(wraps=rule, regex=Mock(wraps=rule.regex)) for rule in noise.RULES]
    with patch("events.titles.reading.RULES", rules):
        titles.read.__wrapped__(text)
    return sum(rule.regex.search.call_count for rule in rules)


@pytest.mark.parametrize("text", ["- ", "(", ") ", "a - ", "a. ", "a / ", "(a) - ", "a: b | "])
def test_more_gaps_than_a_title_has_cost_nothing_more(text: str) -> None:
    assert searches((text * 300)[:300]) <= searches((text * 300)[:150]) * 1.5


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    reading = titles.read(text)
    assert all(form.strip() == form and "\0" not in form for form in reading.forms)
    assert bool(reading.forms) == bool(text.replace("\0", " ").strip())
    assert titles.read(text) == reading


@pytest.mark.parametrize(
    ("title", "piece"),
    [
        ("WTF Fest | Mały Otik", "Mały Otik"),
        ("Noce Cabirii (1957) | FEDERICO FELLINI: ciao a tutti!", "Noce Cabirii"),
        ("Rok z Marilyn Monroe: Książę i aktoreczka", "Książę i aktoreczka"),
        ("„Portret kobiety w ogniu” w ramach cyklu Kino Siostrzeńskie", "Portret kobiety w ogniu"),
        ("Kobiecy Dobry Wieczór ze Zwierciadłem - „Zaproszenie” - przedpremiera", "Zaproszenie"),
        ("Tadeusz Konwicki w 100. rocznicę urodzin – Jak daleko stąd, jak blisko", "Jak daleko stąd, jak blisko"),
        ("Straszny film/Kino Cafe/napisy", "Straszny film"),
        ("Ojczyzna_DKF", "Ojczyzna"),
        ("Letnie Granie // Czarny kot // pokaz", "Czarny kot"),
    ],
)
def test_a_piece_of_a_title_may_be_the_title(title: str, piece: str) -> None:
    reading = read(title)
    assert piece in (*reading.pieces, *reading.forms)


@pytest.mark.parametrize(
    ("title", "piece"),
    [
        ("Avatar: Istota wody", "Avatar"),  # its series
        ("Diuna - Część druga", "Diuna"),  # another part
        ("Krąg 2 | The Ring", "The Ring"),
    ],
)
def test_what_is_only_the_name_of_a_series_is_no_piece(title: str, piece: str) -> None:
    assert piece not in read(title).pieces


@pytest.mark.parametrize(
    ("title", "form", "said"),
    [
        ("Obcy reż. François Ozon (2025)", "Obcy", Said(2025, None, ("François Ozon",))),
        ("Perfect Days reż. Wim Wenders", "Perfect Days", Said(None, None, ("Wim Wenders",))),
        ("Mężczyzna, reżyseria: JAN P. MATUSZYŃSKI", "Mężczyzna", Said(None, None, ("JAN P. MATUSZYŃSKI",))),
        ("500 MIL (102’)", "500 MIL", Said(None, 102, ())),
        ("Rejs (65 min.)", "Rejs", Said(None, 65, ())),
        ("Kanał (Polska, 1956)", "Kanał", Said(1956, None, ())),
        ("AUTA (2006/2026)", "AUTA", Said(2006, None, ())),
        ("2046", "2046", Said()),
        ("1917", "1917", Said()),
    ],
)
def test_facts_in_a_title_are_read_as_facts(title: str, form: str, said: Said) -> None:
    reading = read(title)
    assert (reading.forms[0], reading.said) == (form, said)


def test_lost_letters_come_last_in_a_search_and_are_left_out() -> None:
    assert read("Sprawiedliwoďż˝ďż˝ owiec").forms[0] == "owiec Sprawiedliwo"


@pytest.mark.parametrize(
    "title",
    ["OPERA 2026/2027 - Tosca", "Niebezpieczne związki | TEATR W KINIE", "ReTransmisje Met: Aida",
     "Przytul mnie - zestaw VII",
     "21 i 22 Jump Street – podwójny seans", "SEANS W CIEMNO", "Balet 2026/27 – Dziadek do orzechów",
     "Superman i Supergirl Mini Maraton", 'Abelard Giza "Wentyl"', "Prima Facie (retransmisja spektaklu)"],
)  # fmt: skip
def test_what_is_no_film_is_known_by_its_form(title: str) -> None:
    assert read(title).hint


@pytest.mark.parametrize(
    "title", ["Przegląd Nowego Kina Francuskiego: Windą na szafot", "Spotkanie na szczycie", "Live Flesh"]
)
def test_a_film_is_not_taken_for_none(title: str) -> None:
    assert read(title).hint is None
