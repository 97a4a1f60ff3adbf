from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.site.polish import (
    MONTHS,
    WEEKDAYS,
    SaidDate,
    header_date,
    infer_date,
    is_date,
    month_number,
    read_date,
    weekday_number,
)

DATES = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ("poniedziałek PONIEDZIALEK Pn Pon. Monday", 0),
        ("wtorek Wt Tuesday", 1),
        ("środa Środę sroda Śr sr Wednesday", 2),
        ("czwartek Czw Cz Thursday", 3),
        ("piątek piatek Pt Friday", 4),
        ("sobota sobotę soboty Sob So Saturday", 5),
        ("niedziela niedzielę Nd Niedz. Sunday", 6),
    ],
)
def test_weekdays(names: str, number: int) -> None:
    assert [weekday_number(name) for name in names.split()] == [number] * len(names.split())


@pytest.mark.parametrize("name", ["", "active", "Dziś", "maj", "."])
def test_what_is_no_weekday(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a weekday"):
        weekday_number(name)


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ("styczeń STYCZEN stycznia", 1),
        ("luty Lutego", 2),
        ("września wrzesnia", 9),
        ("październik pazdziernika PAŹDZIERNIKA", 10),
        ("grudnia gru gru. XII", 12),
        ("lis list listop.", 11),
    ],
)
def test_months(names: str, number: int) -> None:
    assert {month_number(name) for name in names.split()} == {number}


def test_every_month_has_two_forms_of_its_own() -> None:
    assert [month_number(form) for forms in MONTHS for form in forms] == [n for n in range(1, 13) for _ in range(2)]


@pytest.mark.parametrize("name", ["", "10", "may", "sobota", "listopda", "ma", "xi"])
def test_what_is_no_month(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a month"):
        month_number(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("czwartek, 2 października", "czwartek, 2.10"),
        ("Niedziela,29\xa0lutego", "niedziela, 29.02"),
        ("Dziś, czwartek 2 października 2025 r.", "czwartek, 2.10.2025"),
        ("Kraków, 3 kina: piątek, 3 października (dziś)", "piątek, 3.10"),
        ("Repertuar na środę, 1 stycznia", "środa, 1.01"),
        ("\n 29\xa0LUTEGO \n 2024 ", "29.02.2024"),
        ("27.11.2026", "27.11.2026"),
        ("27.11.26", "27.11.2026"),
        ("27.11", "27.11"),
        ("27/11", "27.11"),
        ("2026-11-27", "27.11.2026"),
        ("pt. 27 lis.", "piątek, 27.11"),
        ("27 XI 2026 roku (piątek)", "piątek, 27.11.2026"),
        ("Pt 27 . 11", "piątek, 27.11"),
        ("27-go listopada", "27.11"),
        ("26.11, czyli czwartek, i jeszcze 26.11", "26.11"),
    ],
)
def test_the_one_day_that_a_text_names(text: str, said: str) -> None:
    assert str(read_date(text)) == said


@pytest.mark.parametrize(
    "text",
    [
        *("", "czwartek", "czwartek, 32 października", "czwartek, 31 czerwca", "27 listopda", "6 grudnia 0000"),
        *(
            "sobota, 29 lutego 2025",
            "od: piątek, 3 października do: sobota, 4 października",
            "Premiery od 3 października",
        ),
        *("27-30 listopada", "27 listopada - 3 grudnia", "10:30", "3 kina", "2 godz. 15 min", "słowo " * 40 + "27.11"),
    ],
)
def test_what_names_no_day_or_several(text: str) -> None:
    assert read_date(text) is None


def test_a_date_stands_alone() -> None:
    assert is_date("Dziś, piątek, 27 listopada 2026 r.")
    assert is_date("27.11 (pt)")
    assert not is_date("Repertuar na 27.11")
    assert not is_date("piątek")


@given(DATES)
def test_a_day_is_read_as_it_is_written(date: dt.date) -> None:
    assert read_date(header_date(date)) == SaidDate(date.day, date.month, None, date.weekday())
    assert read_date(f"{date:%d.%m.%Y}") == read_date(date.isoformat()) == SaidDate(date.day, date.month, date.year)


def test_a_day_with_another_weekday_is_another_day() -> None:
    friday = SaidDate(27, 11, weekday=4)
    assert friday.near(dt.date(2026, 11, 20)) == dt.date(2026, 11, 27)
    with pytest.raises(ValueError, match="2025-11-27 is czwartek, not piątek"):
        friday.near(dt.date(2025, 11, 20))
    with pytest.raises(ValueError, match="2025-11-27 is czwartek, not piątek"):
        SaidDate(27, 11, 2025, 4).near(dt.date(2026, 11, 20))


@given(DATES, st.integers(-180, 180))
def test_the_year_of_a_near_day_is_found(today: dt.date, distance: int) -> None:
    date = today + dt.timedelta(days=distance)
    assert infer_date(date.day, date.month, today=today, weekday=date.weekday()) == date


@pytest.mark.parametrize(
    ("day", "month", "today", "date"),
    [
        (1, 1, dt.date(2025, 12, 29), dt.date(2026, 1, 1)),
        (4, 1, dt.date(2025, 12, 31), dt.date(2026, 1, 4)),
        (31, 12, dt.date(2026, 1, 1), dt.date(2025, 12, 31)),
        (29, 2, dt.date(2024, 2, 26), dt.date(2024, 2, 29)),
        (29, 2, dt.date(2025, 1, 1), dt.date(2024, 2, 29)),
        (2, 1, dt.date(2024, 7, 3), dt.date(2025, 1, 2)),  # 183 days either way: the later
    ],
)
def test_the_nearest_year(day: int, month: int, today: dt.date, date: dt.date) -> None:
    assert infer_date(day, month, today=today) == date


def test_a_weekday_checks_the_year_and_does_not_choose_it() -> None:
    # 2 October 2025 is a Thursday; it was a Wednesday in 2024.
    with pytest.raises(ValueError, match="2025-10-02 is czwartek, not środa"):
        infer_date(2, 10, today=dt.date(2025, 10, 1), weekday=WEEKDAYS.index("środa"))


@pytest.mark.parametrize(("day", "month"), [(29, 2), (31, 11), (0, 5), (1, 13)])
def test_a_day_that_does_not_exist_near_today(day: int, month: int) -> None:
    with pytest.raises(ValueError, match="there is no"):
        infer_date(day, month, today=dt.date(2026, 2, 28))
