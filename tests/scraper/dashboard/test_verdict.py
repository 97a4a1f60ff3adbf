"""The coverage page's answer in a sentence, for each state that the seven days can be in."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.coverage.expectation import Expected
from scraper.coverage.readings import Day
from scraper.dashboard import verdict
from scraper.dashboard.charts.heat_map import Cell, Heat
from scraper.dashboard.marks import Card
from scraper.models import DayScrape

FRIDAY = dt.date(2026, 11, 27)
NO_GAPS = Heat([], [])


def card(ahead: int, status: str = "verified", gone: tuple[str, ...] = (), *, read: bool = True) -> Card:
    date = FRIDAY + dt.timedelta(days=ahead)
    row = DayScrape(date=date, date_said=date, status="verified", showtimes=90, by_cinema={"multikino": [90, 0]})
    return Card(Day(date, tried=row, read=row if read else None), status, gone)


def week(**other: Card) -> list[Card]:
    return [other.get(f"d{ahead}", card(ahead)) for ahead in range(7)]


def test_nothing_read_is_not_known() -> None:
    nothing = [Card(Day(FRIDAY), "unread", ())]
    assert verdict.of(nothing, NO_GAPS) == verdict.Verdict("none", "Not known yet: no day has been read.")


def test_all_is_well() -> None:
    said = verdict.of(week(), NO_GAPS)
    assert said.tone == "good"
    assert said.text.startswith("No: 7 of 7 days read and verified; not enough history")


@pytest.mark.parametrize(
    ("cards", "tone", "words"),
    [
        (week(d3=card(3, "failed")), "bad", ["Yes: ", "Monday could not be read"]),
        (
            week(d1=card(1, "suspicious", ("Multikino",)), d2=card(2, "suspicious", ("Multikino",))),
            "warn",
            ["Yes: nothing at Multikino on Saturday and Sunday."],
        ),
        (week(d1=card(1, "stale")), "warn", ["Saturday was last read too long ago"]),
        (
            week(d6=card(6, "unread", read=False)),
            "none",
            ["Nothing as far as is known", "Thursday has not been read yet"],
        ),
        (week(d1=card(1, "suspicious")), "warn", ["Saturday looks incomplete"]),
    ],
)
def test_what_is_missing_is_named(cards: list[Card], tone: str, words: list[str]) -> None:
    said = verdict.of(cards, NO_GAPS)
    assert said.tone == tone
    for word in words:
        assert word in said.text


def test_what_the_marked_cells_lack_is_counted() -> None:
    cells = [Cell("gap", 0, 46, 0, False, ""), Cell("low", 10, 61, 3, False, ""), Cell("count", 5, 5, 1, False, "")]
    assert verdict.missing_showtimes(Heat([], [("Multikino", cells)])) == 97
    assert "about 97 showtimes missing" in verdict.of(week(), Heat([], [("Multikino", cells)])).text


def test_expected_is_compared_where_there_is_history() -> None:
    assert verdict.expected_percent(week()) is None
    known = card(0)
    assert known.day.read
    day = Day(FRIDAY, tried=known.day.read, read=known.day.read, expected=Expected(100, 100))
    assert verdict.expected_percent([Card(day, "verified", ())]) == round(100 * known.day.read.counted / 100)
