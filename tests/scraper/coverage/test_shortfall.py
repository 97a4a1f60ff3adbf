"""What a week lacks, from days that need no database: which of them are counted together."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.coverage.expectation import Expected
from scraper.coverage.readings import Day
from scraper.coverage.shortfall import shortfall
from scraper.models import DayScrape

MONDAY = dt.date(2026, 11, 23)
DROP = 0.3


def day(number: int, listed: int, *, known: int = 0, expected: Expected | None = None) -> Day:
    """A day of one cinema, read once and, where something was known of it, read before."""
    read = DayScrape(status=DayScrape.Status.VERIFIED, by_cinema={"kijow": [listed]})
    earlier = (DayScrape(status=DayScrape.Status.VERIFIED, by_cinema={"kijow": [known]}),) if known else ()
    return Day(MONDAY + dt.timedelta(days=number), read, read, earlier, expected)


@pytest.mark.parametrize(
    "short",
    [{"known": 100}, {"expected": Expected(100, 60)}, {"known": 100, "expected": Expected(100, 60)}],
    ids=["against earlier readings", "against past weeks", "against both"],
)
def test_days_of_which_nothing_is_known_do_not_hide_a_week_s_shortfall(short: dict[str, object]) -> None:
    lacking = [day(number, 20, **short) for number in range(4)]  # type: ignore[arg-type]
    full = [day(number, 500, expected=Expected(0, 0)) for number in range(4, 7)]
    assert shortfall([*lacking, *full], DROP).week == 4 * 80
    fewer = shortfall([*lacking[1:], *full], DROP)
    assert fewer.week == 0, "three days are no week"
    assert fewer.days == {str(one.date): 80 for one in lacking[1:]}


def test_the_larger_of_both_shortfalls_is_the_week_s() -> None:
    days = [day(number, 20, known=60, expected=Expected(100, 60)) for number in range(7)]
    assert shortfall(days, DROP).week == 7 * 80
    days = [day(number, 20, known=200, expected=Expected(100, 60)) for number in range(7)]
    assert shortfall(days, DROP).week == 7 * 180


def test_a_whole_week_lacks_nothing() -> None:
    days = [day(number, 100, known=100, expected=Expected(100, 60)) for number in range(7)]
    found = shortfall(days, DROP)
    assert (found.gone, found.week, found.days, found.cinemas) == ({}, 0, {}, {})
