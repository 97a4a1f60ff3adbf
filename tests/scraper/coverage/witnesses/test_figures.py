"""What the comparison with a witness finds, and what it leaves alone, over simulated weeks. Pure: no database."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence

import pytest

from scraper.coverage.witnesses import agreement, comparison
from scraper.coverage.witnesses.agreement import Claim, Key, Short
from scraper.coverage.witnesses.comparison import Compared, Side
from scraper.coverage.witnesses.listings import coigdzie
from tests.scraper.coverage.witnesses import seeded, town

FIRST = dt.date(2025, 9, 22)  # All Saints', Independence Day, Christmas, Epiphany and Easter 2026 lie behind it
MONTH = dt.date(2025, 10, 6)
AGAIN_AT = dt.time(9, 30)

Sides = Callable[[dt.datetime, list[dt.date]], tuple[Side, Side]]


class Memory:
    """What is remembered from look to look, as the database does it."""

    def __init__(self) -> None:
        self.claims: dict[Key, Claim] = {}
        self.cells: list[Compared] = []
        self.ever: set[Key] = set()

    def look(self, ours: Side, theirs: Side, now: dt.datetime, asked: Sequence[dt.date], whole: bool) -> None:
        self.cells = comparison.compare(ours, theirs, asked, now)
        settled = agreement.settle({k: (c.cinema, c.date) for k, c in self.claims.items()}, self.cells, now)
        for key in settled.over:
            del self.claims[key]
        for key, one in {**settled.new, **settled.again}.items():
            before = self.claims.get(key, Claim(one.kind, one.cinema, one.date, 0, 0))
            self.claims[key] = Claim(one.kind, one.cinema, one.date, before.looks + 1, before.whole_looks + int(whole))
            self.ever.add(key)

    def day(self, date: dt.date, sides: Sides) -> Iterator[tuple[dt.datetime, dict[str, Short]]]:
        """A day's looks: one at dawn, and one at what it found new in that day's programme; and who is told of what."""
        dates = [date + dt.timedelta(days=ahead) for ahead in range(7)]
        now = town.at(date)
        self.look(*sides(now, dates), now, [dates[ahead] for ahead in coigdzie.AHEAD], True)
        yield now, agreement.short_cinemas(self.claims.values())
        if any(claim.looks == 1 and claim.date == date for claim in self.claims.values()):
            now = town.at(date, AGAIN_AT)
            self.look(*sides(now, dates), now, [date], False)
            yield now, agreement.short_cinemas(self.claims.values())

    def agreed(self) -> dict[Key, Claim]:
        return {key: claim for key, claim in self.claims.items() if claim.agreed}


def plain(now: dt.datetime, dates: list[dt.date]) -> tuple[Side, Side]:
    return town.side(town.ours(now, dates)), town.side(town.theirs(now, dates))


def test_thirty_ordinary_weeks_raise_no_alarm() -> None:
    memory, false, agreed = Memory(), [], 0
    for number in range(30 * 7):
        for now, told in memory.day(FIRST + dt.timedelta(days=number), plain):
            false += [(now, cinema, short) for cinema, short in told.items()]
        agreed += len(memory.agreed())
    assert agreed > 1000, "the witness keeps stale rows, or nothing was tried"
    assert false == []


@pytest.mark.parametrize("dice", range(1, 4))
def test_forty_seeded_differences_of_a_month_are_found_and_nobody_is_blamed_for_another_s(dice: int) -> None:
    """Beside the same month without them: what is agreed on besides is told wrongly, and so is an alarm about a cinema
    of which we lack nothing."""
    without, memory = Memory(), Memory()
    seeds = seeded.month(MONTH, random.Random(dice))
    found: set[seeded.Seed] = set()
    wrong: list[object] = []

    def spoiled(now: dt.datetime, dates: list[dt.date]) -> tuple[Side, Side]:
        return seeded.spoil(seeds, town.ours(now, dates), town.theirs(now, dates), now)

    for date in (MONTH + dt.timedelta(days=number) for number in range(30)):
        list(without.day(date, plain))
        for now, told in memory.day(date, spoiled):
            verdicts = {(cell.cinema, cell.date): cell.verdict for cell in memory.cells}
            agreed = memory.agreed()
            found |= {seed for seed in seeds if seed.is_told(agreed, verdicts)}
            unexplained = [key for key in agreed if not any(seed.explains(key) for seed in seeds)]
            wrong += [(now, key) for key in unexplained if key not in without.ever]
            lacking = {seed.cinema for seed in seeds if seed.ours_lacks}
            wrong += [(now, cinema) for cinema in told if cinema not in lacking]
    assert len(seeds) == 40
    assert {seed.kind for seed in seeds} == set(seeded.KINDS)
    assert wrong == []
    missed = [seed for seed in seeds if seed not in found]
    assert len(missed) <= 2, missed
