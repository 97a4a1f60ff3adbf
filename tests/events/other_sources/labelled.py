"""400 labelled pairs of screenings across two sources, made from the demo's week; depends on nothing but its date.

One source lists the week as the demo's site does. The other, made from it, lists part of it as another cinema portal
would: moved by minutes, retitled, cinemas under longer names and a little elsewhere; and it lists what is no duplicate
though it is near to one: another film at the same time in the same cinema, the same film too late or in the cinema
next door, a sequel, a namesake.
"""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from events.local_time import ZONE
from events.other_sources.similarity import Screening
from scraper.demo.world import Cinema, Film, Showtime, World

PAIRS = 400
SAME = 220


@dataclass(frozen=True, slots=True)
class Pair:
    """`label` says what was done to the second; `same` is the right answer."""

    ours: Screening
    theirs: Screening
    label: str
    same: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """All screenings of both sources, and the pairs among them whose answer is known."""

    screenings: list[Screening]
    pairs: list[Pair]


#: What other portals call the cinemas; those without a row keep their name, behind "Kino" or before "Kraków".
ELSEWHERE = {
    "cinema-city/bonarka": "Cinema City - Bonarka",
    "cinema-city/kazimierz": "Cinema City Kazimierz",
    "kijow": "Kijów.Centrum",
    "pod-baranami-mos": "Małopolski Ogród Sztuki",
    "sfinks": "Kino SFINKS w Ośrodku Kultury Norwida",
}
SHIFTS = (0, 0, 0, 5, -5, 10, -10, 14, -15)  # min
NAMESAKES = {
    "Dracula": "Dracula: Historia wiecznej miłości",
    "Avatar: Ogień i popiół": "Avatar: Istota wody",
    "Wicked: Na dobre": "Wicked",
    "Zwierzogród 2": "Zwierzogród",
    "Gladiator 2": "Gladiator",
    "Diuna": "Diuna: Część druga",
    "Predator: Strefa zagrożenia": "Predator",
    "Obcy: Romulus": "Obcy: Ziemia",
}


def labelled(today: dt.date, seed: str = "duplicates") -> Labelled:
    """The same for the same date and seed."""
    world = World(today)
    world.remove(film_slug="pojedynek")  # by title, time and place nobody can tell it from the other of that name
    del world.films["pojedynek"]
    maker = _Maker(world, random.Random(f"{seed} {today}"))
    pairs = [*maker.duplicates(), *maker.near_misses()]
    return Labelled([*maker.ours.values(), *(pair.theirs for pair in pairs)], pairs)


class _Maker:
    def __init__(self, world: World, dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self.ours = {row: self._ours(row, number) for number, row in enumerate(world.showtimes)}
        self.free = dice.sample(list(self.ours), len(self.ours))
        self.made = 0

    def duplicates(self) -> Iterator[Pair]:
        """Only of what nothing else of the film starts near: a moved one of two could be either's."""
        while self.made < SAME:
            row = self.free.pop()
            if self._listed(row, self._movie(row), row.starts_at, minutes=40) == [row]:
                title, what = self._retitled(row)
                yield self._pair(row, title, self.dice.choice(SHIFTS), row.cinema_slug, what, same=True)

    def near_misses(self) -> Iterator[Pair]:
        kinds = (self._another_film, self._too_late, self._next_door, self._namesake)
        while self.made < PAIRS:
            row = self.free.pop()
            if pair := kinds[self.made % len(kinds)](row):
                yield pair

    def _another_film(self, row: Showtime) -> Pair | None:
        film = self.dice.choice(list(self.world.films.values()))
        if self._listed(row, self._identity(film), row.starts_at, minutes=20):
            return None
        return self._pair(row, film.title, self.dice.choice(SHIFTS), row.cinema_slug, "another film", same=False)

    def _too_late(self, row: Showtime) -> Pair | None:
        minutes = self.dice.choice((16, 20, 30, -20, -45))
        start = row.starts_at + dt.timedelta(minutes=minutes)
        if self._listed(row, self._movie(row), start, minutes=15):
            return None
        return self._pair(row, self._title(row), minutes, row.cinema_slug, f"{minutes} minutes", same=False)

    def _next_door(self, row: Showtime) -> Pair | None:
        """At the nearest other cinema, which has a name of its own."""
        here = self.world.cinemas[row.cinema_slug]
        others = (cinema for cinema in self.world.cinemas.values() if cinema is not here)
        near = min(others, key=lambda c: abs(c.latitude - here.latitude) + abs(c.longitude - here.longitude))
        moved = replace(row, cinema_slug=near.slug)
        if self._listed(moved, self._movie(row), row.starts_at, minutes=20):
            return None
        return self._pair(row, self._title(row), 0, near.slug, "the cinema next door", same=False)

    def _namesake(self, row: Showtime) -> Pair | None:
        other = NAMESAKES.get(self._title(row))
        if other is None or any(
            self.world.films[near.film_slug].title == other
            for near in self._listed(row, None, row.starts_at, minutes=20)
        ):
            return None
        return self._pair(row, other, self.dice.choice((0, 5, -5)), row.cinema_slug, "a namesake", same=False)

    def _listed(
        self, row: Showtime, movie: tuple[int, ...] | None, start: dt.datetime, *, minutes: int
    ) -> list[Showtime]:
        """What our source lists of a film (None: of any) in that cinema, around a time."""
        return [
            near
            for near in self.ours
            if near.cinema_slug == row.cinema_slug
            and abs(near.starts_at - start) <= dt.timedelta(minutes=minutes)
            and (movie is None or self._movie(near) == movie)
        ]

    def _movie(self, row: Showtime) -> tuple[int, ...]:
        return self._identity(self.world.films[row.film_slug])

    def _identity(self, film: Film) -> tuple[int, ...]:
        """The same for every listing of a film; what TMDB lacks is told apart by its slug."""
        return film.tmdb_ids or (-1 - list(self.world.films).index(film.slug),)

    def _title(self, row: Showtime) -> str:
        return self.world.films[row.film_slug].title

    def _retitled(self, row: Showtime) -> tuple[str, str]:
        """The film under a title that another portal may have for it, and what was done to it."""
        film = self.world.films[row.film_slug]
        title, original = film.title, film.original_title
        ways: list[tuple[str, str]] = [
            (title, "the same title"),
            (title.upper(), "capitals"),
            (_ascii(title), "no accents"),
            (title.replace(": ", " - ").replace(". ", " - "), "other punctuation"),
            (_typo(title, self.dice), "a slip"),
            (f"{title} (2D)", "a format"),
            (f"Kino Seniora: {title}", "a series"),
            (f"{title} - pokaz przedpremierowy", "a preview"),
        ]
        if "dubbing" not in title:
            ways.append((f"{title} - napisy PL", "a version"))
        if original and original.isascii():
            ways += [(original, "the original title"), (f"{title} / {original}", "both titles"),
                     (f"{title} ({original})", "the original in brackets")]  # fmt: skip
        return self.dice.choice(ways)

    def _pair(self, row: Showtime, title: str, minutes: int, cinema: str, label: str, *, same: bool) -> Pair:
        self.made += 1
        place = self.world.cinemas[cinema]
        located = self.dice.random() < 0.7 or cinema in ELSEWHERE
        theirs = Screening(
            key=("event", self.made),
            source="portal",
            titles=(title,),
            starts_at=(row.starts_at + dt.timedelta(minutes=minutes)).replace(tzinfo=ZONE),
            cinema=_elsewhere(place, self.dice),
            latitude=place.latitude + self.dice.uniform(-0.001, 0.001) if located else None,  # some 100 m
            longitude=place.longitude + self.dice.uniform(-0.001, 0.001) if located else None,
        )
        return Pair(self.ours[row], theirs, label, same)

    def _ours(self, row: Showtime, number: int) -> Screening:
        film, cinema = self.world.films[row.film_slug], self.world.cinemas[row.cinema_slug]
        return Screening(
            key=("showtime", number),
            source="",
            titles=tuple(title for title in (film.title, film.original_title) if title),
            starts_at=row.starts_at.replace(tzinfo=ZONE),
            cinema=cinema.name,
            latitude=cinema.latitude,
            longitude=cinema.longitude,
        )


def _elsewhere(cinema: Cinema, dice: random.Random) -> str:
    if cinema.slug in ELSEWHERE:
        return ELSEWHERE[cinema.slug]
    plain = cinema.name.removeprefix("Kino ")
    return dice.choice((cinema.name, f"Kino {plain}", f"{plain} Kraków", plain.upper()))


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(str.maketrans("łŁ", "lL")))
    return "".join(mark for mark in plain if mark.isascii())


def _typo(text: str, dice: random.Random) -> str:
    """One letter too few, in a title long enough to be known all the same."""
    place = dice.randrange(1, len(text) - 1)
    return text[:place] + text[place + 1 :] if len(text) > 8 and text[place].isalpha() else text
