"""The demo's site and TMDB in a process of their own, so that what they hold and do is counted to nobody else."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from scraper.demo.site import KRAKOW, DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World

CINEMAS = 3  # of so many one is in the memory's week: 200 syncs of all of them would take a quarter of an hour
GONE = 20  # each so-manieth showtime is away every second week


@dataclass(frozen=True, slots=True)
class Outside:
    """Where they answer, and how to let a week pass: what they have written down of requests is then forgotten."""

    site: str
    tmdb: str
    _asked: Connection

    def next_week(self, number: int) -> None:
        """A twentieth of the showtimes is gone in an even week and back in an odd one."""
        self._asked.send(number)
        self._asked.recv()


@contextmanager
def outside() -> Iterator[Outside]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        site, tmdb = ours.recv()
        yield Outside(site, tmdb, ours)
    finally:
        ours.close()  # the end for it, too
        process.join()


def _serve(asked: Connection) -> None:
    world = World(dt.datetime.now(KRAKOW).date())
    kept = sorted({row.cinema_slug for row in world.showtimes})[::CINEMAS]
    week = [row for row in world.showtimes if row.cinema_slug in kept]
    with DemoSite(world) as site, DemoTmdb(TMDB_ENTRIES, token="t") as tmdb:
        asked.send((site.url, tmdb.url))
        try:
            while True:
                number = asked.recv()
                world.showtimes = [row for place, row in enumerate(week) if number % 2 or place % GONE]
                site.requests.clear()
                tmdb.requests.clear()
                asked.send(None)
        except EOFError:
            return


def large(world: World, films: int) -> World:
    """The world with more films that are shown, as often as the one that each of them is made after."""
    own = list(world.showtimes)
    slugs = sorted({row.film_slug for row in own})
    for made in range(films - len(slugs)):
        number, slug = 2 + made // len(slugs), slugs[made % len(slugs)]
        film = world.films[slug]
        world.films[f"{slug}-{number}"] = replace(
            film,
            slug=f"{film.slug}-{number}",
            listed_slug=f"{film.listed_slug}-{number}",
            title=f"{film.title} {number}",
        )
        world.showtimes += [replace(row, film_slug=f"{slug}-{number}") for row in own if row.film_slug == slug]
    return world
