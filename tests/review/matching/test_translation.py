from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.titles.reading import read
from events.titles.spelling import fold
from review.matching import translation
from review.matching.similarity import kinship


@pytest.mark.parametrize(
    ("word", "starts"),
    [
        ("życia", ("life", "live")),
        ("krwi", ("blood",)),
        ("nieznajomego", ("stranger",)),  # not "niebo", nor "nieznany"
        ("Batman", ()),
        ("gravity", ()),  # not "gra": the stem is the longer part of a word
    ],
)
def test_a_polish_word_in_any_form_has_its_english(word: str, starts: tuple[str, ...]) -> None:
    assert translation.english(fold(word)) == starts


@pytest.mark.parametrize(
    ("title", "starts"),
    [
        ("Opowieść o Benie Carsonie", ("cars", "beni", "story")),
        ("Gremliny 2", ("grem",)),
        ("Nie ma jak w domu", ("house",)),
        ("2046", ()),
        ("", ()),
    ],
)
def test_names_and_loanwords_are_searched_before_what_is_translated(title: str, starts: tuple[str, ...]) -> None:
    assert translation.beginnings(title) == starts


@pytest.mark.parametrize(
    ("title", "name", "grade"),
    [
        ("Czarna wdowa", "Black Widow", "translated"),
        ("Małe kobietki", "Little Women", "translated"),
        ("Powrót", "The Return", "translated"),
        ("Powrót", "The Return of the King", "akin"),
        ("Gremliny 2", "Gremlins 2: The New Batch", "akin"),
        ("Gremliny 2", "Gremlins", "other"),
        ("Czerwony Kaptur", "Redemption", "other"),
        ("Nie dla psa", "Not for Her", "other"),
        ("Adwokat", "The Counselor", "other"),
        ("", "The Counselor", "other"),
    ],
)
def test_titles_of_one_film_in_two_languages(title: str, name: str, grade: str) -> None:
    assert kinship(read(title), ["七人の侍", name]) == grade


def test_stems_are_folded_and_unlike_words_that_say_nothing() -> None:
    for stem, starts in translation._ENGLISH.items():
        assert fold(stem) == stem
        assert translation.telling(stem) == (stem,)
        assert all(fold(start) == start for start in starts)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_it(title: str, name: str) -> None:
    assert kinship(read(title), [name]) in ("translated", "akin", "other")
    assert all(translation.beginnings(title))
