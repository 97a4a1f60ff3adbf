"""The site of a town that lives for a year: its programme, films, cinemas and layouts on any date, and the truth of it.

Ordinary weeks come out on a Wednesday. Films open on Fridays and run for some weeks. Cinemas open, close and change
their names. It shares no code with the program; what it served, and when, it writes down itself.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from scraper.demo.server import Answer, Asked
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault
from scraper.demo.world import CINEMAS, Cinema, Film, Showtime, World, slugify
from tests.scraper.year import House, listed

PUBLISHED = dt.timedelta(days=-2, hours=15)  # of a week that begins on a Friday: Wednesday at three
NIGHT = 6  # o'clock, when it ends
PRESALE = 0.25  # of a cinema's films are on sale before
ADJECTIVES, NOUNS, FIRST_NAMES, SURNAMES = (
    words.split()
    for words in (
        "cicha ostatnia zimna dzika pierwsza biała czarna obca daleka złota nocna pusta krótka dziwna wielka",
        "rzeka noc podróż zima obietnica ulica wyspa cisza droga burza granica wiosna kolacja gwiazda zatoka",
        "Anna Adam Ewa Jan Maria Piotr Zofia Paweł Lena Igor",
        "Bielak Czerw Dudek Gajos Hajduk Jurek Kmita Lis Marzec Nowik Osa Pilch",
    )
)

Key = tuple[str, str, dt.datetime]  # film, cinema, start (local)


@dataclass(frozen=True, slots=True)
class Run:
    """A film, the Friday from which it is shown, for how many weeks, and what is odd about it."""

    film: Film
    opens: dt.date
    weeks: int
    kind: str  # plain, namesakes, absent, stage


@dataclass(frozen=True, slots=True)
class Change:
    """From a date on a cinema is there, is gone, or is called otherwise ("" for what stays)."""

    on: dt.date
    cinema: str
    what: str  # opens, closes, name, slug
    to: str = ""


def films(first: dt.date, days: int, a_week: int) -> list[Run]:
    """The year's films, a few each Friday; of some the site says little, and TMDB has a namesake, or nothing."""
    dice = random.Random(f"films {first}")
    titles = [f"{one.capitalize()} {two}" for one in ADJECTIVES for two in NOUNS]
    dice.shuffle(titles)
    found: list[Run] = []
    friday = first - dt.timedelta(days=(first.weekday() - 4) % 7 + 28)
    while friday < first + dt.timedelta(days=days + 7) and titles:
        for _ in range(a_week):
            kind = dice.choices(("plain", "namesakes", "absent", "stage"), (88, 7, 3, 2))[0]
            title = titles.pop() if titles else f"Film {len(found)}"
            director = f"{dice.choice(FIRST_NAMES)} {dice.choice(SURNAMES)}"
            said = kind != "namesakes"
            title = f"Spektakl: {title}" if kind == "stage" else title
            film = Film(
                slug=slugify(title), listed_slug=slugify(title), title=title,
                original_title=None, directors=(director,) if said else (), year=friday.year if said else None,
                countries=("Polska",), runtime=80 + dice.randrange(60) if said else None, cast=(), genres=("dramat",),
                premiere=friday, distributor="Gutek Film", page=True,
                tmdb_ids=() if kind in ("absent", "stage") else (1000 + 10 * len(found),), lesson=None,
            )  # fmt: skip
            found.append(Run(film, friday, dice.randrange(2, 7), kind))
        friday += dt.timedelta(days=7)
    return found


def on_tmdb(runs: Iterable[Run]) -> list[dict[str, Any]]:
    entries = []
    for run in runs:
        for tmdb_id in run.film.tmdb_ids:
            known = {"tmdb_id": tmdb_id, "title": run.film.title, "pl_title": run.film.title, "countries": ["PL"],
                     "year": run.opens.year, "runtime": run.film.runtime or 99, "popularity": 5.0, "vote_count": 40,
                     "directors": list(run.film.directors) or ["Ktoś Inny"]}  # fmt: skip
            entries.append(known)
            if run.kind == "namesakes":
                entries.append(known | {"tmdb_id": tmdb_id + 1, "directors": ["Drugi Ktoś"], "runtime": 104})
    return entries


class Town(World):
    """Seven days from `today` on, as the site lists them at the moment `now` (local)."""

    def __init__(self, first: dt.date, runs: list[Run], cinemas: Iterable[str], changes: Iterable[Change]) -> None:
        self._days = 7
        self.now = dt.datetime.combine(first, dt.time())
        self.runs = runs
        self.films = {run.film.slug: run.film for run in runs}
        self.changes = sorted(changes, key=lambda change: change.on)
        self.all = {cinema.slug: cinema for cinema in CINEMAS if cinema.slug in set(cinemas)}
        self.dropped: frozenset[str] = frozenset()  # cinemas that the site leaves out by mistake
        self.shown: dt.date | None = None
        self.slow: tuple[dt.date, dt.date] | None = None
        self._drawn = lru_cache(maxsize=64)(self._draw)

    @property
    def today(self) -> dt.date:  # type: ignore[override]
        return self.now.date()

    @property
    def cinemas(self) -> dict[str, Cinema]:  # type: ignore[override]
        return {cinema.slug: cinema for cinema in self._cinemas(self.today).values()}

    def announced(self) -> tuple[Film, ...]:
        soon = self.today + dt.timedelta(days=14)
        return tuple(run.film for run in self.runs if self.today + dt.timedelta(days=7) < run.opens <= soon)

    def on(self, day: dt.date) -> tuple[Showtime, ...]:
        self.shown = day
        friday = day - dt.timedelta(days=(day.weekday() - 4) % 7)
        late = dt.timedelta(hours=20) * (random.Random(f"late {friday}").random() < 0.12)
        whole = self.now >= dt.datetime.combine(friday, dt.time()) + PUBLISHED + late
        rows = self._drawn(day, self._edition(day))
        rows = rows if whole else tuple(row for row in rows if _on_presale(row))
        here = self._cinemas(day)
        names = {old: cinema.slug for old, cinema in self._cinemas(self.today).items()}
        rows = tuple(
            replace(row, cinema_slug=names[row.cinema_slug])
            for row in rows
            if row.cinema_slug in here and row.cinema_slug in names and row.cinema_slug not in self.dropped
        )
        return tuple(sorted(rows))

    def keys(self, day: dt.date) -> frozenset[Key]:
        return frozenset((row.film_slug, row.cinema_slug, row.starts_at) for row in self.on(day))

    def _cinemas(self, date: dt.date) -> dict[str, Cinema]:
        """By their first slug, the cinemas that are open on a date, as they are called then."""
        here = {slug: c for slug, c in self.all.items() if not self._opens_later(slug, date)}
        for change in self.changes:
            if change.on <= date:
                if change.what == "closes":
                    here.pop(change.cinema, None)
                elif change.what == "name":
                    here[change.cinema] = replace(here[change.cinema], name=change.to)
                elif change.what == "slug":
                    here[change.cinema] = replace(here[change.cinema], slug=change.to)
        return here

    def _opens_later(self, slug: str, date: dt.date) -> bool:
        return any(c.cinema == slug and c.what == "opens" and c.on > date for c in self.changes)

    def _edition(self, day: dt.date) -> int:
        """Each morning a few showtimes of the days to come are changed."""
        return min(6, max(0, (day - self.today).days))

    def _draw(self, day: dt.date, ahead: int) -> tuple[Showtime, ...]:
        rows: list[Showtime] = []
        playing = [run for run in self.runs if run.opens <= day < run.opens + dt.timedelta(weeks=run.weeks)]
        for slug, cinema in self.all.items():
            dice = random.Random(f"{slug} {day}")
            count = listed(House(slug, cinema.daily, cinema.daily < 6), day, 0)
            if self.slow and self.slow[0] <= day < self.slow[1]:
                count = round(count * 0.75)
            taken: set[tuple[str, int]] = set()
            weights = [1.0 / (1 + (day - run.opens).days // 7) for run in playing]
            while len(taken) < count:
                (run,) = dice.choices(playing, weights)
                taken.add((run.film.slug, dice.randrange(10 * 60, 22 * 60 + 30, 5)))
            if day.weekday() in (4, 5) and count > 12:
                taken |= {(playing[0].film.slug, 21 * 60 + 30), (playing[0].film.slug, 15)}  # 0:15, after midnight
            for film, minutes in sorted(taken):
                changed = random.Random(f"{slug} {day} {film} {minutes}").random()
                if changed < 0.03 and ahead < 7 * changed / 0.03:
                    continue  # taken off the programme some days before
                date = day + dt.timedelta(days=minutes < NIGHT * 60)
                ticket = f"https://bilety.example/{slug}/{day:%m%d}{minutes}" if minutes % 4 else None
                at = dt.datetime.combine(date, dt.time(*divmod(minutes, 60)))
                rows.append(Showtime(day, at, film, slug, ticket))
        return tuple(sorted(rows))


def _on_presale(row: Showtime) -> bool:
    return random.Random(f"{row.day} {row.film_slug} {row.cinema_slug}").random() < PRESALE


@dataclass(frozen=True, slots=True)
class Served:
    """A day's whole programme, when it was served. `due`: to who asked for that day, and so has to keep it."""

    at: dt.datetime
    keys: frozenset[Key]
    due: bool


class LivingSite(DemoSite):
    """The town's site, which writes down what it answered.

    `served`: by date, the last answer that had to be kept and whatever true page of the day was seen since ·
    `spoilt`: the dates whose last answer was no whole page of them · `ever`: all that had to be kept, `seen`: all that
    stood on any page. Whoever asked for a day and got another one's page must not take it for either day's; a page
    that nobody asked for a day of may be taken for the day that it shows.
    """

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.town = town
        self.served: dict[dt.date, list[Served]] = {}
        self.spoilt: set[dt.date] = set()
        self.ever: set[Key] = set()
        self.seen: set[Key] = set()
        self.look: Callable[[str], str] | None = None
        self.unclear: set[tuple[str, dt.date]] = set()  # films, and when hours of theirs that say no night were served
        self._chose: set[str] = set()  # sessions that chose a day

    def asked_for(self, asked: Asked) -> dt.date | None:
        """The day that a request for the programme names, by its address or its session."""
        if named := asked.parameter("day"):
            return next((day for day in self.town.days if f"{day:%m-%d}" == named), None)
        session = self._sessions.get(self._cookie(asked))
        return self.town.days[session.offset] if session and self._cookie(asked) in self._chose else None

    def answer(self, asked: Asked) -> Answer:
        fault = (self.fault and self.fault(asked.method, asked.path, 0)) or Fault()
        self.town.shown = None
        plain = self.fault
        spoilt = fault not in (Fault(), Fault(rewrite=without_tickets)) and not fault.other_day
        if self.look:
            # A fault spoils the page whatever its layout; what is not rewritten is answered as ever.
            look, spoil = self.look, fault.rewrite or str
            self.fault = lambda *_: replace(fault, rewrite=lambda html: look(spoil(html)))
        try:
            answer = super().answer(asked)
        finally:
            self.fault = plain
        if asked.method == "POST" and answer.status == 302:
            self._chose.add(self._cookie(asked))
        if asked.method == "GET" and "/cinema_program/" in asked.route:
            self._write_down(self.asked_for(asked), whole=answer.status == 200 and not spoilt, other=fault.other_day)
        return answer

    def _write_down(self, asked: dt.date | None, *, whole: bool, other: int) -> None:
        shown = self.town.shown
        if shown is None or not whole or asked not in (None, shown):
            self.spoilt |= {asked} if asked else set()
            return
        self.spoilt.discard(shown)
        served = Served(self.town.now, self.town.keys(shown), not other)
        self.served[shown] = [served] if served.due else [*self.served.get(shown, []), served]
        self.seen |= served.keys
        self.unclear |= {(film, self.town.today) for film, _cinema in after_midnight_only(served.keys)}
        if served.due:
            self.ever |= served.keys


def after_midnight_only(keys: Iterable[Key]) -> set[tuple[str, str]]:
    """Films in cinemas whose only hours on a page are after midnight: no page says which night that is."""
    hours: dict[tuple[str, str], list[int]] = {}
    for film, cinema, start in keys:
        hours.setdefault((film, cinema), []).append(start.hour)
    return {where for where, starts in hours.items() if max(starts) < NIGHT}


def without_tickets(html: str) -> str:
    return re.sub(r'<a class="buy_ticket".*?</a>', "", html)


def dated_layout(html: str) -> str:
    """The first relaunch: dates as 27.11.2026 in a cell, another mark for the day, a list of facts, more classes."""
    html = re.sub(r'<th class="date" colspan="2">(.*?)</th>', r'<td class="date" colspan="2">\1</td>', html)
    html = html.replace('<td class="active ', '<td class="selected active ').replace("showtimes repert", "repert js-x")
    return re.sub(
        r"<p><strong>\s*(.*?)\s*</strong>(.*?)</p>", r"<dl><dt>\1</dt><dd>\2</dd></dl>", html, flags=re.DOTALL
    )


def plain_layout(html: str) -> str:
    """The second: no tbody, absolute links, banners around the programme."""
    html = dated_layout(html).replace("<tbody>", "").replace("</tbody>", "")
    banner = '<div class="banner"><table><tr><td>Reklama 20:15</td></tr></table></div>'
    return html.replace('<div id="content">', f'{banner}<div id="content">').replace(
        '<td class="hours">', "<td class=hours>"
    )
