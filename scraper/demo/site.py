"""A local kino.krakow.pl: sessions, CSRF, a day that belongs to the session, and every way it can misbehave.

As on the real site, the chosen day is kept for whoever holds the cookie. Jobs that share one overwrite each other's
day between their POST and their GET; `latency` widens that gap.

    python -m scraper.demo.site --port 8001 --latency 0.2
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import re
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from typing import Any
from zoneinfo import ZoneInfo

from scraper.demo import pages
from scraper.demo.server import HTML, JSON, TEXT, Answer, Asked, Loopback
from scraper.demo.site_faults import Fault, FaultPlan
from scraper.demo.world import Film, World

KRAKOW = ZoneInfo("Europe/Warsaw")
COOKIE = "_kino_session"
ROBOTS = "User-agent: *\nDisallow: /admin/\n"


def path_of(film: Film) -> str:
    """Where the programme links to; a film may have another address besides."""
    return f"/film/{film.listed_slug}.html"


@dataclass(slots=True)
class _Session:
    token: str
    offset: int = 0  # of the chosen day, from the site's own today


class DemoSite(Loopback):
    """Serves `world`; every attribute named like a constructor keyword may be changed while it runs.

    `latency` is in seconds, or a function of the path; `throttle` is (requests, seconds): more of them in that time get
    429 with Retry-After. `day_parameter` and `hour_day_parameter` say whether `?day=MM-DD` is honoured on the two
    programme pages; when it isn't, it is ignored without a word. `robots` None answers 404.
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        latency: float | Callable[[str], float] = 0.0,
        throttle: tuple[int, float] | None = None,
        fault: FaultPlan | None = None,
        day_parameter: bool = True,
        hour_day_parameter: bool = True,
        robots: str | None = ROBOTS,
    ) -> None:
        super().__init__(port)
        self.world = world
        self.latency = latency
        self.throttle = throttle
        self.fault = fault
        self.day_parameter = day_parameter
        self.hour_day_parameter = hour_day_parameter
        self.robots = robots
        self._sessions: dict[str, _Session] = {}
        self._asked: Counter[tuple[str, str]] = Counter()
        self._admitted: deque[float] = deque()
        self._lock = threading.Lock()

    def truth(self) -> list[dict[str, Any]]:
        """What a perfect scraper would have now; see `World.truth`."""
        return self.world.truth(self.url)

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self._asked[asked.method, asked.path] += 1
            count = self._asked[asked.method, asked.path]
            wait = self._throttled()
        if wait:
            return Answer(429, b"Too Many Requests", TEXT, {"Retry-After": str(math.ceil(wait))})
        fault = (self.fault and self.fault(asked.method, asked.path, count)) or Fault()
        latency = self.latency(asked.path) if callable(self.latency) else self.latency
        self.stopping.wait(latency + fault.hang)
        if fault.status is not None:
            return Answer(fault.status, fault.body, HTML, fault.headers, times=fault.times)
        answer = self._route(asked, fault)
        cut_at = None if fault.cut is None else int(len(answer.body) * fault.cut)
        return replace(answer, cut_at=cut_at, drip=fault.drip)

    def _throttled(self) -> float:
        """Seconds that this request is too early by; 0 admits it."""
        if self.throttle is None:
            return 0.0
        most, seconds = self.throttle
        now = time.monotonic()
        while self._admitted and self._admitted[0] <= now - seconds:
            self._admitted.popleft()
        if len(self._admitted) >= most:
            return self._admitted[0] + seconds - now
        self._admitted.append(now)
        return 0.0

    def _route(self, asked: Asked, fault: Fault) -> Answer:
        world, route = self.world, asked.route
        if asked.method == "POST":
            return self._set_day(asked)
        if route == "/robots.txt":
            return Answer(404, b"", TEXT) if self.robots is None else Answer(200, self.robots.encode(), TEXT)
        if route == "/film/actual.js":
            return Answer(200, pages.films_index(world).encode(), JSON)
        if route == "/kino/index.js":
            return Answer(200, pages.cinemas_index(world).encode(), JSON)
        own = next((f.slug for f in world.films.values() if f.slug != f.listed_slug and route == path_of(f)), None)
        if own:
            return Answer(301, headers={"Location": f"{self.url}/film/{own}.html"})
        return self._html(asked, fault)

    def _html(self, asked: Asked, fault: Fault) -> Answer:
        """A page for the session of whoever asks; without one, a new session begins."""
        key = self._cookie(asked)
        session = self._sessions.get(key)
        headers = {}
        if session is None:
            key, session = secrets.token_hex(16), _Session(token=secrets.token_urlsafe(32))
            self._sessions[key] = session
            headers["Set-Cookie"] = f"{COOKIE}={key}; path=/; HttpOnly; SameSite=Lax"
        status, html = self._page(asked, session, fault.other_day)
        html = html.replace(pages.TOKEN, session.token)
        if fault.rewrite:
            html = fault.rewrite(html)
        body = html.encode(fault.encoding, "xmlcharrefreplace")
        return Answer(status, body, f"text/html; charset={fault.said}", headers)

    def _page(self, asked: Asked, session: _Session, later: int) -> tuple[int, str]:
        world, route = self.world, asked.route

        def day(named: str | None) -> dt.date:
            offsets = {f"{date:%m-%d}": offset for offset, date in enumerate(world.days)}
            return world.days[(offsets.get(named or "", session.offset) + later) % len(world.days)]

        asked_day = asked.parameter("day")
        if route == "/":
            return 200, pages.front_page(world)
        if route == "/cinema_program/by_movie":
            return 200, pages.programme_by_movie(world, day(asked_day if self.day_parameter else None))
        if route == "/cinema_program/by_hour":
            return 200, pages.programme_by_hour(world, day(asked_day if self.hour_day_parameter else None))
        if route.startswith("/film/"):
            film = world.films.get(route.removeprefix("/film/").removesuffix(".html"))
            if film and film.page:
                return 200, pages.film_page(world, film, day(None))
        if cinema := world.cinemas.get(route.removeprefix("/")):
            return 200, pages.cinema_page(world, cinema)
        return 404, pages.not_found(world)

    def _set_day(self, asked: Asked) -> Answer:
        offset = re.fullmatch(r"/settings/set_day/([0-6])", asked.route)
        if not offset:
            return Answer(404, pages.not_found(self.world).encode())
        session = self._sessions.get(self._cookie(asked))
        trusted = (
            session is not None
            and secrets.compare_digest(asked.headers.get("X-CSRF-Token", ""), session.token)
            and asked.headers.get("X-Requested-With") == "XMLHttpRequest"
            and asked.headers.get("Referer")
        )
        if session is None or not trusted:
            return Answer(422, b"InvalidAuthenticityToken", TEXT)
        session.offset = int(offset[1])
        return Answer(302, headers={"Location": f"{self.url}/cinema_program/by_movie"})

    @staticmethod
    def _cookie(asked: Asked) -> str:
        try:
            morsel = SimpleCookie(asked.headers.get("Cookie", "")).get(COOKIE)
        except CookieError:
            return ""
        return morsel.value if morsel else ""


def main() -> None:
    """Serve the current week until killed; past midnight, the next one."""
    parser = argparse.ArgumentParser(description="A local kino.krakow.pl")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()

    def today() -> dt.date:
        return dt.datetime.now(KRAKOW).date()

    with suppress(KeyboardInterrupt), DemoSite(World(today()), port=options.port, latency=options.latency) as site:
        print(f"kino.krakow.pl of the demo: {site.url}", flush=True)
        while True:
            time.sleep(1)
            if site.world.today != today():
                site.world = World(today())


if __name__ == "__main__":
    main()
