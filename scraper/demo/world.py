"""What the demo's Kraków shows: cinemas, films, and a week of showtimes that depends on nothing but its dates.

An independent witness: it shares no code with the system it tests, so that a mistake of ours can't hide in both.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

DAYS = 7
OPENING, LAST_START = 10 * 60, 22 * 60 + 10  # minutes of the day between which ordinary showtimes start
PROGRAMME_STARTS = dt.time(6)  # what starts before it belongs to the evening of the day before
WEEKEND = (4, 5, 6)
WEEKEND_FACTOR = 1.25
TICKET_KINDS = ("absolute", "absolute", "relative", "missing")


@dataclass(frozen=True, slots=True)
class Cinema:
    """`hall` says which films it shows; `daily` how many showtimes it has on a day from Monday to Thursday.

    Names and addresses are the real ones, coordinates near them; phone numbers are made up.
    """

    slug: str
    name: str
    hall: str
    daily: int
    phone: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Film:
    """What the site says of a film (None, () where it doesn't), and what the site doesn't know.

    `listed_slug` is how the programme links to it; its own page, unless `page` is false, lives under `slug`. Where the
    two differ, one film has two addresses, and the listed one redirects. A film whose name another had first has a
    UUID in its `slug`.
    `tmdb_ids` is the right answer for a matcher or reviewer: several for a double bill, none for what TMDB lacks.
    `lesson` names the difficulty the film stands for.
    """

    slug: str
    listed_slug: str
    title: str
    original_title: str | None
    directors: tuple[str, ...]
    year: int | None
    countries: tuple[str, ...]
    runtime: int | None
    cast: tuple[str, ...]
    genres: tuple[str, ...]
    premiere: dt.date | None
    distributor: str | None
    page: bool
    tmdb_ids: tuple[int, ...]
    lesson: str | None


@dataclass(frozen=True, slots=True, order=True)
class Showtime:
    """`day` is the programme day it is listed under, `starts_at` its true local start, `ticket` an href as printed."""

    day: dt.date
    starts_at: dt.datetime
    film_slug: str
    cinema_slug: str
    ticket: str | None = None


CINEMAS = (
    Cinema("agrafka", "Agrafka", "studio", 5, "12 430 01 79", "ul. Krowoderska 8", 50.0676, 19.9352),
    Cinema("cinema-city/bonarka", "Cinema City Bonarka", "multiplex", 46, "12 290 90 90",
           "ul. Kamieńskiego 11", 50.0291, 19.9510),
    Cinema("cinema-city/kazimierz", "Cinema City Galeria Kazimierz", "multiplex", 36, "12 254 54 54",
           "ul. Podgórska 34", 50.0532, 19.9587),
    Cinema("cinema-city/zakopianka", "Cinema City Zakopianka", "multiplex", 32, "12 295 95 95",
           "ul. Zakopiańska 62", 50.0187, 19.9289),
    Cinema("galeria-bronowice-mikro", "Galeria Bronowice Mikro", "studio", 8, "12 444 50 50",
           "ul. Stawowa 61", 50.0937, 19.8969),
    Cinema("imax", "IMAX", "imax", 7, "12 290 90 91", "al. Pokoju 44", 50.0606, 19.9841),
    Cinema("kijow", "Kijów", "studio", 7, "12 433 00 33", "al. Krasińskiego 34", 50.0589, 19.9249),
    Cinema("kika", "Kino Kika", "studio", 8, "12 296 41 52", "ul. Krasickiego 18", 50.0423, 19.9437),
    Cinema("mikro", "Kino Mikro", "studio", 10, "12 634 28 97", "ul. Lea 5", 50.0706, 19.9222),
    Cinema("pod-baranami", "Kino Pod Baranami", "studio", 13, "12 423 07 68", "Rynek Główny 27", 50.0617, 19.9352),
    Cinema("pod-baranami-asp", "Kino Pod Baranami ASP", "studio", 2, "12 423 07 68",
           "plac Matejki 13", 50.0669, 19.9424),
    Cinema("pod-baranami-mos", "Kino Pod Baranami w MOS", "studio", 3, "12 423 07 68",
           "ul. Rajska 12", 50.0640, 19.9277),
    Cinema("multikino", "Multikino", "multiplex", 38, "12 617 63 99", "ul. Dobrego Pasterza 128", 50.0891, 19.9799),
    Cinema("paradox", "Paradox", "studio", 5, "12 430 00 15", "ul. Krupnicza 38", 50.0629, 19.9259),
    Cinema("sfinks", "Sfinks", "studio", 6, "12 644 27 65", "os. Górali 5", 50.0796, 20.0311),
)  # fmt: skip

#: What the demo's Kraków shows, and what TMDB has besides.
DATA: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("films.json").read_text("utf-8"))


def slugify(title: str) -> str:
    """`Siedmiu samurajów` → `siedmiu-samurajow`, as the site's own addresses are made."""
    plain = title.lower().translate(str.maketrans("ąćęłńóśźż", "acelnoszz"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class World:
    """Seven programme days (or as many as are asked for) from `today` on, and everything they show.

    Each day is seeded by its own date, so tomorrow's world shares six days with today's, as the real site does.
    `films` (by slug) and `showtimes` are plain and may be edited between two syncs: the site serves what they say.
    """

    def __init__(self, today: dt.date, days: int = DAYS) -> None:
        self.today, self._days = today, days
        self.cinemas = {cinema.slug: cinema for cinema in CINEMAS}
        self.films = {film.slug: film for film in _films(today)}
        self.showtimes = [showtime for day in self.days for showtime in _showtimes_of(day)]

    @property
    def days(self) -> tuple[dt.date, ...]:
        return tuple(self.today + dt.timedelta(days=offset) for offset in range(self._days))

    def on(self, day: dt.date) -> tuple[Showtime, ...]:
        """A programme day's showtimes in order of their true start, so those after midnight stand last."""
        return tuple(sorted(showtime for showtime in tuple(self.showtimes) if showtime.day == day))

    def announced(self) -> tuple[Film, ...]:
        """Films the site names without showing them this week."""
        shown = {showtime.film_slug for showtime in tuple(self.showtimes)}
        return tuple(film for slug, film in self.films.items() if slug not in shown)

    def truth(self, site_url: str) -> list[dict[str, Any]]:
        """All that the week offers, a dict a showtime; `site_url` is what relative ticket links are relative to."""
        return [
            {
                "film_slug": self.films[showtime.film_slug].listed_slug,
                "cinema_slug": showtime.cinema_slug,
                "day": showtime.day.isoformat(),
                "starts_at": showtime.starts_at.isoformat(),
                "ticket_url": None if showtime.ticket is None else urljoin(site_url, showtime.ticket),
            }
            for day in self.days
            for showtime in self.on(day)
        ]

    def add(self, film_slug: str, cinema_slug: str, day: dt.date, at: dt.time, ticket: str | None = None) -> Showtime:
        """Put one more showtime on `day`; before six in the morning it starts on the following date."""
        if film_slug not in self.films or cinema_slug not in self.cinemas:
            raise KeyError(f"no such film or cinema: {film_slug}, {cinema_slug}")
        showtime = _showtime(day, at, film_slug, cinema_slug, ticket)
        self.showtimes.append(showtime)
        return showtime

    def remove(
        self, *, day: dt.date | None = None, film_slug: str | None = None, cinema_slug: str | None = None
    ) -> list[Showtime]:
        """Take away, and return, the showtimes that agree with everything that is given."""
        gone = [
            showtime
            for showtime in self.showtimes
            if (day is None or showtime.day == day)
            and (film_slug is None or showtime.film_slug == film_slug)
            and (cinema_slug is None or showtime.cinema_slug == cinema_slug)
        ]
        taken = set(gone)
        self.showtimes = [showtime for showtime in self.showtimes if showtime not in taken]
        return gone


def _films(today: dt.date) -> Iterator[Film]:
    by_title: dict[str, Film] = {}
    by_slug: dict[str, Film] = {}
    for entry in DATA["listed"]:
        slug = _slug(entry)
        own = {
            "slug": slug,
            "listed_slug": f"{slug}-{entry['uuid']}" if "uuid" in entry else slug,
            "title": entry["title"],
            "lesson": entry.get("lesson"),
        }
        if "as" in entry:  # the same film under another title, as the site lists dubbed and special showings
            by_title[entry["title"]] = by_slug[slug] = replace(by_title[entry["as"]], **own)
            continue
        premiere = entry.get("premiere")
        by_title[entry["title"]] = by_slug[slug] = Film(
            **own,
            original_title=entry.get("original"),
            directors=tuple(entry.get("directors", ())),
            year=today.year if entry.get("revival") else entry.get("year"),
            countries=tuple(entry.get("countries", ())),
            runtime=entry.get("runtime"),
            cast=tuple(entry.get("cast", ())),
            genres=tuple(entry.get("genres", ())),
            premiere=dt.date.fromisoformat(premiere) if premiere else None,
            distributor=entry.get("distributor"),
            page=entry.get("page", True),
            tmdb_ids=tuple(entry["answer"]) if "answer" in entry else (entry["tmdb"]["tmdb_id"],),
        )
    yield from by_slug.values()


def _slug(entry: dict[str, Any]) -> str:
    slug: str = entry.get("slug") or slugify(entry["title"])
    return slug


@cache
def _showtimes_of(day: dt.date) -> tuple[Showtime, ...]:
    return tuple(_drawn(day))


def _drawn(day: dt.date) -> Iterator[Showtime]:
    dice = random.Random(f"kino.krakow {day}")
    yield from _at_set_times(day, "once", dice)
    for cinema in CINEMAS:
        repertoire = [film for film in DATA["listed"] if cinema.hall in film["halls"] and film["weight"]]
        weights = [film["weight"] for film in repertoire]
        wanted = round(cinema.daily * (WEEKEND_FACTOR if day.weekday() in WEEKEND else 1))
        taken: set[tuple[str, int]] = set()
        while len(taken) < wanted:
            (film,) = dice.choices(repertoire, weights)
            taken.add((_slug(film), dice.randrange(OPENING, LAST_START, 5)))
        for film_slug, minutes in sorted(taken):
            at = dt.time(*divmod(minutes, 60))
            yield _showtime(day, at, film_slug, cinema.slug, _ticket(dice, cinema.slug))
    yield from _at_set_times(day, "late", dice)


def _at_set_times(day: dt.date, key: str, dice: random.Random) -> list[Showtime]:
    return [
        _showtime(day, dt.time.fromisoformat(at), _slug(entry), cinema, _ticket(dice, cinema))
        for entry in DATA["listed"]
        for weekday, cinema, at in entry.get(key, ())
        if weekday == day.weekday()
    ]


def _showtime(day: dt.date, at: dt.time, film_slug: str, cinema_slug: str, ticket: str | None) -> Showtime:
    date = day + dt.timedelta(days=1) if at < PROGRAMME_STARTS else day
    return Showtime(day, dt.datetime.combine(date, at), film_slug, cinema_slug, ticket)


def _ticket(dice: random.Random, cinema_slug: str) -> str | None:
    number = dice.randrange(100_000, 999_999)
    kind = dice.choice(TICKET_KINDS)
    if kind == "missing":
        return None
    path = f"/bilety/{cinema_slug}/{number}"
    return path if kind == "relative" else f"https://bilety.example{path}"
