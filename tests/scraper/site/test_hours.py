"""What is written at an hour: starts, versions, and days that are named beside them."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.site.extractors import hours
from scraper.site.extractors.programme import another_day_given

DAY = dt.date(2026, 11, 12)  # a Thursday, whose "12.11" may be taken for a time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.11 10:30", "10:30"),
        ("12.11.2026 18:00, 20:00", "18:00 20:00"),
        ("12.11: 18:00, 20:00", "18:00 20:00"),
        ("czw. 12.11 18:00", "18:00"),
        ("czwartek 18:00 2D", "18:00 2D"),
        ("dziś 18:00", "18:00"),
        ("18:00 (12 listopada)", "18:00"),
        ("12/11 18.00", "18:00"),
        ("12.11 18.00", "18:00"),
        ("12.11", "a day or a time"),
        ("13.11 18:00", "of another day: 13.11"),
        ("13.11: 18:00", "of another day: 13.11"),
        ("13.11 18.00", "of another day: 13.11"),
        ("13/11 18:00", "of another day: 13.11"),
        ("18:00 13 listopada", "of another day: 13.11"),
        ("śr 12.11 18:00", "of another day: śr"),
        ("sob. 18:00", "of another day: sob"),
        ("18:00 sobota", "of another day: sobota"),
        ("jutro 18:00", "of another day: jutro"),
        ("13.11 0:15", "00:15"),  # the night that follows
        ("10.30 12.45", "10:30 12:45"),
        ("12.10 18.00", "12:10 18:00"),
        ("10.30-12.11", "10:30"),  # until when it lasts
        ("10:30 - 12:11", "10:30"),
        ("18:00 Dolby 5.1", "18:00 Dolby 5.1"),
        ("18:00 sala 1-2", "18:00 sala 1-2"),
    ],
)
def test_a_day_beside_an_hour_is_no_hour_and_another_one_is_told(text: str, expected: str) -> None:
    written = hours.read(text, DAY)
    other = another_day_given(DAY, written)
    found = " ".join(f"{hour.time:%H:%M} {hour.version}".strip() for hour in written.hours)
    assert expected == (f"of another day: {other}" if other else found or written.reason)


def test_a_dotted_hour_that_is_also_the_day_is_doubted_only_where_others_stand_beside_it() -> None:
    october = dt.date(2026, 10, 12)
    assert hours.read("12.10", october).hours
    assert hours.read("12.10 18.00", october).reason == "a day or a time"
    assert len(hours.read("12.10 18.00", DAY).hours) == 2
