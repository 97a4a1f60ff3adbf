# ruff: noqa: E501 - numbers in tables of few lines
"""What counts of made-up weeks let expect, what these lack, and what a witness's starts say of ours: in full."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from dateutil import easter as of_dateutil  # type: ignore[import-untyped]

from scraper.coverage import holidays
from scraper.coverage.expectation import Expected, expect, rarer, short_of
from scraper.coverage.readings import Day
from scraper.coverage.shortfall import shortfall
from scraper.coverage.witnesses import comparison
from scraper.coverage.witnesses.comparison import Row, Side, compare, hours_beside
from scraper.models import DayScrape
from tests import approved

MONDAY = dt.date(2026, 11, 23)
CINEMAS = ("kijow", "mikro", "multikino")
TITLES = ("Anora", "Bugonia", "Bugonia 2D dubbing", "Dom dobry", "Wicked: Na dobre", "Wicked")


def test_easter_is_when_dateutil_says_it_is() -> None:
    years = range(1900, 2200)
    assert [holidays.easter(year) for year in years] == [of_dateutil.easter(year) for year in years]


def test_holidays_of_two_years() -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(730)]
    approved.compare(
        "holidays",
        {str(year): [day for day in days if day.year == year and holidays.is_holiday(day)] for year in (2026, 2027)},
    )


def counts(dice: random.Random, usual: int) -> list[int]:
    return [max(0, round(dice.gauss(usual, usual**0.5 + 1))) for _ in range(dice.randrange(10))]


def test_what_past_weeks_let_expect() -> None:
    made = {}
    for number in range(60):
        dice = random.Random(number)
        usual = dice.choice((0, 3, 12, 40, 160, 400))
        past, earlier = counts(dice, usual), counts(dice, round(usual * dice.choice((0.2, 0.5, 0.8, 1))))
        expected, listed = (
            expect(past, earlier, counts(dice, usual)),
            round(usual * dice.choice((0, 0.4, 0.6, 0.69, 0.7, 0.9))),
        )
        known = dice.choice((None, 0, usual, 2 * usual))
        of, filled = dice.choice((5, 10, 40, 200)), dice.choice((0, 1, 4, 20, 60))
        made[f"{number:02}"] = [
            expected, short_of(listed, expected, known, 0.3), rarer(filled, of, dice.choice((0.1, 0.5, 0.95, 1.0)), 10),
        ]  # fmt: skip
    approved.compare("expected", made)


def reading(dice: random.Random, usual: dict[str, int]) -> DayScrape:
    listed = {slug: [round(count * dice.choice((0, 0.5, 0.8, 1, 1, 1, 1.1)))] for slug, count in usual.items()}
    return DayScrape(
        status=DayScrape.Status.VERIFIED, by_cinema={slug: count for slug, count in listed.items() if count[0]}
    )


@pytest.mark.parametrize("part", range(3))
def test_what_weeks_lack(part: int) -> None:
    made = {}
    for number in range(part, 60, 3):
        dice = random.Random(number)
        usual = {slug: dice.choice((3, 12, 40, 160)) for slug in CINEMAS}
        days = []
        for ahead in range(7):
            read = reading(dice, usual)
            earlier = tuple(reading(dice, usual) for _ in range(dice.randrange(3)))
            expected = dice.choice((None, Expected(sum(usual.values()), dice.choice((0, sum(usual.values()) // 2)))))
            of_cinemas = {slug: Expected(count, count // 2) for slug, count in usual.items() if dice.random() < 0.7}
            days.append(Day(MONDAY + dt.timedelta(days=ahead), read, read, earlier, expected, of_cinemas))
        made[f"{number:02}"] = [
            shortfall(days, 0.3),
            [(day.known, day.missing(0.3), sorted(day.slugs)) for day in days],
        ]
    approved.compare("shortfalls", made)


def side(dice: random.Random, base: list[tuple[str, dt.datetime, str]], beside: int) -> Side:
    rows: dict[comparison.Cell, list[Row]] = {}
    for key, (cinema, at, title) in enumerate(base):
        if dice.random() < 0.9:
            at += dt.timedelta(hours=beside, minutes=dice.choice((0, 0, 0, 0, 0, 0, 5)))
            said = (title,) if dice.random() < 0.8 else (dice.choice(TITLES),)
            rows.setdefault((cinema, at.date()), []).append(Row(key, at, dice.choice((said, said, said, ()))))
    failed = {(dice.choice(CINEMAS), MONDAY + dt.timedelta(days=dice.randrange(7))) for _ in range(dice.randrange(2))}
    return Side(rows, frozenset(failed), frozenset(dice.sample(CINEMAS, dice.choice((2, 3, 3)))))


@pytest.mark.parametrize("part", range(3))
def test_a_witness_s_starts_beside_ours(part: int) -> None:
    made = {}
    for number in range(part, 36, 3):
        dice = random.Random(number)
        base = [
            (
                cinema,
                dt.datetime.combine(
                    MONDAY + dt.timedelta(days=day), dt.time(dice.choice((14, 18, 20)), dice.choice((0, 30)))
                ),
                dice.choice(TITLES),
            )
            for day in range(dice.choice((3, 5, 7)))
            for cinema in CINEMAS
            for _ in range(dice.choice((1, 2, 4)))
        ]
        ours, theirs = side(dice, base, 0), side(dice, base, dice.choice((0, 0, 0, 1, -2)))
        after = dt.datetime.combine(MONDAY + dt.timedelta(days=dice.choice((0, 1, 4))), dt.time(15))
        dates = [MONDAY + dt.timedelta(days=n) for n in range(7)]
        made[f"{number:02}"] = [
            hours_beside(ours, theirs), comparison.coming_friday(after.date()),
            [
                " ".join((one.cinema, str(one.date), one.verdict, f"{one.ours}/{one.theirs}", *(f"{a.key}={b.key}" for a, b in one.same),
                          "swapped", *(f"{a.key}={b.key}" for a, b in one.swapped), "missing", *(str(row.key) for row in one.missing),
                          "extra", *(str(row.key) for row in one.extra)))
                for one in compare(ours, theirs, dates, after)
            ],
        ]  # fmt: skip
    approved.compare("witnesses", made)
