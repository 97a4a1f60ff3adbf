"""A town whose programme two listings carry, each in its own time: what ordinary weeks look like from both sides.

Cinema weeks run from Friday to Thursday. They come out on Tuesday or Wednesday, some on Thursday, in two parts, and on
the two listings at different hours; premieres are on sale a week before. Starts come and go at short notice.
One listing (the witness) is brought up to date once a night, keeps a few cancelled starts for good, and writes titles
in its own ways. On holidays most programmes are cut, and the witness hears of that days later.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from scraper.coverage.holidays import is_holiday
from scraper.coverage.witnesses.comparison import Cell, Row, Side

CINEMAS = {
    "bonarka": 46, "kazimierz": 36, "zakopianka": 32, "multikino": 38, "imax": 7, "baranami": 13, "mikro": 10,
    "kijow": 7, "kika": 8, "sfinks": 6, "paradox": 5, "agrafka": 5, "mos": 2,
}  # fmt: skip
FILMS = (
    "Bugonia", "Dom dobry", "Jedna bitwa po drugiej", "Zwierzogród 2", "Wicked: Na dobre", "Avatar: Ogień i popiół",
    "Franz Kafka", "Ministranci", "Vinci 2", "Chopin, Chopin!", "Sny o pociągach", "Wartość sentymentalna", "Hamnet",
    "Eddington", "Larp. Miłość, trolle i inne questy", "Dziewczyna w czerni", "Tajny agent", "Piernikowe serce",
    "Labirynt", "Znachor", "Rejs", "Seksmisja", "Amadeusz", "Stalker", "Nosferatu wampir", "Persona",
)  # fmt: skip
SPELLINGS = ("{}", "{} 2D napisy", "{} / napisy", "{} (dubbing)", "{}", "{} - przedpremiera")
LOOKED_AT = dt.time(5, 30)


@dataclass(frozen=True, slots=True)
class Show:
    """A start, and from when until when (None: for good) each listing has it."""

    cinema: str
    date: dt.date
    starts_at: dt.datetime
    film: str
    ours_from: dt.datetime
    theirs_from: dt.datetime
    ours_until: dt.datetime | None = None
    theirs_until: dt.datetime | None = None

    at_short_notice: bool = False

    @property
    def lasting(self) -> bool:
        """Announced with its week and never cancelled."""
        return self.ours_until is None and self.theirs_until is None and not self.at_short_notice


def at(date: dt.date, clock: dt.time = LOOKED_AT) -> dt.datetime:
    return dt.datetime.combine(date, clock)


def programme(cinema: str, date: dt.date) -> tuple[Show, ...]:
    """All that a cinema ever announced for a date."""
    return _programme(cinema, date)


@cache
def _programme(cinema: str, date: dt.date) -> tuple[Show, ...]:
    return tuple(_drawn(cinema, date))


def _drawn(cinema: str, date: dt.date) -> Iterator[Show]:
    friday = date - dt.timedelta(days=(date.weekday() - 4) % 7)
    week = random.Random(f"{cinema} {friday}")
    out = at(friday - dt.timedelta(days=week.choice((3, 3, 2, 2, 2, 1))), dt.time(week.randrange(9, 20)))
    if week.random() < 0.4 and date.weekday() not in (4, 5, 6):  # the second part comes later
        out += dt.timedelta(hours=week.randrange(6, 40))
    ours = out + dt.timedelta(hours=week.choice((0, 1, 3, 20, 30)))
    theirs = _next_night(out + dt.timedelta(hours=week.choice((0, 1, 3, 20, 30))))
    dice = random.Random(f"{cinema} {date}")
    wanted = round(CINEMAS[cinema] * (1.25 if date.weekday() in (4, 5, 6) else 1) * dice.uniform(0.9, 1.1))
    premiere = FILMS[friday.toordinal() // 7 % len(FILMS)]
    shows = 4 if CINEMAS[cinema] > 20 else 1
    for number in range(wanted):
        minute = dice.randrange(10 * 60, 22 * 60 + 10, 5)
        starts_at = at(date, dt.time(*divmod(minute, 60)))
        film = premiere if number < shows else dice.choice(FILMS)
        early = film == premiere and number < shows
        ours_from = min(ours, at(friday - dt.timedelta(days=10))) if early else ours
        theirs_from = min(theirs, at(friday - dt.timedelta(days=dice.randrange(3, 9)))) if early else theirs
        ours_until = theirs_until = None
        luck = dice.random()
        if luck < 0.02:  # added at short notice
            ours_from = ours + dt.timedelta(hours=dice.randrange(1, 60))
            theirs_from = _next_night(ours_from + dt.timedelta(hours=dice.randrange(-3, 20)))
        elif luck < 0.05:  # cancelled
            ours_until = ours + dt.timedelta(hours=dice.randrange(1, 90))
            theirs_until = None if luck < 0.025 else _next_night(ours_until + dt.timedelta(hours=dice.randrange(0, 20)))
        if is_holiday(date) and (minute > 15 * 60 or CINEMAS[cinema] < 10):  # cut; the witness hears of it late
            ours_until = min(ours_until or starts_at, ours + dt.timedelta(hours=2))
            theirs_until = None if dice.random() < 0.1 else ours_until + dt.timedelta(hours=dice.randrange(24, 96))
        yield Show(cinema, date, starts_at, film, ours_from, theirs_from, ours_until, theirs_until, luck < 0.02)
    if CINEMAS[cinema] > 20 and date.weekday() in (4, 5):
        yield Show(cinema, date, at(date + dt.timedelta(days=1), dt.time(0, 10)), premiere, ours, theirs)


def _next_night(moment: dt.datetime) -> dt.datetime:
    """When the witness is brought up to date after `moment`: at two."""
    night = at(moment.date(), dt.time(2))
    return night if moment <= night else night + dt.timedelta(days=1)


def ours(now: dt.datetime, dates: list[dt.date]) -> dict[Cell, list[Row]]:
    """What our site lists at `now`."""
    return _rows(now, dates, ours=True)


def theirs(now: dt.datetime, dates: list[dt.date]) -> dict[Cell, list[Row]]:
    """What the witness lists at `now`."""
    return _rows(now, dates, ours=False)


def _rows(now: dt.datetime, dates: list[dt.date], *, ours: bool) -> dict[Cell, list[Row]]:
    rows: dict[Cell, list[Row]] = {}
    for cinema in CINEMAS:
        for date in dates:
            listed: dict[tuple[dt.datetime, str], Row] = {}
            for number, show in enumerate(programme(cinema, date)):
                since, until = (show.ours_from, show.ours_until) if ours else (show.theirs_from, show.theirs_until)
                if since <= now and (until is None or now < until):
                    title = show.film if ours else SPELLINGS[(number + date.day) % len(SPELLINGS)].format(show.film)
                    listed[show.starts_at, show.film] = Row(number, show.starts_at, (title,))
            if listed:
                rows[cinema, date] = list(listed.values())
    return rows


def side(rows: dict[Cell, list[Row]], failed: frozenset[Cell] = frozenset()) -> Side:
    return Side(rows, failed, frozenset(cinema for cinema, _ in rows))
