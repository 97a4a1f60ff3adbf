"""The demo's switches: one fault of the world outside at a time, set by a small page of the demo's own or by a command.

curl -X POST http://127.0.0.1:8004/fault/down      # day, down, layout, tmdb, cinema; none mends it
"""

from __future__ import annotations

import datetime as dt
import html

from scraper.demo.server import HTML, Answer, Asked, Loopback
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault, renamed_table
from scraper.demo.tmdb import DemoTmdb

FAULTS = {
    "day": "one day of the week can't be read: the site answers 500 for it",
    "down": "the site answers 503 to everything",
    "layout": "the site's programme has a new layout that no extractor knows",
    "tmdb": "TMDB answers 503 to everything",
    "cinema": "the cinema with most showtimes is gone from the programme",
}
BROKEN_DAY = 3  # days from the site's today


class Switches(Loopback):
    """A page with a button for each fault; `fault` says which is on."""

    def __init__(self, site: DemoSite, tmdb: DemoTmdb, *, port: int = 0) -> None:
        super().__init__(port)
        self.site, self.tmdb = site, tmdb
        self.fault = ""
        self._showtimes = list(site.world.showtimes)

    def switch(self, name: str) -> None:
        """Mend what is broken, then break this; any other name only mends."""
        self.fault = name if name in FAULTS else ""
        self.site.fault = None
        self.site.world.showtimes = list(self._showtimes)
        self.tmdb.break_down("503" if self.fault == "tmdb" else "")
        if self.fault in ("day", "down", "layout"):
            self.site.fault = getattr(self, f"_{self.fault}")
        elif self.fault == "cinema":
            slugs = [row.cinema_slug for row in self._showtimes]
            gone = max(sorted(set(slugs)), key=slugs.count)
            self.site.world.showtimes = [row for row in self._showtimes if row.cinema_slug != gone]

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "POST":
            self.switch(asked.route.removeprefix("/fault/"))
            return Answer(303, headers={"Location": "/"})
        if asked.route != "/":
            return Answer(404, b"", HTML)
        return Answer(200, self._page().encode(), HTML)

    def _day(self, _method: str, path: str, _count: int) -> Fault | None:
        date: dt.date = self.site.world.days[BROKEN_DAY]
        mine = path.endswith((f"day={date:%m-%d}", f"/settings/set_day/{BROKEN_DAY}"))
        return Fault(status=500, body=b"Internal Server Error") if mine else None

    def _down(self, _method: str, _path: str, _count: int) -> Fault:
        return Fault(status=503, body=b"Service Unavailable")

    def _layout(self, _method: str, path: str, _count: int) -> Fault | None:
        return Fault(rewrite=renamed_table) if path.startswith("/cinema_program/") else None

    def _page(self) -> str:
        rows = "".join(
            f'<li><form method="post" action="/fault/{name}"><button{" disabled" if name == self.fault else ""}>{name}'
            f"</button> {html.escape(what)}{' – <b>on</b>' if name == self.fault else ''}</form></li>"
            for name, what in (*FAULTS.items(), ("none", "all is well"))
        )
        return (
            '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Demo: faults</title>'
            "<style>body{font:1rem/1.6 system-ui;max-width:45rem;margin:2rem auto;padding:0 1rem}"
            "li{margin:.6rem 0}button{min-width:6rem}</style>"
            "<h1>What goes wrong outside</h1><p>Choose, then press <i>Sync now</i> on the coverage page.</p>"
            f"<ul>{rows}</ul>"
        )
