"""Forty faults of all kinds, put into a month of the town's two listings, and what should be told of each."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scraper.coverage.holidays import is_holiday
from scraper.coverage.witnesses.agreement import Claim, Key
from scraper.coverage.witnesses.comparison import Cell, Row, Side, Verdict
from scraper.coverage.witnesses.listings.records import programme_date
from tests.scraper.coverage.witnesses import town

Rows = dict[Cell, list[Row]]
ODD = 3  # minutes beside the round ones on which the town's showings start
MULTIPLEXES = [cinema for cinema, daily in town.CINEMAS.items() if daily > 20]
#: How many of each kind.
KINDS = {
    "we lack a start": 5, "we lack six starts": 3, "we lack a cinema on a day": 3, "we lack a cinema for a week": 1,
    "we have a start too many": 4, "we have another hour": 4, "we have another film": 4,
    "the witness lacks a start": 4, "the witness invents a start": 3,
    "our day failed": 3, "its day failed": 3, "it lacks a cinema": 1, "we are late with a week": 2,
}  # fmt: skip


@dataclass(eq=False)
class Seed:
    """A fault in the programme of `cinema` on `date`. `keys`: the differences that tell of it, once it was seen."""

    kind: str
    cinema: str
    date: dt.date
    keys: set[Key] = field(default_factory=set)
    verdict: Verdict | None = None

    @property
    def ours_lacks(self) -> bool:
        return self.kind.startswith("we lack") or self.kind in ("we have another hour", "the witness invents a start")

    def is_told(self, confirmed: Mapping[Key, Claim], verdicts: Mapping[Cell, Verdict]) -> bool:
        if self.verdict is not None:
            return verdicts.get((self.cinema, self.date)) == self.verdict
        if self.kind == "we lack a cinema for a week":  # known on its first day, so confirmed for the later ones
            return len(self.keys & confirmed.keys()) > len(self.keys) / 2
        return bool(self.keys) and self.keys <= confirmed.keys()

    def explains(self, key: Key) -> bool:
        whole = self.kind.startswith("we lack a cinema") and key[:2] == ("missing", self.cinema)
        days = 7 if self.kind.endswith("week") else 1
        return key in self.keys or (whole and 0 <= (programme_date(key[2]) - self.date).days < days)

    def __repr__(self) -> str:
        return f"{self.kind}: {self.cinema} {self.date} {sorted(self.keys)[:2]}"


VERDICTS = {
    "our day failed": Verdict.OURS_FAILED, "its day failed": Verdict.THEIRS_FAILED,
    "it lacks a cinema": Verdict.NOT_COVERED, "we are late with a week": Verdict.NOT_PUBLISHED,
}  # fmt: skip


#: Faults of a whole week of a cinema. Beside one no other can be seen, so none is seeded there.
WEEKS = ("we lack a cinema for a week", "it lacks a cinema", "we are late with a week")


def month(first: dt.date, dice: random.Random) -> list[Seed]:
    """Seeds in cells of their own, drawn by `dice`."""
    dates = [date for n in range(4, 29) if not is_holiday(date := first + dt.timedelta(days=n))]
    cells = [(cinema, date) for cinema in town.CINEMAS for date in dates if town.CINEMAS[cinema] > 4]
    dice.shuffle(cells)
    seeds: list[Seed] = []
    for kind, count in KINDS.items():
        for _ in range(count):
            large = kind in ("we lack six starts", "we have another film")
            friday = kind in ("we lack a cinema for a week", "we are late with a week")
            failing = {seed.date for seed in seeds if seed.kind.endswith("day failed")} if "failed" in kind else set()
            cell = next(
                (cinema, date)
                for cinema, date in cells
                if (not large or cinema in MULTIPLEXES) and (not friday or date.weekday() == 4) and date not in failing
                if not any(_hide_each_other(kind, cinema, date, seed) for seed in seeds)
            )
            cells.remove(cell)
            seeds.append(Seed(kind, *cell, verdict=VERDICTS.get(kind)))
    return seeds


def _hide_each_other(kind: str, cinema: str, date: dt.date, other: Seed) -> bool:
    near = cinema == other.cinema and abs((date - other.date).days) < 7
    return near and (kind in WEEKS or other.kind in WEEKS)


def spoil(seeds: list[Seed], ours: Rows, theirs: Rows, now: dt.datetime) -> tuple[Side, Side]:
    """Both sides as they look with the faults in them."""
    here = {cell: list(rows) for cell, rows in ours.items()}
    there = {cell: list(rows) for cell, rows in theirs.items()}
    dates = [now.date() + dt.timedelta(days=ahead) for ahead in range(7)]
    failed_here: set[Cell] = set()
    failed_there: set[Cell] = set()
    for seed in seeds:
        cell = (seed.cinema, seed.date)
        if seed.kind == "we lack a cinema for a week":
            for date in (seed.date + dt.timedelta(days=n) for n in range(7)):
                if date in dates and here.pop((seed.cinema, date), []):
                    lasting = {show.starts_at for show in town.programme(seed.cinema, date) if show.lasting}
                    lost = [row.starts_at for row in there.get((seed.cinema, date), ()) if row.starts_at in lasting]
                    seed.keys |= {("missing", seed.cinema, starts_at, 0) for starts_at in lost if starts_at > now}
        elif seed.kind == "we are late with a week":
            if now.date() < seed.date:
                for date in (seed.date + dt.timedelta(days=n) for n in range(7)):
                    here.pop((seed.cinema, date), None)
        elif seed.kind == "our day failed":
            failed_here |= {(cinema, seed.date) for cinema in town.CINEMAS if (seed.date - now.date()).days == 2}
        elif seed.kind == "its day failed":
            failed_there |= {(cinema, seed.date) for cinema in town.CINEMAS if (seed.date - now.date()).days == 2}
        elif seed.kind == "it lacks a cinema":
            if seed.date in dates:
                for date in dates:
                    there.pop((seed.cinema, date), None)
        elif cell in here and cell in there:
            _spoil_starts(seed, here[cell], there[cell])
    knows = frozenset(cinema for cinema, _ in theirs) - {
        s.cinema for s in seeds if s.kind == "it lacks a cinema" and s.date in dates
    }
    return (
        Side(here, frozenset(failed_here), frozenset(town.CINEMAS)),
        Side(there, frozenset(failed_there), knows),
    )


def _spoil_starts(seed: Seed, here: list[Row], there: list[Row]) -> None:
    """Faults of single starts, in starts of the day's later part that stand alone in their minute and were
    announced with the week."""
    shows = [show for show in town.programme(seed.cinema, seed.date) if show.starts_at.hour >= 12]
    minutes = [show.starts_at for show in town.programme(seed.cinema, seed.date)]
    lasting = [show.starts_at for show in shows if minutes.count(show.starts_at) == 1 and show.lasting]
    alone = [row for row in here if row.starts_at in lasting and any(o.starts_at == row.starts_at for o in there)]
    kind, first = seed.kind, next((row for row in alone if row.starts_at == lasting[0]), None)

    def tell(what: str, starts_at: dt.datetime) -> None:
        seed.keys.add((what, seed.cinema, starts_at, 0))

    if kind in ("we lack a start", "we lack six starts"):
        for row in [row for row in alone if row.starts_at in lasting[: 6 if "six" in kind else 1]]:
            here.remove(row)
            tell("missing", row.starts_at)
    elif kind == "we lack a cinema on a day":
        for row in alone:
            tell("missing", row.starts_at)
        here.clear()
    elif kind in ("we have a start too many", "the witness invents a start"):
        more = replace(there[0], key=999, starts_at=town.at(seed.date, dt.time(20, ODD)))
        (here if kind.startswith("we") else there).append(more)
        tell("extra" if kind.startswith("we") else "missing", more.starts_at)
    elif first and kind == "we have another hour":
        moved = replace(first, starts_at=first.starts_at + dt.timedelta(minutes=ODD))
        here[here.index(first)] = moved
        tell("missing", first.starts_at)
        tell("extra", moved.starts_at)
    elif first and kind == "we have another film":
        place = town.FILMS.index(first.titles[0])
        here[here.index(first)] = replace(first, titles=(town.FILMS[(place + 2) % len(town.FILMS)],))
        tell("film", first.starts_at)
    elif first and kind == "the witness lacks a start":
        there.remove(next(row for row in there if row.starts_at == first.starts_at))
        tell("extra", first.starts_at)
