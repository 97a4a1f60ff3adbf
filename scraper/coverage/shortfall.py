"""Pure but for its rows: what days lack, told once.

A cinema that is gone explains its part of a short day; a short week explains its days; short days explain the
cinemas that are short on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper.coverage.expectation import GONE, Expected, short_of, total
from scraper.coverage.readings import Day

MOST_OF_A_WEEK = 4  # days that must be comparable before a week is judged as one


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Missing showtimes: by cinema and date where cinemas list none, of the week, by date, by cinema over the week.

    `week` is 0 and the dicts are empty where nothing is missing, or where another explains it.
    """

    gone: dict[str, dict[str, int]]
    week: int
    days: dict[str, int]
    cinemas: dict[str, int]


def shortfall(days: Sequence[Day], drop: float) -> Shortfall:
    """`days` were read and list something; `drop` (0.3) is the share that may be missing without a word."""
    gone = _gone(days, drop)
    rest = {str(day.date): _rest(day, [slug for slug in gone if str(day.date) in gone[slug]]) for day in days}
    if week := _week(rest.values(), drop):
        return Shortfall(gone, week, {}, {})
    short = {date: missing for date, counts in rest.items() if (missing := short_of(*counts, drop))}
    ordinary = [day for day in days if str(day.date) not in short]
    return Shortfall(gone, 0, short, _cinemas(ordinary, gone, drop))


def _gone(days: Iterable[Day], drop: float) -> dict[str, dict[str, int]]:
    """Cinemas that list nothing where they always did, if what is missing is enough to say so."""
    missing: dict[str, dict[str, int]] = {}
    for day in days:
        for slug in day.slugs if day.read and day.read.counted else ():
            if day.listed(slug) == 0 and (lacking := day.missing_at(slug, drop)):
                missing.setdefault(slug, {})[str(day.date)] = lacking
    return {slug: by_date for slug, by_date in sorted(missing.items()) if sum(by_date.values()) >= GONE}


def _rest(day: Day, gone: Iterable[str]) -> tuple[int, Expected | None, int]:
    """What a day lists, should list and listed before, without the cinemas that are gone."""
    expected, known = day.expected, day.known
    for slug in gone:
        known -= day.known_at(slug)
        usual = day.cinemas_expected.get(slug)
        if expected and usual:
            rest = max(0.0, expected.usual - usual.usual)
            # In proportion: a small cinema's own low is far below its share of the day's.
            expected = Expected(rest, int(expected.low * rest / expected.usual) if expected.usual else 0)
    return day.read.counted if day.read else 0, expected, known


def _week(rest: Iterable[tuple[int, Expected | None, int]], drop: float) -> int:
    """A week's shortfall against past weeks or against its own earlier readings, whichever is larger."""
    rest = list(rest)
    usual = [(listed, expected) for listed, expected, _known in rest if expected and expected.low > 0]
    before = [(listed, known) for listed, _expected, known in rest if known > 0]
    missing = 0
    if len(usual) >= MOST_OF_A_WEEK:
        missing = short_of(sum(listed for listed, _ in usual), total([expected for _, expected in usual]), 0, drop)
    if len(before) >= MOST_OF_A_WEEK:
        known = sum(known for _, known in before)
        missing = max(missing, short_of(sum(listed for listed, _ in before), None, known, drop))
    return missing


def _cinemas(days: Sequence[Day], gone: Iterable[str], drop: float) -> dict[str, int]:
    """Cinemas that list far less over the days together; a small one's single day says nothing."""
    found = {}
    for slug in sorted({slug for day in days for slug in day.cinemas_expected} - set(gone)):
        comparable = [day for day in days if slug in day.cinemas_expected]
        expected = total([day.cinemas_expected[slug] for day in comparable])
        if missing := short_of(sum(day.listed(slug) for day in comparable), expected, 0, drop):
            found[slug] = missing
    return found
