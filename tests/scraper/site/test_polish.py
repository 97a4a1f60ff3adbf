from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.site.polish import (
    MONTHS,
    WEEKDAYS,
    find_header_date,
    header_date,
    infer_date,
    month_number,
    parse_header_date,
    parse_long_date,
    parse_time,
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
        ("sobota sobotę Sob So Saturday", 5),
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
        ("grudnia", 12),
    ],
)
def test_months(names: str, number: int) -> None:
    assert {month_number(name) for name in names.split()} == {number}


def test_every_month_has_two_forms_of_its_own() -> None:
    assert [month_number(form) for forms in MONTHS for form in forms] == [n for n in range(1, 13) for _ in range(2)]


@pytest.mark.parametrize("name", ["", "10", "may", "sobota"])
def test_what_is_no_month(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a month"):
        month_number(name)


@pytest.mark.parametrize(
    ("text", "time"),
    [("10:30", dt.time(10, 30)), ("10.30", dt.time(10, 30)), (" 9:05\n", dt.time(9, 5)), ("00:00", dt.time(0))],
)
def test_times(text: str, time: dt.time) -> None:
    assert parse_time(text) == time


@pytest.mark.parametrize(
    "text", ["", "25:99", "24:00", "10:60", "10", "10:3", "1030", "10:30:00", "-1:30", "١٠:٣٠", "10;30"]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        parse_time(text)


def test_long_dates() -> None:
    assert parse_long_date("6 grudnia 2024") == dt.date(2024, 12, 6)
    assert parse_long_date("\n 29\xa0LUTEGO \n 2024 ") == dt.date(2024, 2, 29)


@pytest.mark.parametrize("text", ["", "6 grudnia", "29 lutego 2025", "0 maja 2024", "6 grudnia 0000", "6.12.2024"])
def test_what_is_no_long_date(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several reasons, one answer
        parse_long_date(text)


def test_header_dates() -> None:
    assert parse_header_date("czwartek, 2 października") == (3, 2, 10, None)
    assert parse_header_date("Niedziela,29\xa0lutego") == (6, 29, 2, None)
    assert parse_header_date("Dziś, czwartek 2 października 2025 r.") == (3, 2, 10, 2025)


@pytest.mark.parametrize(
    "text",
    [
        *("", "czwartek", "2 października", "czwartek, 32 października", "czwartek, 31 czerwca", "jutro, 2 maja"),
        *("sobota, 29 lutego 2025", "od: piątek, 3 października do: sobota, 4 października"),
    ],
)
def test_what_is_no_header_date(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several reasons, one answer
        parse_header_date(text)


def test_a_day_is_found_in_a_heading() -> None:
    assert find_header_date("Kraków, 3 kina: piątek, 3 października (dziś)") == (4, 3, 10, None)
    assert find_header_date("Repertuar na środę, 1 stycznia") == (2, 1, 1, None)
    assert find_header_date("Premiery, 3 października") is None


@given(DATES)
def test_a_day_is_read_as_it_is_written(date: dt.date) -> None:
    assert parse_header_date(header_date(date)) == (date.weekday(), date.day, date.month, None)


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
