"""Local listings of the demo's Kraków: coigdzie's pages, Cinema City's data service and Kino Mikro's ticket shop.

They show what the world shows, in markup, names and spellings of their own, and differ from the site in every way in
which a witness may: see `Town`.

python -m scraper.demo.witness --port 8003
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from scraper.demo.server import JSON, TEXT, Answer, Asked, Loopback
from scraper.demo.world import World

KRAKOW = ZoneInfo("Europe/Warsaw")
#: What these listings call the cinemas; the names of three say less than the site's do, and one is not listed.
NAMES = {
    "agrafka": "Kino Agrafka", "cinema-city/bonarka": "Cinema City Bonarka",
    "cinema-city/kazimierz": "Cinema City Kazimierz", "cinema-city/zakopianka": "Cinema City Zakopianka",
    "galeria-bronowice-mikro": "Mikro Bronowice", "imax": "IMAX Kraków", "kijow": "Kino Kijów", "kika": "Kino KIKA",
    "mikro": "Mikro", "multikino": "Multikino Kraków", "paradox": "Paradox", "pod-baranami": "Pod Baranami",
    "pod-baranami-mos": "Pod Baranami w MOS", "sfinks": "Kino Sfinks",
}  # fmt: skip
HOUSES = {"1090": "cinema-city/bonarka", "1076": "cinema-city/kazimierz", "1064": "cinema-city/zakopianka"}
SHOPS = {"mikro": "Kino Mikro", "galeria-bronowice-mikro": "Mikro Bronowice"}
ELSEWHERE = "Kino Letnie Zabłocie"
UNKNOWN_TO_THE_SITE = (dt.time(11, 2), dt.time(13, 2), dt.time(15, 2), dt.time(17, 2), dt.time(19, 2), dt.time(21, 2))


@dataclass(frozen=True, slots=True)
class Start:
    cinema: str
    starts_at: dt.datetime
    film: str
    title: str
    runtime: int | None
    ticket: str


class Town:
    """What the listings know of a world, day by day.

    Tomorrow they have six starts at Kijów that the site lacks, and Multikino's first film ten minutes later. The day
    after they lack three of Bonarka's starts, and Kika's first start is another film. A summer cinema is theirs alone.
    Sfinks is not published from the coming Friday on, and Pod Baranami ASP is not covered.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    def on(self, date: dt.date) -> list[Start]:
        ahead = (date - self.world.today).days
        found = [start for start in self._of_the_world(date) if not self._unpublished(start.cinema, date)]
        if ahead == 1:
            late = next((s for s in found if s.cinema == "multikino"), None)
            found = [_later(s) if s == late else s for s in found]
            for at in UNKNOWN_TO_THE_SITE:
                found.append(Start("kijow", dt.datetime.combine(date, at), "rejs", "Rejs", 65, ""))
        if ahead == 2:
            lost = [s for s in found if s.cinema == "cinema-city/bonarka"][5:8]
            found = [s for s in found if s not in lost]
            other = next((s for s in found if s.cinema == "kika"), None)
            titles = sorted({(s.film, s.title) for s in found if other and s.film != other.film})
            if other and titles:
                film, title = titles[0]
                wrong = Start(other.cinema, other.starts_at, film, title, other.runtime, other.ticket)
                found = [wrong if s == other else s for s in found]
        if 0 <= ahead < 7:
            found.append(Start(ELSEWHERE, dt.datetime.combine(date, dt.time(21, 30)), "rejs", "Rejs", 65, ""))
        return sorted(found, key=lambda s: (s.title, s.cinema, s.starts_at))

    def _of_the_world(self, date: dt.date) -> list[Start]:
        starts = []
        for row in self.world.on(date):
            film = self.world.films[row.film_slug]
            ticket = row.ticket if row.ticket and row.ticket.startswith("http") else ""
            starts.append(Start(row.cinema_slug, row.starts_at, film.slug, film.title, film.runtime, ticket))
        return [start for start in starts if start.cinema in NAMES]

    def _unpublished(self, cinema: str, date: dt.date) -> bool:
        friday = self.world.today + dt.timedelta(days=(4 - self.world.today.weekday() - 1) % 7 + 1)
        return cinema == "sfinks" and date >= friday


def _later(start: Start) -> Start:
    at = start.starts_at + dt.timedelta(minutes=10)
    return Start(start.cinema, at, start.film, start.title, start.runtime, start.ticket)


class DemoWitness(Loopback):
    """The three listings at one address. `fault`: what a path is answered with instead, if anything."""

    def __init__(self, world: World, port: int = 0) -> None:
        super().__init__(port)
        self.world = world
        self.fault: Callable[[str], Answer | None] = lambda _path: None

    def answer(self, asked: Asked) -> Answer:
        if asked.route == "/robots.txt":
            return Answer(200, b"User-agent: *\nDisallow: /contao/\n", TEXT)
        if fault := self.fault(asked.path):
            return fault
        town, route = Town(self.world), unquote(asked.route)
        if page := re.fullmatch(r"/miasto/kraków/dzien/(\d{4}-\d\d-\d\d)", route):
            return Answer(200, _page(town, dt.date.fromisoformat(page[1])).encode())
        quickbook = r"/pl/data-api-service/v1/quickbook/10103/film-events/in-cinema/(\d+)/at-date/(\d{4}-\d\d-\d\d)"
        if service := re.fullmatch(quickbook, route):
            return _json(_film_events(town, service[1], dt.date.fromisoformat(service[2])))
        if route == "/service.php/repertoire/list.json":
            return _json(_on_sale(town, self.world))
        return Answer(404, b"Nie ma takiej strony")


def _page(town: Town, date: dt.date) -> str:
    films: dict[str, list[Start]] = {}
    for start in town.on(date):
        films.setdefault(start.title, []).append(start)
    movies = []
    for title, starts in films.items():
        rows: dict[str, list[Start]] = {}
        for start in starts:
            rows.setdefault(start.cinema, []).append(start)
        told = "".join(
            f'<div class="cinema row"><div class="col-4"><a class="cinemaname" href="/kino/{escape(cinema)}">'
            f'{escape(NAMES.get(cinema, cinema))}</a></div><div class="col-8">'
            + " ".join(
                f'<span class="badge" data-time="{s.starts_at:%Y-%m-%d %H:%M:%S}">{s.starts_at:%H:%M}</span>'
                for s in of
            )
            + "</div></div>"
            for cinema, of in rows.items()
        )
        movies.append(
            f'<div class="movie"><a class="title" href="/film/{escape(starts[0].film)}">'
            f"<h2>{escape(title.upper())}</h2></a>"
            f'<p class="info">{date.year} | USA | film</p>{told}</div>'
        )
    if not movies:
        movies = ["<p>Brak seansów tego dnia.</p>"]
    return f"<!DOCTYPE html><html><head><title>Kina w Krakowie</title></head><body>{''.join(movies)}</body></html>"


def _film_events(town: Town, house: str, date: dt.date) -> dict[str, Any]:
    starts = [start for start in town.on(date) if start.cinema == HOUSES.get(house)]
    films = {start.film: start for start in starts}
    return {
        "body": {
            "films": [
                {"id": film, "name": s.title, "length": s.runtime, "releaseYear": str(date.year), "link": None,
                 "attributeIds": ["2d"]}
                for film, s in films.items()
            ],
            "events": [
                {"id": str(number), "filmId": s.film, "cinemaId": house, "businessDay": str(date),
                 "eventDateTime": s.starts_at.isoformat(), "attributeIds": ["2d", "subbed"],
                 "bookingLink": s.ticket or f"https://bilety.example/{house}/{number}", "soldOut": False}
                for number, s in enumerate(starts)
            ],
        }
    }  # fmt: skip


def _on_sale(town: Town, world: World) -> list[dict[str, Any]]:
    starts = [start for date in world.days for start in town.on(date) if start.cinema in SHOPS]
    rows: list[dict[str, Any]] = [
        {
            "id": number, "title": s.title, "date": s.starts_at.replace(tzinfo=KRAKOW).isoformat(),
            "url": f"https://bilety.example/mikro/{number}", "image": None,
            "event": {"description": None, "category": "film"}, "location": {"institution_name": SHOPS[s.cinema]},
        }
        for number, s in enumerate(starts)
    ]  # fmt: skip
    return [*rows, {"id": 9999, "title": "Karnet na 5 seansów", "date": None, "event": None, "location": None}]


def _json(value: Any) -> Answer:
    return Answer(200, json.dumps(value, ensure_ascii=False).encode(), JSON)


def main() -> None:
    parser = argparse.ArgumentParser(description="Local listings of Kraków's showtimes")
    parser.add_argument("--port", type=int, default=8003)
    world = World(dt.datetime.now(KRAKOW).date())
    with suppress(KeyboardInterrupt), DemoWitness(world, parser.parse_args().port) as witness:
        print(f"Witnesses of the demo: {witness.url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
