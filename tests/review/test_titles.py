"""The tables of noise are tested by their own examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import noise, titles
from review.noise import Kind


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
    ],
)
def test_noise_comes_in_layers(title: str, form: str, labels: set[str]) -> None:
    reading = titles.read(title)
    assert reading.forms[0] == form
    assert set(reading.labels) == labels


@pytest.mark.parametrize(
    "title",
    [
        "Maratończyk", "Koncert", "Noc na Ziemi", "Opera", "Premiera", "Kino Paradiso", "2046", "IO", "M", "Z", "3D",
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
        ("Radin!. Dusigrosz", {("Radin!", "Dusigrosz")}),
    ],
)
def test_double_titles_come_apart(title: str, halves: set[tuple[str, str]]) -> None:
    assert set(titles.read(title).halves) == halves


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
        ("Ronal barbaren", "Ronal barba"),
    ],
)
def test_other_ways_to_write_a_title(title: str, other: str) -> None:
    assert other in titles.respelled(title)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    reading = titles.read(text)
    assert all(form.strip() == form and "\0" not in form for form in reading.forms)
    assert bool(reading.forms) == bool(text.replace("\0", " ").strip())
    assert titles.read(text) == reading
