"""What past weeks let expect of a count, from numbers alone."""

from __future__ import annotations

from scraper.coverage.expectation import Expected, expect, short_of
from scraper.coverage.shortfall import shortfall
from tests.scraper.coverage.test_shortfall import DROP, day

WHOLE = (50, 51, 52, 50, 49, 51, 50, 52)
PRESALE = (8, 27, 18, 17, 16, 28, 19, 12)


def test_a_presale_that_is_empty_by_chance_is_not_short() -> None:
    expected = expect(PRESALE, PRESALE, WHOLE)
    assert expected is not None
    assert expected.low == 0
    assert short_of(0, expected, None, DROP) == 0


def test_a_week_that_comes_out_late_is_held_against_the_presale_and_not_short() -> None:
    assert expect(WHOLE, PRESALE, WHOLE) == Expected(50.5, 0)


def test_a_programme_that_past_weeks_had_whole_by_then_is_short() -> None:
    expected = expect(WHOLE, WHOLE, WHOLE)
    assert expected is not None
    assert short_of(20, expected, None, DROP) == 30
    most = [0.6 * count for count in WHOLE]
    expected = expect(WHOLE, [int(count) for count in most], WHOLE)
    assert expected is not None
    assert short_of(2, expected, None, DROP) == 48, "most of it was whole"


def test_without_readings_of_the_day_itself_what_was_listed_earlier_counts() -> None:
    expected = expect(WHOLE, WHOLE, (51, 50))
    assert expected is not None
    assert expected.low > 30


def test_what_fell_from_its_own_earlier_readings_is_short_presale_or_not() -> None:
    assert short_of(0, expect(PRESALE, PRESALE, WHOLE), 20, DROP) == 20


def test_without_a_cinema_that_is_gone_a_day_is_held_against_the_others_share() -> None:
    """A cinema's own low is far below its share of the day's, for its few showtimes scatter more."""
    one = day(0, 130, expected=Expected(400, 200))
    one.cinemas_expected["mikro"] = Expected(180, 20)
    found = shortfall([one], DROP)
    assert found.gone == {"mikro": {str(one.date): 180}}
    assert found.days == {}, "of 220 that the others have 110 need not surprise"
    one = day(0, 100, expected=Expected(400, 200))
    one.cinemas_expected["mikro"] = Expected(180, 20)
    assert shortfall([one], DROP).days == {str(one.date): 120}
